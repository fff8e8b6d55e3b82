"""The tabs that open the network up, without a browser: each choice asks for its answer, and what cannot be is said in words."""

from __future__ import annotations

import base64
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from streamlit.testing.v1 import AppTest

from playground.core import frames
from playground.core.vision import METHODS, SCRAMBLES, SHAKINGS
from playground.specs.classification import CHANGE_TITLES, METHOD_TITLES, SCRAMBLE_TITLES
from playground.ui import asking, provider
from playground.ui.parts import opened_up
from playground.viz import heat
from tests.pages.support import open_page, problems
from tests.timm_folder import telling

LABELS = ("cat, house cat", "dog", "parrot", "owl")
LOOKED, FED, SHAKEN = "Where it looked", "What it was fed", "Shake it"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one small random network in it."""
    folder = tmp_path_factory.mktemp("made")
    telling(folder, "pets", LABELS)
    return folder


@pytest.fixture(autouse=True)
def models(made: Path, tmp_path: Path) -> None:
    """The models folder of this test, with that network in it."""
    shutil.copytree(made, tmp_path / "models", dirs_exist_ok=True)
    provider.rescan()


def opened(tab: str, **link: str) -> AppTest:
    """The page with one of its tabs open."""
    page = open_page(
        "classification", **{"v": "classification1", "model": "pets", "example": "cat", "top": "3", **link}
    )
    return page if tab == LOOKED else turn(page, tab)


def turn(page: AppTest, tab: str) -> AppTest:
    """Another tab, as a click opens it."""
    page.session_state["classification-tabs"] = tab
    return page.run()


def shown(page: AppTest, name: str) -> tuple[dict[str, Any], dict[str, NDArray[Any]], dict[str, Any]]:
    """Header and blocks of the frame that a component of the page was given, and what went beside it."""
    for item in page.get("bidi_component"):
        if item.proto.component_name == f"playground.{name}":
            data = json.loads(item.proto.json)[0]
            return *frames.unpack(base64.b64decode(data["frame"])), data
    raise AssertionError(f"no {name} on the page: {problems(page)}")


def words(page: AppTest) -> str:
    return " ".join(item.value for item in page.markdown)


def choose(page: AppTest, label: str, option: str) -> AppTest:
    """A press on one option of a row."""
    (row,) = [group for group in page.get("button_group") if group.label == label]
    return row.set_value(option).run()


@pytest.mark.parametrize("method", METHODS)
def test_each_method_gives_a_map_of_its_kind(method: str) -> None:
    page = opened(LOOKED, method=method)
    assert problems(page) == []
    header, blocks, data = shown(page, "heat")
    assert (header["state"], header["method"], header["signed"]) == (
        "there",
        METHOD_TITLES[method],
        method != "gradcam",
    )
    assert len(header["listed"]) == 3
    assert header["target"]["index"] == header["listed"][0]["index"]
    assert blocks["heat"].ndim == 2
    assert blocks["heat"].max() > blocks["heat"].min()
    assert blocks["photo"][:2].tobytes() == b"\xff\xd8"
    assert data["edits"] == ["opacity", "target"]
    assert f"{METHOD_TITLES[method]} for “" in words(page)
    assert "not why the network decided" in words(page)
    assert page.query_params["method"] == method


def test_a_press_on_the_row_asks_with_the_other_method() -> None:
    page = choose(opened(LOOKED), "Method", "occlusion")
    assert problems(page) == []
    assert shown(page, "heat")[0]["method"] == "Occlusion"
    assert page.query_params["method"] == "occlusion"


@pytest.mark.parametrize("scramble", [name for name in SCRAMBLES if name != "none"])
def test_scrambling_puts_both_maps_side_by_side_with_their_correlation(scramble: str) -> None:
    page = opened(LOOKED, scramble=scramble, method="integrated_gradients")
    assert problems(page) == []
    header, blocks, _ = shown(page, "heat")
    assert header["scrambled"]["title"] == SCRAMBLE_TITLES[scramble]
    assert blocks["scrambled"].shape == blocks["heat"].shape
    by_levels = heat.agreement(blocks["heat"].astype(np.float32), blocks["scrambled"].astype(np.float32))
    assert by_levels is not None
    assert header["scrambled"]["agreement"] == pytest.approx(by_levels, abs=0.05)
    assert "rank correlation with the map as trained is" in words(page)


def test_another_class_is_explained_and_one_that_is_not_listed_is_not() -> None:
    listed = [one["index"] for one in shown(opened(LOOKED), "heat")[0]["listed"]]
    other = shown(opened(LOOKED, target=str(listed[1])), "heat")[0]
    assert other["target"]["index"] == listed[1]
    gone = opened(LOOKED, target="900")
    assert problems(gone) == []
    assert shown(gone, "heat")[0]["target"]["index"] == listed[0]


def test_only_methods_that_the_network_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    real = asking.ask

    def ask(task: str, card: Any, question: Any) -> Any:
        if task == "explain" and question.method == "gradcam":
            return asking.Refused("It has no maps.")
        answer = real(task, card, question)
        if task == "explain" and not isinstance(answer, asking.Waiting | asking.Refused):
            object.__setattr__(answer, "methods", METHODS[1:])
        return answer

    monkeypatch.setattr(asking, "ask", ask)
    page = opened(LOOKED)
    (row,) = [group for group in page.get("button_group") if group.label == "Method"]
    assert [option.content for option in row.proto.options] == ["Integrated gradients", "Occlusion"]
    assert shown(page, "heat")[0]["method"] == "Integrated gradients"


def test_the_map_can_be_had_as_a_file() -> None:
    (button,) = [item for item in opened(LOOKED).get("download_button") if "PNG" in item.proto.label]
    assert not button.proto.disabled


@pytest.mark.parametrize("stage", range(4))
def test_each_stage_shows_its_maps(stage: int) -> None:
    page = opened(FED, stage=str(stage))
    assert problems(page) == []
    header, blocks, data = shown(page, "fed")
    assert (header["state"], header["stage"]) == ("there", stage)
    name, shape = header["stages"][stage]
    assert [int(side) for side in shape.split("×")][1:] == list(blocks["maps"].shape[1:])
    assert blocks["picture"].shape == (64, 64, 3)
    assert len(header["channels"]) == len(blocks["maps"]) == len(blocks["scales"])
    assert data["edits"] == ["stage"]
    assert f"Stage {stage + 1} of {len(header['stages'])}" in words(page)
    assert "the network gets 64 × 64" in words(page)
    assert name


def test_a_stage_that_this_network_does_not_have_is_its_last() -> None:
    page = opened(FED, stage="63")
    assert problems(page) == []
    header, _, _ = shown(page, "fed")
    assert header["stage"] == len(header["stages"]) - 1


@pytest.mark.parametrize("kind", SHAKINGS)
def test_each_change_has_a_picture_and_scores_for_every_value(kind: str) -> None:
    page = opened(SHAKEN, shaking=kind)
    assert problems(page) == []
    header, blocks, _ = shown(page, "shake")
    assert (header["state"], header["title"]) == ("there", CHANGE_TITLES[kind])
    count = len(header["values"])
    assert blocks["scores"].shape == (count, len(header["classes"]))
    assert header["offsets"][-1] == len(blocks["pictures"])
    for start in header["offsets"][:-1]:
        assert blocks["pictures"][start : start + 2].tobytes() == b"\xff\xd8"
    leads = blocks["scores"].argmax(axis=1)
    assert all((leads[at] != leads[header["start"]]) and at != header["start"] for at in header["changes"])
    assert header["changes"] or kind != "brightness"
    assert "Left alone, the picture is" in words(page)


def test_the_attack_is_one_more_choice_and_flips_where_the_scores_do() -> None:
    page = choose(opened(SHAKEN), "What is done to the picture", "adversarial")
    assert problems(page) == []
    assert page.query_params["shaking"] == "adversarial"
    header, blocks, _ = shown(page, "shake")
    assert set(np.unique(blocks["sign"])) <= {-1, 0, 1}
    assert blocks["sign"].shape == blocks["picture"].shape
    leads = blocks["scores"].argmax(axis=1)
    other = np.flatnonzero(leads != leads[0])
    assert header["flips"] == other[0]
    assert "Goodfellow et al. 2015" in words(page)


@pytest.mark.parametrize(("tab", "name"), [(LOOKED, "heat"), (FED, "fed"), (SHAKEN, "shake")])
def test_while_an_answer_is_under_way_the_photo_is_there_with_the_words(
    tab: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = asking.ask
    slow = {"explain", "feed", "shake", "attack"}
    monkeypatch.setattr(
        asking, "ask", lambda task, *rest: asking.Waiting("Loading Pets") if task in slow else real(task, *rest)
    )
    header, blocks, _ = shown(opened(tab), name)
    assert (header["state"], header["words"]) == ("waiting", "Loading Pets")
    assert set(blocks) == {"photo"}
    monkeypatch.setattr(
        asking, "ask", lambda task, *rest: asking.Refused("No room. Try later.") if task in slow else real(task, *rest)
    )
    page = opened(tab)
    assert problems(page) == []
    assert (shown(page, name)[0]["state"], shown(page, name)[0]["words"]) == ("refused", "No room. Try later.")


def test_a_lesson_hides_and_locks_what_stands_above_the_picture() -> None:
    page = opened(LOOKED, hide="scramble", lock="method,target")
    (row,) = [group for group in page.get("button_group") if group.label in ("Method", "Weights")]
    assert row.label == "Method"
    assert row.proto.disabled
    assert shown(page, "heat")[2]["edits"] == ["opacity"]


def test_the_photo_travels_small(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    real = asking.ask

    def ask(task: str, card: Any, question: Any) -> Any:
        asked.append((task, getattr(question, "side", None)))
        return real(task, card, question)

    monkeypatch.setattr(asking, "ask", ask)
    opened(LOOKED)
    assert ("look", opened_up.SIDE) in asked
    assert {task for task, _ in asked} <= {"look", "classify", "explain"}  # what is not seen is not computed
