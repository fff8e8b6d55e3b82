"""Reads pictures with a network that was trained in the Deep Learning Playground. Needs torch, safetensors, numpy, Pillow.

    python predict.py PICTURE...    what each picture is
    python predict.py --check       first computes stored pictures again, by PyTorch and, where it is there, by ONNX Runtime

It looks for card.json and model.safetensors beside itself.
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageOps
from safetensors.torch import load_file
from torch.nn import functional

HERE = Path(__file__).resolve().parent
CLOSE = 1e-3


class Network:
    """The trained network: a walk over its blocks."""

    def __init__(self, folder: Path) -> None:
        """Read card and weights."""
        self.card: dict[str, Any] = json.loads((folder / "card.json").read_text(encoding="utf-8"))
        self.weights = load_file(folder / "model.safetensors")
        name = self.card["activation"]
        found = getattr(torch, name, None) or getattr(functional, name, None)
        self.bend: Callable[[torch.Tensor], torch.Tensor] = found if found is not None else _as_it_is

    def __call__(self, pictures: torch.Tensor) -> torch.Tensor:
        """Probabilities ``(n, classes)`` of pictures ``(n, c, h, w)`` from 0 to 1."""
        mean, std = (torch.tensor(self.card[key]).view(1, -1, 1, 1) for key in ("mean", "std"))
        x = pictures
        if "permutation" in self.weights:  # it learnt from pictures whose pixels had changed places
            x = x.flatten(2)[:, :, self.weights["permutation"]].view_as(x)
        x = (x - mean) / std
        blocks = [*self.card["blocks"], f"dense:{len(self.card['classes'])}"]
        for index, word in enumerate(blocks):
            x = self._block(x, f"{index}.", word.split(":"), last=index == len(blocks) - 1)
        return torch.softmax(x, dim=1)

    def _block(self, x: torch.Tensor, at: str, word: list[str], last: bool) -> torch.Tensor:
        kind, w = word[0], self.weights
        bend = _as_it_is if last else self.bend
        if kind == "conv":
            stride, padding = int(word[3]), int(word[4])
            x = functional.conv2d(x, w[f"{at}conv.weight"], w.get(f"{at}conv.bias"), stride, padding)
            return bend(self._norm(x, f"{at}norm") if word[-1] == "bn" else x)
        if kind == "res":
            stride = int(word[2])
            h = bend(self._norm(functional.conv2d(x, w[f"{at}conv1.weight"], None, stride, 1), f"{at}norm1"))
            h = self._norm(functional.conv2d(h, w[f"{at}conv2.weight"], None, 1, 1), f"{at}norm2")
            if f"{at}past.weight" in w:
                x = self._norm(functional.conv2d(x, w[f"{at}past.weight"], None, stride), f"{at}pastnorm")
            return bend(h + x)
        if kind == "max":
            return functional.max_pool2d(x, int(word[1]), int(word[2]))
        if kind == "avg":
            return functional.avg_pool2d(x, int(word[1]), int(word[2]))
        if kind == "gap":
            return x.mean(dim=(2, 3))
        if kind == "dense":
            return bend(functional.linear(x.flatten(1), w[f"{at}dense.weight"], w[f"{at}dense.bias"]))
        return x  # dropout: off when a network is used

    def _norm(self, x: torch.Tensor, at: str) -> torch.Tensor:
        mean, var, weight, bias = (self.weights[f"{at}.{name}"] for name in ("mean", "var", "weight", "bias"))
        return functional.batch_norm(x, mean, var, weight, bias, eps=1e-5)


def _as_it_is(x: torch.Tensor) -> torch.Tensor:
    return x


def prepared(image: Image.Image, card: dict[str, Any]) -> torch.Tensor:
    """A picture of any size as the network is given it, ``(1, c, h, w)`` from 0 to 1."""
    channels, high, wide = card["shape"]
    upright = ImageOps.exif_transpose(image).convert("RGBA")
    on_white = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright)
    if channels == 3:
        small = ImageOps.fit(on_white.convert("RGB"), (wide, high), Image.Resampling.LANCZOS)
        values = np.asarray(small, dtype=np.float32) / 255
        return torch.from_numpy(values).permute(2, 0, 1)[None]
    grey = np.asarray(on_white.convert("L"), dtype=np.float32) / 255
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    if np.median(edge) > 0.5:  # dark on light: it learnt light on dark
        grey = 1 - grey
    if card["digits"]:
        grey = _centred(grey)
        if min(high, wide) < 22:
            grey = grey[3:-3, 3:-3]
        small = Image.fromarray(grey).resize((wide, high), Image.Resampling.BILINEAR)
    else:
        small = ImageOps.fit(Image.fromarray(grey), (wide, high), Image.Resampling.BILINEAR)
    return torch.from_numpy(np.array(small, dtype=np.float32))[None, None]


def _centred(grey: Any) -> Any:
    """A light digit on a dark ground as MNIST has it: 20 pixels high or wide, its centre of mass in the middle of 28 x 28."""
    low, high = float(grey.min()), float(grey.max())
    ink = np.clip((grey - low) / max(high - low, 1e-6) - 0.2, 0, None) / 0.8
    rows, columns = np.flatnonzero(ink.max(axis=1) > 0.1), np.flatnonzero(ink.max(axis=0) > 0.1)
    page = np.zeros((28, 28), dtype=np.float32)
    if not len(rows):
        return page
    cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    share = 20 / max(cut.shape)
    size = (max(1, round(cut.shape[1] * share)), max(1, round(cut.shape[0] * share)))
    small = np.array(Image.fromarray(cut).resize(size, Image.Resampling.BILINEAR))
    total = max(float(small.sum()), 1e-6)
    down = float((small.sum(axis=1) * (np.arange(small.shape[0]) + 0.5)).sum()) / total
    across = float((small.sum(axis=0) * (np.arange(small.shape[1]) + 0.5)).sum()) / total
    top = min(max(round(14 - down), 0), 28 - small.shape[0])
    left = min(max(round(14 - across), 0), 28 - small.shape[1])
    page[top : top + small.shape[0], left : left + small.shape[1]] = small
    return page


@torch.inference_mode()
def check(network: Network, folder: Path) -> bool:
    """Whether the stored pictures give the stored probabilities here."""
    with np.load(folder / "check.npz") as held:
        pictures, wanted = held["pictures"], held["probabilities"]
    found = {"PyTorch": network(torch.from_numpy(pictures)).numpy()}
    if (folder / "model.onnx").exists():
        try:
            import onnxruntime

            session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
            found["ONNX Runtime"] = session.run(["probabilities"], {"pictures": pictures})[0]
        except ImportError:
            print("ONNX Runtime is not installed: model.onnx is not checked.")
    apart = {name: float(np.abs(values - wanted).max()) for name, values in found.items()}
    for name, difference in apart.items():
        print(f"{name}: {len(wanted)} pictures, largest difference {difference:.1e}")
    return max(apart.values()) < CLOSE


@torch.inference_mode()
def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        description="What a picture is, by a network trained in the Deep Learning Playground."
    )
    parser.add_argument("pictures", nargs="*", metavar="PICTURE")
    parser.add_argument("--check", action="store_true", help="compute stored pictures again and compare")
    parser.add_argument("--json", action="store_true", help="one JSON object a picture")
    asked = parser.parse_args()
    network = Network(HERE)
    if asked.check and not check(network, HERE):
        return 1
    if not asked.check and not asked.pictures:
        parser.error("name a picture")
    for name in asked.pictures:
        try:
            with Image.open(name) as image:
                chances = network(prepared(image, network.card))[0]
        except OSError as error:
            print(f"{name}: {error}", file=sys.stderr)
            return 2
        classes = network.card["classes"]
        order = chances.argsort(descending=True).tolist()
        if asked.json:
            told = {classes[index]: round(float(chances[index]), 6) for index in order}
            print(json.dumps({"file": name, "class": classes[order[0]], "probabilities": told}))
        else:
            print(f"{name}: " + ", ".join(f"{classes[index]} {float(chances[index]):.1%}" for index in order[:3]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
