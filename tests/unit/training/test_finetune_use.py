"""A fine-tuned model in use: asked, and taken along as a folder that transformers opens."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers

from playground.core.cnn_use import Taken
from playground.core.errors import InputError
from playground.core.events import Finished, OpenTest, Save, Saved
from playground.core.language import Tuned, TunedAnswer
from playground.hub.desk import Desk
from playground.training.archive import in_use
from playground.training.finetune import fit
from playground.training.finetune_use import pack, tell
from tests.reading import quiet
from tests.text_folder import text_folder
from tests.tuning import SMALL, sorted_texts, until

TEXTS = ("the film was dull", "a very good plot and a good time , is it not ?", "漢 bad", "")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("models")
    text_folder(place, "tiny")
    return place


@pytest.fixture(scope="module")
def state(models: Path) -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYGROUND_MODELS", str(models))
        run = fit(SMALL.replace(lr=3e-3, epochs=3), data=sorted_texts())
        until(run, Finished)
        run.send(OpenTest())
        answer = run.send(Save())
    assert isinstance(answer, Saved)
    return answer.state


def desk(models: Path) -> Desk:
    return Desk(models, budget=10**9, megabytes=20, megapixels=50)


def test_the_packed_folder_is_opened_by_transformers_and_says_the_same(
    models: Path, state: bytes, tmp_path: Path
) -> None:
    (taken,) = pack(desk(models), None, [Tuned(in_use(state))], quiet)
    assert isinstance(taken, Taken)
    with zipfile.ZipFile(io.BytesIO(taken.content)) as archive:
        archive.extractall(tmp_path)
        names = set(archive.namelist())
    assert {"config.json", "model.safetensors", "tokenizer_config.json", "README.md", "predict.py"} <= names
    network = transformers.AutoModelForSequenceClassification.from_pretrained(tmp_path).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(tmp_path)
    (told,) = tell(desk(models), None, [Tuned(in_use(state), TEXTS)], quiet)
    assert isinstance(told, TunedAnswer) and told.labels == ("bad", "dull", "good")
    assert network.config.id2label == dict(enumerate(told.labels))
    given = tokenizer(list(TEXTS), return_tensors="pt", padding=True, truncation=True, max_length=16)
    with torch.no_grad():
        scores = torch.softmax(network(**given).logits, dim=1).numpy()
    assert float(np.abs(scores - told.scores).max()) < 1e-5
    assert float(np.abs(told.before - told.scores).max()) > 0.1
    np.testing.assert_allclose(told.before.sum(1), 1, atol=1e-5)
    read = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "bad, dull, good" in read and "test accuracy" in read and str(tmp_path) not in read
    compile((tmp_path / "predict.py").read_text(encoding="utf-8"), "predict.py", "exec")
    assert "local_files_only" not in json.loads((tmp_path / "tokenizer_config.json").read_text(encoding="utf-8"))


def test_what_cannot_be_asked_is_said_in_words(models: Path, state: bytes, tmp_path: Path) -> None:
    broken, none, gone = (
        tell(desk(where), None, [question], quiet)[0]
        for where, question in (
            (models, Tuned(b"nothing", TEXTS)),
            (models, Tuned(state)),
            (tmp_path, Tuned(state, TEXTS)),
        )
    )
    assert isinstance(broken, InputError) and "start it again" in str(broken)
    assert isinstance(none, InputError) and "given: 0" in str(none)
    assert "'tiny' is no text model that is known here" in str(gone)
