"""Names of folders as names of classes: short, in one line, told apart, in the order a person would give them."""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST_NAME = 40
NAMED = 5
"""So many of a kind are named in a note, and the others counted."""


def class_names(folders: Iterable[str], notes: list[str]) -> dict[str, str]:
    """What the class of each folder is called: cut short, and told apart by a number where only the beginning is alike."""
    whole = {folder: plain(folder) for folder in folders}
    called = {name: name for name in whole.values() if len(name) <= LONGEST_NAME}
    given, numbered = set(called), list[str]()
    for name in sorted(set(whole.values()) - set(called), key=natural):
        called[name], number = name[:LONGEST_NAME], 1
        while called[name] in given:
            number += 1
            called[name] = f"{name[: LONGEST_NAME - len(str(number)) - 1]} {number}"
        given.add(called[name])
        if number > 1:
            numbered.append(called[name])
    if numbered:
        more = f" and {len(numbered) - NAMED:,} more" if len(numbered) > NAMED else ""
        notes.append(
            f"Names of classes are cut to {LONGEST_NAME} characters; those that are alike so far got a number: "
            f"{', '.join(numbered[:NAMED])}{more}."
        )
    return {folder: called[name] for folder, name in whole.items()}


def shown(folder: str) -> str:
    """A name as it is shown: short, without characters that nobody sees."""
    return plain(folder)[:LONGEST_NAME]


def plain(folder: str) -> str:
    """A name in one line, without characters that nobody sees."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in folder).split()) or "unnamed"


def natural(name: str) -> tuple[list[tuple[int, int, str]], str]:
    """Sorts 2 before 10, and letters whatever their case."""
    pieces = [piece for piece in re.split(r"(\d+)", name) if piece]
    return [(0, int(one), "") if one.isdecimal() else (1, 0, one.casefold()) for one in pieces], name
