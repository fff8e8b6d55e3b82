"""What is said below the canvas of Inside BERT: sentences about this very state, formulas with its numbers, papers."""

from __future__ import annotations

import math

import numpy as np

from playground.core.language import Opened
from playground.functional.attention import fit_scores
from playground.specs.inside_bert import InsideBertSpec
from playground.ui.parts.inside_bert import Found, place_of
from playground.ui.parts.inside_bert_frame import pattern, shortened, words_of
from playground.ui.parts.inside_bert_heads import PATTERNS
from playground.ui.parts.inside_bert_reason import Reason
from playground.ui.words import plain

PAPERS = (
    "Vaswani and others (2017), *Attention is all you need*, NeurIPS: queries, keys and values.",
    "Devlin, Chang, Lee and Toutanova (2019), *BERT: pre-training of deep bidirectional transformers for language "
    "understanding*, NAACL.",
    "Wu and others (2016), *Google's neural machine translation system*, arXiv:1609.08144: word pieces.",
    "Clark, Khandelwal, Levy and Manning (2019), *What does BERT look at? An analysis of BERT's attention*, BlackboxNLP.",
    "Abnar and Zuidema (2020), *Quantifying attention flow in transformers*, ACL: attention rollout.",
    "Jain and Wallace (2019), *Attention is not explanation*, NAACL.",
    "Wiegreffe and Pinter (2019), *Attention is not not explanation*, EMNLP: when it may serve as one all the same.",
    "Vig (2019), *A multiscale visualization of attention in the transformer model*, ACL: BertViz. "
    "Hoover, Strobelt and Gehrmann (2020), *exBERT*, ACL.",
    "Cho and others (2024), *Transformer Explainer: interactive learning of text-generative models*, arXiv:2408.04619.",
)


def named(opened: Opened, piece: int) -> str:
    """A piece in quotation marks, shown letter by letter."""
    return f"“{plain(opened.pieces[piece].text)}”"


def what_you_see(spec: InsideBertSpec, found: Found) -> str:
    """A few sentences about this very state, and a thing to try."""
    opened = found.opened
    if opened is None or (found.refused and not found.current):
        return plain(found.words) or "The model is being read."
    match spec.depth:
        case "pieces":
            said = _pieces(opened, found.text)
        case "attention":
            said = _attention(spec, opened, found.text)
        case "steps":
            said = _steps(spec, opened)
        case _:
            said = _reason(spec, found)
    return " ".join([late(found), said, *map(plain, opened.notes)]).strip()


def late(found: Found) -> str:
    """Of which sentence all this is, where it is not the one in the box; else nothing."""
    if not found.other:
        return ""
    return f"Still of “{plain(shortened(found.text))}”, as the answer to what was asked last is on its way:"


def _pieces(opened: Opened, text: str) -> str:
    real = [one for one in opened.pieces if one.start >= 0]
    words = len({int(one) for one in words_of(opened, text) if one >= 0})
    unknown = sum(one.unknown for one in real)
    said = (
        f"**{words} words and signs become {len(real)} word pieces and {len(opened.pieces) - len(real)} special tokens.** The model's "
        f"vocabulary has {opened.vocabulary:,} tokens, each with its id, and nothing else: a word that is not among them is put together "
        "from pieces."
    )
    if unknown:
        said += f" For {unknown} of them it has no piece at all: whatever stood there, it reads the same token id."
    return f"{said} Type a misspelt or a made-up word and see where it breaks."


def _attention(spec: InsideBertSpec, opened: Opened, text: str) -> str:
    layer, head, piece = place_of(spec, opened)
    row = opened.attention[layer, head, piece].astype(np.float64)
    order = row.argsort()[::-1]
    first, second = int(order[0]), int(order[1])
    said = pattern(opened, text, layer, head)
    habit = (
        f"Here this head mostly attends to {PATTERNS[said.pattern]} ({100 * said.share:.0f} %)."
        if said.pattern
        else f"Here this head attends to nothing in particular: its attention is spread over {said.spread:.1f} pieces."
    )
    return (
        f"**In layer {layer + 1}, head {head + 1}, {named(opened, piece)} attends to {named(opened, first)} with "
        f"{100 * row[first]:.0f} % and to {named(opened, second)} with {100 * row[second]:.0f} % of its attention.** {habit} "
        "Point at another piece, or choose another head among the small matrices; many of them do one simple thing."
    )


def _steps(spec: InsideBertSpec, opened: Opened) -> str:
    _, _, piece = place_of(spec, opened)
    layer, head = opened.layer, opened.head
    scores = fit_scores(opened.query[piece : piece + 1].astype(np.float64), opened.key.astype(np.float64))[0]
    best = int(scores.argmax())
    return (
        f"**{named(opened, piece)} asks with {opened.query.shape[1]} numbers, its query; every piece answers with its key.** The key of "
        f"{named(opened, best)} fits best (score {scores[best]:.2f}), so "
        f"{100 * float(opened.attention[layer, head, piece, best]):.0f} % of what this head hands on is the value of that piece. "
        "Press Play, or drag through the steps; click another piece to let it ask."
    )


def _reason(spec: InsideBertSpec, found: Found) -> str:
    reason = found.reason
    if not isinstance(reason, Reason):
        return reason or "Each word is hidden once, and the model reads the rest."
    measure, tau = spec.measure, reason.agreement(spec.measure)
    most, hollow = reason.most(measure), reason.hollow(measure)

    def word(number: int) -> str:
        start, end = reason.spans[number]
        return f"“{plain(found.text[start:end])}”"

    agree = (
        "" if tau is None
        else f" Over all {len(reason.effect)} words the two orders agree by τ = {tau:.2f} "
        "(1: the same order, 0: nothing in common, −1: the opposite order)."
    )  # fmt: skip
    if most == reason.largest:
        start = (
            f"**Here {word(most)} gets most attention and changes the verdict most; no rule says so.** {word(hollow)} gets "
            f"{100 * reason.attention[measure][hollow]:.0f} % and changes it by {100 * abs(reason.effect[hollow]):.1f} points."
        )
    else:
        start = (
            f"**{word(most)} gets most attention, {word(reason.largest)} changes the verdict most:** without the one the verdict moves by "
            f"{100 * abs(reason.effect[most]):.1f} points, without the other by {100 * abs(reason.effect[reason.largest]):.1f}."
        )
    return (
        f"{start}{agree} Attention says where a layer mixes information. What is mixed, and what the layers above make of it, it "
        "does not say (Jain and Wallace 2019); whether it can serve as an explanation depends on what one asks of it (Wiegreffe and "
        "Pinter 2019). The page Sentiment weighs the words by what they do to the score: with integrated gradients, or "
        "by hiding each of them, as here."
    )


def formulas(spec: InsideBertSpec, opened: Opened) -> str:
    """Self-attention of this head with this piece's numbers, for KaTeX."""
    _, _, piece = place_of(spec, opened)
    size = opened.query.shape[1]
    scores = fit_scores(opened.query[piece : piece + 1].astype(np.float64), opened.key.astype(np.float64))[0]
    weights = np.exp(scores - scores.max())
    weights /= weights.sum()
    order = [int(one) for one in scores.argsort()[::-1][:2]]
    names = [_tex(opened.pieces[one].text) for one in order]
    asks = _tex(opened.pieces[piece].text)
    product = float(opened.query[piece].astype(np.float64) @ opened.key[order[0]].astype(np.float64))
    total = float(np.exp(scores).sum())
    lines = [
        r"q_i &= W_Q x_i + b_Q",
        r"k_j &= W_K x_j + b_K",
        r"v_j &= W_V x_j + b_V",
        rf"s_{{ij}} &= \frac{{q_i \cdot k_j}}{{\sqrt{{d}}}}: \qquad s_{{\text{{{asks}}},\,\text{{{names[0]}}}}} = "
        rf"\frac{{{product:.2f}}}{{\sqrt{{{size}}}}} = {scores[order[0]]:.2f}",
        rf"a_{{ij}} &= \frac{{e^{{s_{{ij}}}}}}{{\sum_m e^{{s_{{im}}}}}} = \frac{{{math.exp(scores[order[0]]):.3g}}}{{{total:.3g}}} "
        rf"= {weights[order[0]]:.3f}",
        rf"o_i &= \sum_j a_{{ij}} v_j = {weights[order[0]]:.3f}\, v_{{\text{{{names[0]}}}}} + {weights[order[1]]:.3f}\, "
        rf"v_{{\text{{{names[1]}}}}} + \dots",
    ]
    return r"\begin{aligned}" + r" \\[4pt] ".join(lines) + r"\end{aligned}"


def _tex(text: str) -> str:
    """A piece as KaTeX's text mode can show it."""
    return "".join(
        f"\\{one}" if one in "#$%&_{}" else one if one.isalnum() or one in "[].,!?'-" else "?" for one in text
    )
