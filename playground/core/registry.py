"""Named things that menus, tests and the command line enumerate.

A registry is a read-only mapping from name to entry, in the order in which the entries were added (the best known
first). Each entry says what it is called, what it does in one line, and where it comes from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from playground.core.errors import UnknownName


class Span(NamedTuple):
    """What a parameter of an entry may be, from low to high, and what it is unless told otherwise."""

    low: float
    high: float
    default: float


@dataclass(frozen=True, kw_only=True)
class Named:
    """What every registered thing carries.

    Attributes:
        name: The key, as written in links and on the command line (``leaky_relu``).
        title: The name as read in a menu (``Leaky ReLU``).
        summary: One sentence on what it does.
    """

    name: str
    title: str
    summary: str


@dataclass(frozen=True, kw_only=True)
class Entry(Named):
    """A definition out of the literature.

    Attributes:
        source: Paper or book, with author and year.
    """

    source: str


E = TypeVar("E", bound=Named)


class Registry(Mapping[str, E]):
    """A mapping of names to entries; a wrong name raises ``UnknownName`` with the nearest right one."""

    def __init__(self, kind: str) -> None:
        """Start empty. ``kind`` is what one entry is called in a sentence (``"optimizer"``)."""
        self.kind = kind
        self._entries: dict[str, E] = {}

    def add(self, entry: E) -> E:
        """Add an entry and hand it back; raises ``ValueError`` on a name taken or a field left empty."""
        if entry.name in self._entries:
            raise ValueError(f"{self.kind} '{entry.name}' is registered twice")
        for field in ("name", "title", "summary", "source"):
            if not str(getattr(entry, field)).strip():
                raise ValueError(f"{self.kind} '{entry.name}' has no {field}")
        self._entries[entry.name] = entry
        return entry

    def __getitem__(self, name: str) -> E:
        try:
            return self._entries[name]
        except (KeyError, TypeError):  # the latter of what cannot be a key at all
            raise UnknownName(self.kind, str(name), self._entries) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def first_line(doc: str | None) -> str:
    """The first line of a docstring, which is its summary; empty where there is none."""
    return (doc or "").strip().split("\n", 1)[0].strip()
