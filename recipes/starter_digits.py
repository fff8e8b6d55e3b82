"""Train the two starter readers of digits on MNIST and write ``playground/hub/starters/digits``.

Run as ``python recipes/starter_digits.py --mnist FOLDER`` (the four idx files, unpacked or ``.gz``); seed 1; with ``--measure``
it measures the files that are there again, and with ``--photos FOLDER`` reads digits drawn by hand, too. The first 5,000 of
the training pictures are kept apart: after each epoch it is said how many are read, and they set the temperature.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL import Image
from safetensors.torch import save_file
from torch import Tensor, nn

from playground.core import paths
from playground.data import digit_strokes
from playground.functional import blocks, digit_readers, mnist_style, resample

PLACE = paths.PACKAGE / "hub" / "starters" / "digits"
EXAMPLES = paths.SAMPLES / "digits"
SHOWN = {"shadow": (0, 1), "lined": (3, 302), "board": (2, 204), "marker": (6, 602), "squared": (8, 803)}
"""The pictures beside the pad: our own strokes, which digit and which seed."""
SEED, BATCH, HELD = 1, 256, 5000
PREPARED, PHOTOGRAPHED = 3000, 1000  # so many of the test pictures are prepared, or photographed, to be measured
PHOTOS, SHARE = 5_000, 48  # so many digits are photographed before, and so many of these are in each batch
MEAN, STD = 0.1307, 0.3081
NETWORKS = {
    "cnn": ("conv:16:5:1:2:bn", "max:2", "conv:32:3:1:1:bn", "max:2", "conv:64:3:1:1:bn", "conv:64:3:1:1:bn", "gap"),
    "mlp": ("dense:256", "dense:128"),
}
EPOCHS = {"cnn": 14, "mlp": 20}
RATE = {"cnn": 6e-3, "mlp": 2e-3}
DECAY, SMOOTHING = 0.02, 0.02
FILES = {"train": "train", "test": "t10k"}


def read(folder: Path, part: str) -> tuple[Tensor, Tensor]:
    """Pictures ``(n, 28, 28)`` as bytes and their digits ``(n,)``, in the order of the file."""

    def content(name: str) -> bytes:
        packed = folder / f"{name}.gz"
        return gzip.decompress(packed.read_bytes()) if packed.is_file() else (folder / name).read_bytes()

    pictures = np.frombuffer(content(f"{FILES[part]}-images-idx3-ubyte"), np.uint8, offset=16).reshape(-1, 28, 28)
    digits = np.frombuffer(content(f"{FILES[part]}-labels-idx1-ubyte"), np.uint8, offset=8)
    return torch.from_numpy(pictures.copy()), torch.from_numpy(digits.astype(np.int64))


class Network(nn.Module):
    """The blocks of a plan, their tensors under the names of ``playground.functional.convnet``."""

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__()
        self.plan = blocks.plan(words, (1, 28, 28), 10)
        self.made = nn.ModuleDict()
        for index, stage in enumerate(self.plan.stages):
            one = stage.block
            if one.kind == "conv":
                self.made[f"{index}_conv"] = nn.Conv2d(stage.given[0], one.filters, one.kernel, one.stride, one.padding, bias=not one.norm)
                self.made[f"{index}_norm"] = nn.BatchNorm2d(one.filters)
            elif one.kind == "dense":
                self.made[f"{index}_dense"] = nn.Linear(math.prod(stage.given), one.filters)

    def forward(self, x: Tensor) -> Tensor:
        """Logits ``(n, 10)`` of normalised pictures ``(n, 1, 28, 28)``."""
        last = len(self.plan.stages) - 1
        for index, stage in enumerate(self.plan.stages):
            match stage.block.kind:
                case "conv":
                    x = F.relu(self.made[f"{index}_norm"](self.made[f"{index}_conv"](x)))
                case "max":
                    x = F.max_pool2d(x, stage.block.kernel, stage.block.stride)
                case "gap":
                    x = x.mean((2, 3))
                case "dense":
                    x = self.made[f"{index}_dense"](x.flatten(1))
                    x = x if index == last else F.relu(x)
        return x

    def named(self) -> dict[str, Tensor]:
        """What was learnt, under the names that files have."""
        said = {"running_mean": "mean", "running_var": "var"}
        found = {}
        for name, one in self.state_dict().items():
            place, tensor = name.removeprefix("made.").split(".")
            if tensor != "num_batches_tracked":
                found[f"{place.replace('_', '.')}.{said.get(tensor, tensor)}"] = one
        return found


def normalised(x: Tensor) -> Tensor:
    """Ink from 0 to 1, ``(n, 28, 28)``, as a network is fed it."""
    return ((x - MEAN) / STD).unsqueeze(1)


def varied(x: Tensor) -> Tensor:
    """Ink ``(n, 28, 28)``, each with another pen, another hand and another camera; every sixth stays as it is."""
    n = len(x)
    fine = penned(F.interpolate(x.unsqueeze(1), scale_factor=2, mode="bilinear"))
    return torch.where(torch.rand(n, 1, 1) < 1 / 6, x, camera(rubbed(fine)))


def rubbed(fine: Tensor) -> Tensor:
    """By another hand: ``(n, 1, 56, 56)`` to ``(n, 28, 28)``."""
    return F.avg_pool2d(F.grid_sample(fine, hand(len(fine)), align_corners=False), 2).squeeze(1)


def penned(fine: Tensor) -> Tensor:
    """Strokes up to a pixel and a half thinner or thicker, ``(n, 1, 56, 56)``; what would vanish stays."""
    n, made = len(fine), fine.clone()
    passes = torch.tensor((0, 1, 2, 3, 4, -1, -2))[torch.multinomial(torch.tensor((0.32, 0.17, 0.1, 0.06, 0.02, 0.18, 0.15)), n, replacement=True)]
    for done in range(4):
        rows = torch.nonzero(passes > done).flatten()
        made[rows] = F.max_pool2d(made[rows], 3, 1, 1)
    for done in range(2):
        rows = torch.nonzero(passes < -done).flatten()
        thin = -F.max_pool2d(-made[rows], 3, 1, 1)
        kept = thin.sum((1, 2, 3), keepdim=True) > 0.3 * fine[rows].sum((1, 2, 3), keepdim=True)
        made[rows] = torch.where(kept, thin, made[rows])
    return made


def hand(n: int) -> Tensor:
    """Where each point of a turned, slanted, stretched and rubbed sheet comes from, ``(n, 56, 56, 2)``."""
    turn = (torch.rand(n) * 2 - 1) * 0.26
    slant = (torch.rand(n) * 2 - 1) * 0.3
    wide, high = 0.85 + 0.4 * torch.rand(2, n)
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0], theta[:, 0, 1] = wide * torch.cos(turn), -torch.sin(turn) + slant
    theta[:, 1, 0], theta[:, 1, 1] = torch.sin(turn), high * torch.cos(turn)
    theta[:, :, 2] = (torch.rand(n, 2) * 2 - 1) * 2.5 / 14
    grid = F.affine_grid(theta, [n, 1, 56, 56], align_corners=False)
    strength = torch.rand(n, 1, 1, 1) * 0.12
    waves = F.interpolate(torch.randn(n, 2, 6, 6) * strength, (56, 56), mode="bicubic", align_corners=True)
    return grid + waves.permute(0, 2, 3, 1)


def camera(x: Tensor) -> Tensor:
    """Paler or fuller ink, blur, noise, and specks."""
    n = len(x)

    def some(share: float) -> Tensor:
        return torch.rand(n, 1, 1) < share

    x = torch.where(some(0.5), x.clamp(0, 1) ** torch.exp((torch.rand(n, 1, 1) * 2 - 1) * 0.7), x)
    x = x * (0.55 + 0.6 * torch.rand(n, 1, 1))
    soft = F.avg_pool2d(F.pad(x.unsqueeze(1), (1, 1, 1, 1)), 3, 1).squeeze(1)
    x = torch.where(some(0.25), x + (soft - x) * torch.rand(n, 1, 1), x)
    x = torch.where(some(0.25), x + torch.randn_like(x) * 0.15 * torch.rand(n, 1, 1), x)
    specks = (torch.rand_like(x) < 0.01).float() * torch.rand_like(x)
    return torch.where(some(0.15), torch.maximum(x, specks), x).clamp(0, 1)


def train(kind: str, pictures: Tensor, digits: Tensor, photos: Tensor, held: tuple[Tensor, Tensor]) -> Network:
    """Learn for ``EPOCHS`` under one cycle of the rate (L. N. Smith, N. Topin: Super-convergence, 2018)."""
    torch.manual_seed(SEED)
    net = Network(NETWORKS[kind]).to(memory_format=torch.channels_last)
    part = BATCH - SHARE
    steps = len(pictures) // part
    descent = torch.optim.AdamW(net.parameters(), lr=RATE[kind], weight_decay=DECAY)
    cycle = torch.optim.lr_scheduler.OneCycleLR(descent, RATE[kind], total_steps=steps * EPOCHS[kind], pct_start=0.2)
    for epoch in range(EPOCHS[kind]):
        started, total = time.time(), 0.0
        net.train()
        for rows in torch.randperm(len(pictures))[: steps * part].view(steps, part):
            some = torch.randint(0, len(photos), (SHARE,))
            seen = photos[some].float() / 255
            again = rubbed(F.interpolate(seen.unsqueeze(1), scale_factor=2, mode="bilinear"))
            seen = torch.where(torch.rand(SHARE, 1, 1) < 0.5, seen, again)
            x = normalised(torch.cat([varied(pictures[rows].float() / 255), seen])).contiguous(memory_format=torch.channels_last)
            loss = F.cross_entropy(net(x), torch.cat([digits[rows], digits[some]]), label_smoothing=SMOOTHING)
            descent.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            descent.step()
            cycle.step()
            total += loss.item()
        right = accuracy(net, held[0].float() / 255, held[1])
        print(f"{kind} epoch {epoch + 1}: loss {total / steps:.4f}, held apart {right:.2%}, {time.time() - started:.0f} s", flush=True)
    return net


def logits_of(net: Network, x: Tensor) -> Tensor:
    """What a network says of ink from 0 to 1, ``(n, 28, 28)``: ``(n, 10)``."""
    net.eval()
    with torch.inference_mode():
        return torch.cat([net(normalised(part)) for part in torch.split(x, 500)])


def accuracy(net: Network, x: Tensor, digits: Tensor) -> float:
    """The part of the pictures whose digit comes first."""
    return float((logits_of(net, x).argmax(1) == digits).float().mean())


def write(kind: str, net: Network, held: tuple[Tensor, Tensor], place: Path) -> None:
    """The weights in half precision, and their card."""
    place.mkdir(parents=True, exist_ok=True)
    save_file({name: one.half().contiguous() for name, one in net.named().items()}, place / f"{kind}.safetensors")
    (place / f"{kind}.safetensors").chmod(0o644)
    logits = logits_of(net, held[0].float() / 255)
    temperature = min((t / 100 for t in range(20, 301)), key=lambda t: float(F.cross_entropy(logits / t, held[1])))
    card = {
        "blocks": list(NETWORKS[kind]), "activation": "relu", "shape": [1, 28, 28], "classes": [str(d) for d in range(10)],
        "mean": [MEAN], "std": [STD], "temperature": temperature, "parameters": net.plan.parameters, "licence": "AGPL-3.0",
        "data": "MNIST (Y. LeCun, C. Cortes, C. Burges), CC BY-SA 3.0", "seed": SEED,
    }  # fmt: skip
    (place / f"{kind}.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def photographed(digit: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """A digit as if it had been written on paper and photographed: ``(h, w)`` bytes, 200 to 400 pixels a side.

    Thin and thick pens, pencil to marker; white, yellowish and lined paper with a grain; light that falls off to one side, a
    shadow's edge; turned a little, off the middle; blur, noise, JPEG. One in six is chalk on a board.
    """
    high, wide = (int(v) for v in rng.integers(200, 401, 2))
    size = int(min(high, wide) * rng.uniform(0.3, 0.8))
    ink = resample.resized(digit.astype(np.float32) / 255, size, size)
    pen = rng.choice(["thin", "as it is", "thick"])
    if pen == "thick":
        ink = resample.widened(ink, min(9.0, size * rng.uniform(0.01, 0.03)))
    if pen == "thin":
        ink = 1 - resample.widened(1 - ink, min(9.0, size * rng.uniform(0.01, 0.025)))
    ink = np.clip((ink - 0.4) / 0.2, 0, 1)
    sheet = np.zeros((high, wide), np.float32)
    top, left = int(rng.integers(0, high - size + 1)), int(rng.integers(0, wide - size + 1))
    sheet[top : top + size, left : left + size] = ink
    turned = Image.fromarray((sheet * 255).astype(np.uint8)).rotate(float(rng.uniform(-8, 8)), Image.Resampling.BILINEAR)
    sheet = np.asarray(turned, np.float32) / 255
    board = rng.random() < 1 / 6
    y, x = np.meshgrid(np.linspace(-1, 1, high), np.linspace(-1, 1, wide), indexing="ij")
    paper = np.full((high, wide), rng.uniform(0.15, 0.3) if board else rng.uniform(0.7, 0.98))
    grain = resample.blurred(rng.normal(size=(high, wide)).astype(np.float32), float(rng.uniform(0.5, 3)))
    paper += grain / grain.std() * rng.uniform(0, 0.03)
    if not board and rng.random() < 0.35:
        step, faint = int(rng.integers(14, 40)), rng.uniform(0.05, 0.18)
        paper[int(rng.integers(0, step)) :: step] -= faint
        if rng.random() < 0.5:
            paper[:, int(rng.integers(0, step)) :: step] -= faint
    colour = rng.uniform(0.75, 0.95) if board else rng.uniform(0.05, 0.45)
    seen = paper * (1 - sheet) + colour * sheet
    angle = rng.uniform(0, 2 * np.pi)
    light = 1 - rng.uniform(0, 0.45) * (np.cos(angle) * x + np.sin(angle) * y + 1) / 2 - rng.uniform(0, 0.2) * (x * x + y * y) / 2
    if rng.random() < 0.3:
        edge = (np.cos(angle + 1) * x + np.sin(angle + 1) * y - rng.uniform(-0.6, 0.6)) / rng.uniform(0.03, 0.4)
        light *= 1 - rng.uniform(0.1, 0.4) / (1 + np.exp(-np.clip(edge, -30, 30)))
    seen = resample.blurred((seen * light).astype(np.float32), float(rng.uniform(0.3, 1.8)))
    seen = seen + rng.normal(size=seen.shape) * rng.uniform(0, 0.04)
    packed = io.BytesIO()
    Image.fromarray((np.clip(seen, 0, 1) * 255).astype(np.uint8)).save(packed, "JPEG", quality=int(rng.integers(45, 95)))
    return np.asarray(Image.open(packed))


def measure(folder: Path, photos: Path | None) -> None:
    """Print what the files in the repository score on the test pictures, and keep the scores on their cards."""
    pictures, digits = (one.numpy() for one in read(folder, "test"))
    rng = np.random.default_rng(SEED + 1)
    seen = {
        "as they are": pictures,
        "prepared": np.stack([mnist_style.steps(one).digit for one in pictures[:PREPARED]]),
        "drawn on a pad": np.stack([mnist_style.steps(one, pad=True).digit for one in pictures[:PREPARED]]),
        "photographed": np.stack([mnist_style.steps(photographed(one, rng)).digit for one in pictures[:PHOTOGRAPHED]]),
    }
    for kind in NETWORKS:
        reader = digit_readers.starter(kind)

        def right(x: NDArray[np.uint8]) -> float:
            said = np.concatenate([reader.read(part) for part in np.array_split(x, max(1, len(x) // 100))])
            return round(float((said.argmax(1) == digits[: len(x)]).mean()), 4)

        scores = {name: right(x) for name, x in seen.items()}
        scores |= {f"shifted by {by}": right(np.roll(pictures[:2000], by, 2)) for by in (1, 2, 3, 4, 5, 6)}
        print(kind, scores, flush=True)
        card = json.loads((PLACE / f"{kind}.json").read_text(encoding="utf-8"))
        (PLACE / f"{kind}.json").write_text(json.dumps({**card, "measured": scores}, indent=2) + "\n", encoding="utf-8")
        for file in sorted(photos.glob("*.png")) if photos else []:
            sure = reader.read(mnist_style.steps(np.asarray(Image.open(file).convert("RGB"))).digit[None])[0]
            print(f"  {file.name}: {int(sure.argmax())}, {float(sure.max()):.1%}")


def examples() -> None:
    """Our own strokes as if photographed, for the page."""
    EXAMPLES.mkdir(parents=True, exist_ok=True)
    for name, (digit, seed) in SHOWN.items():
        seen = photographed(digit_strokes.ink(digit_strokes.DIGITS[digit], 280), np.random.default_rng(seed))
        Image.fromarray(seen).save(EXAMPLES / f"{name}.jpg", quality=88)


def main() -> None:
    """Train, write, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mnist", type=Path, required=True)
    parser.add_argument("--only", choices=tuple(NETWORKS))
    parser.add_argument("--out", type=Path, default=PLACE)
    parser.add_argument("--kept", type=Path, help="photographed digits are kept in this file, and taken from it")
    parser.add_argument("--measure", action="store_true", help="only measure what is there")
    parser.add_argument("--photos", type=Path, help="a folder with digits drawn by hand, to be read, too")
    given = parser.parse_args()
    torch.set_num_threads(1)
    if given.measure:
        measure(given.mnist, given.photos)
        return
    examples()
    pictures, digits = read(given.mnist, "train")
    held = pictures[:HELD], digits[:HELD]
    if given.kept and given.kept.is_file():
        photos = torch.from_numpy(np.load(given.kept))
    else:
        rng = np.random.default_rng(SEED)
        photos = torch.from_numpy(np.stack([mnist_style.steps(photographed(one, rng)).digit for one in pictures[HELD : HELD + PHOTOS].numpy()]))
        if given.kept:
            np.save(given.kept, photos.numpy())
    for kind in [given.only] if given.only else NETWORKS:
        write(kind, train(kind, pictures[HELD:], digits[HELD:], photos, held), held, given.out)
    if given.out == PLACE:
        measure(given.mnist, given.photos)


if __name__ == "__main__":
    main()
