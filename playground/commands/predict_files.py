"""What every ``playground predict`` is given: files, and a model that is on disk."""

from __future__ import annotations

from pathlib import Path

from playground.catalog.card import Card
from playground.catalog.listing import Catalog
from playground.core.errors import InputError, ModelUnavailable, UnknownName
from playground.core.settings import Settings
from playground.core.vision import Photo
from playground.data.pictures import read_picture

LONGEST_SHOWN = 80
"""Letters of a name that are repeated where it cannot be used."""


def photo(file: str, settings: Settings) -> Photo:
    """A picture file's content.

    Raises:
        InputError: It cannot be read, is no picture, or a larger one than is taken; says which.
    """
    content = checked(file, settings.picture_megabytes, "PLAYGROUND_PICTURE_MEGABYTES").read_bytes()
    # Whether it is a picture is known in milliseconds; what answers takes seconds to come up.
    read_picture(content, file, megabytes=settings.picture_megabytes, megapixels=settings.picture_megapixels)
    return Photo(content, file)


def checked(file: str, megabytes: float, variable: str, wanted: str = "pictures") -> Path:
    """A file that is there, can be read and is not too large; one that is larger than files may be is not even read.

    Args:
        file: As it was typed.
        megabytes: So large it may be.
        variable: Where that is said; empty where it is fixed.
        wanted: What to name instead of a folder, or of what is no ordinary file.

    Raises:
        InputError: It is none of that; says why.
    """
    path = Path(file)
    try:
        if path.is_dir():
            raise InputError(f"'{file}' is a folder; name {'the pictures in it' if wanted == 'pictures' else wanted}.")
        if path.exists() and not path.is_file():
            raise InputError(f"'{file}' is no ordinary file; name {wanted}.")
        size = path.stat().st_size
        if size > megabytes * 1e6:
            where = f" ({variable})" if variable else ". Leave rows out"
            raise InputError(f"'{file}' has {size / 1e6:,.0f} MB; at most {megabytes:g} MB are taken{where}.")
        with path.open("rb"):
            return path
    except (OSError, ValueError) as error:
        shown = file if len(file) <= LONGEST_SHOWN else f"{file[:LONGEST_SHOWN]}…"
        raise InputError(f"'{shown}' cannot be read: {_reason(error)}.") from None


def place(named: str) -> Path:
    """Where a name that was typed points to, with ``~`` spelt out, whether or not anything is there.

    Raises:
        InputError: No file or folder can have that name; says why.
    """
    try:
        path = Path(named).expanduser()
        path.exists()  # a name that is too long, or holds what no name may
    except (OSError, ValueError, RuntimeError) as error:
        shown = named if len(named) <= LONGEST_SHOWN else f"{named[:LONGEST_SHOWN]}…"
        raise InputError(f"'{shown}' cannot be used as a folder: {_reason(error)}.") from None
    return path


def _reason(error: Exception) -> str:
    """Why a name leads nowhere, in words."""
    if isinstance(error, RuntimeError):
        return "there is no such user"
    return getattr(error, "strerror", None) or "that is no file name"


def chosen(catalog: Catalog, name: str, tasks: tuple[str, ...], cannot: str) -> Card:
    """The model that was named, which must be on disk; else the best that is.

    Args:
        catalog: All models.
        name: As it was typed; empty is the best.
        tasks: What it must do, one of them.
        cannot: What is said of one that does something else, after its name.
    """
    if not name:
        return catalog.best(tasks)
    card = catalog.known(name)
    if card is None:
        raise UnknownName("model", name[:80], [one.name for one in catalog.cards.values() if one.task in tasks])
    if card.task not in tasks:
        others = ", ".join(one.name for one in catalog.ready(tasks))
        raise ModelUnavailable(f"{card.title} {cannot}. On disk are: {others}.")
    if not catalog.here(card):
        raise ModelUnavailable(f"{card.title} is not on disk. Fetch it first: playground models pull {card.name}")
    return card
