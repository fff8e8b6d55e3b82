"""The sampler's tabs without a browser: both ways and their lengths, clips, neighbours, opinions; what cannot be is said in words."""

from __future__ import annotations

import base64
import json
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from streamlit.testing.v1 import AppTest

from playground.core import frames
from playground.core.errors import InputError, PlaygroundError
from playground.core.generating import Clip, Draw, Drawn, MakeClip, Nearest, Neighbours, Whose
from playground.functional.gan import Layer, Network, Pair, drawn, given, pixels
from playground.functional.gan_forward import forward
from playground.jobs.asked import Asked, settled
from playground.jobs.inference_messages import Refusal
from playground.specs.gan_sampler import GANSamplerSpec
from playground.ui import provider, visual
from playground.ui.parts import gan_between, gan_between_clip, gan_copying, gan_opinion
from playground.ui.parts import gan_between_way as ways
from playground.ui.parts.gan_sheet import Held, Sheet

D, SIDE, CLASSES = 6, 8, ("zero", "one", "two")
RNG = np.random.default_rng(3)


def pair(classes: tuple[str, ...] = (), *, critic: bool = False, alone: bool = False, noise: Any = "normal") -> Pair:
    """A generator of one layer, and a discriminator of one."""
    k, area = len(classes), SIDE * SIDE
    drawing = (Layer("linear", D + k, area), Layer("act", name="tanh"), Layer("reshape", shape=(1, SIDE, SIDE)))
    judge = Network((1, SIDE, SIDE), (Layer("flatten"), Layer("linear", area, 1)))
    return Pair(Network((D + k,), drawing, k), None if alone else judge, D, noise, classes, critic)


WEIGHTS = {"0.weight": RNG.normal(size=(64, D + 3)), "0.bias": RNG.normal(size=64) / 4}
JUDGE = {"1.weight": RNG.normal(size=(1, 64)) / 8, "1.bias": np.zeros(1)}


def pictures(of: Pair, latents: NDArray[Any], classes: NDArray[Any] | None, opinion: bool = True) -> Drawn:
    """What the worker would answer."""
    k = len(of.classes)
    made = forward(of.generator, {**WEIGHTS, "0.weight": WEIGHTS["0.weight"][:, : D + k]}, given(of, latents, classes))
    logit = forward(of.discriminator, JUDGE, made)[:, 0] if of.discriminator is not None and opinion else None
    said = None if logit is None else logit if of.critic else 1 / (1 + np.exp(-logit))
    return Drawn(pixels(of, made), None if said is None else said.astype(np.float32), of.critic, 0.1, "CPU", "NumPy")


def sheet(of: Pair, n: int = 12, pins: tuple[int, ...] = (), dataset: str = "digits", **other: Any) -> Sheet:
    """A sheet with these samples pinned."""
    latents = drawn(of, 1, n)
    classes = (np.arange(n) % len(of.classes)).astype(np.int64) if of.classes else None
    found = pictures(of, latents, classes)
    held = tuple(
        Held(f"Pin {k + 1}", latents[i], None if classes is None else int(classes[i]), found.pictures[i])
        for k, i in enumerate(pins)
    )
    card = next(iter(provider.catalog().cards.values()))
    return Sheet(**{  # type: ignore[arg-type]
        "card": card, "whose": Whose(), "title": "Made up", "pair": of, "met": None, "dataset": dataset, "latents": latents,
        "classes": classes, "drawn": found, "pictures": found.pictures, "pins": held, **other,
    })  # fmt: skip


class Worker:
    """Draws at once; what else it says is set by the test."""

    waiting, ready = 0, True

    def __init__(self, of: Pair) -> None:
        self.pair = of
        self.asked: list[tuple[str, Any]] = []
        self.outcomes: dict[str, Any] = {}

    def ask(self, task: str, card: Any, question: Any, *, visitor: str = "", seconds: float = 60.0) -> Asked:
        self.asked.append((task, question))
        if isinstance(outcome := self.outcomes.get(task), PlaygroundError):
            return settled(Refusal(type(outcome).__name__, str(outcome)), visitor)
        if task == "generate":
            outcome = pictures(self.pair, question.latents, question.classes, question.opinion)
        return Asked(visitor) if outcome is None else settled(outcome, visitor)

    def stop(self, seconds: float = 2.0) -> None:
        pass


HELD: dict[str, Any] = {}


def script() -> None:
    """A page with nothing but the tab."""
    from playground.specs.gan_sampler import GANSamplerSpec
    from playground.ui import asking, controls
    from tests.pages.test_gan_tabs import HELD

    spec = controls.begin(GANSamplerSpec, "gan_sampler")
    HELD["spec"] = spec
    HELD["part"].show(HELD["sheet"], spec, "gan_sampler")
    asking.look_again()


def opened(part: Any, shown: Sheet, **query: str) -> tuple[AppTest, Worker]:
    """A tab over a sheet, with a worker that answers."""
    worker = Worker(shown.pair)
    provider.use_inference(worker)  # type: ignore[arg-type]
    HELD.update(part=part, sheet=shown)
    page = AppTest.from_function(script, default_timeout=30)
    for name, value in query.items():
        page.query_params[name] = value
    return page.run(), worker


def frame(page: AppTest, name: str) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """What a component of the page was given."""
    for item in page.get("bidi_component"):
        if item.proto.component_name == f"playground.{name}":
            return frames.unpack(base64.b64decode(json.loads(item.proto.json)[0]["frame"]))
    raise AssertionError(f"no {name} on the page: {errors(page)}")


def errors(page: AppTest) -> list[str]:
    return [*(item.message for item in page.exception), *(item.value.replace("\\", "") for item in page.error)]


def said(page: AppTest) -> str:
    return " ".join(item.value for item in (*page.markdown, *page.caption)).replace("\\", "")


def button(page: AppTest, name: str) -> Any:
    return next(one for one in page.button if one.label == name)


# -- between


def test_both_ways_have_the_same_ends_and_only_the_arc_keeps_the_length() -> None:
    shown = sheet(pair(), pins=(2, 7))
    page, worker = opened(gan_between, shown)
    assert errors(page) == []
    header, blocks = frame(page, "gan_between")
    assert header["state"] == "there" and [end["name"] for end in header["ends"]] == ["Pin 1", "Pin 2"]
    linear, spherical = blocks["linear"], blocks["spherical"]
    assert len(linear) == header["stops"][-1] + 1 == 49
    for at, pin in zip(header["stops"], shown.pins, strict=True):
        assert (linear[at] == pin.picture).all() and (spherical[at] == pin.picture).all()
    line, arc = blocks["lengths"]
    ends = [float(np.linalg.norm(pin.latents)) for pin in shown.pins]
    assert np.allclose(arc, np.linspace(*ends, 49), atol=1e-4), "the arc goes evenly from length to length"
    assert (line[1:-1] < arc[1:-1]).all()
    low, middle, high = header["shell"]
    chance = np.linalg.norm(drawn(shown.pair, 5, 20_000), axis=1)
    assert (low, middle, high) == pytest.approx(np.percentile(chance, (1, 50, 99)), rel=0.02)
    assert f"{line[24]:.2f} long, on the arc {arc[24]:.2f}" in said(page)
    (question,) = [asked for task, asked in worker.asked if task == "generate"]
    assert isinstance(question, Draw) and question.latents.shape == (98, D) and not question.opinion


def test_pins_are_put_and_taken_out_on_the_picture_and_without_them_it_goes_between_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = sheet(pair(CLASSES))
    page, _ = opened(gan_between, shown)
    header, blocks = frame(page, "gan_between")
    # No pin: the first sample, and the next one of its class.
    assert [end["name"] for end in header["ends"]] == ["Sample 1", "Sample 4"] and header["pins"] == []
    assert len(header["texts"]) == 12 and blocks["sheet"].shape == (14, SIDE, SIDE, 1)
    real = visual.component
    fired: list[str] = []

    def component(name: str) -> Any:
        def mount(*, key: str, data: list[Any], on_edit_change: Any) -> None:
            if not fired:
                fired.append(header["texts"][5])
                import streamlit as st

                st.session_state[key] = SimpleNamespace(edit={"pins": ",".join(header["texts"][4:6]), "seed": 9})
                on_edit_change()

        return mount

    monkeypatch.setattr(visual, "component", component)
    page.run()
    monkeypatch.setattr(visual, "component", real)
    page.run()
    assert errors(page) == []
    spec: GANSamplerSpec = HELD["spec"]
    assert [(pin.index, pin.label) for pin in spec.pinned()] == [(4, 1), (5, 2)] and spec.seed == 1
    assert frame(page, "gan_between")[0]["pinned"][4:6] == [1, 2]


def test_a_tour_comes_back_a_clip_has_no_jump_and_a_class_changes_halfway() -> None:
    shown = sheet(pair(CLASSES), pins=(0, 1, 2))
    walk = ways.walk(ways.ends(shown), loop=True)
    assert walk.closed and (walk.spherical[0] == walk.spherical[-1]).all() and len(walk.stops) == 4
    assert walk.classes is not None
    steps = walk.stops[1]
    assert walk.classes[[0, steps // 2 - 1, steps // 2, steps, 3 * steps]].tolist() == [0, 0, 1, 1, 0]
    latents, classes = walk.frames(("linear", "spherical"))
    assert latents.shape == (len(walk.linear) - 1, 2, D) and classes is not None and classes.shape == latents.shape[:2]
    assert (latents[0, 0] == shown.pins[0].latents).all() and not (latents[-1] == latents[0]).all()
    there = ways.walk(ways.ends(shown)[:2], loop=True)
    back, _ = there.frames(("spherical",))
    assert not there.closed and (back[1] == back[-1]).all() and len(back) == 2 * (len(there.linear) - 1)
    once, _ = ways.walk(ways.ends(shown)[:2], loop=False).frames(("spherical",))
    assert len(once) == len(there.linear)


def test_the_words_are_measured_not_promised() -> None:
    even = pair(noise="uniform")
    far = np.full(D, 0.9, np.float32)
    stops = (Held("a", far, None, None), Held("b", far * [1, 1, 1, -1, -1, -1], None, None))
    walk = ways.walk(stops, loop=False)
    same = np.zeros((2 * len(walk.linear), SIDE, SIDE, 1), np.uint8)
    assert "the arc leaves that cube (its largest number is 1.27)" in ways.words(walk, even, same)
    assert "look the same" in ways.words(walk, even, same)
    same[ways.halfway(walk)] = 255
    assert "differ plainly (100.0 % of full scale" in ways.words(walk, even, same)
    small = np.zeros(D, np.float32)
    small[0] = 2.0
    near = ways.walk((Held("a", small, None, None), Held("b", small * 1.1, None, None)), loop=False)
    assert "stays among lengths that chance draws" in ways.words(near, pair(), same * 0)


def test_a_clip_is_made_when_it_is_asked_for_and_another_way_is_another_clip() -> None:
    shown = sheet(pair(), pins=(0, 1))
    page, worker = opened(gan_between, shown)
    assert not [task for task, _ in worker.asked if task == "clip"]
    button(page, "Make a GIF").click().run()
    assert button(page, "Stop making the GIF")
    worker.outcomes["clip"] = Clip(b"GIF89a" + bytes(4000), 96, 224, 224)
    page.run()
    (save,) = page.get("download_button")
    assert save.label == "Download GIF, 4 kB" and errors(page) == []
    (asked, *_) = [question for task, question in worker.asked if task == "clip"]
    assert isinstance(asked, MakeClip) and asked.format == "gif" and asked.latents.shape == (96, 1, D)
    (row,) = [group for group in page.get("button_group") if group.label == "A clip of"]
    row.set_value("both").run()
    assert not page.get("download_button"), "that was a clip of another way"
    worker.outcomes["clip"] = InputError("No film today: choose GIF.")
    button(page, "Make an MP4").click().run()
    assert worker.asked[-1][0] == "clip" and worker.asked[-1][1].latents.shape == (96, 2, D)
    assert errors(page) == ["No film today: choose GIF."] and button(page, "Make an MP4")
    assert gan_between_clip.digest(shown, asked) != gan_between_clip.digest(shown, worker.asked[-1][1])


def test_what_cannot_be_drawn_is_said_in_its_place() -> None:
    shown = sheet(pair(), pins=(0, 1))
    page, worker = opened(gan_between, shown)
    worker.outcomes["generate"] = InputError("Number 3 of latent 1 is nan; it must be a finite number.")
    page.run()
    header, blocks = frame(page, "gan_between")
    assert (header["state"], header["words"]) == ("refused", "Number 3 of latent 1 is nan; it must be a finite number.")
    assert set(blocks) == {"sheet"} and not page.get("download_button")
    lonely, _ = opened(gan_between, sheet(pair(), n=1))
    assert "There is one sample on the sheet" in said(lonely) and not lonely.get("bidi_component")


# -- copying


def neighbours(distances: list[float], **other: Any) -> Neighbours:
    n = len(distances)
    found = {
        "rows": np.arange(n) + 5, "pictures": np.full((n, SIDE, SIDE, 1), 7, np.uint8),
        "distances": np.array(distances, np.float32), "usual": (0.05, 0.12, 0.15, 0.18, 0.25), "kinds": 0, "looked_at": 1438,
        "ranks": np.interp(distances, (0.05, 0.12, 0.15, 0.18, 0.25), (0.01, 0.25, 0.5, 0.75, 0.99), 0, 1).astype(np.float32),
        "all_of_them": True, "words": "All 1,438 training pictures of Small digits.", **other,
    }  # fmt: skip
    return Neighbours(**found)


def test_each_sample_stands_beside_its_nearest_training_picture_the_closest_first() -> None:
    shown = sheet(pair(), n=4)
    page, worker = opened(gan_copying, shown)
    assert frame(page, "gan_copying")[0]["state"] == "waiting"
    worker.outcomes["nearest"] = neighbours([0.2, 0.1, 0.3, 0.16])
    page.run()
    header, blocks = frame(page, "gan_copying")
    assert header["order"] == [1, 3, 0, 2] and header["rows"] == [5, 6, 7, 8] and header["top"] == 0.4
    assert (blocks["samples"] == shown.pictures).all() and blocks["neighbours"].max() == 7
    asked = worker.asked[-1][1]
    assert isinstance(asked, Nearest) and asked.dataset == "digits" and len(asked.pictures) == 4
    assert "All 1,438 training pictures of Small digits." in said(page)
    assert "None of 4 is closer than 99 of 100 test pictures are: no sign of copying." in said(page)


@pytest.mark.parametrize(
    ("distances", "words"),
    [
        ([0.01, 0.2, 0.2], "1 of 3 is the same as a training picture to the eye: that is a copy."),
        ([0.04, 0.04, 0.2], "2 of 3 are closer than 99 of 100 test pictures are. Look at these pairs"),
        (
            [0.04, 0.2, 0.2],
            "1 of 3 is closer than 99 of 100 test pictures are: by chance about one in 100 is, so this is no sign",
        ),
        ([0.1, 0.2, 0.2], "These are test pictures of all classes, since the class of a sample is not known here"),
        ([0.3, 0.4, 0.2], "2 of 3 are further away than 99 of 100 test pictures are"),
        ([0.2], "This sample lies 0.200 from the nearest training picture"),
    ],
)
def test_distances_in_words(distances: list[float], words: str) -> None:
    assert words in gan_copying.words(neighbours(distances))
    assert gan_copying.top(0.5) == 0.8


def test_what_looks_like_copies_is_marked_and_what_chance_makes_is_not() -> None:
    assert gan_copying.alarms(neighbours([0.04, *[0.2] * 63])) == []
    assert gan_copying.alarms(neighbours([0.04, *[0.2] * 62, 0.01])) == [63]
    assert gan_copying.alarms(neighbours([0.04] * 5 + [0.2] * 59)) == [0, 1, 2, 3, 4]


def test_samples_of_a_class_are_held_against_that_class() -> None:
    shown = sheet(pair(("1", "7", "3")), n=3)
    _, worker = opened(gan_copying, shown)
    assert worker.asked[-1][1].classes.tolist() == [1, 7, 3], "by their names in the set"
    assert gan_copying.labels(sheet(pair(CLASSES), n=3), "digits") is None, "the set has no such classes"
    assert gan_copying.labels(sheet(pair(), n=3), "digits") is None
    words = gan_copying.words(neighbours([0.06, 0.04, 0.04], kinds=1))
    assert "of test pictures of the same class, which nobody" in words and "of all classes" not in words
    assert "2 of 3 are closer than 99 of 100 test pictures of the same class are" in words
    assert "of test pictures of its class, which nobody" in gan_copying.words(neighbours([0.06], kinds=1))
    assert "test pictures of their classes" in gan_copying.words(neighbours([0.06, 0.1, 0.1], kinds=2))


def test_where_nobody_says_what_it_learnt_from_the_visitor_does_and_own_pictures_are_gone() -> None:
    shown = sheet(pair(), dataset="")
    page, worker = opened(gan_copying, shown)
    (box,) = page.selectbox
    assert box.value == "mnist" and worker.asked[-1][1].dataset == "mnist", "grey, and the best known"
    box.set_value("fashion").run()
    assert worker.asked[-1][1].dataset == "fashion" and errors(page) == []
    own, worker = opened(gan_copying, sheet(pair(), dataset="", card=None))
    assert "pictures of your own" in said(own) and worker.asked == []


# -- opinion


def test_every_sample_stands_on_its_probability_and_nothing_is_asked_twice() -> None:
    shown = sheet(pair(CLASSES))
    page, worker = opened(gan_opinion, shown)
    header, blocks = frame(page, "gan_opinion")
    assert worker.asked == [] and shown.drawn is not None and shown.drawn.opinions is not None
    assert (header["low"], header["high"], header["critic"]) == (0.0, 1.0, False) and header["classes"][4] == "one"
    assert (blocks["opinions"] == shown.drawn.opinions).all()
    real = int((shown.drawn.opinions > 0.5).sum())
    assert f"It takes {real} of these 12 for real" in said(page) and "told the class" in said(page)
    page, worker = opened(gan_opinion, sheet(pair(), drawn=None))
    assert [question.opinion for _, question in worker.asked] == [True]
    assert frame(page, "gan_opinion")[0]["state"] == "there"


def test_a_critics_scores_are_called_so_and_a_generator_alone_has_no_opinion() -> None:
    page, _ = opened(gan_opinion, sheet(pair(critic=True), loss="wasserstein"))
    header, _ = frame(page, "gan_opinion")
    assert header["critic"] and header["low"] == -header["high"] and "Half of the critic's scores" in said(page)
    page, _ = opened(gan_opinion, sheet(pair(critic=True), loss="hinge"))
    assert "Half of the discriminator's scores" in said(page) and "no probabilities" in said(page)
    assert gan_opinion.scale(np.array([3.0, -9.0], np.float32), True) == (-16.0, 16.0)
    page, worker = opened(gan_opinion, sheet(pair(alone=True)))
    assert "This is a generator alone" in said(page) and worker.asked == [] and not page.get("bidi_component")


@pytest.mark.parametrize(
    ("middle", "words"),
    [
        (0.1, "sees through most"),
        (0.3, "leans towards made"),
        (0.5, "Around 0.5"),
        (0.9, "takes most of them for real"),
    ],
)
def test_opinions_in_words(middle: float, words: str) -> None:
    assert words in gan_opinion.words(np.full(9, middle, np.float32), "", False)


def test_large_pictures_are_shrunk_by_whole_squares() -> None:
    some = np.arange(2 * 64 * 64 * 3, dtype=np.uint32).reshape(2, 64, 64, 3).astype(np.uint8)
    small = gan_between.shrunk(some, 8_000)
    assert small.shape == (2, 32, 32, 3) and gan_between.shrunk(some, some.nbytes) is some
    assert small[1, 3, 4, 2] == round(float(some[1, 6:8, 8:10, 2].mean()))
