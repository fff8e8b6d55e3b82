"""A generator to take along: what leaves a run is what the run had, for the sampler, as a zip, and with nothing of this project."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from PIL import Image

from playground.core.errors import InputError
from playground.core.gan_use import Pack, Packed
from playground.functional import gan_file, gan_plans
from playground.functional.gan import drawn, given, pixels
from playground.functional.gan_forward import forward
from playground.specs.gan import OWN, GANSpec
from playground.training.archive import in_use
from playground.training.gan_film import Film
from playground.training.gan_first import OnPaper
from playground.training.gan_grid import grid
from playground.training.gan_history import COLUMNS, GanHistory
from playground.training.gan_package import facts, own, package
from playground.training.gan_stored import Measured, StoredGAN, pack_run
from playground.training.gan_use import pack
from playground.training.stored import Position


def stored(spec: GANSpec | None = None, classes: tuple[str, ...] = tuple("0123456789")) -> StoredGAN:
    """A run as it is kept, a few steps on: untrained weights do as well."""
    spec = spec or GANSpec(conditional=True, width=8)
    pair = spec.pair(classes)
    weights = gan_plans.start(pair, spec.seed)
    film = Film(grid(pair, spec.seed))
    film.add(7, 1, OnPaper(pair, weights).draw(film.grid.latents, film.grid.classes))
    return StoredGAN(
        spec=spec, pair=pair, position=Position(1, 7, 0, 0.5), turns=7, weights=weights, engine={},
        looks=(Measured(7, 1, {"frechet": 12.5, "variety": float("nan")}),), recent=np.zeros((0, len(COLUMNS))),
        history=GanHistory().rows(), film=film.arrays(), classes=classes,
    )  # fmt: skip


def opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_sampler_is_handed_what_the_run_has_learnt() -> None:
    run = stored()
    pair, weights, said = gan_file.unpack(own(pack_run(run)))
    assert pair == run.pair
    assert all(np.array_equal(weights[name], run.weights[name]) for name in run.weights)
    assert said == json.loads(json.dumps(facts(run)))
    assert (said["data"]["name"], said["steps"], said["measured"]) == ("digits", 7, {"frechet": 12.5})
    trained = dataclasses.replace(run, engine={"rule.generator.0.weight.exp_avg": np.zeros(3, np.float32)})
    assert own(in_use(pack_run(trained))) == own(pack_run(run))  # without what the optimizers remember
    with pytest.raises(InputError, match="cannot be read"):
        own(b"no run")


def test_a_zip_holds_all_that_is_needed_and_is_the_same_again() -> None:
    run = stored()
    content = package(run)
    assert content == package(run)
    files = opened(content)
    assert set(files) == {"config.json", "model.safetensors", "README.md", "predict.py", "samples.png"}
    card = json.loads(files["config.json"])
    pair, weights, said = gan_file.unpack(files["model.safetensors"], card)
    assert (pair, said["seed"]) == (run.pair, 1)
    assert np.array_equal(weights["generator.0.weight"], run.weights["generator.0.weight"])
    assert Image.open(io.BytesIO(files["samples.png"])).size == (8 * 16, 8 * 16)
    note = files["README.md"].decode()
    assert all(words in note for words in ("16 × 16", "12.5", "CC BY 4.0", "0, 1, 2", "predict.py --seed"))


def test_nothing_of_a_visitor_is_told_but_what_was_learnt() -> None:
    run = stored(GANSpec(dataset=OWN, side=16, width=8, pictures="0123abcd"), ("cats", "dogs"))
    said = facts(run)
    assert said["data"] == {"name": "", "title": "The visitor's own pictures", "source": "", "licence": ""}
    assert "0123abcd" not in json.dumps(said)
    assert "person who trained it" in opened(package(run))["README.md"].decode()


def test_weights_that_are_not_finite_are_not_taken_along() -> None:
    run = stored()
    cast(Any, run.weights)["generator.0.weight"][0, 0] = np.nan
    with pytest.raises(InputError, match="not finite"):
        package(run)


def test_a_worker_packs_each_run_or_says_why_not() -> None:
    said: list[str] = []
    found = pack(cast(Any, None), None, [Pack(pack_run(stored())), Pack(b"")], said.append)
    assert isinstance(found[0], Packed)
    assert found[0].content == package(stored())
    assert isinstance(found[1], InputError)
    assert said == ["Packing", "Packing"]


@pytest.mark.parametrize("conditional", [False, True])
def test_the_script_draws_what_the_playground_draws(
    conditional: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from playground.hub import gan_standalone

    run = stored(GANSpec(conditional=conditional, width=8))
    for name, content in opened(package(run)).items():
        (tmp_path / name).write_bytes(content)
    pair, classes = run.pair, np.arange(12) % 10
    latents = drawn(pair, 5, 12)
    made = forward(pair.generator, gan_file.part(run.weights, "generator"), given(pair, latents, classes))
    monkeypatch.setattr(gan_standalone, "HERE", tmp_path)
    monkeypatch.setattr(sys, "argv", ["predict.py", "--seed", "5", "--n", "12", "--out", str(tmp_path / "x.png")])
    assert gan_standalone.main() == 0
    sheet = np.asarray(Image.open(tmp_path / "x.png"), np.int16)
    tiles = sheet.reshape(3, 16, 4, 16).transpose(0, 2, 1, 3).reshape(12, 16, 16)
    assert np.abs(tiles - pixels(pair, made)[..., 0]).max() <= 1
    assert tiles.std() > 4
    monkeypatch.setattr(sys, "argv", ["predict.py", "--class", "nobody"])
    assert gan_standalone.main() == 2
    assert ("0, 1, 2" if conditional else "not told classes") in capsys.readouterr().err


def test_the_script_needs_nothing_of_this_project() -> None:
    from playground.hub import gan_standalone

    tree = ast.parse(inspect.getsource(gan_standalone))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    roots = {name.split(".")[0] for name in names} - set(sys.stdlib_module_names)
    assert roots == {"torch", "numpy", "PIL", "safetensors"}
    assert opened(package(stored()))["predict.py"].decode() == inspect.getsource(gan_standalone)
