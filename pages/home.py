"""Deep Learning Playground

See how deep learning works, then use the real thing: choose an experiment, press Play, change something while it runs.
"""

from playground.ui.page import heading, prose
from playground.ui.parts import home as part

SECTION = "Home"
ORDER = 0
ICON = ":material/home:"

heading(__doc__, "home")
part.cards()
prose(part.where_it_runs())
