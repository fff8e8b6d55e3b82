"""All objects to take along: JSON as the command line prints it, a table, YOLO's text files, the picture with its boxes, the pieces."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePath
from typing import Any

import streamlit as st

from playground.catalog.card import Card
from playground.core.detection import Cut, Cuttings, Detected, Draw, Drawn, Thing
from playground.core.errors import PlaygroundError
from playground.core.vision import Box
from playground.data import objects, yolo_txt
from playground.functional.things import things
from playground.specs.detection import DetectionSpec
from playground.ui import asking, provider, visitors
from playground.ui.page import prose
from playground.ui.parts import detection_words as words
from playground.ui.parts.detection_controls import numbers
from playground.ui.parts.pictured_answers import Shown
from playground.ui.words import plain

SECONDS = 60.0
"""So long a download waits for the worker that draws."""


def found_in(answer: Detected, spec: DetectionSpec) -> tuple[Thing, ...]:
    """The objects of one picture that are shown, with every mask."""
    classes, _ = numbers(spec.classes, answer.names)
    return things(answer, spec.thresholds(classes))


def records(answers: Mapping[str, tuple[str, Any]], spec: DetectionSpec, card: Card) -> list[dict[str, Any]]:
    """One record a picture; where the command line would stop at a bad file, its record holds the error.

    Args:
        answers: By id: the file's name, and its answer or refusal; what is still under way is left out.
        spec: The thresholds.
        card: The model that answered.
    """
    made = list[dict[str, Any]]()
    for name, answer in answers.values():
        if isinstance(answer, asking.Refused):
            made.append({"file": name, "model": card.name, "error": answer.words})
        elif isinstance(answer, Detected):
            made.append(objects.picture(name, card.name, found_in(answer, spec), answer.seconds))
    return made


def yolo(found: Iterable[Thing], width: int, height: int) -> str:
    """Objects as YOLO's text: class, centre, width and height, in fractions of the picture."""
    boxes = (
        (one.index, Box(one.box[0] / width, one.box[1] / height, one.box[2] / width, one.box[3] / height))
        for one in found
    )
    return yolo_txt.write(boxes)


def yolo_files(answers: Mapping[str, tuple[str, Any]], spec: DetectionSpec) -> dict[str, str]:
    """A text file for each picture that is answered, by its name; and the names of the classes, by their line."""
    made, names = dict[str, str](), tuple[str, ...]()
    for name, answer in answers.values():
        if isinstance(answer, Detected):
            names = answer.names
            made[_unused(f"{_stem(name)}.txt", made)] = yolo(found_in(answer, spec), answer.width, answer.height)
    return {**made, _unused("classes.txt", made): "".join(f"{one}\n" for one in names)} if made else {}


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    """Files in one; names are bare, so that nothing is unpacked elsewhere."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return held.getvalue()


def show(answers: Mapping[str, tuple[str, Any]], picture: Shown, spec: DetectionSpec, card: Card, key: str) -> None:
    """Draw the downloads and the command that gives the same. Each is made only when it is wanted."""
    done = {id: one for id, one in answers.items() if not isinstance(one[1], asking.Waiting)}
    answer = done.get(picture.id, ("", None))[1]
    whole = isinstance(answer, Detected)
    with st.popover("Results", icon=":material/download:"):
        prose(
            f"Objects of {len(done)} picture{'s' if len(done) != 1 else ''}, with {plain(card.title)}, at the thresholds as they stand."
        )
        stem = _stem(picture.photo.name)
        ask = _asker()
        with st.container(horizontal=True):
            _button(
                "CSV",
                lambda: "\ufeff" + objects.table(records(done, spec, card)),
                "objects.csv",
                "text/csv",
                "table",
                not done,
                key,
            )
            _button(
                "JSON", lambda: json.dumps(records(done, spec, card), indent=1, ensure_ascii=False), "objects.json", "application/json",
                "data_object", not done, key,
            )  # fmt: skip
            _button(
                "YOLO",
                lambda: zipped(yolo_files(done, spec)),
                "labels.zip",
                "application/zip",
                "description",
                not done,
                key,
            )
        with st.container(horizontal=True):
            _button(
                "Picture", lambda: png(ask, picture, answer, spec), f"{stem}.png", "image/png", "image", not whole, key
            )
            _button(
                "Pieces",
                lambda: pieces(ask, picture, answer, spec),
                f"{stem}.zip",
                "application/zip",
                "content_cut",
                not whole,
                key,
            )
        prose("The same without a browser:")
        st.code(words.command(spec, picture, card), language="bash", wrap_lines=True)


def _button(label: str, make: Callable[[], bytes | str], name: str, mime: str, icon: str, off: bool, key: str) -> None:
    st.download_button(
        label, make, name, mime, key=f"{key}-{label.lower()}", icon=f":material/{icon}:", on_click="ignore", disabled=off
    )  # fmt: skip


def _asker() -> Callable[[str, Any], Any]:
    """What asks a worker and waits; made while the page runs, used when a download is wanted."""
    inference, visitor = provider.inference(), visitors.current()
    return lambda task, question: inference.ask(task, None, question, visitor=visitor).result(SECONDS)


def png(ask: Callable[[str, Any], Any], picture: Shown, answer: Detected, spec: DetectionSpec) -> bytes:
    """The picture at its own size with its objects drawn in."""
    drawn: Drawn = ask("draw", Draw(picture.photo, found_in(answer, spec), spec.labels))
    return drawn.png


def pieces(ask: Callable[[str, Any], Any], picture: Shown, answer: Detected, spec: DetectionSpec) -> bytes:
    """Every object cut out, in one file."""
    found = found_in(answer, spec)
    if not found:
        raise PlaygroundError("There is no object to cut out.")
    cut: Cuttings = ask("cut", Cut(picture.photo, tuple(one.box for one in found)))
    names = (f"{number:03d} {_safe(one.label)} {100 * one.score:.0f}.jpg" for number, one in enumerate(found, 1))
    return zipped(dict(zip(names, cut.jpegs, strict=True)))


def _stem(name: str) -> str:
    return _safe(PurePath(name).stem) or "picture"


def _safe(text: str) -> str:
    """A text as part of a file's name."""
    return "".join(letter if letter.isalnum() or letter in " -_()" else "_" for letter in text).strip()[:80]


def _unused(name: str, taken: Mapping[str, Any]) -> str:
    """The name, or the same with a number where two pictures are called alike."""
    stem, dot, ending = name.rpartition(".")
    tries = (name, *(f"{stem} {number}{dot}{ending}" for number in range(2, len(taken) + 3)))
    return next(one for one in tries if one not in taken)
