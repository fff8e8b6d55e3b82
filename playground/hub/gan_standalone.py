"""Draws pictures with a generator that was trained in the Deep Learning Playground. Needs torch, safetensors, numpy, Pillow.

    python predict.py                      64 pictures as samples.png
    python predict.py --seed 7 --n 16      others, and fewer; the same seed always gives the same
    python predict.py --class NAME         of one class only, where the generator was told classes

It looks for config.json and model.safetensors beside itself.
"""

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file
from torch.nn import functional

HERE = Path(__file__).resolve().parent
EPSILON = 1e-5
BENDS = {"relu": torch.relu, "elu": functional.elu, "tanh": torch.tanh, "sigmoid": torch.sigmoid}


class Generator:
    """The generator: a walk over its layers."""

    def __init__(self, folder: Path) -> None:
        """Read card and weights."""
        self.card: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.weights = load_file(folder / "model.safetensors")
        self.classes: list[str] = self.card["classes"]

    def latents(self, seed: int, n: int) -> torch.Tensor:
        """The numbers that pictures are made from, ``(n, latents)``; the playground draws the same ones of a seed."""
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1,)))
        shape = (n, self.card["latents"])
        values = rng.standard_normal(shape) if self.card["noise"] == "normal" else rng.uniform(-1, 1, shape)
        return torch.from_numpy(values.astype(np.float32))

    @torch.inference_mode()
    def __call__(self, latents: torch.Tensor, classes: torch.Tensor | None = None) -> torch.Tensor:
        """Pictures ``(n, c, h, w)`` from 0 to 1."""
        x = latents
        if self.classes:
            if classes is None:
                raise ValueError(f"say which of the {len(self.classes)} classes")
            x = torch.cat([x, functional.one_hot(classes, len(self.classes)).to(x.dtype)], 1)
        for index, layer in enumerate(self.card["generator"]["layers"]):
            x = self._layer(x, layer, f"generator.{index}.")
        return (x if self.card["span"] == "sigmoid" else (x + 1) / 2).clamp(0, 1)

    def _layer(self, x: torch.Tensor, layer: dict[str, Any], at: str) -> torch.Tensor:
        w = {name.removeprefix(at): one for name, one in self.weights.items() if name.startswith(at)}
        match layer["kind"]:
            case "linear":
                return functional.linear(x, w["weight"], w.get("bias"))
            case "up":
                stride, padding, extra = layer["stride"], layer["padding"], layer["extra"]
                return functional.conv_transpose2d(x, w["weight"], w.get("bias"), stride, padding, extra)
            case "conv":
                return functional.conv2d(x, w["weight"], w.get("bias"), layer["stride"], layer["padding"])
            case "norm":
                measured = (w["running_mean"], w["running_var"], w["weight"], w["bias"])
                return functional.batch_norm(x, *measured, training=False, eps=EPSILON)
            case "act":
                if layer["name"] == "leaky_relu":
                    return functional.leaky_relu(x, layer["slope"])
                return BENDS[layer["name"]](x) if layer["name"] != "identity" else x
            case "reshape":
                return x.reshape(len(x), *layer["shape"])
            case "flatten":
                return x.flatten(1)
            case "enlarge":
                return functional.interpolate(x, scale_factor=layer["scale"])
        raise ValueError(f"no layer is called {layer['kind']!r}")


def sheet(pictures: torch.Tensor) -> Image.Image:
    """Pictures ``(n, c, h, w)`` from 0 to 1 in rows and columns."""
    n, c, high, wide = pictures.shape
    columns = math.ceil(math.sqrt(n))
    pixels = (pictures * 255).round().to(torch.uint8).permute(0, 2, 3, 1).numpy()
    made = np.zeros((-(-n // columns) * high, columns * wide, c), np.uint8)
    for number, one in enumerate(pixels):
        row, column = divmod(number, columns)
        made[row * high : (row + 1) * high, column * wide : (column + 1) * wide] = one
    return Image.fromarray(made[..., 0] if c == 1 else made)


def main() -> int:
    """Draw, and say where the picture is."""
    parser = argparse.ArgumentParser(
        description="Draws pictures with the generator beside this script.", allow_abbrev=False
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--n", type=int, default=64)
    parser.add_argument("--class", dest="name", help="draw this class only")
    parser.add_argument("--out", type=Path, default=Path("samples.png"))
    asked = parser.parse_args()
    generator = Generator(HERE)
    if not 1 <= asked.n <= 4096 or asked.seed < 0:
        print("--n is 1 to 4096, --seed 0 or more", file=sys.stderr)
        return 2
    if asked.name is not None and asked.name not in generator.classes:
        known = ", ".join(generator.classes) or "none: it was not told classes"
        print(f"there is no class {asked.name!r}; there are {known}", file=sys.stderr)
        return 2
    classes = None
    if generator.classes:
        number = None if asked.name is None else generator.classes.index(asked.name)
        classes = torch.arange(asked.n) % len(generator.classes) if number is None else torch.full((asked.n,), number)
    sheet(generator(generator.latents(asked.seed, asked.n), classes)).save(asked.out)
    print(f"{asked.n} pictures of seed {asked.seed}: {asked.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
