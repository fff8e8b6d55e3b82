"""The page GAN sampler: what is asked of the generator, the sheet that the browser paints, and what the hand did on it."""

from __future__ import annotations

import base64
import concurrent.futures
import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from playground.core.errors import InputError, PlaygroundError
from playground.core.generating import Draw, Drawn, Meet, Met
from playground.functional import gan_latents
from playground.functional.gan import Pair
from playground.functional.gan_card import from_json
from playground.specs.gan_sampler import (
    HIGHEST,
    LONGEST_EDITS,
    MOST_DIRECTIONS,
    GANSamplerSpec,
    rounded,
    write_edits,
    write_pins,
)
from playground.ui import asking, controls, lesson, sheets, visitors
from playground.ui.assets import component, told_by
from playground.ui.page import place
from playground.ui.parts import gan_sampler_first as first
from playground.ui.parts import gan_sampler_models as models
from playground.ui.parts.gan_sampler_words import usual
from playground.ui.parts.gan_sheet import Held, Sheet
from playground.ui.sheet_wishes import END, Subject, beside, frame, most, question
from playground.ui.state import state
from playground.ui.words import plain

HEIGHT = 560
FIELDS = ("seed", "n", "of_class", "moves", "edits", "pins", "chosen")
"""What the hand sets on the sheet."""
SECONDS = 0.08
"""So long a run of the page waits for the pictures: most are there by then."""
FRAME = 600_000
"""A larger sheet's pictures come over its own connection alone."""
WAKING = "The generator is waking up"


@dataclass
class Hand:
    """What one session did on the sheet.

    Attributes:
        heard: Number of the newest message.
        problem: Why something of it was not taken.
        typed: What was typed and refused, so that it stays in the box.
    """

    heard: int = 0
    problem: str = ""
    typed: str = ""


def settle(spec: GANSamplerSpec, key: str) -> GANSamplerSpec:
    """The experiment with a generator that there is; what a link says wrongly is said in words, and the rest kept."""
    models.hand_over(key)
    return models.MENU.settle(spec, key)


def fit(spec: GANSamplerSpec, pair: Pair, met: Met | None, key: str) -> GANSamplerSpec:
    """The experiment as this generator allows it; what it cannot do is said once, and left out."""
    wanted: dict[str, Any] = {}
    notes: list[str] = []
    if spec.of_class < 0 and spec.n == GANSamplerSpec().n and "n" not in lesson.current().lock:
        wanted["n"] = usual(spec.n, pair, most(pair))
    if spec.n > most(pair):
        wanted["n"] = most(pair)
        notes.append(f"{spec.n} samples of this size are too many for one sheet: {most(pair)} are shown.")
    if spec.of_class >= 0 and spec.of_class >= len(pair.classes):
        wanted["of_class"] = -1
        kinds = f"its classes are 0 to {len(pair.classes) - 1}" if pair.classes else "it cannot be asked for a class"
        notes.append(f"There is no class {spec.of_class} of this generator: {kinds}.")
    if spec.chosen >= wanted.get("n", spec.n):
        wanted["chosen"] = 0
    rows = spec.edited()
    if any(number >= pair.latents for row in rows.values() for number in row):
        wanted["edits"] = write_edits(
            {at: {k: v for k, v in row.items() if k < pair.latents} for at, row in rows.items()}
        )
        notes.append(
            f"Some latents that were set by hand do not exist here: this generator has {pair.latents}, counted from 0."
        )
    known = MOST_DIRECTIONS if met is None else len(met.directions)
    if any(spec.moves[known:]):
        wanted["moves"] = spec.moves[:known]
        notes.append(f"This generator has {known} principal directions; further moves are left out.")
    pins = spec.pinned()
    fits = [
        pin for pin in pins
        if pin.label < max(1, len(pair.classes)) and not any(pin.moves[known:]) and all(k < pair.latents for k, _ in pin.edits)
    ]  # fmt: skip
    if len(fits) < len(pins):
        wanted["pins"] = write_pins(fits)
        notes.append("Some pins are of another generator, and were let go.")
    for note in notes:
        st.warning(plain(note))
    if wanted:
        controls.assign(key, **wanted)
    return spec.replace(**wanted)


def ask(spec: GANSamplerSpec, key: str) -> tuple[GANSamplerSpec, Sheet | None, str]:
    """Everything that the sheet shows, as far as it is there.

    Returns:
        The experiment as the generator allows it; the sheet, None while nobody has said what the generator is; and words on why
        there is none.
    """
    spec = models.readable(spec, key)
    source = models.source(spec, key)
    if source.problem or source.words:
        return spec, None, source.problem or source.words
    met, words, problem = _met(asking.ask("meet", source.card, Meet(source.whose)))
    pair = source.pair if met is None else from_json(met.card)
    if pair is None:
        return spec, None, problem or words or WAKING
    spec = fit(spec, pair, met, key)
    subject = Subject(source.card, source.whose, pair, None if met is None else met.directions)
    try:
        asked, lost = question(spec, subject, True), ""
    except InputError as error:  # moved along directions that are still being found
        asked, lost = question(spec.replace(moves=()), subject, False), str(error)
    sheet = Sheet(
        source.card, source.whose, source.title, pair, met, first.picture_set(source.facts), asked.latents, asked.classes,
        drawn=None, pictures=None, chosen=spec.chosen, waiting=words or WAKING, problem=problem, loss=str(source.facts.get("loss", "")),
    )  # fmt: skip
    if lost:
        return spec, dataclasses.replace(sheet, problem=problem or ("" if met is None else lost)), ""
    answer = soon(asked, source)
    if isinstance(answer, Drawn):
        waiting = "" if met is not None or problem else words or WAKING
        sheet = dataclasses.replace(sheet, drawn=answer, pictures=answer.pictures, waiting=waiting)
    else:
        there = None if source.card is None else first.pictures(source.card, asked.latents, asked.classes)
        refused = isinstance(answer, asking.Refused)
        sheet = dataclasses.replace(
            sheet, pictures=there, waiting="" if refused else answer.words or WAKING, problem=answer.words if refused else problem
        )  # fmt: skip
    return spec, dataclasses.replace(sheet, pins=_pins(spec, subject, source)), ""


def soon(asked: Draw, source: models.Source) -> Any:
    """The answer to a question, waiting a moment for it."""
    under_way = asking.begin("generate", source.card, asked)
    concurrent.futures.wait([under_way], SECONDS)
    return asking.follow(under_way)


def _met(answer: Any) -> tuple[Met | None, str, str]:
    """What is known of the generator, words while it is not, and why it never will be."""
    if isinstance(answer, Met):
        return answer, "", ""
    return None, *(("", answer.words) if isinstance(answer, asking.Refused) else (answer.words, ""))


def _pins(spec: GANSamplerSpec, subject: Subject, source: models.Source) -> tuple[Held, ...]:
    pins = spec.pinned()
    try:
        asked, _, _ = beside(spec.replace(chosen=-1), subject)
    except InputError:
        return ()
    if asked is None:
        return ()
    answer = soon(asked, source)
    pictures = answer.pictures if isinstance(answer, Drawn) else None
    if pictures is None and source.card is not None:
        pictures = first.pictures(source.card, asked.latents, asked.classes)
    return tuple(
        Held(f"Pin {at + 1}", asked.latents[at], None if asked.classes is None else int(asked.classes[at]),
             None if pictures is None else pictures[at])
        for at in range(len(pins))
    )  # fmt: skip


def show(sheet: Sheet | None, spec: GANSamplerSpec, words: str, key: str) -> None:
    """Draw the sheet with all that moves it."""
    hand, told, name = state(Hand, key), lesson.current(), f"{key}-sheet"
    free = [field for field in FIELDS if field not in told.hide | told.lock]
    at_hand = isinstance(sheet, Sheet)

    def edited() -> None:
        said = told_by(name, "edit")
        if isinstance(said, dict):
            obey(key, hand, said, set(free), sheet)

    data: dict[str, Any] = {
        "present": told.present, "height": HEIGHT, "edits": free, "hidden": sorted(told.hide & set(FIELDS)),
        "heard": hand.heard, "problem": hand.problem, "typed": hand.typed, "words": words, "expecting": not at_hand,
        "spec": {field: list(value) if isinstance(value := getattr(spec, field), tuple) else value for field in FIELDS},
    }  # fmt: skip
    if sheet is not None:
        data |= _said(sheet, spec)
    with place(HEIGHT):
        component("gan_sampler")(key=name, data=[data], on_edit_change=edited)


def _said(sheet: Sheet, spec: GANSamplerSpec) -> dict[str, Any]:
    subject = Subject(sheet.card, sheet.whose, sheet.pair, None if sheet.met is None else sheet.met.directions)
    channels, high, wide = sheet.pair.picture
    shares = [] if sheet.met is None else [float(one) for one in sheet.met.shares[:MOST_DIRECTIONS]]
    found: dict[str, Any] = {
        "socket": f"sheets/{sheets.REGISTRY.register(visitors.current(), subject)}",
        "title": sheet.title, "classes": list(sheet.pair.classes), "latents": sheet.pair.latents, "most": most(sheet.pair),
        "shape": [high, wide, channels], "shares": shares, "met": sheet.met is not None, "end": END,
        "judged": sheet.pair.discriminator is not None, "critic": sheet.pair.critic, "judge": sheet.judge, "words": sheet.waiting,
        "problem_of_all": sheet.problem, "fresh": sheet.drawn is not None,
        "facts": facts(sheet), "expecting": bool(sheet.waiting),
    }  # fmt: skip
    if sheet.pictures is not None and sheet.pictures.nbytes <= FRAME:
        pins = [pin.picture for pin in sheet.pins if pin.picture is not None]
        more = {"pins": np.stack(pins)} if pins and len(pins) == len(sheet.pins) else {}
        drawn = sheet.drawn or Drawn(sheet.pictures, None, sheet.pair.critic, 0.0, "", "")
        found["frame"] = base64.b64encode(frame(0, spec, drawn, sheet.latents, more)).decode()
    return found


def facts(sheet: Sheet) -> str:
    """What drew the sheet, and how long that took."""
    channels, high, wide = sheet.pair.picture
    ink = "grey" if channels == 1 else "colour"
    start = f"{sheet.title}: {sheet.pair.latents} latents, {high} x {wide} {ink}, {sheet.pair.generator.parameters:,} parameters"
    if sheet.drawn is None:
        return start
    return f"{start}; {len(sheet.latents)} in {1000 * sheet.drawn.seconds:,.0f} ms by {sheet.drawn.engine}, {sheet.drawn.device}"


def obey(key: str, hand: Hand, said: dict[str, Any], free: set[str], sheet: Sheet | None) -> None:
    """What was done on the sheet; everything it says is checked, as any browser may say anything."""
    number = said.get("number")
    if not isinstance(number, int) or isinstance(number, bool) or number <= hand.heard:
        return
    hand.heard, hand.problem, hand.typed = number, "", ""
    values = {
        name: tuple(said[name]) if isinstance(said[name], list) else said[name] for name in FIELDS if name in said
    }
    spec = state(controls.Edited, key).spec
    if not isinstance(spec, GANSamplerSpec):
        return
    try:
        if sheet is not None and "edits" in free and isinstance(said.get("typed"), str):
            values["edits"] = typed(spec.replace(**values).checked(controls.mode()), said["typed"], sheet.pair)
        wished = {name: value for name, value in values.items() if name in free and value != getattr(spec, name)}
        if len(str(wished.get("edits", ""))) > LONGEST_EDITS:
            raise InputError("More latents are set by hand than a link can hold. Reset those of some samples first.")
        spec.replace(**wished).checked(controls.mode())
    except PlaygroundError as error:
        hand.problem, hand.typed = str(error), str(said.get("typed", ""))[:LONGEST_EDITS]
        return
    controls.assign(key, **wished)


def typed(spec: GANSamplerSpec, text: str, pair: Pair) -> str:
    """The edits once a whole row was typed for the chosen sample; raises ``InputError`` in words."""
    values = gan_latents.typed(text[:200_000], pair.latents, HIGHEST)
    rows = spec.edited()
    rows[max(0, spec.chosen)] = {at: rounded(value) for at, value in enumerate(values)}
    found = write_edits(rows)
    if len(found) > LONGEST_EDITS:
        raise InputError("More latents are set by hand than a link can hold. Reset those of some samples first.")
    return found
