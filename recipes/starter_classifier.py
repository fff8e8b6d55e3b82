"""Train the starter classifier on CIFAR-10 and write ``playground/hub/starters/cifar10``.

Run as ``python recipes/starter_classifier.py --data cifar10-jpg.zip`` (``train|test/<class>/NNNN.jpg``); seed 1.
"""

from __future__ import annotations

import argparse
import io
import time
import zipfile
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from playground.hub.cifar_net import CifarNet

SEED, EPOCHS, BATCH = 1, 40, 488
NONSENSE = 24  # pictures of nothing in each batch, whose target is "each class alike"
RATE, MOMENTUM, DECAY, SMOOTHING = 0.6, 0.85, 1.2e-3, 0.1
HELD = 300  # of each class, kept apart to set temperature and threshold
CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
MEAN, STD = (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)


def read(data: Path, part: str) -> tuple[Tensor, Tensor]:
    """Pictures ``(n, 3, 32, 32)`` as bytes and their classes ``(n,)``, in the order of the files' names."""
    with zipfile.ZipFile(data) as held:
        names = sorted(name for name in held.namelist() if name.startswith(f"{part}/") and name.endswith(".jpg"))
        pictures = [np.asarray(Image.open(io.BytesIO(held.read(name))).convert("RGB")) for name in names]
    labels = [CLASSES.index(name.split("/")[1]) for name in names]
    return torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).contiguous(), torch.tensor(labels)


def split(labels: Tensor) -> tuple[Tensor, Tensor]:
    """Which pictures are learnt from, and which set temperature and threshold: the last of each class."""
    held = torch.cat([torch.nonzero(labels == c).flatten()[-HELD:] for c in range(len(CLASSES))])
    learnt = torch.ones(len(labels), dtype=torch.bool)
    learnt[held] = False
    return torch.nonzero(learnt).flatten(), held


def normalised(pictures: Tensor) -> Tensor:
    """Bytes as the network is fed them."""
    mean, std = torch.tensor(MEAN).view(3, 1, 1), torch.tensor(STD).view(3, 1, 1)
    return (pictures.float() / 255 - mean) / std


def varied(x: Tensor, flip: Tensor) -> Tensor:
    """Each picture moved by up to 3 pixels, every other one scaled by up to 30 %, lighter or darker, a square hidden."""
    n = len(x)
    scale = torch.where(torch.rand(n) < 0.5, torch.exp((torch.rand(n) * 2 - 1) * 0.26), 1.0)
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0], theta[:, 1, 1] = scale * (1 - 2 * flip.float()), scale
    theta[:, :, 2] = torch.randint(-3, 4, (n, 2)) / 16
    x = F.grid_sample(x, F.affine_grid(theta, list(x.shape), False), padding_mode="reflection", align_corners=False)
    x = x * (0.8 + 0.4 * torch.rand(n, 1, 1, 1)) + (torch.rand(n, 1, 1, 1) - 0.5) * 0.4
    at = torch.arange(32) - torch.randint(0, 32, (2, n, 1))  # (2, n, 32)
    near = (at >= -5) & (at < 5)
    return x.masked_fill((near[0].unsqueeze(2) & near[1].unsqueeze(1)).unsqueeze(1), 0.0)


def blots(n: int) -> Tensor:
    """Flat colours, gradients, clouds and noise ``(n, 3, 32, 32)``, normalised: nothing that has a name."""
    made = []
    for grid, how in zip(torch.tensor([1, 2, 3, 4, 8, 16, 32])[torch.randint(0, 7, (n,))].tolist(), range(n), strict=True):
        x = torch.rand(1, 3, 1, 1) + (torch.rand(1, 3 if how % 2 else 1, grid, grid) - 0.5) * 2 * torch.rand(1)
        mode = "nearest" if how % 3 == 0 else "bilinear"
        made.append(F.interpolate(x.clamp(0, 1) * 255, (32, 32), mode=mode))
    return normalised(torch.cat(made))


def drawings(n: int, seed: int) -> Tensor:
    """Text, lines and boxes on a flat ground ``(n, 3, 32, 32)``, normalised."""
    rng, made = np.random.default_rng(seed), []
    for _ in range(n):
        ground, ink = rng.integers(0, 256, (2, 3)) if rng.random() < 0.6 else rng.permutation(((250,) * 3, (10,) * 3))
        page = Image.new("RGB", (128, 128), tuple(int(c) for c in ground))
        pen, colour = ImageDraw.Draw(page), tuple(int(c) for c in ink)
        for _ in range(rng.integers(1, 6)):
            x, y, w, h = (int(v) for v in rng.integers(0, 128, 4))
            match rng.integers(0, 4):
                case 0:
                    pen.line((x, y, w, h), fill=colour, width=int(rng.integers(1, 12)))
                case 1:
                    pen.rectangle((min(x, w), min(y, h), max(x, w), max(y, h)), outline=colour, width=int(rng.integers(1, 9)))
                case _:
                    text = "".join(chr(c) for c in rng.integers(33, 123, rng.integers(1, 12)))
                    pen.text((x // 2, y), text, fill=colour, font=ImageFont.load_default(size=int(rng.integers(12, 100))))
        made.append(np.asarray(page.resize((32, 32), Image.Resampling.BICUBIC)))
    return normalised(torch.from_numpy(np.stack(made)).permute(0, 3, 1, 2))


def whiten(net: CifarNet, x: Tensor) -> None:
    """Set the first layer so that what it says of 2 x 2 pixels is uncorrelated and of spread 1, each with its negative."""
    patches = F.unfold(x, 2).transpose(1, 2).reshape(-1, 12)
    values, vectors = torch.linalg.eigh(patches.T @ patches / len(patches))
    filters = (vectors / torch.sqrt(values + 5e-4)).T.flip(0).reshape(12, 3, 2, 2)
    net.whiten.weight.data = torch.cat([filters, -filters])
    torch.nn.init.zeros_(net.whiten.bias)  # type: ignore[arg-type]


def optimizer(net: CifarNet) -> torch.optim.SGD:
    """Nesterov's gradient descent; the biases of the normalisations learn 64 times as fast (Jordan 2024)."""
    fast = [p for name, p in net.named_parameters() if "norm" in name and p.requires_grad]
    rest = [p for name, p in net.named_parameters() if "norm" not in name and p.requires_grad]
    groups = [{"params": rest}, {"params": fast, "lr": 64 * RATE, "weight_decay": DECAY / 64}]
    return torch.optim.SGD(groups, lr=RATE, momentum=MOMENTUM, weight_decay=DECAY, nesterov=True)


def train(pictures: Tensor, labels: Tensor, held: tuple[Tensor, Tensor], checkpoint: Path | None) -> CifarNet:
    """Learn for ``EPOCHS``; goes on from ``checkpoint`` where there is one, and keeps one after each epoch."""
    torch.manual_seed(SEED)
    net, drawn = CifarNet(), drawings(4000, SEED)
    whiten(net, normalised(pictures[::10]))
    net = net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    descent, steps, side = optimizer(net), len(pictures) // BATCH, torch.randint(0, 2, (len(pictures),))
    ramp = torch.optim.lr_scheduler.LambdaLR(descent, lambda s: float(np.interp(s / (EPOCHS * steps), (0, 0.2, 1), (0.2, 1, 0))))
    begun = 0
    if checkpoint and checkpoint.is_file():
        kept = torch.load(checkpoint, weights_only=True)
        begun = kept["epoch"]
        net.load_state_dict(kept["net"]), descent.load_state_dict(kept["descent"]), ramp.load_state_dict(kept["ramp"])
        torch.set_rng_state(kept["random"])
    for epoch in range(begun, EPOCHS):
        started, total = time.time(), 0.0
        net.train()
        for rows in torch.randperm(len(pictures))[: steps * BATCH].split(BATCH):
            x = varied(normalised(pictures[rows]), (side[rows] + epoch) % 2)
            nothing = torch.cat([blots(NONSENSE // 2), drawn[torch.randint(0, len(drawn), (NONSENSE // 2,))]])
            wanted = F.one_hot(labels[rows], len(CLASSES)) * (1 - SMOOTHING) + SMOOTHING / len(CLASSES)
            wanted = torch.cat([wanted, torch.full((NONSENSE, len(CLASSES)), 1 / len(CLASSES))])
            with torch.autocast("cpu", torch.bfloat16):
                logits = net(torch.cat([x, nothing]).contiguous(memory_format=torch.channels_last))
            loss = F.cross_entropy(logits.float(), wanted)
            descent.zero_grad()
            loss.backward()
            descent.step()
            ramp.step()
            total += loss.item()
        if checkpoint:
            states = {"net": net.state_dict(), "descent": descent.state_dict(), "ramp": ramp.state_dict()}
            torch.save({**states, "epoch": epoch + 1, "random": torch.get_rng_state()}, checkpoint)
        right = accuracy(logits_of(net, held[0]), held[1])
        print(f"epoch {epoch + 1}: loss {total / steps:.4f}, held apart {right:.2%}, {time.time() - started:.0f} s", flush=True)
    return net


def logits_of(net: CifarNet, pictures: Tensor) -> Tensor:
    """What the network says of pictures in bytes, ``(n, 10)``."""
    net.eval()
    with torch.inference_mode():
        return torch.cat([net(normalised(part)) for part in pictures.split(500)])


def accuracy(logits: Tensor, labels: Tensor) -> float:
    """The part of the pictures whose class comes first."""
    return float((logits.argmax(1) == labels).float().mean())


def main() -> None:
    """Train, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path)
    asked = parser.parse_args()
    pictures, labels = read(asked.data, "train")
    learnt, held = split(labels)
    print(len(learnt), len(held), flush=True)
    train(pictures[learnt], labels[learnt], (pictures[held], labels[held]), asked.checkpoint)


if __name__ == "__main__":
    main()
