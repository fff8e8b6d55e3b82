"""What a field of an experiment may hold: numbers in a range, names from a registry, layers, places, words.

Bounds know values and words, never widgets: ``playground.ui.controls`` draws them.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from playground.core.errors import SpecError, UnknownName
from playground.specs.quoted import number as read_number
from playground.specs.quoted import shown, written
from playground.specs.quoted import text as text_of

Mode = Literal["local", "public"]


@dataclass(frozen=True, kw_only=True)
class Bound:
    """What every field's annotation says.

    Attributes:
        label: The widget's label.
        help: One or two plain sentences behind a ``?``.
        advanced: Only shown under *All controls*.
        live: May change while a run goes on; every other change starts the run again.
        linked: Written into the link. Never set for uploads and hand-edited weights.
        group: The rail or heading the control stands under (``"data"``, ``"network"``, ``"training"``).
    """

    label: str
    help: str = ""
    advanced: bool = False
    live: bool = False
    linked: bool = True
    group: str = ""

    @property
    def room(self) -> int:
        """So many characters of a link's text are read: more than any value needs that is allowed."""
        return 500

    def check(self, value: Any, mode: Mode) -> Any:
        """The value in its proper type; raises ``SpecError`` (without the field's name) where it is not allowed."""
        raise NotImplementedError

    def write(self, value: Any) -> str:
        """The value as text for a link."""
        return str(value)

    def read(self, text: str) -> Any:
        """The value from a link's or command line's text; raises ``SpecError``. ``check`` follows."""
        return text


@dataclass(frozen=True)
class Range(Bound):
    """A number between ``low`` and ``high``, both included; ``public`` is a lower upper bound on a public server."""

    low: float
    high: float
    _: dataclasses.KW_ONLY
    log: bool = False
    whole: bool = False
    step: float | None = None
    public: float | None = None
    unit: str = ""

    def top(self, mode: Mode) -> float:
        """The largest value allowed in this mode."""
        return self.high if mode == "local" or self.public is None else min(self.high, self.public)

    def check(self, value: Any, mode: Mode) -> int | float:
        """See ``Bound.check``."""
        number = None if isinstance(value, bool) else read_number(value)
        if number is None or math.isnan(number):
            raise SpecError(f"{shown(value)} is not a number; {self._allowed(mode)}")
        if not self.low <= number <= self.top(mode):
            raise SpecError(f"{shown(value)} is outside what is allowed; {self._allowed(mode)}")
        if self.whole:
            if number != int(number):
                raise SpecError(f"{shown(value)} is not a whole number; {self._allowed(mode)}")
            return int(number)
        return number

    def write(self, value: Any) -> str:
        """The shortest text that reads back as the same number."""
        return repr(value) if isinstance(value, int) else f"{float(value)!r}".removesuffix(".0")

    def read(self, text: str) -> float | str:
        """See ``Bound.read``."""
        number = read_number(text)
        return text if number is None else number

    def _allowed(self, mode: Mode) -> str:
        kind = "a whole number" if self.whole else "a number"
        limit = " on this public server" if self.top(mode) < self.high else ""
        return f"choose {kind} from {written(self.low)} to {written(self.top(mode))}{limit}."


@dataclass(frozen=True)
class Choice(Bound):
    """One name out of a registry (or of any ``{name: title}``)."""

    options: Callable[[], Mapping[str, Any]]
    _: dataclasses.KW_ONLY
    look: Literal["select", "thumbnails"] = "select"

    def check(self, value: Any, mode: Mode) -> str:
        """See ``Bound.check``."""
        options = self.options()
        if not isinstance(value, str) or value not in options:
            raise SpecError(str(UnknownName("choice", text_of(value)[:60], options)))
        return value


@dataclass(frozen=True)
class Several(Bound):
    """A set of names, ``least`` to ``most`` of them, in the order of the options or (``ordered``) as they were given."""

    options: Callable[[], Mapping[str, Any]]
    _: dataclasses.KW_ONLY
    least: int = 1
    most: int | None = None
    ordered: bool = False

    def check(self, value: Any, mode: Mode) -> tuple[str, ...]:
        """See ``Bound.check``."""
        options = self.options()
        names = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, Iterable) else ()
        for name in names:
            if not isinstance(name, str) or name not in options:
                raise SpecError(f"{shown(name)} is unknown; choose from {', '.join(options)}.")
        if len(set(names)) < self.least:
            raise SpecError(f"choose at least {self.least}.")
        if self.most is not None and len(set(names)) > self.most:
            raise SpecError(f"choose at most {self.most}.")
        return tuple(dict.fromkeys(names)) if self.ordered else tuple(name for name in options if name in names)

    def write(self, value: Any) -> str:
        """Names joined by commas."""
        return ",".join(value)

    def read(self, text: str) -> tuple[str, ...]:
        """See ``Bound.read``; ``-`` is none at all."""
        return tuple(part.strip() for part in text.split(",") if part.strip() not in ("", "-"))


@dataclass(frozen=True)
class Sizes(Bound):
    """A short list of whole numbers: the units of each hidden layer."""

    low: int
    high: int
    _: dataclasses.KW_ONLY
    longest: int
    public: int | None = None

    def top(self, mode: Mode) -> int:
        """The largest size allowed in this mode."""
        return self.high if mode == "local" or self.public is None else min(self.high, self.public)

    def check(self, value: Any, mode: Mode) -> tuple[int, ...]:
        """See ``Bound.check``."""
        if isinstance(value, str) or not isinstance(value, Iterable):
            raise SpecError(f"{shown(value)} is not a list of whole numbers such as 8,8,8.")
        sizes: list[int] = []
        for item in value:
            if item == "":
                raise SpecError(_MISSING)
            number = None if isinstance(item, bool) else read_number(item)
            if number is None or not math.isfinite(number) or number != int(number):
                raise SpecError(f"{shown(item)} is not a whole number; write layers as 8,8,8.")
            if not self.low <= number <= self.top(mode):
                raise SpecError(
                    f"a layer of {shown(item)} is not allowed; choose {self.low} to {self.top(mode)} units."
                )
            sizes.append(int(number))
        if len(sizes) > self.longest:
            raise SpecError(f"{len(sizes)} layers are too many; choose 0 to {self.longest}.")
        return tuple(sizes)

    def write(self, value: Any) -> str:
        """Sizes joined by commas; no layer at all is written ``-``, so that the field is never empty."""
        return ",".join(map(str, value)) or "-"

    def read(self, text: str) -> tuple[int | float | str, ...]:
        """See ``Bound.read``."""
        if text.strip() in ("", "-", "0"):
            return ()
        parts = re.split(r"\s*[,;]\s*|\s+", text.strip(" ,;"))
        numbers = [(read_number(part), part) for part in parts]
        return tuple(part.strip() if number is None else number for number, part in numbers)


@dataclass(frozen=True)
class Numbers(Bound):
    """A short list of numbers between ``low`` and ``high``: a place, or one number for each of several."""

    low: float
    high: float
    _: dataclasses.KW_ONLY
    longest: int

    def check(self, value: Any, mode: Mode) -> tuple[float, ...]:
        """See ``Bound.check``."""
        if isinstance(value, str) or not isinstance(value, Iterable):
            raise SpecError(f"{shown(value)} is not a list of numbers such as 0.5,1.")
        given, one = tuple(value), Range(self.low, self.high, label=self.label)
        if "" in given:
            raise SpecError(_MISSING if given[0] != "" and given[-1] != "" else "a number is missing beside a comma.")
        if len(given) > self.longest:
            raise SpecError(f"{len(given)} numbers are too many; write 0 to {self.longest}.")
        return tuple(float(one.check(item, mode)) for item in given)

    def write(self, value: Any) -> str:
        """Numbers joined by commas; none at all is written ``-``."""
        return ",".join(f"{float(item)!r}".removesuffix(".0") for item in value) or "-"

    def read(self, text: str) -> tuple[float | str, ...]:
        """See ``Bound.read``."""
        parts = [] if text.strip() in ("", "-") else [part.strip() for part in text.split(",")]
        return tuple(part if number is None else number for part in parts for number in [read_number(part)])


@dataclass(frozen=True)
class Toggle(Bound):
    """Yes or no."""

    def check(self, value: Any, mode: Mode) -> bool:
        """See ``Bound.check``."""
        if not isinstance(value, bool):
            raise SpecError(f"{shown(value)} is neither yes nor no; write 1 or 0.")
        return value

    def write(self, value: Any) -> str:
        """``1`` or ``0``."""
        return "1" if value else "0"

    def read(self, text: str) -> bool | str:
        """See ``Bound.read``."""
        return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}.get(text.lower(), text)


@dataclass(frozen=True)
class Words(Bound):
    """Free text of a visitor that names something of theirs (a column, an upload); never in the link by default."""

    longest: int = 200
    linked: bool = False

    @property
    def room(self) -> int:
        """See ``Bound.room``."""
        return max(500, self.longest + 1)

    def check(self, value: Any, mode: Mode) -> str:
        """See ``Bound.check``."""
        if not isinstance(value, str) or len(value) > self.longest or text_of(value) != value:
            raise SpecError(f"{shown(value)} is not a text of at most {self.longest} characters.")
        return value


@dataclass(frozen=True)
class WordList(Bound):
    """Several such texts (the chosen columns)."""

    longest: int = 64
    linked: bool = False

    def check(self, value: Any, mode: Mode) -> tuple[str, ...]:
        """See ``Bound.check``."""
        items = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, Iterable) else (value,)
        fit = all(isinstance(item, str) and len(item) <= 200 and text_of(item) == item for item in items)
        if len(items) > self.longest or not fit:
            raise SpecError(f"choose at most {self.longest} columns, each named by at most 200 characters.")
        return items

    def write(self, value: Any) -> str:
        """Texts joined by commas (for the command line only: these are not linked)."""
        return ",".join(value)

    def read(self, text: str) -> tuple[str, ...]:
        """See ``Bound.read``."""
        return tuple(part for part in text.split(",") if part)


_MISSING = "a number is missing between two commas."
