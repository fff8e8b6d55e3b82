"""The page Convolution without a browser: every control, links, a visitor's own picture, and numbers that are torch's."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest

from playground.core.frames import unpack
from playground.data.small_pictures import SMALL_PICTURES
from playground.functional.convolution import average_pool, convolve, max_pool
from playground.specs.bounds import Choice, Range
from playground.specs.convolution import ConvolutionSpec, KernelSpec, PoolingSpec, ReceptiveSpec
from playground.specs.spec import Spec
from playground.ui.parts import convolution_depths, convolution_kernel, convolution_pooling, convolution_receptive
from playground.ui.parts import convolution_network as network
from playground.ui.parts.convolution_pictures import as_digit
from tests.pages.support import canvas_data, open_page, problems

LARGEST = 420_000  # a trained network travels with all its maps and kernels
THREE = SMALL_PICTURES["3"].make(28)


def ends(spec: type[Spec]) -> dict[str, dict[str, str]]:
    """Every number at its lowest, then at its highest; every choice at its last option that everybody has."""
    found: dict[str, dict[str, str]] = {"low": {}, "high": {}}
    for field, bound in spec.bounds().items():
        if isinstance(bound, Range):
            for end, x in (("low", bound.low), ("high", bound.top("local"))):
                found[end][field] = bound.write(int(x) if bound.whole else x)
        elif isinstance(bound, Choice):
            options = [name for name in bound.options() if name != "own"]
            found["low"][field], found["high"][field] = options[0], options[-1]
    return found


@pytest.mark.parametrize("spec", [ConvolutionSpec, KernelSpec, PoolingSpec, ReceptiveSpec])
@pytest.mark.parametrize("end", ["low", "high"])
def test_every_view_opens_with_all_its_controls_at_their_ends(spec: type[Spec], end: str) -> None:
    wanted = ends(spec)[end]
    page = open_page("convolution", v=f"{spec.KIND}1", all="1", **wanted)
    assert problems(page) == []
    assert {field: page.query_params[field] for field in wanted} == wanted
    assert len(canvas_data(page)) < LARGEST


@pytest.mark.parametrize("kernel", [name for name in KernelSpec.bounds()["kernel"].options() if name != "own"])  # type: ignore[attr-defined]
def test_every_kernel_says_what_it_does(kernel: str) -> None:
    spec = KernelSpec(kernel=kernel)
    weights = spec.weights(network.learned())
    words = convolution_kernel.what_you_see(spec, SMALL_PICTURES["cat"].make(28), weights)
    assert "weights add up to" in words
    header, blocks = unpack(convolution_kernel.frame(spec, SMALL_PICTURES["cat"].make(28), weights))
    assert header["checksum"] is not None and blocks["picture"].shape == (28, 28)


def test_settings_that_do_not_fit_are_shown_as_such() -> None:
    page = open_page("convolution", v="kernel1", size="7", dilation="5", side="20")
    assert problems(page) == []
    text = " ".join(item.value for item in page.markdown)
    assert "These settings do not fit together" in text and "reaches over 31 pixels" in text
    assert any("invalid" in item.value for item in page.latex)


def test_a_picture_of_somebody_else_becomes_one_of_ours() -> None:
    page = open_page("convolution", v="pooling1", picture="own")
    (said,) = [item.value for item in page.warning]
    assert "stays with them" in said
    assert page.run().query_params["picture"] == "3"


def test_a_lesson_locks_what_the_hand_could_do() -> None:
    page = open_page("convolution", v="convolution1", lock="stage,depth", hide="picture")
    assert problems(page) == []
    shown: list[dict[str, Any]] = [json.loads(item.proto.json)[0] for item in page.get("bidi_component")]
    assert [one["edits"] for one in shown if "edits" in one] == [["channel", "column", "row"]]


def test_the_frame_adds_up_to_the_networks_own_maps() -> None:
    """What the browser is given is enough: kernel maps of what comes before, the bias and ReLU are the next layer."""
    header, blocks = unpack(network.frame(THREE, {}))
    outputs = network.outputs(THREE)
    maps, kernels, biases = blocks["maps"], blocks["kernels"], blocks["biases"]
    before: np.ndarray = blocks["input"][None].astype(np.float64)
    at = wire = bias = 0
    for said, wanted in zip(header["stages"], outputs, strict=True):
        if len(said["shape"]) != 3:
            break
        count = int(np.prod(said["shape"]))
        made = maps[at : at + count].reshape(said["shape"]) * said["scale"]
        at += count
        window: Any = (said["kernel"],) * 2
        stride: Any = (said["stride"],) * 2
        if said["kind"] == "conv":
            size = said["shape"][0] * said["given"][0] * said["kernel"] ** 2
            weight = (
                kernels[wire : wire + size].reshape(said["shape"][0], said["given"][0], *window) * said["kernelScale"]
            )
            sums = convolve(
                before, weight, biases[bias : bias + said["shape"][0]], stride=stride, padding=(said["padding"],) * 2
            )
            mine = np.maximum(sums, 0)
            wire, bias = wire + size, bias + said["shape"][0]
        else:
            mine = (max_pool if said["kind"] == "max" else average_pool)(before, window, stride=stride)
        np.testing.assert_allclose(mine, wanted, atol=4e-3)
        np.testing.assert_allclose(made, wanted, atol=1e-3)
        before = made
    assert header["answer"][3] > 0.9


def test_the_field_that_is_said_is_the_field_there_is() -> None:
    """A pixel changes with the picture inside what it is said to have seen, and never with the rest."""
    spec = ConvolutionSpec()
    stage, _, row, column = convolution_depths.place(spec)
    assert convolution_depths.seen(stage) == 10
    before = network.outputs(THREE)[stage][:, row, column]
    top, left = 2 * row - 4, 2 * column - 4  # 3 x 3 over 2 x 2 over 5 x 5, padded by 1 and 2
    inside, outside = THREE.copy(), 1 - THREE
    inside[max(0, top) : top + 10, max(0, left) : left + 10] += 0.3
    outside[max(0, top) : top + 10, max(0, left) : left + 10] = THREE[max(0, top) : top + 10, max(0, left) : left + 10]
    assert np.abs(network.outputs(inside)[stage][:, row, column] - before).max() > 1e-3
    np.testing.assert_allclose(network.outputs(outside)[stage][:, row, column], before, atol=1e-5)


def test_words_hold_the_numbers_of_this_state() -> None:
    words = convolution_depths.what_you_see(ConvolutionSpec(depth="pixel"), THREE)
    assert "reads this as 3" in words and "144 products" in words
    shifted = PoolingSpec(shift=1)
    share = convolution_pooling.kept(shifted, SMALL_PICTURES["8"].make(16))
    assert share["max"] > share["picture"]
    assert re.search(
        r"moved by 1: \d+ % of its pixels", convolution_pooling.what_you_see(shifted, SMALL_PICTURES["8"].make(16))
    )
    spec = ConvolutionSpec()
    _, channel, row, column = convolution_depths.place(spec)
    formula = convolution_depths.formula(spec)
    assert rf"c = {channel + 1},\ y = {row + 1},\ x = {column + 1}," in formula and r"\sum_{i=1}^{3}" in formula
    assert "3, 5, 6, 10" in convolution_receptive.what_you_see(ReceptiveSpec())
    assert "r_3 &= 5" in convolution_receptive.formula(ReceptiveSpec())


def test_dark_on_white_is_turned_for_the_network() -> None:
    assert np.array_equal(as_digit(THREE), THREE)
    paper = 0.9 - 0.7 * THREE
    assert int(network.probabilities(as_digit(paper)).argmax()) == 3
