"""What the views Curve and One neuron send to the browser, and the formulas with the page's numbers put in."""

from __future__ import annotations

import math
from xml.etree import ElementTree

import numpy as np
import pytest

from playground.core.frames import unpack
from playground.functional.activations import ACTIVATIONS
from playground.specs.activations import REACH, ActivationsSpec, NeuronSpec
from playground.ui.parts import activations, neuron


def test_the_menu_begins_with_the_six_best_known() -> None:
    assert [tile.name for tile in activations.tiles()][:6] == ["relu", "tanh", "sigmoid", "gelu", "silu", "leaky_relu"]
    assert {tile.name for tile in activations.tiles()} == set(ACTIVATIONS)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_tile_shows_the_curve(name: str) -> None:
    (tile,) = [tile for tile in activations.tiles() if tile.name == name]
    lines = [line for line in ElementTree.fromstring(tile.picture).iter() if line.tag.endswith("polyline")]
    places = np.array([pair.split(",") for line in lines for pair in str(line.get("points")).split()], dtype=float)
    x, y = places[:, 0] / 20 * 3 - 3, 3 - places[:, 1] / 20 * 3
    np.testing.assert_allclose(y, ACTIVATIONS[name].function(np.round(x, 1)), atol=0.02)
    assert len(lines) == (2 if name == "step" else 1)  # a jump is no line
    assert "currentColor" in tile.picture  # read on either background


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_frame_holds_value_and_slope_wherever_the_marker_can_stand(name: str) -> None:
    spec = ActivationsSpec(activation=name, compare=("relu", "tanh", "elu"), alpha=2.0, x=-1.37)
    frame = activations.frame(spec)
    header, blocks = unpack(frame)
    assert blocks["curves"].shape == (2, len(spec.drawn()), 2 * int(REACH) * header["per_unit"] + 1)
    at = round((spec.x + REACH) * header["per_unit"])
    assert blocks["curves"][:, 0, at] == pytest.approx(activations.at(spec), abs=1e-6)
    elu = spec.drawn().index("elu")
    assert blocks["curves"][0, elu, at] == pytest.approx(2 * math.expm1(-1.37), abs=1e-6)
    assert len(frame) * 4 / 3 < 120_000


@pytest.mark.parametrize(
    ("spec", "end"),
    [
        (ActivationsSpec(activation="sigmoid", x=2), r"\frac{1}{1 + e^{-2.00}} = 0.881"),
        (ActivationsSpec(activation="relu", x=-1), r"\max(0, (-1.00)) = 0.000"),
        (ActivationsSpec(activation="leaky_relu", x=-2, slope=0.2), r"0.20\cdot (-2.00) = -0.400"),
        (ActivationsSpec(activation="elu", x=-1, alpha=2), r"2.00\cdot (e^{-1.00} - 1) = -1.264"),
        (ActivationsSpec(activation="elu", x=1), r"1.00 = 1.000"),
        (ActivationsSpec(activation="selu", x=1), r"1.0507(1.00) = 1.051"),
        (ActivationsSpec(activation="step", x=0), r"0 = 0.000"),
        (ActivationsSpec(activation="sigmoid", x=-6), r"{1 + e^{-(-6.00)}} = 0.002"),
        (ActivationsSpec(activation="gelu", x=-6), r"\cdot 10^{-9}"),
    ],
)
def test_the_formula_has_this_pages_numbers_put_in(spec: ActivationsSpec, end: str) -> None:
    assert activations.put_in(spec).replace(r" \end{aligned}", "").endswith(end)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("x", [-2.5, 0.0, 1.5])
def test_no_letter_is_left_where_a_number_belongs(name: str, x: float) -> None:
    put_in = activations.put_in(ActivationsSpec(activation=name, x=x)).split(r"\\[6pt]")[1]
    words = put_in.replace(r"\max", "").replace(r"\text", "").replace("exp", "")
    assert "x" not in words
    assert r"\alpha" not in words
    assert r"\beta" not in words
    assert put_in.count("{") == put_in.count("}")


def test_how_much_is_flat_is_measured_on_the_axis_that_is_drawn() -> None:
    sigmoid = ActivationsSpec(activation="sigmoid")
    edge = math.log((1 + math.sqrt(0.8)) / (1 - math.sqrt(0.8)))  # where s(1 - s) = 0.05
    assert activations.flat_share(sigmoid) == pytest.approx(1 - edge / REACH, abs=2e-3)
    assert activations.flat_share(ActivationsSpec(activation="identity")) == 0
    assert activations.flat_share(ActivationsSpec(activation="step")) == 1
    assert "52 %" in activations.what_you_see(sigmoid)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_neurons_table_covers_every_sum_on_the_plane(name: str) -> None:
    header, blocks = unpack(neuron.frame(name))
    most = NeuronSpec(w1=4, x1=2, w2=4, x2=2, bias=4).sum()
    table = blocks["table"]
    assert len(table) == 2 * most * header["per_unit"] + 1
    z = 1.24
    assert table[round((z + most) * header["per_unit"])] == pytest.approx(
        float(ACTIVATIONS[name].function(np.array([z]))[0]), abs=1e-6
    )
    low, high = header["scale"]
    assert low < high
    if header["bounded"]:
        assert table.min() >= low - 1e-3
        assert table.max() <= high + 1e-3


def test_a_neurons_sum_is_written_out_with_its_numbers() -> None:
    spec = NeuronSpec(w1=0.8, x1=1.5, w2=-0.4, x2=0.5, bias=0.2)
    words = neuron.put_in(spec)
    assert r"0.80 \cdot 1.50 + (-0.40) \cdot 0.50 + 0.20 = 1.200" in words
    assert "f(1.200) = 0.834" in words


def test_what_is_said_of_a_neuron_follows_it() -> None:
    assert "the arrow points to" in neuron.what_you_see(NeuronSpec())
    assert "on the line" in neuron.what_you_see(NeuronSpec(w1=1, w2=0, x1=1, bias=-1))
    assert "Both weights are 0" in neuron.what_you_see(NeuronSpec(w1=0, w2=0))
    assert "one neuron is enough" in neuron.what_you_see(NeuronSpec(task="and", w1=2, w2=2, bias=-3))
    assert "at most 3 of 4" in neuron.what_you_see(NeuronSpec(task="xor"))
