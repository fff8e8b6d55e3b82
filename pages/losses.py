"""Losses and softmax

A loss says what a miss costs; its slope says what training does about it. Drag what is on the picture and read both.
"""

from playground.specs.losses import DistributionSpec, LossesSpec, MarginSpec, SaturationSpec, SoftmaxSpec
from playground.specs.spec import Spec
from playground.ui.page import heading
from playground.ui.parts import loss_distribution, loss_margin, loss_residual, saturation, softmax
from playground.ui.views import choose

SECTION = "Foundations"
ORDER = 20
ICON = ":material/target:"
KEY = "losses"

VIEWS: dict[str, type[Spec]] = {
    "Residual": LossesSpec,
    "Margin": MarginSpec,
    "Distribution": DistributionSpec,
    "Softmax": SoftmaxSpec,
    "Saturation": SaturationSpec,
}
SHOW = {
    "Residual": loss_residual.show,
    "Margin": loss_margin.show,
    "Distribution": loss_distribution.show,
    "Softmax": softmax.show,
    "Saturation": saturation.show,
}

corner = heading(__doc__, KEY)
view = choose(VIEWS, KEY)
SHOW[view](f"{KEY}.{VIEWS[view].KIND}", corner)
