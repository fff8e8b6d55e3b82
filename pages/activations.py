"""Activations

Drag what is on the picture: see how signals go forward through units, and how much of a gradient comes back.
"""

from playground.specs.activations import ActivationsSpec, NeuronSpec
from playground.specs.depth import DepthSpec
from playground.specs.spec import Spec
from playground.specs.sums import SumsSpec
from playground.ui import views
from playground.ui.page import heading
from playground.ui.parts import activations, depth, neuron, sums

SECTION = "Foundations"
ORDER = 10
ICON = ":material/show_chart:"
KEY = "activations"

VIEWS: dict[str, type[Spec]] = {
    "Curve": ActivationsSpec,
    "One neuron": NeuronSpec,
    "Depth": DepthSpec,
    "Sums": SumsSpec,
}
SHOW = {"Curve": activations.show, "One neuron": neuron.show, "Depth": depth.show, "Sums": sums.show}

corner = heading(__doc__, KEY)
view = views.choose(VIEWS, KEY)
SHOW[view](f"{KEY}.{VIEWS[view].KIND}", corner)
