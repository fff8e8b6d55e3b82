"""What happens inside a text model while it reads: its pieces, where each looks, and one head's queries, keys and values."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from playground.catalog.card import Card
from playground.core.errors import InputError, ModelUnavailable, PlaygroundError
from playground.core.language import Opened, Piece, ReadInside
from playground.functional.attention import attend, mix
from playground.functional.losses import softmax
from playground.functional.word_spans import assigned, word_spans
from playground.hub.desk import Desk
from playground.hub.sentiment import reading
from playground.hub.text_answering import each
from playground.hub.text_model import Pieces, TextModel

MOST_PIECES = 64
"""Of a longer text the beginning is shown: more arcs than these are not told apart."""

OTHERWISE = 1e-3
"""When attention is farther than this from the softmax of query times key, the model adds something to its scores."""

_NAMES = (
    ("query", "key", "value"),
    ("q_lin", "k_lin", "v_lin"),
    ("query_proj", "key_proj", "value_proj"),
    ("q", "k", "v"),
)
"""What the families call the three matrices: BERT, RoBERTa, ELECTRA and ALBERT; DistilBERT; DeBERTa; MPNet."""


def read_inside(
    desk: Desk, card: Card | None, questions: Sequence[ReadInside], say: Callable[[str], None]
) -> list[Opened | PlaygroundError]:
    """For each text its pieces, all attention, and one head in numbers; what cannot be had is said in words."""
    return each(desk, card, questions, say, _opened)


def _opened(model: TextModel, question: ReadInside, say: Callable[[str], None]) -> Opened:
    began = time.perf_counter()
    given = reading(model, question.text)
    pieces = given.pieces
    before, after = model.marks()
    room = min(MOST_PIECES, model.longest) - len(before) - len(after)
    shown = cut(given.text, pieces, room)
    ids, mask = model.batch([pieces.ids[:shown]])  # (1, t)
    with torch.inference_mode(), _listening(model.network) as heard:
        answer: Any = cast(Any, model.network)(
            input_ids=torch.from_numpy(ids).to(model.device),
            attention_mask=torch.from_numpy(mask).to(model.device),
            output_attentions=True,
            output_hidden_states=True,
        )
    attention = np.stack([_array(layer[0]) for layer in answer.attentions])  # (layers, heads, t, t)
    _check(question, *attention.shape[:2])
    query, key, value = _of(heard, question, *attention.shape)  # (t, d) each
    weights = attention[question.layer, question.head]  # (t, t)
    notes = list(given.notes)
    if shown < len(pieces.ids):
        notes.append(
            f"The text has {len(pieces.ids):,} pieces; its first {shown} are shown, and the model read no more here."
        )
    if np.abs(attend(query, key, value).weights - weights).max() > OTHERWISE:
        notes.append(
            "This model adds something of its own to its scores, which knows how far apart two pieces stand: "
            "its attention is not the softmax of query times key alone."
        )
    lengths = np.stack([np.linalg.norm(_array(layer[0]), axis=-1) for layer in answer.hidden_states])  # (layers + 1, t)
    return Opened(
        pieces=_pieces(model, pieces, shown),
        whole=len(pieces.ids) + len(before) + len(after),
        vocabulary=model.tokenizer.get_vocab_size(),
        attention=attention.astype(np.float16),
        query=query,
        key=key,
        value=value,
        mixed=np.asarray(mix(weights, value), np.float32),
        layer=question.layer,
        head=question.head,
        labels=model.labels,
        scores=tuple(map(float, softmax(_array(answer.logits))[0])),
        changed=lengths.astype(np.float32),
        seconds=time.perf_counter() - began,
        notes=tuple(notes),
    )


def cut(text: str, pieces: Pieces, room: int) -> int:
    """How many of a text's pieces fit: the cut lies between two words where it can."""
    if len(pieces.ids) <= room:
        return len(pieces.ids)
    _, which = assigned(word_spans(text), pieces.spans)
    end = room
    while end and which[end] >= 0 and which[end] == which[end - 1]:
        end -= 1
    return end or room


def _pieces(model: TextModel, pieces: Pieces, shown: int) -> tuple[Piece, ...]:
    def marks(numbers: Sequence[int]) -> list[Piece]:
        return [Piece(model.tokenizer.id_to_token(number) or "", number, -1, -1) for number in numbers]

    before, after = model.marks()
    inner = [
        Piece(token, number, start, end, bool(unknown))
        for token, number, (start, end), unknown in zip(
            pieces.tokens[:shown], pieces.ids[:shown], pieces.spans[:shown], pieces.unknown[:shown], strict=True
        )
    ]
    return (*marks(before), *inner, *marks(after))


def _check(question: ReadInside, layers: int, heads: int) -> None:
    for name, asked, there in (("Layer", question.layer, layers), ("Head", question.head, heads)):
        if not 0 <= asked < there:
            raise InputError(f"{name} {asked} was asked for; this model's are 0 to {there - 1}.")


def _of(
    heard: Sequence[tuple[str, Tensor]], question: ReadInside, layers: int, heads: int, pieces: int, _: int
) -> tuple[NDArray[np.float32], ...]:
    """Query, key and value ``(t, d)`` of the layer and head that were asked for."""
    found = []
    for role in ("query", "key", "value"):
        calls = [_array(said[0]) for name, said in heard if name == role and said.shape[:2] == (1, pieces)]
        if len(calls) != layers:
            raise ModelUnavailable("This model keeps its queries, keys and values in a way that cannot be looked into.")
        whole = calls[question.layer]  # (t, heads * d)
        found.append(np.ascontiguousarray(np.split(whole, heads, axis=1)[question.head]))
    return tuple(found)


@contextmanager
def _listening(network: nn.Module) -> Iterator[list[tuple[str, Tensor]]]:
    """Hear every query, key and value that this thread's use of a network makes, in the order of the layers."""
    heard: list[tuple[str, Tensor]] = []
    mine = threading.get_ident()

    def hear(role: str) -> Callable[[nn.Module, Any, Any], None]:
        def listen(module: nn.Module, given: Any, said: Any) -> None:
            if threading.get_ident() == mine:
                heard.append((role, said.detach()))

        return listen

    hooks = [
        child.register_forward_hook(hear(role))
        for module in network.modules()
        for names in _NAMES
        if all(isinstance(getattr(module, name, None), nn.Linear) for name in names)
        for role, child in zip(("query", "key", "value"), (getattr(module, name) for name in names), strict=True)
    ]
    try:
        yield heard
    finally:
        for hook in hooks:
            hook.remove()


def _array(values: Tensor) -> NDArray[np.float32]:
    return cast(NDArray[np.float32], values.detach().float().cpu().numpy())
