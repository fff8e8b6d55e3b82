"""Texts judged, from a sentence to its classes: ``python tests/bench/sentiment.py [--rounds 15]``.

Ours (what the page and the command line ask) against ``transformers.pipeline`` as its documentation shows it, on the same
folder, in one process, interleaved, medians: one sentence of 32 pieces, then hundreds of sentences. Beside the time on the clock
stands the processors' own, which says more where others are at work. The starter with its own
weights; DistilBERT's architecture with random ones. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
import torch
import transformers

from playground.catalog import exports
from playground.catalog.listing import Catalog
from playground.core import paths
from playground.core.language import Judge, Judged, JudgedMany, JudgeMany
from playground.hub import sentiment
from playground.hub.desk import Desk

STARTER = paths.PACKAGE / "hub" / "starters" / "sentiment"
PIECES = 32
BEGINNINGS = ("the film was", "i find it", "her new phone is", "our room was", "that lesson is", "this plot was")
ENDS = ("far too long", "a pleasure", "not very good", "worth it", "a waste", "as it should be", "nothing new")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--texts", type=int, default=400)
    parser.add_argument("--small", type=Path, default=STARTER, help="folder of the small model")
    given = parser.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", end=", ")
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads, transformers {transformers.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        models = Path(folder)
        shutil.copytree(given.small, models / given.small.name)
        distilbert(models / "distilbert", given.small)
        desk = Desk(models, budget=10**10, megabytes=20, megapixels=50)
        for name in (given.small.name, "distilbert"):
            measure(desk, models, name, given.rounds, given.texts)
        desk.close()


def distilbert(place: Path, small: Path) -> None:
    """DistilBERT with random weights and the small model's pieces."""
    config = transformers.DistilBertConfig(num_labels=2, pad_token_id=0)
    transformers.DistilBertForSequenceClassification(config).save_pretrained(place)
    for one in small.glob("tokenizer*"):
        shutil.copy(one, place)


def measure(desk: Desk, models: Path, name: str, rounds: int, count: int) -> None:
    """One model: one sentence with and without the quicker copy, then many."""
    pipe = transformers.pipeline(
        "text-classification", model=str(models / name), top_k=None, device="cpu", dtype=torch.float32
    )
    card = Catalog.read(models)[name]

    def ours(texts: list[str]) -> list[Judged]:
        return [
            one
            for one in sentiment.judge(desk, card, [Judge(text) for text in texts], quiet)
            if isinstance(one, Judged)
        ]

    def all_of_ours(texts: list[str]) -> JudgedMany:
        (found,) = sentiment.judge_many(desk, card, [JudgeMany(tuple(texts))], quiet)
        assert isinstance(found, JudgedMany), found
        return found

    with desk.reader(card) as model:
        sentences = [sentence(number, lambda text: len(model.pieces(text)) + 2) for number in range(rounds + 3)]
    plain = compare(pipe, ours, [[text] for text in sentences])
    began = time.perf_counter()
    while desk.improve():
        pass
    making = time.perf_counter() - began
    one = compare(pipe, ours, [[text] for text in sentences])
    lists = [[text_of(number + 31 * turn) for number in range(count)] for turn in range(max(3, rounds // 5) + 1)]
    many = compare(pipe, all_of_ours, lists)
    batched = compare(lambda texts: pipe(texts, batch_size=32), all_of_ours, lists)
    worst = max(
        abs(score - {row["label"]: row["score"] for row in wanted}[label])
        for text in sentences
        for wanted in pipe([text])
        for label, score in zip(
            (model.config.id2label[n] for n in range(len(wanted))), ours([text])[0].scores, strict=True
        )
    )
    print(f"{name}: {sum(p.numel() for p in pipe.model.parameters()) / 1e6:.1f} million parameters")
    rows = (
        (f"one, {PIECES} pieces, PyTorch alone", plain, 1), (f"one, {PIECES} pieces", one, 1),
        (f"{count} texts, each", many, count), ("the same, batch_size=32", batched, count),
    )  # fmt: skip
    for title, (naive, own, naive_used, own_used), each in rows:
        print(
            f"  {title:29} pipeline {naive / each:7.2f} ms   ours {own / each:7.2f} ms   x {naive / own:5.2f}   "
            f"processors {naive_used / each:7.2f} and {own_used / each:7.2f} ms   x {naive_used / own_used:5.2f}"
        )
    print(
        f"  largest difference of a score: {worst:.1e}; copy made in {making:.0f} s, alone {exports.read(card, models)}"
    )


def compare(
    naive: Callable[[list[str]], Any], ours: Callable[[list[str]], Any], lists: list[list[str]]
) -> tuple[float, ...]:
    """Milliseconds of both on the clock, then of the processors, interleaved; medians, without the first list."""
    times: tuple[list[float], ...] = ([], [], [], [])
    for number, texts in enumerate(lists):
        for place, way in enumerate((naive, ours)):
            began, used = time.perf_counter(), time.process_time()
            way(texts)
            if number:
                times[place].append(1000 * (time.perf_counter() - began))
                times[place + 2].append(1000 * (time.process_time() - used))
    return tuple(map(statistics.median, times))


def text_of(number: int) -> str:
    """A short text; another for each number."""
    parts = [BEGINNINGS[number % 6], ENDS[number % 7], "and", BEGINNINGS[number // 6 % 6], ENDS[number // 42 % 7]]
    return " ".join(parts[: 2 if number % 3 else 5]) + "."


def sentence(number: int, length: Callable[[str], int]) -> str:
    """A text of as many pieces as are measured."""
    text = text_of(number)
    while length(f"{text} so") < PIECES:
        text += " so" if length(f"{text} {text_of(number + 1)}") > PIECES else f" {text_of(number + 1)}"
    return text


def quiet(words: str) -> None:
    """Progress that nobody reads."""


if __name__ == "__main__":
    main()
