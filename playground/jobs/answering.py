"""One call of a task, wherever it runs: every question gets its answer or its error, and none costs another its own."""

from __future__ import annotations

import logging
import pickle
import secrets
import traceback
from collections.abc import Callable, Sequence
from typing import Any

from playground.catalog.card import Card
from playground.core import errors
from playground.core.errors import PlaygroundError, UnknownName
from playground.jobs import names
from playground.jobs.inference_messages import Refusal

log = logging.getLogger("playground")

DEFECT = "PlaygroundError"
"""The kind of refusal that stands for a defect: no error that a task raises on purpose is so unspecific."""


def answered(
    where: str, desk: Any, card: Card | None, questions: Sequence[Any], say: Callable[[str], None]
) -> tuple[bytes | Refusal, ...]:
    """Have a task's function answer questions.

    Args:
        where: ``module:function``, called as ``(desk, card, questions, say)``.
        desk: What it has at hand (``playground.hub.desk.Desk``).
        card: The model.
        questions: Of this task, all to the same model.
        say: Takes words on how far it is.

    Returns:
        For each question its answer, packed, or why there is none. A defect that several questions have met is looked for
        in each of them alone, so that the others have their answers.
    """
    try:
        found = list(names.located(where)(desk, card, tuple(questions), say))
        if len(found) != len(questions):
            raise TypeError(f"{where} gave {len(found)} answers to {len(questions)} questions")
        return tuple(_packed(one) for one in found)
    except PlaygroundError as error:
        return (_refusal(error),) * len(questions)
    except Exception as error:  # noqa: BLE001 - told in full to whoever asked for the call; the others go on
        if len(questions) == 1:
            return (_refusal(error),)
    return tuple(answer for one in questions for answer in answered(where, desk, card, [one], say))


def outcome(answer: bytes | Refusal) -> Any:
    """What to tell whoever asked: the answer as its task gave it, or a ``Refusal`` with words.

    The traceback of a defect goes to the log, and the words name the reference under which it is found there.
    """
    if isinstance(answer, bytes):
        try:
            return pickle.loads(answer)
        except Exception as error:  # noqa: BLE001 - an answer of ours that cannot be read is a defect like any other
            answer = _refusal(error)
    if not answer.trace:
        return answer
    reference = secrets.token_hex(4)
    log.error("reference %s: a question to a model failed\n%s", reference, answer.trace)
    return Refusal(DEFECT, f"Something went wrong while this was answered (reference {reference}).")


def raised(refusal: Refusal) -> PlaygroundError:
    """The error that a refusal with words stands for."""
    kind = getattr(errors, refusal.kind, None)
    if isinstance(kind, type) and issubclass(kind, PlaygroundError) and not issubclass(kind, UnknownName):
        return kind(refusal.words)
    return PlaygroundError(refusal.words)  # one that wants more than words to be made


def _packed(answer: Any) -> bytes | Refusal:
    return _refusal(answer) if isinstance(answer, Exception) else pickle.dumps(answer, protocol=5)


def _refusal(error: Exception) -> Refusal:
    if isinstance(error, PlaygroundError):
        return Refusal(type(error).__name__, str(error))
    return Refusal(trace="".join(traceback.format_exception(error)))
