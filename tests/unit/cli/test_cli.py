"""The command line: what it prints, where, and with which exit status."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from playground.cli import main
from playground.core.events import EpochEnded, Finished
from playground.core.settings import Settings
from playground.data.registry import DATASETS
from playground.functional.activations import ACTIVATIONS
from playground.functional.initial import INITIALISERS
from playground.functional.losses import LOSSES
from playground.functional.surfaces import SURFACES
from playground.optim.rules import RULES
from playground.optim.schedules import SCHEDULES
from playground.specs.descent import DescentSpec
from playground.specs.mlp import MLPSpec

COMMAND = [sys.executable, "-m", "playground.cli"]


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Standard output as JSON lines; standard error must be empty."""
    captured = capsys.readouterr()
    assert captured.err == ""
    return [json.loads(line) for line in captured.out.splitlines()]


def refused(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> str:
    """The one line on standard error that a bad command line earns."""
    try:
        status = main(arguments)
    except SystemExit as end:  # argparse's own way out
        status = end.code  # type: ignore[assignment]
    captured = capsys.readouterr()
    assert status == 2
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert captured.err.startswith("playground: ")
    return captured.err


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("activations", list(ACTIVATIONS)), ("datasets", list(DATASETS)), ("initialisations", list(INITIALISERS)),
        ("losses", list(LOSSES)), ("optimizers", list(RULES)), ("schedules", list(SCHEDULES)), ("surfaces", list(SURFACES)),
        ("settings", [f"PLAYGROUND_{name.upper()}" for name in Settings.__dataclass_fields__]),
    ],
)  # fmt: skip
def test_every_kind_is_listed(kind: str, names: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", kind, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in rows] == names
    assert all(row["summary"] for row in rows)
    assert main(["list", kind]) == 0
    table = capsys.readouterr().out.splitlines()
    assert [row.split()[0] for row in table] == names


def test_what_is_listed_says_what_it_is_for(capsys: pytest.CaptureFixture[str]) -> None:
    main(["list", "losses", "--json"])
    assert json.loads(capsys.readouterr().out)[0]["tasks"] == ["binary", "classes"]
    main(["list", "optimizers", "--json"])
    assert {"name", "title", "source", "lr", "hyper"} <= set(json.loads(capsys.readouterr().out)[-1])


def test_a_run_prints_each_epoch_and_last_what_it_took(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "mlp", "--dataset", "xor", "--samples", "80", "--hidden", "3", "--epochs", "6", "--json"]) == 0
    *epochs, last = lines(capsys)
    keys = ["epoch", "train_loss", "val_loss", "train_accuracy", "val_accuracy"]
    assert [list(row) for row in epochs] == [keys] * 6
    assert [row["epoch"] for row in epochs] == [1, 2, 3, 4, 5, 6]
    assert last["done"] is True
    assert {key: last[key] for key in keys} == epochs[-1]
    assert 0 < last["seconds"] < last["wall_seconds"]
    assert "test_loss" not in last


def test_every_thins_the_lines_but_keeps_the_last(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "mlp", "--samples", "40", "--epochs", "7", "--every", "3", "--json"]) == 0
    assert [row["epoch"] for row in lines(capsys)] == [3, 6, 7, 7]


def test_the_same_numbers_as_the_loop_itself(capsys: pytest.CaptureFixture[str]) -> None:
    from playground.training.supervised import fit

    main(
        [
            "run",
            "mlp",
            "--dataset",
            "spiral",
            "--hidden",
            "4,4",
            "--seed",
            "5",
            "--dropout",
            "0.1",
            "--epochs",
            "3",
            "--json",
        ]
    )
    printed = lines(capsys)
    wanted = []
    for event in fit(MLPSpec(dataset="spiral", hidden=(4, 4), seed=5, dropout=0.1, epochs=3)):
        if isinstance(event, EpochEnded):
            wanted.append({"epoch": event.epoch, **event.metrics})
        if isinstance(event, Finished):
            break
    assert printed[:-1] == wanted


@pytest.mark.parametrize(
    ("dataset", "keys"),
    [("iris", ["test_loss", "test_accuracy"]), ("diabetes", ["test_loss", "test_error"]), ("plane", ["train_error"])],
)
def test_a_table_is_tested_at_the_end(dataset: str, keys: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "mlp", "--dataset", dataset, "--epochs", "2", "--json"]) == 0
    *epochs, last = lines(capsys)
    assert set(keys) <= set(last)
    assert not any(key.startswith("test") for row in epochs for key in row)


def test_without_json_it_reads_as_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "mlp", "--epochs", "2", "--samples", "40", "--hidden", "-"]) == 0
    first, _, last = capsys.readouterr().out.splitlines()
    assert first.startswith("epoch 1  train loss 0.")
    assert last.startswith("done  epoch 2  train loss 0.")


def test_an_own_table_is_learnt(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "flowers.csv"
    rows = [f"{i % 7};{i % 5},5;{'tall' if i % 7 > 3 else 'low'}" for i in range(100)]
    file.write_text("\n".join(["stem;leaf;size", *rows]))
    arguments = ["run", "mlp", "--csv", str(file), "--target", "size", "--optimizer", "adam", "--lr", "0.05"]
    assert main([*arguments, "--epochs", "60", "--json"]) == 0
    assert lines(capsys)[-1]["test_accuracy"] > 0.9
    assert main([*arguments, "--columns", "stem,leaf", "--epochs", "1", "--json"]) == 0
    assert lines(capsys)[-1]["epoch"] == 1
    assert "'petal'" in refused(capsys, [*arguments[:4], "--target", "petal"])


def test_a_divergence_ends_the_run_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "mlp", "--dataset", "plane", "--hidden", "-", "--lr", "10", "--json"]) == 1
    last = lines(capsys)[-1]
    assert last["done"] is True
    assert "lower the learning rate" in last["diverged"]
    assert last["seconds"] > 0


def test_a_descent_prints_the_path_of_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = "run descent --surface rosenbrock --optimizer adam --lr 0.02 --steps 500 --start=-1.2,1 --json"
    assert main(arguments.split()) == 0
    rows = lines(capsys)
    assert [list(row) for row in rows] == [["step", "x", "y", "loss"]] * 501
    assert rows[0] == {"step": 0, "x": -1.2, "y": 1.0, "loss": pytest.approx(24.2)}
    paths = DescentSpec(surface="rosenbrock", optimizer=("adam",), lr=(0.02,), steps=500, start=(-1.2, 1)).paths()
    assert [[row["x"], row["y"]] for row in rows] == paths.positions[0].tolist()
    assert [row["loss"] for row in rows] == paths.losses[0].tolist()


def test_a_descent_down_a_formula_with_several_optimizers(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["run", "descent", "--formula", "x**2 + 3*y**2", "--steps", "50", "--every", "25", "--json"]
    assert main([*arguments, "--optimizer", "rmsprop,sgd", "--lr", "0.1,0.2", "--start=2,-1"]) == 0
    rows = lines(capsys)
    assert [(row["optimizer"], row["step"]) for row in rows] == [
        (name, step) for name in ("rmsprop", "sgd") for step in (0, 25, 50)
    ]
    assert rows[0]["loss"] == 7
    assert rows[-1]["x"] == pytest.approx(2 * 0.6**50)


def test_a_descent_in_words_and_one_that_diverges(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(
            [
                "run",
                "descent",
                "--surface",
                "bowl",
                "--optimizer",
                "sgd",
                "--lr",
                "0.1",
                "--steps",
                "100",
                "--start=1,1",
            ]
        )
        == 0
    )
    *rows, last = capsys.readouterr().out.splitlines()
    assert rows[0] == "step 0  x 1  y 1  loss 1"
    assert len(rows) == 21
    assert last.startswith("SGD: From step ")
    assert main(["run", "descent", "--surface", "rosenbrock", "--optimizer", "sgd", "--lr", "1", "--json"]) == 1
    rows = lines(capsys)
    assert rows[-1]["step"] == len(rows) - 1 < 10


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("run mlp --lr fast", "Learning rate: 'fast' is not a number; choose a number from 1e-05 to 10."),
        ("run mlp --lr nan", "Learning rate: 'nan' is not a number"),
        ("run mlp --epochs 1.5", "'1.5' is not a whole number"),
        ("run mlp --hidden 8,999", "a layer of '999' is not allowed"),
        ("run mlp --optimizer adma", "Did you mean 'adam'?"),
        ("run mlp --loss mse", "does not fit this data"),
        ("run mlp --features x9", "'x9' is unknown"),
        ("run mlp --dataset own", "own table"),
        ("run mlp --target y", "name its file with --csv"),
        ("run mlp --csv no/such/file.csv --target y", "'no/such/file.csv' cannot be read: No such file"),
        ("run mlp --csv . --target y", "'.' cannot be read"),
        ("run mlp --csv x.csv --dataset iris", "exclude each other"),
        ("run mlp --every 0", "--every"),
        ("run mlp --lern 3", "unrecognized arguments: --lern 3"),
        ("run mlp --device tpu --epochs 1", "no device 'tpu'"),
        ("run descent --surface rosenbrok", "Did you mean 'rosenbrock'?"),
        ("run descent --formula x.real", "Formula, character 2: a point stands only in numbers"),
        ("run descent --formula x --surface bowl", "exclude each other"),
        ("run descent --extent 3", "write it with --formula"),
        ("run descent --start=9,9", "outside the picture; choose -2 to 2"),
        ("run descent --start=a,b", "'a' is not a number"),
        ("run descent --start=1", "write two numbers"),
        ("run descent --start=1,2,3", "3 numbers are too many"),
        ("run descent --optimizer sgd,adma", "'adma' is unknown"),
        ("run descent --optimizer sgd,adam,radam,nadam,adamw", "choose at most 4"),
        ("run descent --lr 0.1,0.2,0.3 --optimizer sgd,adam", "3 for 2 optimizers"),
        ("run descent --lr nan", "'nan' is not a number"),
        ("run descent --steps 0", "outside what is allowed"),
        ("run descent --noise -1", "outside what is allowed"),
        ("run descent --schedule cosin", "Did you mean 'cosine'?"),
        ("run", "WHAT"),
        ("run forest", "forest"),
        ("list optimisers", "Did you mean 'optimizers'?"),
        ("serve --port 70000", "choose 1 to 65535"),
        ("serve --port http", "not a whole number"),
        ("", "COMMAND"),
        ("dance", "dance"),
    ],
)
def test_bad_input_is_one_clear_line_and_status_2(
    arguments: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said in refused(capsys, arguments.split())


@pytest.mark.parametrize("bad", ["run mlp --dataset a\nb", "run mlp --x\ny 1", "run mlp --csv a\x00b --target y"])
def test_even_a_strange_argument_earns_one_line(bad: str, capsys: pytest.CaptureFixture[str]) -> None:
    refused(capsys, bad.split(" "))


def test_help_names_every_setting_with_its_bounds(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["run", "mlp", "--help"])
    text = " ".join(capsys.readouterr().out.split())
    for name in MLPSpec.bounds():
        assert (f"--{name.replace('_', '-')} " in text) == (name != "table")
    assert "0 to 50 %" in text
    assert "(default: 4,2)" in text
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    assert "playground run mlp --csv" in capsys.readouterr().out


def test_serve_hands_over_host_and_port(monkeypatch: pytest.MonkeyPatch) -> None:
    import playground.ui.serve

    asked: list[tuple[str, int]] = []
    monkeypatch.setattr(playground.ui.serve, "serve", lambda host, port: asked.append((host, port)))
    assert main(["serve", "--port", "8600"]) == 0
    assert main(["serve", "--host", "0.0.0.0"]) == 0
    assert asked == [("127.0.0.1", 8600), ("0.0.0.0", 8501)]


@pytest.mark.parametrize(
    ("arguments", "begins"), [(["list", "optimizers"], b"sgd "), (["run", "descent", "--steps", "3"], b"optimizer ")]
)
def test_listing_and_descending_start_without_torch(arguments: list[str], begins: bytes) -> None:
    code = f"import sys; from playground.cli import main; main({arguments}); sys.exit('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0
    assert done.stdout.startswith(begins)


def test_ctrl_c_and_a_reader_who_leaves_end_it_quietly() -> None:
    # What runs in the background is deaf to it, and would hand that on.
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)
    run = subprocess.Popen(
        [*COMMAND, "run", "mlp", "--epochs", "1000000", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    signal.signal(signal.SIGINT, heard)
    assert run.stdout is not None
    assert json.loads(run.stdout.readline())["epoch"] == 1
    run.send_signal(signal.SIGINT)
    _, errors = run.communicate(timeout=60)
    assert (run.returncode, errors) == (130, b"playground: interrupted\n")

    # A reader who is gone before the first line is written.
    piped = f"{' '.join(COMMAND)} list datasets; echo $? >&2"
    reader, writer = os.pipe()
    os.close(reader)
    listing = subprocess.run(["sh", "-c", piped], stdout=writer, stderr=subprocess.PIPE, check=False, timeout=60)
    os.close(writer)
    assert listing.stderr == b"141\n"
