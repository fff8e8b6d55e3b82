"""Draw a digit

Draw a digit or photograph one, and two networks read it while the pen moves. Then shift it by a few pixels.
"""

from playground.specs.draw_digit import DrawDigitSpec, PhotographedDigitSpec
from playground.specs.spec import Spec
from playground.ui import views
from playground.ui.page import heading
from playground.ui.parts import draw_digit, draw_digit_photo

SECTION = "Pretrained"
ORDER = 30
ICON = ":material/draw:"
KEY = "draw_digit"

VIEWS: dict[str, type[Spec]] = {"Draw": DrawDigitSpec, "Photograph": PhotographedDigitSpec}

corner = heading(__doc__, KEY)
if views.choose(VIEWS, KEY) == "Draw":
    draw_digit.show(KEY, corner)
else:
    draw_digit_photo.show(f"{KEY}_photo", corner)
