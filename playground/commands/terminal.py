"""How the command line speaks, and with which status it ends."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

DONE, DIVERGED, BAD_INPUT, INTERRUPTED, NO_READER = 0, 1, 2, 130, 141


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
    """The same words without line breaks."""
    return " ".join(text.split())
