"""What a fine-tuning run looks like from outside: its network read from files, its frames, a sentence that is followed."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playground.core.errors import InputError, ModelUnavailable
from playground.core.frames import unpack
from playground.data.text_set import Texts, TextSet
from playground.specs.finetune import ALL, FinetuneSpec
from playground.training.finetune_first import first_frames
from playground.training.finetune_layers import facts
from playground.training.finetune_sentence import Followed
from playground.training.finetune_standing import Baseline, Facts, Sentence, Standing, Watch
from playground.training.finetune_view import View
from playground.training.history import History

SHAPES = {
    "bert.embeddings.word_embeddings.weight": [10, 4],
    "bert.encoder.layer.0.output.dense.weight": [4, 8],
    "bert.encoder.layer.1.output.dense.weight": [4, 8],
    "bert.pooler.dense.weight": [4, 4],
    "classifier.weight": [2, 4],
}


def a_folder(place: Path, shapes: dict[str, list[int]] | None = SHAPES, **config: Any) -> Path:
    """A transformers folder with nothing but heads."""
    known = {"model_type": "bert", "num_hidden_layers": 2, "hidden_size": 4, "vocab_size": 10, **config}
    (place / "config.json").write_text(json.dumps(known))
    if shapes is not None:
        head = json.dumps({name: {"dtype": "F32", "shape": shape} for name, shape in shapes.items()}).encode()
        (place / "model.safetensors").write_bytes(struct.pack("<Q", len(head)) + head)
    return place


def known(tmp_path: Path, freeze: int = 0) -> Facts:
    return facts(a_folder(tmp_path), "tiny", "Tiny", 3, freeze)


def texts() -> TextSet:
    train = Texts(("a cat", "a dog", "a cow", "two cats"), np.array([0, 1, 2, 0]))
    val = Texts(("one cat", "one dog", "one cow"), np.array([0, 1, 2]))
    return TextSet(train, val, val, ("cat", "dog", "cow"), ("A note.",))


def a_sentence(step: int, now: list[float], text: str = "my cat") -> Sentence:
    third = np.full(3, 1 / 3, np.float32)
    return Sentence(text, ("my", "cat"), 0, third, np.array(now, np.float32), step)


def watch(step: int = 1, now: tuple[float, ...] = (0.7, 0.2, 0.1)) -> Watch:
    return Watch(np.arange(5, dtype=np.float32), np.ones(5, np.float32), a_sentence(step, list(now)))


def drawn(
    view: View, moment: Standing | None = None, seen: Watch | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    return unpack(view.tick(seen, History(), moment or Standing()))


def test_a_network_is_read_from_the_head_of_its_file(tmp_path: Path) -> None:
    found = known(tmp_path)
    assert [part.title for part in found.parts] == ["Embeddings", "Layer 1", "Layer 2", "Pooler", "Classifier"]
    assert [part.parameters for part in found.parts] == [40, 32, 32, 16, 15], "the classifier is the new one"
    assert (found.parameters, found.trained) == (135, 135)


@pytest.mark.parametrize(("freeze", "still"), [(0, []), (1, [0, 1]), (2, [0, 1, 2]), (ALL, [0, 1, 2, 3])])
def test_what_is_frozen_lies_below(tmp_path: Path, freeze: int, still: list[int]) -> None:
    assert [at for at, part in enumerate(known(tmp_path, freeze).parts) if part.frozen] == still


def test_other_families_and_files_without_a_head_are_drawn_too(tmp_path: Path) -> None:
    shapes = {"distilbert.transformer.layer.0.ffn.lin1.weight": [4, 8], "pre_classifier.weight": [4, 4]}
    config = {"num_hidden_layers": None, "n_layers": 1, "hidden_size": None, "dim": 4}
    place = a_folder(tmp_path, shapes)
    (place / "config.json").write_text(json.dumps({key: value for key, value in config.items() if value}))
    assert [part.kind for part in facts(place, "d", "D", 2, 0).parts] == ["embeddings", "layer", "pooler", "classifier"]
    (place / "model.safetensors").write_bytes(b"\xff" * 40)
    assert [part.parameters for part in facts(place, "d", "D", 2, 0).parts] == [0, 0, 10]
    (place / "config.json").write_text("[]")
    with pytest.raises(ModelUnavailable, match=r"config\.json"):
        facts(place, "d", "D", 2, 0)


def test_the_scene_says_what_is_learnt_and_its_number_follows(tmp_path: Path) -> None:
    view = View(FinetuneSpec(), texts(), known(tmp_path, 1))
    scene, _ = unpack(view.scene())
    assert scene["kind"] == "finetune.scene" and scene["class_counts"] == [4, 3, 3]
    assert [one["label"] for one in scene["examples"]] == [0, 1, 2, 0], "the classes take turns"
    assert (scene["params"], scene["trainable"], scene["notes"]) == (135, 63, ["A note."])
    assert view.scene_id() != View(FinetuneSpec(), texts(), known(tmp_path)).scene_id()


def test_a_tick_carries_the_mistakes_of_what_is_open(tmp_path: Path) -> None:
    view = View(FinetuneSpec(), texts(), known(tmp_path))
    view.measured(np.array([[0.1, 0.8, 0.1], [0.2, 0.5, 0.3], [0.3, 0.3, 0.4]], np.float32), 2)
    view.look({"tab": 1, "cell": [0, 1], "text": "kept by the loop"})
    header, blocks = drawn(view, Standing(baseline=Baseline(0.5, 0.6)), watch())
    assert blocks["confusion"].tolist() == [[0, 1, 0], [0, 1, 0], [0, 0, 1]]
    assert [item["text"] for item in header["cell_items"]] == ["one cat"] and header["wrong_items"] == []
    assert header["own"]["pieces"] == ["my", "cat"] and blocks["own"].shape == (2, 3)
    assert header["baseline"]["frozen"] == 0.6 and "taken for cat (70 %)" in header["alt"]
    view.look({"tab": 2})
    assert [item["prediction"] for item in drawn(view)[0]["wrong_items"]] == [1]


@pytest.mark.parametrize("view", [{"cell": [0, 3]}, {"cell": "ab"}, {"tab": 9}, {"tab": True}, {"image": 1}])
def test_there_is_nothing_else_to_look_at(tmp_path: Path, view: dict[str, Any]) -> None:
    made = View(FinetuneSpec(), texts(), known(tmp_path))
    with pytest.raises(InputError):
        made.look(view)
    assert (made.tab, made.cell) == (0, None)


def test_the_five_steps_light_up_in_their_order(tmp_path: Path) -> None:
    view = View(FinetuneSpec(), texts(), known(tmp_path))
    assert drawn(view)[0]["stage"] == 0
    phases = ("load", "head", "split", "train", "evaluate")
    assert [drawn(view, Standing(phase=phase), watch())[0]["stage"] for phase in phases] == [0, 1, 2, 3, 4]  # type: ignore[arg-type]
    assert drawn(view, Standing(status="done"), watch())[0]["stage"] == 5


def test_the_learning_rate_rises_and_falls_over_the_epochs_asked_for(tmp_path: Path) -> None:
    view = View(FinetuneSpec(epochs=40, batch_size=2, lr=1e-3, warmup=25), texts(), known(tmp_path))
    epochs, rates = drawn(view)[1]["rates"]
    assert rates.max() == pytest.approx(1e-3) and epochs[rates.argmax()] == pytest.approx(10, abs=1)
    assert rates[0] < 1e-4 > rates[-1] and epochs[-1] < 40


def test_a_sentence_keeps_its_way_within_bounds_and_forgets_it_with_another_one() -> None:
    followed = Followed()
    for step in range(1000):
        followed.take(a_sentence(step, [step / 1000, 0.0, 0.0]), step / 100)
    trail = followed.blocks()["trail"]
    assert 50 < trail.shape[1] <= 161 and trail[0, -1] == pytest.approx(9.99) and trail[1, -1] == pytest.approx(0.999)
    assert (np.diff(trail[0]) > 0).all()
    followed.take(a_sentence(100, [0.2, 0.0, 0.0]), 1.0)  # begun again
    assert followed.blocks()["trail"][0].max() == 1
    followed.take(a_sentence(101, [1.0, 0.0, 0.0], "another"), 1.01)
    assert followed.blocks()["trail"].shape[1] == 1
    followed.take(None, 2.0)
    assert followed.blocks() == {} and followed.told() is None


def test_the_first_picture_needs_no_torch() -> None:
    scene, _ = unpack(first_frames(FinetuneSpec())[0])
    assert scene["parts"][-1]["parameters"] == (scene["width"] + 1) * len(scene["classes"])
    code = (
        "import sys; from playground.training.finetune_first import first_frames; "
        "from playground.specs.finetune import FinetuneSpec; first_frames(FinetuneSpec()); "
        "sys.exit(any(name in sys.modules for name in ('torch', 'transformers', 'tokenizers')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
