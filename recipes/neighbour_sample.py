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
from playground.data.image_set import Pictures
from playground.hub.neighbours import spread, squares_of


def measured(test: Pictures, among: Pictures) -> list[float]:
    """The percentiles, to six places."""
    return [round(one, 6) for one in spread(test, among, squares_of(among))]


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, required=True)
    given = parser.parse_args()
    neighbour_sample.FOLDER.mkdir(exist_ok=True)
    usual = {}
    for name in neighbour_sample.TAKEN:
        data = IMAGE_SETS[name].load(given.pictures)
        train = np.ascontiguousarray(data.train.x)
        some = np.ascontiguousarray(train[neighbour_sample.rows(name)])
        content = lzma.compress(some.tobytes(), preset=9 | lzma.PRESET_EXTREME)
        (neighbour_sample.FOLDER / f"{name}.xz").write_bytes(content)
        usual[name] = {str(len(among)): measured(data.test.x, among) for among in (some, train)}
        print(name, len(content), "bytes", usual[name], flush=True)
    (neighbour_sample.FOLDER / "usual.json").write_text(json.dumps(usual, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
