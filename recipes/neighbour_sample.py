"""Choose the training pictures of ``playground/data/samples/neighbours`` and measure how far test pictures lie from their nearest.

Run as ``python recipes/neighbour_sample.py --pictures FOLDER`` (with MNIST and Fashion-MNIST in it); nothing is drawn by chance.
All 10,000 test pictures are compared with all 55,000 training pictures of a set, and with those that come along: two minutes on
one core.
"""

from __future__ import annotations

import argparse
import json
import lzma
from pathlib import Path

import numpy as np

from playground.data import neighbour_sample
from playground.data.image_registry import IMAGE_SETS
from playground.data.image_set import Labelled, Pictures
from playground.hub.neighbours import spread, squares_of


def measured(test: Labelled, among: Pictures, classes: int) -> list[list[float]]:
    """The percentiles of all test pictures and of each class, to five places."""
    return [[round(float(one), 5) for one in row] for row in spread(test, among, squares_of(among), classes)]


def written(usual: dict[str, dict[str, list[list[float]]]]) -> str:
    """JSON with a line for each row of percentiles."""
    sets = []
    for name, tables in usual.items():
        parts = [
            f'    "{n}": [\n' + ",\n".join(f"      {json.dumps(row)}" for row in rows) + "\n    ]"
            for n, rows in tables.items()
        ]
        sets.append(f'  "{name}": {{\n' + ",\n".join(parts) + "\n  }")
    return "{\n" + ",\n".join(sets) + "\n}\n"


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, required=True)
    given = parser.parse_args()
    neighbour_sample.FOLDER.mkdir(exist_ok=True)
    usual = dict[str, dict[str, list[list[float]]]]()
    for name in neighbour_sample.TAKEN:
        data = IMAGE_SETS[name].load(given.pictures)
        train = np.ascontiguousarray(data.train.x)
        some = np.ascontiguousarray(train[neighbour_sample.rows(name)])
        content = lzma.compress(some.tobytes(), preset=9 | lzma.PRESET_EXTREME)
        (neighbour_sample.FOLDER / f"{name}.xz").write_bytes(content)
        usual[name] = {str(len(among)): measured(data.test, among, len(data.classes)) for among in (some, train)}
        print(name, len(content), "bytes", {n: rows[0][49] for n, rows in usual[name].items()}, flush=True)
    (neighbour_sample.FOLDER / "usual.json").write_text(written(usual), "utf-8")


if __name__ == "__main__":
    main()
