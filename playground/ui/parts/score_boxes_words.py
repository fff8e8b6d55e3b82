"""Precision, recall and average precision in sentences, with this picture's numbers put in."""

from __future__ import annotations

import math
from collections.abc import Sequence

from playground.functional.average_precision import THRESHOLDS, interval
from playground.ui.parts.score_boxes_counts import ClassScore, Scored
from playground.ui.words import plain

FEW = 100
"""Fewer true boxes than this say nothing about a detector."""
_TERMS = 5

PAPERS = (
    "M. Everingham, L. Van Gool, C. K. I. Williams, J. Winn, A. Zisserman: *The PASCAL visual object classes (VOC) challenge*, 2010: "
    "average precision of a detector.",
    "T.-Y. Lin et al.: *Microsoft COCO: common objects in context*, 2014: 101 recalls, and the mean over ten overlaps.",
    "E. B. Wilson: *Probable inference, the law of succession, and statistical inference*, 1927: how far a share of few can be off.",
)


def what_you_see(scored: Scored, confidence: float, given: bool) -> str:
    """What these counts mean, and what they do not; ``given``: the true boxes come with the example."""
    total = len(scored.truths)
    if not total:
        return (
            "**Draw a box around every object you see, from corner to corner, and choose its class.** Then each of the model's boxes "
            "is a true positive (TP) or a false positive (FP), and each true box that none matches is a false negative (FN). Without true "
            "boxes nobody can say how good a detector is."
        )
    hits, misses, false = scored.counts(confidence)
    origin = f", which {'come' if total != 1 else 'comes'} with the example" if given else ""
    counts = f"{_count(hits, 'true positive')} (TP), {_count(false, 'false positive')} (FP), {_count(misses, 'false negative')} (FN)"
    start = f"**{_boxes(total)}{origin}: {counts}.** "
    return f"{start}{_few(hits, total)} {_turn(scored, confidence, hits, misses, false)}{_unknown(scored)}"


def counted(scored: Scored, view: str) -> str:
    """The rules one after the other, each with its formula and this picture's numbers."""
    rules = [
        "**IoU** (intersection over union): the area that two boxes share, as a part of what they cover together. A box of the model is a "
        f"**true positive (TP)** when its IoU with a true box of its own class is at least {scored.at:.2f}. The surest box chooses first, "
        "and each true box is matched once. Every other box is a **false positive (FP)**, and each true box without a match is a **false "
        "negative (FN)**.",
        r"**Precision** $= \frac{\text{TP}}{\text{TP} + \text{FP}}$ is the part of the model's boxes that are right; **recall** $= "
        r"\frac{\text{TP}}{\text{TP} + \text{FN}}$ is the part of the true boxes that are found. A lower "
        "confidence shows more boxes: recall can only rise, precision mostly falls. The curve shows both at every confidence at once.",
        "**AP** (average precision) is the area under the bold stair, which shows at each recall the best precision that the model reaches "
        "there or further on. COCO reads it at 101 recalls, 0.00 to 1.00, and takes the mean:",
    ]
    shown = [one for one in scored.classes if view in ("", one.name)][:3]
    rules += [f"{_formula(one, scored.at)}" for one in shown] or ["$$\\text{AP} = \\tfrac{1}{101}\\sum_{r} p(r)$$"]
    if scored.classes:
        rules.append(_mean(scored.classes, scored.at))
    rules.append(
        "A class without true boxes has no AP and is left out of the mean; its boxes are false positives all the same. All boxes from a "
        "confidence of 0.001 on are on the curve."
    )
    return "\n\n".join(rules)


def _few(hits: int, total: int) -> str:
    """How little so many boxes say."""
    low, high = interval(hits, total)
    if total >= FEW:
        return (
            f"With n = {total}, the recall on such pictures lies between {low:.2f} and {high:.2f}, in 95 of 100 cases."
        )
    return (
        f"n = {total} is far too few to judge a detector: its recall on such pictures may be anything from {low:.2f} to {high:.2f} (95 %). "
        "COCO's own number rests on 36,335 boxes in 5,000 pictures."
    )


def _turn(scored: Scored, confidence: float, hits: int, misses: int, false: int) -> str:
    """A thing to try, from where the slider is."""
    lower = next((one for one in scored.found if one.score < confidence and one.hit >= 0), None)
    if misses and lower is not None:
        below = sum(one.score < confidence and one.score > lower.score for one in scored.found)
        price = f"at the price of {_count(below, 'false positive')}" if below else "without a further false positive"
        needed = max(0.01, math.floor(lower.score * 100) / 100)
        return f"Lower the confidence to {needed:.2f}: one more “{plain(lower.name)}” is found, {price}."
    if false:
        worst = max((one.score for one in scored.found if one.score >= confidence and one.hit < 0), default=0.0)
        best = max((one.score for one in scored.found if one.hit >= 0), default=0.0)
        if worst >= best:
            return f"The surest false positive has {worst:.2f}, more than any true positive: no confidence without one finds anything."
        return f"The surest false positive has {worst:.2f}: raise the confidence above it, and every box that is left is a true positive."
    if misses:
        return "No confidence finds the rest: at this IoU no box of the right class fits them."
    return "Ask for a higher IoU: the boxes that only roughly fit turn into false positives."


def _unknown(scored: Scored) -> str:
    names = [f"“{plain(one.name)}”" for one in scored.classes if not one.known]
    return f" This model has no class {' or '.join(names)}: it cannot find it." if names else ""


def _formula(one: ClassScore, at: float) -> str:
    """The average precision of one class, written out."""
    terms = [rf"{count} \cdot {value:.2f}" for count, value in one.levels]
    short = [*terms[: _TERMS - 1], r"\dots", terms[-1]] if len(terms) > _TERMS else terms
    value = one.scores[_place(at)]
    return (
        f"“{plain(one.name)}”, n = {one.total}: "
        rf"$\text{{AP}}_{{{round(100 * at)}}} = \tfrac{{1}}{{101}}\,({' + '.join(short)}) = {value:.2f}$"
    )


def _mean(classes: Sequence[ClassScore], at: float) -> str:
    """The mean over the classes, and over the ten overlaps."""
    values = [one.scores[_place(at)] for one in classes]
    shown = [f"{value:.2f}" for value in values]
    if len(shown) > _TERMS:
        shown = [*shown[: _TERMS - 1], r"\dots", shown[-1]]
    mean = sum(values) / len(values)
    all_ten = sum(sum(one.scores) for one in classes) / (len(THRESHOLDS) * len(classes))
    return (
        f"**mAP** is the mean over the {_count(len(values), 'class', 'classes')} with true boxes: "
        rf"$\text{{mAP}}_{{{round(100 * at)}}} = \tfrac{{1}}{{{len(values)}}}\,({' + '.join(shown)}) = {mean:.2f}$. "
        f"**mAP50-95** is the mean of that over the ten overlaps 0.50, 0.55 … 0.95, which rewards boxes that fit closely: "
        f"${all_ten:.2f}$."
    )


def _place(at: float) -> int:
    return THRESHOLDS.index(at)


def _count(n: int, one: str, many: str = "") -> str:
    return f"{n} {one if n == 1 else many or one + 's'}"


def _boxes(n: int) -> str:
    return f"{n} true box{'es' if n != 1 else ''}"
