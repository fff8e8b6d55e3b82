"""Questions about a generator that a visitor trained, and their answers, between web process and inference worker. All plain."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pack:
    """Write the generator down for use elsewhere.

    Attributes:
        state: What the run has learnt.
    """

    state: bytes


@dataclass(frozen=True, slots=True)
class Packed:
    """A zip with weights, card, a script of a few lines, and samples."""

    content: bytes
