"""What a pretrained model costs while it is loaded, as the inference worker tells it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """One model in the inference worker's memory, for people to read.

    Attributes:
        name: The card's.
        bytes: Memory it takes.
        hits: How often it was asked for after it was loaded.
        load_seconds: How long loading took.
        idle_seconds: Since it was last used.
        pinned: Whether it stays whatever happens.
        engine: What runs it (``PyTorch``, ``ONNX Runtime``).
        speed_up: How many times quicker than PyTorch alone that was measured to be; 0 where it was not measured.
        difference: Largest difference between the two engines' probabilities where that was measured.
    """

    name: str
    bytes: int
    hits: int
    load_seconds: float
    idle_seconds: float
    pinned: bool
    engine: str = "PyTorch"
    speed_up: float = 0.0
    difference: float = 0.0
