"""The tab "Which words": what each word added to one class, by two methods; and the same after a word was changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from playground.catalog.card import Card
from playground.catalog.text_labels import Label
from playground.core.language import LONGEST_TEXT, Judged, Weighed
from playground.data.sentence_examples import SENTENCES
from playground.data.text_cleaning import readable
from playground.specs.sentiment import ATTRIBUTION_TITLES, SentimentSpec
from playground.ui import asking, controls, lesson
from playground.ui.assets import component, told_by
from playground.ui.page import prose
from playground.ui.parts import sentiment as part
from playground.ui.parts import sentiment_models as models
from playground.ui.parts import sentiment_verdict as verdicts
from playground.ui.parts.sentiment import Answers, Typed
from playground.ui.parts.sentiment_models import percent
from playground.ui.parts.sentiment_verdict import number
from playground.ui.state import state
from playground.ui.words import minus, plain

_LONGEST_WORD = 200


@dataclass
class Changed:
    """A visitor's change of the text.

    Attributes:
        of: The text that was changed.
        text: What it became.
        heard: Number of the newest message.
    """

    of: str = ""
    text: str = ""
    heard: int = 0


@dataclass(frozen=True)
class Side:
    """One text and what is known of it."""

    title: str
    text: str
    judged: Any
    weighed: Any


def show(answers: Answers, card: Card, spec: SentimentSpec, key: str) -> None:
    """Draw the tab."""
    judged = answers.judged
    if not isinstance(judged, Judged):
        prose("There is no answer to look into yet.")
        return
    mine, name = state(Changed, key), f"{key}-why"
    if mine.of != answers.text:
        mine.of, mine.text = answers.text, ""
    known = models.classes(card, judged.labels)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        method = choose(spec, "method", ATTRIBUTION_TITLES, "How", key)
        target = choose(spec, "target", explained(known), "Which class is explained", key)
    target = judged.best if target < 0 else target
    title = f"Example: {SENTENCES[spec.example].title}" if spec.example in SENTENCES else "As you typed it"
    sides = [Side(title, answers.text, judged, part.weigh(answers.text, card, method, target))]
    if mine.text:
        again = part.judge(mine.text, card)
        found = part.weigh(mine.text, card, method, target) if isinstance(again, Judged) else again
        sides.append(Side("Changed", mine.text, again, found))

    def edited() -> None:
        told = told_by(name, "edit")
        if isinstance(told, dict) and "example" not in lesson.current().lock:
            obey(
                mine,
                told,
                [
                    (side.text, told_side["id"], told_side["offset"])
                    for side, told_side in zip(sides, shown, strict=True)
                ],
            )

    shown = [drawn(side, known, spec.band, target, method, card) for side in sides]
    data = {
        "present": lesson.current().present,
        "sides": shown,
        "change": "example" not in lesson.current().lock,
        "table": True,
        "caption": f"What each word added to “{known[target].words}”" + (", changed text" if mine.text else ""),
        "expecting": any(side["state"] == "waiting" for side in shown),
    }
    component("sentiment_sides")(key=name, data=[data], on_edit_change=edited)
    if mine.text:
        _back(mine, key)
    prose(minus(what_you_see(sides, known, target, method)))


def choose(spec: SentimentSpec, field: str, options: Mapping[Any, str], label: str, key: str) -> Any:
    """A row of choices for one field, and the one that holds; where the experiment's own is not among them, the first one."""
    value, told, name = getattr(spec, field), lesson.current(), f"{key}-tab-{field}"
    chosen = value if value in options else next(iter(options))
    if field in told.hide:
        return chosen
    st.session_state[name] = chosen
    st.segmented_control(
        label, list(options), key=name, format_func=lambda one: plain(options[one]), required=True, disabled=field in told.lock, wrap=True,
        on_change=lambda: controls.assign(key, **{field: st.session_state[name]}),
    )  # fmt: skip
    return chosen


def explained(known: Sequence[Label]) -> dict[int, str]:
    """The classes that can be explained, the default first.

    Where classes have a place between bad and good the best one leads: what speaks for it pulls towards positive, so that sign
    and colour say the same, as above. Elsewhere it is the likeliest.
    """
    names = {at: one.words for at, one in enumerate(known[:8])}
    if not models.toned(known):
        return {-1: "the likeliest", **names}
    return {at: names[at] for at in sorted(names, key=lambda at: -(known[at].tone or 0.0))}


def feeling(known: Sequence[Label], target: int) -> int:
    """To which side what speaks for a class pulls: 1 to the positive one, -1 to the negative one, 0 to neither.

    Where the classes have no such place it is 1: the colour is then the sign.
    """
    tone = known[target].tone or 0.0
    return (tone > 0) - (tone < 0) if models.toned(known) else 1


def meaning(known: Sequence[Label], target: int) -> str:
    """What colours and arrows mean, in a line."""
    name, side = known[target].words, feeling(known, target)
    arrows = f"▲ speaks for “{name}”, ▼ against it"
    if not models.toned(known):
        return f"{arrows}. Press a word to change it or leave it out."
    colours = (
        "Blue pulls towards positive, orange towards negative"
        if side
        else f"“{name}” is no side, so nothing is blue or orange"
    )
    return f"{colours}; {arrows}. Press a word to change it or leave it out."


def obey(mine: Changed, told: dict[str, Any], sides: list[tuple[str, str, int]]) -> None:
    """A word was changed; everything the browser says is checked, as any browser may say anything.

    Args:
        mine: Where it goes.
        told: What the browser said.
        sides: The texts that were shown, each with its id, and where the part begins whose words could be pressed.
    """
    change, number = told.get("change"), told.get("number")
    if not isinstance(change, dict) or not isinstance(number, int) or number <= mine.heard:
        return
    mine.heard = number
    at, start, end, put = (change.get(name) for name in ("side", "start", "end", "put"))
    if not isinstance(at, int) or not isinstance(start, int) or not isinstance(end, int) or not isinstance(put, str):
        return
    if not 0 <= at < len(sides) or change.get("id") != sides[at][1]:
        return
    text, _, offset = sides[at]
    if 0 <= start < end <= len(text) - offset:
        put = readable(put[:_LONGEST_WORD])[0]
        mine.text = swapped(text, start + offset, end + offset, put)[:LONGEST_TEXT]


def swapped(text: str, start: int, end: int, put: str) -> str:
    """A text with other words in one place; a word that is left out takes one of the spaces beside it along."""
    put = " ".join(put.split())
    before, after = text[:start], text[end:]
    if not put and before.endswith(" ") and (not after or not after[0].isalnum()):
        before = before[:-1]
    elif not put and not before:
        after = after.lstrip(" ")
    return before + put + after


def drawn(side: Side, known: Any, band: float, target: int, method: Any, card: Card) -> dict[str, Any]:
    """One side as the browser shows it."""
    judged, weighed = side.judged, side.weighed
    id = hashlib.sha256(f"{side.text}\0{target}\0{method}\0{card.name}".encode(errors="replace")).hexdigest()[:12]
    found: dict[str, Any] = {
        "id": id, "title": side.title, "text": side.text, "words": None, "unit": "logit", "offset": 0, "opinion": None, "notes": "",
        "key": "",
        "facts": "", "state": "waiting", "verdict": verdicts.no_headline(""),
    }  # fmt: skip
    if isinstance(judged, asking.Refused):
        return {**found, "state": "failed", "verdict": verdicts.no_headline("No answer"), "notes": judged.words}
    if not isinstance(judged, Judged):
        return found
    found |= {
        "verdict": verdicts.headline(verdicts.verdict(known, judged.scores, band)),
        "opinion": verdicts.opinion(known, judged.scores, band),
    }
    if isinstance(weighed, asking.Refused):
        return {**found, "state": "failed", "notes": weighed.words}
    if not isinstance(weighed, Weighed):
        return found
    start = weighed.start if len(judged.windows) > 1 else 0
    return {
        **found,
        "state": "answered",
        "offset": start,
        "text": side.text[start : weighed.end] if start or len(judged.windows) > 1 else side.text,
        "words": verdicts.pulls(weighed, start),
        "feel": feeling(known, target),
        "unit": "logit" if method == "integrated_gradients" else "probability",
        "key": meaning(known, target),
        "facts": sums(weighed),
        "notes": " ".join(weighed.notes),
    }


def sums(weighed: Weighed) -> str:
    """What the numbers add up to, and what they were compared with."""
    if weighed.method == "occlusion":
        return (
            f"Each word hidden by itself ({weighed.baseline}); its number is by how much the probability of “{weighed.label}”, "
            f"{percent(weighed.score)}, falls. {1000 * weighed.seconds:,.0f} ms"
        )
    total, rise = sum(word.value for word in weighed.words), weighed.logit - weighed.baseline_logit
    return minus(
        f"Words {number(total, 3)}, special tokens ([CLS], [SEP]) {number(weighed.rest, 3)}; together {number(total + weighed.rest, 3)}. "
        f"The logit {'falls' if rise < 0 else 'rises'} from {weighed.baseline_logit:.3f} (baseline: {weighed.baseline}) to "
        f"{weighed.logit:.3f}, by {number(rise, 3)}. "
        f"Convergence error {weighed.error:.4f} logits. {1000 * weighed.seconds:,.0f} ms"
    )


def _back(mine: Changed, key: str) -> None:
    with st.container(horizontal=True):
        if st.button("Take the change back", icon=":material/undo:", key=f"{key}-why-back"):
            mine.text = ""
            st.rerun()
        if st.button("Go on with the changed text", icon=":material/arrow_upward:", key=f"{key}-why-keep"):
            state(Typed, key).own = True
            state(Typed, key).give(mine.text)
            controls.assign(key, example="")
            st.rerun()


def what_you_see(sides: list[Side], known: Any, target: int, method: Any) -> str:
    """Two or three sentences about these very numbers."""
    last = sides[-1]
    if not isinstance(last.weighed, Weighed) or not last.weighed.words:
        return ""
    name, first = plain(known[target].words), sides[0]
    said = ""
    if len(sides) == 2 and isinstance(last.judged, Judged) and isinstance(first.judged, Judged):
        before, after = first.judged.scores[target], last.judged.scores[target]
        said = f"**The change moves “{name}” from {percent(before)} to {percent(after)}.** "
    strongest = max(last.weighed.words, key=lambda word: abs(word.value))
    word = plain(last.text[strongest.start : strongest.end])
    side = "for" if strongest.value > 0 else "against"
    if method == "integrated_gradients":
        return said + (
            f"“{word}” speaks most strongly {side} “{name}”, with {number(strongest.value)} logits. The numbers follow the gradient on "
            f"the way from the baseline ({last.weighed.baseline}) to this text and add up to what the logit gained (Sundararajan "
            "et al. 2017). They share out this model's verdict; they do not say that a reader would give those reasons."
        )
    return said + (
        f"“{word}” speaks most strongly {side} “{name}”: hidden, the probability moves by "
        f"{number(-100 * strongest.value, 1)} percentage points. "
        "Words that say the same twice cover for each other, so each may look unimportant alone (Zeiler and Fergus 2014; Li et al. 2016)."
    )
