"""What a detector said, as the browser draws it: boxes before any is dropped, and every cell's score."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.core.detection import Detected, Thresholds
from playground.core.palette import tint
from playground.specs.detection import DetectionSpec
from playground.ui.parts.detection_controls import numbers
from playground.viz import heat

MOST = 3000
"""So many candidates, the surest, travel to the browser."""


def thresholds(spec: DetectionSpec, answer: Detected) -> Thresholds:
    """What is shown of an answer, with the classes that the model has."""
    return spec.thresholds(numbers(spec.classes, answer.names)[0])


def drawn(answer: Detected) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Header and blocks of the frame: boxes before any is dropped, and every cell's score."""
    found = answer.candidates
    labels = found.labels[:MOST]
    header = {
        "classes": classes(answer, labels),
        "grids": [[grid.stride, grid.rows, grid.columns] for grid in answer.grids],
        "fed": list(answer.fed),
        "seen": list(dataclasses.astuple(answer.seen)),
        "width": answer.width,
        "height": answer.height,
        "end_to_end": answer.end_to_end,
        "candidates": len(found),
    }
    blocks: dict[str, NDArray[Any]] = {
        "boxes": np.ascontiguousarray(found.boxes[:MOST], np.float32),
        "scores": np.ascontiguousarray(found.scores[:MOST], np.float32),
        "labels": labels.astype(np.uint16),
        "cells": found.cells[:MOST].astype(np.float32),
        "heat": answer.heat.astype(np.float32),
        "colours": heat.colours(signed=False),
    }
    return header, blocks


def classes(answer: Detected, labels: NDArray[np.int64]) -> dict[str, tuple[str, str, str]]:
    """Name, colour and what is readable on it of each class that occurs, by number."""
    made = {}
    for label in np.unique(labels).tolist():
        look = tint(label)
        made[str(label)] = (answer.names[label], look.colour, look.ink)
    return made
