"""Convolution, step by step

One picture at three depths: the network, one channel, one pixel. Then slide a kernel of your own over it.
"""

from playground.specs.convolution import ConvolutionSpec, KernelSpec, PoolingSpec, ReceptiveSpec
from playground.specs.spec import Spec
from playground.ui.page import heading
from playground.ui.parts import convolution_depths, convolution_kernel, convolution_pooling, convolution_receptive
from playground.ui.views import choose

SECTION = "Foundations"
ORDER = 60
ICON = ":material/grid_on:"
KEY = "convolution"

VIEWS: dict[str, type[Spec]] = {
    "Three depths": ConvolutionSpec,
    "Kernel editor": KernelSpec,
    "Pooling": PoolingSpec,
    "Receptive field": ReceptiveSpec,
}
PARTS = {
    "Three depths": convolution_depths.show,
    "Kernel editor": convolution_kernel.show,
    "Pooling": convolution_pooling.show,
    "Receptive field": convolution_receptive.show,
}

corner = heading(__doc__, KEY)
view = choose(VIEWS, KEY)
PARTS[view](f"{KEY}.{VIEWS[view].KIND}", corner)
