"""How the command line speaks, and with which status it ends."""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Mapping
from typing import Any

DONE, DIVERGED, BAD_INPUT, INTERRUPTED, NO_READER = 0, 1, 2, 130, 141

_TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # they turn the order of letters around


def tell(row: Mapping[str, Any], as_json: bool) -> None:
    """One line, at once."""
    finite = {
        key: None if isinstance(value, float) and not math.isfinite(value) else value for key, value in row.items()
    }
    if as_json:
        print(json.dumps(finite), flush=True)
    else:
        words = [f"{key} {value:.4g}" if isinstance(value, float) else f"{key} {value}" for key, value in row.items()]
        print("  ".join(words).replace("done True  ", "done  ").replace("_", " "), flush=True)


def one_line(text: str) -> str:
    """The same words without line breaks; what would steer a terminal is made visible, as its number."""
    return "".join(letter if letter.isprintable() else _visible(letter) for letter in " ".join(text.split()))


def _visible(letter: str) -> str:
    # Emoji and Arabic are joined by characters that are no control characters (Cf); an unpaired surrogate is no letter at all.
    steers = unicodedata.category(letter) in ("Cc", "Cs", "Co", "Zl", "Zp") or letter in _TURNS
    return letter.encode("unicode_escape").decode() if steers else letter
