"""Convolution, step by step, as it may be asked for: links, own kernels, stacks of layers, and what does not fit."""

from __future__ import annotations

import numpy as np
import pytest

from playground.core.errors import SpecError
from playground.functional.convolution import Slide
from playground.specs.convolution import KernelSpec, PoolingSpec, ReceptiveSpec

LEARNED = np.arange(50.0).reshape(2, 5, 5)


@pytest.mark.parametrize(
    ("spec", "field", "said"),
    [
        (KernelSpec(numbers=(1.0, 2.0)), "numbers", "fill no square"),
        (KernelSpec(kernel="sobel"), "kernel", "Did you mean"),
        (KernelSpec(numbers=(1000.0,)), "numbers", "outside what is allowed"),
        (PoolingSpec(size=2, padding=2), "padding", "more than half of a window of 2"),
        (ReceptiveSpec(layers=(3.0, 1.0)), "layers", "three whole numbers for each layer"),
        (ReceptiveSpec(layers=(3.0, 1.5, 1.0)), "layers", "three whole numbers for each layer"),
        (ReceptiveSpec(layers=()), "layers", "three whole numbers for each layer"),
    ],
)
def test_what_cannot_be_is_refused_in_words(spec: KernelSpec, field: str, said: str) -> None:
    with pytest.raises(SpecError, match=said) as caught:
        spec.checked()
    assert caught.value.field == field


def test_links_restore_everything() -> None:
    for spec in (
        KernelSpec(kernel="own", numbers=(0.0, -1.5, 0.25, 1.0), size=2, flip=True, stride=3, padding=2, dilation=4),
        PoolingSpec(size=3, stride=1, padding=1, shift=2),
        ReceptiveSpec(layers=(3.0, 2.0, 1.0, 2.0, 2.0, 1.0), unit=0.25),
    ):
        assert type(spec).from_query(spec.to_query()) == (spec, [])


def test_an_own_kernel_keeps_its_middle_when_its_size_changes() -> None:
    own = KernelSpec(kernel="own", numbers=tuple(map(float, range(1, 10))), size=3)
    assert own.weights(LEARNED).tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    wider = own.replace(size=5).weights(LEARNED)
    assert wider[1:4, 1:4].tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]] and wider.sum() == 45
    assert own.replace(size=1).weights(LEARNED).tolist() == [[5]]
    assert own.replace(flip=True).weights(LEARNED).tolist() == [[9, 8, 7], [6, 5, 4], [3, 2, 1]]
    assert own.replace(kernel="learned", filter=3).weights(LEARNED).tolist() == LEARNED[1].tolist()


def test_settings_that_do_not_fit_are_said_and_not_refused() -> None:
    spec = KernelSpec(size=7, dilation=5, side=20).checked()
    wrong = spec.slide(20, 7)
    assert isinstance(wrong, str) and "reaches over 31 pixels" in wrong
    assert isinstance(spec.replace(padding=6).slide(20, 7), Slide)


def test_a_stack_goes_as_far_as_there_is_room() -> None:
    slides, wrong = ReceptiveSpec(layers=(2.0, 2.0, 1.0) * 6).slides()
    assert [one.output[0] for one in slides] == [20, 10, 5, 2, 1]
    assert wrong.startswith("Layer 6: The window reaches over 2 pixels")
