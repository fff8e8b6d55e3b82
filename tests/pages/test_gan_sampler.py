"""The page GAN sampler with a generator that paints one latent: what it asks, what it says, what goes into the link."""

from __future__ import annotations

import dataclasses
import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from playground.catalog.card import Card, Local
from playground.core import paths
from playground.core.generating import Draw, Drawn, Meet, Met
from playground.functional import gan_file
from playground.functional.gan import Layer, Network, Pair, drawn
from playground.functional.gan_card import to_json
from playground.jobs.asked import Asked, settled
from playground.jobs.inference import InlineInference
from playground.jobs.inference_messages import Refusal
from playground.specs.gan_sampler import GANSamplerSpec
from playground.ui import provider
from playground.ui.parts import gan_sampler as part
from playground.ui.parts import gan_sampler_first as first
from playground.ui.parts import gan_sampler_models as models
from playground.ui.parts import gan_sampler_readings as readings
from playground.ui.parts import gan_sampler_words as words
from playground.ui.parts.gan_sheet import Sheet
from tests.pages.support import FRAME, canvas_data, open_page, problems

CLASSES = ("round", "flat", "tall")
PAIR = Pair(
    Network((7,), (Layer("linear", 7, 16), Layer("reshape", shape=(1, 4, 4)), Layer("act", name="tanh")), 3),
    Network((1, 4, 4), (Layer("flatten"), Layer("linear", 16, 1))), 4, classes=CLASSES,
)  # fmt: skip
CARD = Card(
    name="mine", title="Shapes of mine", summary="Draws.", task="generate", source=Local("", ("mine.pth",)), architecture="gan-weights"
)  # fmt: skip


class Painting(InlineInference):
    """Paints each sample's first latent as its grey; ``refuses`` says why it does not."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, provider.settings())
        self.questions: list[tuple[str, Any]] = []
        self.refuses = ""
        self.readings: tuple[str, ...] = ("",)

    def ask(self, task: str, card: Card | None, question: Any, *, visitor: str = "", seconds: float = 60.0) -> Asked:
        self.questions.append((task, question))
        if self.refuses:
            return settled(Refusal("ModelUnavailable", self.refuses), visitor)
        if isinstance(question, Meet):
            met = Met(to_json(PAIR), np.eye(2, 4, dtype=np.float32), np.float32([0.5, 0.25]), self.readings, 100)
            return settled(met, visitor)
        if isinstance(question, Draw):
            grey = np.clip(128 + 20 * question.latents[:, 0], 0, 255).astype(np.uint8)
            pictures = np.broadcast_to(grey[:, None, None, None], (len(grey), 4, 4, 1)).copy()
            opinions = np.full(len(grey), 0.25, np.float32) if question.opinion else None
            return settled(Drawn(pictures, opinions, False, 0.002, "CPU", "Stub"), visitor)
        return settled(Refusal("InputError", "not here"), visitor)

    def draws(self) -> list[Draw]:
        return [question for _, question in self.questions if isinstance(question, Draw)]


@pytest.fixture(autouse=True)
def stub(inline: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Painting:
    made = Painting(tmp_path / "models")
    provider.use_inference(made)
    catalog = provider.catalog()
    monkeypatch.setattr(type(catalog), "here", lambda self, card: card.task == "generate")
    monkeypatch.setattr(provider, "catalog", lambda: type(catalog)(catalog.folder, {**catalog.cards, "mine": CARD}, ()))
    monkeypatch.setattr(first, "told", lambda card: (PAIR, {"data": {"name": "digits"}}))
    monkeypatch.setattr(first, "pictures", lambda *asked: None)
    return made


def data(page: AppTest) -> dict[str, Any]:
    """What the sheet's component was given."""
    texts = [item.proto.json for item in page.get("bidi_component") if "gan_sampler" in item.proto.component_name]
    found: dict[str, Any] = json.loads(texts[0])[0]
    return found


def test_the_first_sheet_is_drawn_and_the_link_holds_it(stub: Painting) -> None:
    page = open_page("gan_sampler")
    assert not problems(page)
    sheet = stub.draws()[0]
    assert np.array_equal(sheet.latents, drawn(PAIR, 1, 72)), "eight whole rows of nine, three columns a class"
    assert sheet.opinion
    assert np.array_equal(sheet.classes, np.arange(72) % 3)  # type: ignore[arg-type]
    link = dict(page.query_params)
    assert link["seed"] in ("1", ["1"])
    assert "72 pictures that nobody drew" in " ".join(item.value for item in page.markdown)


def test_a_link_restores_the_very_pictures(stub: Painting) -> None:
    told = {
        "seed": "5",
        "n": "9",
        "of_class": "2",
        "moves": "0.5,-1.25",
        "edits": "4~1_2.5",
        "pins": "3~7~1~1.5~0_-2",
        "chosen": "4",
    }
    page = open_page("gan_sampler", model="mine", **told)
    assert not problems(page)
    expected = drawn(PAIR, 5, 9) + np.float32([0.5, -1.25, 0, 0])
    expected[4, 1] = 2.5
    sheet, pins = stub.draws()[:2]
    assert np.array_equal(sheet.latents, expected)
    assert np.array_equal(sheet.classes, [2] * 9)  # type: ignore[arg-type]
    pinned = drawn(PAIR, 3, 8)[7] + np.float32([1.5, 0, 0, 0])
    pinned[0] = -2
    assert np.array_equal(pins.latents, pinned[None])
    assert np.array_equal(pins.classes, [1])  # type: ignore[arg-type]
    assert {name: page.query_params[name] for name in told} == {
        name: [text] if isinstance(page.query_params[name], list) else text for name, text in told.items()
    }


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"of_class": "7"}, "There is no class 7"),
        ({"moves": "0,0,3"}, "2 principal directions"),
        ({"edits": "0~9_1"}, "do not exist here"),
        ({"edits": "0~1_nan"}, "is not a latent"),
        ({"pins": "1~0~8"}, "of another generator"),
        ({"pins": "hello"}, "no pin"),
        ({"seed": "-4"}, "Seed"),
        ({"n": "9999"}, "Samples"),
    ],
)
def test_a_link_that_does_not_fit_is_said_and_the_rest_is_shown(
    stub: Painting, told: dict[str, str], said: str
) -> None:
    page = open_page("gan_sampler", **told)
    assert any(said in text for text in problems(page)), problems(page)
    assert not page.exception
    assert stub.draws(), "a sheet is drawn all the same"


def test_a_generator_that_cannot_be_opened_is_said_on_the_sheet(stub: Painting) -> None:
    stub.refuses = "This file is no generator."
    page = open_page("gan_sampler")
    assert not page.exception
    assert "This file is no generator." in canvas_data(page)


def sheet_now(n: int = 9) -> Sheet:
    latents = drawn(PAIR, 1, n)
    pictures = np.arange(n * 16, dtype=np.uint8).reshape(n, 4, 4, 1)
    return Sheet(CARD, part.Meet().whose, "Shapes", PAIR, None, "digits", latents, np.arange(n) % 3, None, pictures)


def test_what_the_hand_did_is_checked(stub: Painting, monkeypatch: pytest.MonkeyPatch) -> None:
    hand, free, kept = part.Hand(), set(part.FIELDS), part.controls.Edited(GANSamplerSpec())
    monkeypatch.setattr(part, "state", lambda cls, key="": kept)
    monkeypatch.setattr(part.controls, "state", lambda cls, key="": kept)

    def does(number: int, **said: Any) -> GANSamplerSpec:
        part.obey("gan_sampler", hand, {"number": number, **said}, free, sheet_now())
        assert isinstance(kept.spec, GANSamplerSpec)
        return kept.spec

    assert does(1, seed=9, moves=[1.5]) == GANSamplerSpec(seed=9, moves=(1.5,))
    assert does(1, seed=10).seed == 9, "said twice, heard once"
    assert does(2, seed="x").seed == 9
    assert "Seed" in hand.problem
    assert does(3, chosen=2, typed="1 2 3 4").edited() == {2: {0: 1, 1: 2, 2: 3, 3: 4}}
    assert not hand.problem
    does(8, typed="1, 2, foo")
    assert "Number 3 of the row, 'foo', is not a number. A sample of this generator is made from 4; 3" in hand.problem
    does(9, typed="1 2 3")
    assert "3 numbers were given" in hand.problem
    assert hand.typed == "1 2 3"
    assert does(10, edits="0~0_1e9").edited() == {2: {0: 1, 1: 2, 2: 3, 3: 4}}
    free.discard("seed")
    assert does(11, seed=1).seed == 9, "a lesson has locked it"
    does(12, seed=True, n=None, moves="no", edits=3)
    assert hand.problem


def test_the_sheet_can_be_taken_along() -> None:
    sheet, spec = sheet_now(), GANSamplerSpec(n=9)
    kept = np.load(io.BytesIO(words.arrays(sheet)))
    assert kept["pictures"].shape == (9, 4, 4)
    assert 0 <= kept["pictures"].min() <= kept["pictures"].max() <= 1
    assert np.array_equal(kept["latents"], sheet.latents)
    from PIL import Image

    with Image.open(io.BytesIO(words.picture(sheet, spec))) as picture:
        assert picture.width >= 640
        assert picture.width * 3 > picture.height * 2, "three classes, three columns"
    assert words.columns(64, PAIR, 1) == 8
    assert [words.columns(n, PAIR, 0) for n in (1, 7, 10, 70)] == [1, 3, 5, 10], (
        "full rows where they are about a square"
    )
    assert [words.usual(n, PAIR, most) for n, most in ((64, 256), (64, 70), (4, 256))] == [72, 63, 4]
    assert words.what_you_see(sheet_now(1), spec).startswith("**1 picture that nobody drew.** It comes")
    assert words.command(spec.replace(of_class=1, moves=(0.0, -1.5)), sheet, False) == (
        "playground predict generate --model mine --seed 1 --n 9 --class flat --moves=0,-1.5 --out sheet.png --json"
    )


def test_who_gives_a_score_is_named_after_what_it_learnt_with() -> None:
    assert dataclasses.replace(sheet_now(), loss="wasserstein").judge == "Critic"
    assert dataclasses.replace(sheet_now(), loss="hinge").judge == "Discriminator"


def test_the_ways_to_read_a_file_are_folded_and_said_in_words(stub: Painting) -> None:
    stub.readings = ("28 x 28, ReLU, tanh", *(f"way {at}" for at in range(11)))
    page = open_page("gan_sampler", model="mine")
    assert [one.label for one in page.expander if "12 ways" in one.label]
    assert not [one for one in page.button if "reading" in str(one.key)], (
        "nothing is drawn of them before they are looked at"
    )
    page.session_state["gan_sampler-readings"] = True
    page.run()
    assert len([one for one in page.button if "reading" in str(one.key)]) == 6
    assert readings.in_words("28 x 28, ReLU, tanh, stride/padding 1/0 2/1+1 x2") == (
        "28 x 28 pixels, ReLU inside, tanh at the end; layer 1: stride 1; layer 2: stride 2, padding 1, 1 added; "
        "layer 3: enlarges 2 times"
    )
    assert readings.in_words("as its card says") == "as its card says"


@pytest.mark.parametrize(
    "tab", ["Between two samples", "Is it copying?", "The discriminator's opinion", "Code", "References"]
)
def test_every_tab_opens(stub: Painting, tab: str) -> None:
    page = AppTest.from_file(FRAME, default_timeout=30)
    page.session_state["gan_sampler-tabs"] = tab
    page.switch_page(str(paths.pages() / "gan_sampler.py")).run()
    assert not page.exception
    assert next(one for one in page.tabs if one.label == tab).children, "it shows something"


def test_a_run_of_the_visitors_own_is_handed_over(stub: Painting, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = {name: np.zeros(shape, np.float32) for name, shape in gan_file.tensors(PAIR).items()}
    content = gan_file.pack(PAIR, weights, {"title": "Drawn shapes, 12 steps", "data": {"name": "shapes"}})
    learnt = [None, b"stored"]
    monkeypatch.setattr(provider.manager(), "open", lambda run, visitor: SimpleNamespace(id=run, kind="gan"))
    monkeypatch.setattr(models.live_view, "Learnt", lambda job: SimpleNamespace(state=learnt[-1]))
    monkeypatch.setattr(models, "in_use", lambda state: state + b"!")
    monkeypatch.setattr(models.gan_package, "own", {b"stored!": content}.__getitem__)
    page = open_page("gan_sampler", run="r1", seed="8")
    assert not problems(page)
    draw = stub.draws()[0]
    assert draw.whose.own == content
    assert np.array_equal(draw.latents, drawn(PAIR, 8, 72))
    assert page.query_params["run"] in ("r1", ["r1"])
    assert any("Drawn shapes, 12 steps" in item.value for item in page.markdown)
    next(item for item in page.button if item.label == "Other generators").click().run()
    assert not stub.draws()[-1].whose.own
    assert "run" not in page.query_params


def test_a_run_of_somebody_else_is_not_handed_over(stub: Painting) -> None:
    page = open_page("gan_sampler", run="nobody-knows")
    assert any("somebody else" in text for text in problems(page))
    assert stub.draws()


@pytest.mark.parametrize(
    "link", [{"model": "nonsense", "reading": "xx"}, {"model": "mine", "reading": "\u202exx", "seed": "9"}]
)
def test_a_link_that_names_what_there_is_not_still_shows_a_sheet(stub: Painting, link: dict[str, str]) -> None:
    page = open_page("gan_sampler", **link)
    assert not page.exception
    (warning,) = page.warning
    assert "In the link" in warning.value
    assert "\u202e" not in warning.value
    assert stub.draws()[-1].whose.reading == ""
    assert data(page)["frame"]
