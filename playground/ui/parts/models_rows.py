"""What the page Models says of each model: plain words and numbers, made of its card, its files and the worker's memory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from playground.catalog import exports, text_labels
from playground.catalog import folder as on_disk
from playground.catalog.card import Asset, Card, Hub, Local, Starter
from playground.catalog.cards import CARDS
from playground.catalog.cards_gan import GENERATE
from playground.catalog.cards_text import SENTIMENT
from playground.catalog.listing import Catalog
from playground.core.standing import Standing
from playground.jobs.pulls import Pull

HUB = "https://huggingface.co"
TASKS: Mapping[str, str] = {
    "classify": "Image classification",
    "detect": "Object detection",
    "segment": "Object detection with outlines",
    "pose": "People and their joints",
    "sentiment": "Sentiment of texts",
    "generate": "Pictures from random numbers",
}
BYTES_A_PARAMETER = 4
"""What weights are stored with on the hub, nearly always: enough for a first idea of how long a download takes."""


def megabytes(count: float) -> str:
    """``14.2 MB``, ``1.3 GB``: three digits at the most."""
    if count >= 1e9:
        return f"{count / 1e9:,.2f} GB"
    return f"{count / 1e6:,.0f} MB" if count >= 1e8 else f"{count / 1e6:,.1f} MB"


def seconds(count: float) -> str:
    """``0.82 s``, ``1.3 s``, ``12 s``, ``5 min``, ``2 h``."""
    if count < 10 and count != round(count):
        return f"{count:.2f} s" if count < 1 else f"{count:.1f} s"
    if count < 60:
        return f"{count:.0f} s"
    return f"{count / 60:.0f} min" if count < 3600 else f"{count / 3600:.0f} h"


def row(catalog: Catalog, card: Card, standing: Standing | None, pull: Pull | None, *, may: bool) -> dict[str, Any]:
    """One model, JSON-ready, as ``ui/live/models.js`` shows it.

    Args:
        catalog: What there is.
        card: The model.
        standing: What the worker says of it; ``None`` where it is not in memory.
        pull: Its last download or reading.
        may: Whether the visitor may do anything with it.
    """
    here = catalog.here(card)
    record = on_disk.find(card, catalog.folder) if here else None
    export = exports.read(card, catalog.folder) if here else None
    busy = pull is not None and not pull.finished
    return {
        "name": card.name,
        "title": card.title,
        "summary": card.summary,
        "task": card.task,
        "kind": _kind(card),
        "here": here,
        "size": _size(card, record),
        "licence": card.licence,
        "cited": _cited(card.paper),
        "memory": _memory(standing),
        "engine": _engine(standing, export),
        "pinned": bool(standing and standing.pinned),
        "pull": _progress(pull),
        "may": _may(card, record, here, standing, busy) if may else [],
        "facts": _facts(card, record, catalog),
        "files": _files(card, record),
        "link": _link(card),
    }


def _kind(card: Card) -> str:
    """What a reader should know before the name: that it is ours, or the owner's own."""
    if isinstance(card.source, Starter):
        return "Starter"
    if isinstance(card.source, Local):
        return "Put there by hand"
    return "" if card.name in CARDS else "By name"


def _size(card: Card, record: on_disk.Record | None) -> str:
    if record is not None:
        return megabytes(record.bytes)
    if card.bytes:
        return megabytes(card.bytes)
    return f"about {megabytes(BYTES_A_PARAMETER * card.parameters)}" if card.parameters else "not known yet"


def _cited(paper: str) -> str:
    """Authors and year of a paper: ``K. He et al. 2016``."""
    authors, _, rest = paper.partition(":")
    first = authors.split(",")[0]
    short = f"{first} et al." if "," in authors and "et al." not in first else first
    return f"{short} {rest[-4:]}" if rest else ""


def _memory(standing: Standing | None) -> str:
    if standing is None:
        return ""
    hits = f"{standing.hits:,} answer" + ("" if standing.hits == 1 else "s")
    parts = [megabytes(standing.bytes), f"loaded in {seconds(standing.load_seconds)}", hits]
    parts.append("pinned" if standing.pinned else f"idle {seconds(round(standing.idle_seconds))}")
    return ", ".join(parts)


def _engine(standing: Standing | None, export: exports.Export | None) -> str:
    """What answers, and what measuring the other way gave."""
    if standing is not None and standing.speed_up:
        return _measured(standing.engine != "PyTorch", standing.speed_up, standing.difference)
    if export is not None and not export.problem:
        return _measured(export.used, export.speed_up, export.difference)
    if export is not None:
        return f"PyTorch; no ONNX copy could be made ({export.problem})"
    return standing.engine if standing is not None else ""


def _measured(used: bool, speed_up: float, difference: float) -> str:
    apart = f"{difference:.0e}".replace("e-0", "e-")
    if used:
        return f"{speed_up:.1f} × faster by ONNX Runtime, largest difference {apart}"
    return f"PyTorch; ONNX Runtime was measured at {speed_up:.1f} × with a difference of {apart}, and is not used"


def _progress(pull: Pull | None) -> dict[str, Any] | None:
    """A download or a reading: how far, how long still, and how it ended."""
    if pull is None:
        return None
    share = pull.done / pull.total if pull.total else 0.0
    verb = "Fetching" if pull.what == "pull" else "Reading"
    if pull.state == "waiting":
        words = "Waiting for the ones before it"
    elif pull.state == "running":
        left = f", {seconds(max(1.0, round(pull.seconds_left)))} left" if pull.speed and pull.total else ""
        speed = f", {megabytes(pull.speed)} a second" if pull.speed else ""
        words = f"{verb}: {megabytes(pull.done)} of {megabytes(pull.total)}{speed}{left}" if pull.total else verb
    else:
        words = pull.words
    return {"state": pull.state, "what": pull.what, "share": min(1.0, share), "words": words}


def _may(card: Card, record: on_disk.Record | None, here: bool, standing: Standing | None, busy: bool) -> list[str]:
    """What the owner may do with it now."""
    if busy:
        return ["cancel"]
    fetched = isinstance(card.source, Hub | Asset)
    allowed = ["pull"] if fetched and not here else []
    if record is not None and all(card.sha256.get(name) or held.sha256 for name, held in record.files.items()):
        allowed.append("verify")  # without a hash there is nothing to compare with
    if fetched and here:
        allowed.append("remove")
    if standing is not None:
        allowed += ["unpin"] if standing.pinned else ["evict", "pin"]
    return allowed


def _facts(card: Card, record: on_disk.Record | None, catalog: Catalog) -> list[list[str]]:
    """Labels and values; what is not known is left out."""
    side = " × ".join(str(n) for n in card.input_size)
    facts = [
        ("Name", card.name),
        ("Architecture", card.architecture),
        ("Task", TASKS.get(card.task, card.task)),
        ("Parameters", f"{card.parameters:,}" if card.parameters else ""),
        ("Input", f"{side} (channels × height × width)" if side else ""),
        ("Labels", _labels(card, catalog)),
        ("Licence", card.licence),
        ("Measured", _score(card, catalog)),
        ("Paper", card.paper),
        ("From", "" if isinstance(card.source, Starter) else str(card.source)),
        ("Commit", record.commit if record else ""),
    ]
    return [[label, value] for label, value in facts if value]


def _labels(card: Card, catalog: Catalog) -> str:
    if card.task == SENTIMENT:
        classes = [label.words for label in text_labels.of_card(card, catalog.folder)]
        return f"{len(classes):,}: {', '.join(classes[:10])}{' ...' if len(classes) > 10 else ''}" if classes else ""
    names = _configuration(card, catalog).get("label_names") if card.labels == "own" else None
    if isinstance(names, list | dict):
        shown = ", ".join(str(name)[:40] for name in list(names)[:10])
        return f"{len(names):,} of its own: {shown}{' ...' if len(names) > 10 else ''}"
    known = {
        "imagenet-1k": "1,000 (ImageNet-1k)",
        "coco": "80 (COCO)",
        "person": "people, with key points",
        "own": "its own",
    }
    return known.get(card.labels, card.labels)


def _score(card: Card, catalog: Catalog) -> str:
    """What a starter's own configuration says it was measured to reach."""
    said = _configuration(card, catalog).get("measured") if isinstance(card.source, Starter) else None
    if isinstance(said, dict) and card.task == GENERATE and {"confidence", "confidence_of_test"} <= said.keys():
        tests = f"{said['confidence_of_test']:.1%} of test pictures"
        return f"a classifier is {said['confidence']:.1%} sure of what its pictures show, on average, and {tests}"
    if not isinstance(said, dict) or "accuracy" not in said:
        return ""
    if card.task == SENTIMENT:
        return f"{said['accuracy']:.1%} of {said.get('test_texts', 0):,} test sentences judged rightly"
    refused = f"; it says 'none of my classes' to {said['refused']:.1%} of them" if "refused" in said else ""
    return f"{said['accuracy']:.1%} of {said.get('test_pictures', 0):,} test pictures named rightly{refused}"


def _configuration(card: Card, catalog: Catalog) -> dict[str, Any]:
    try:
        path = on_disk.place(card, catalog.folder) / "config.json"
        said = json.loads(path.read_text(encoding="utf-8")[:1_000_000])
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _files(card: Card, record: on_disk.Record | None) -> list[dict[str, str]]:
    if record is None:
        return [{"name": name, "size": "", "sha256": card.sha256.get(name, "")} for name in card.source.files]
    return [
        {"name": name, "size": f"{held.bytes:,} bytes", "sha256": held.sha256} for name, held in record.files.items()
    ]


def _link(card: Card) -> str:
    """The model's own page."""
    if isinstance(card.source, Hub):
        at = "" if card.source.revision == "main" else f"/tree/{card.source.revision}"
        return f"{HUB}/{card.source.repository}{at}"
    if isinstance(card.source, Asset):
        return f"https://github.com/ultralytics/assets/releases/tag/{card.source.release}"
    return ""
