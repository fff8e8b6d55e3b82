"""Train the starter classifier on CIFAR-10 and write ``playground/hub/starters/cifar10``.

Run as ``python recipes/starter_classifier.py --data cifar10-jpg.zip`` (``train|test/<class>/NNNN.jpg``); seed 1; with
``--measure`` it measures the files that are there again. About 25 minutes on two cores that have bfloat16 instructions.
"""

from __future__ import annotations

import argparse
import io
import json
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import timm
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw, ImageFont
from safetensors.torch import save_file
from timm.data import create_transform, resolve_data_config
from torch import Tensor, nn

from playground.core import paths
from playground.hub import opening
from playground.hub.cifar_net import CifarNet

PLACE = paths.PACKAGE / "hub" / "starters" / "cifar10"

SEED, BATCH = 1, 488
NONSENSE = 24  # pictures of nothing in each batch, whose target is "each class alike"
RATE, MOMENTUM, DECAY, SMOOTHING = 0.6, 0.85, 1.2e-3, 0.1
EPOCHS, PACE = (0, 5, 20), (0.2, 0.825, 0.0)  # after so many epochs, this part of the rate; between them on a line
HELD = 300  # of each class, kept apart to set temperature and threshold
SCORE, REFUSED = "energy", 0.04  # what says that nothing fits, and how many of the pictures kept apart it refuses
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
    groups: list[dict[str, Any]] = [{"params": rest}, {"params": fast, "lr": 64 * RATE, "weight_decay": DECAY / 64}]
    return torch.optim.SGD(groups, lr=RATE, momentum=MOMENTUM, weight_decay=DECAY, nesterov=True)


def pace(epochs: float) -> float:
    """Which part of the rate is taken after so many epochs."""
    return float(np.interp(epochs, EPOCHS, PACE))


def train(pictures: Tensor, labels: Tensor, held: tuple[Tensor, Tensor], checkpoint: Path | None) -> CifarNet:
    """Learn for the last of ``EPOCHS``; goes on from ``checkpoint`` where there is one, and keeps one after each epoch."""
    torch.manual_seed(SEED)
    net, drawn = CifarNet(), drawings(4000, SEED)
    whiten(net, normalised(pictures[::10]))
    net = net.to(memory_format=torch.channels_last)
    descent, steps, side = optimizer(net), len(pictures) // BATCH, torch.randint(0, 2, (len(pictures),))
    ramp = torch.optim.lr_scheduler.LambdaLR(descent, lambda step: pace(step / steps))
    begun = 0
    if checkpoint and checkpoint.is_file():
        kept = torch.load(checkpoint, weights_only=True)
        begun = kept["epoch"]
        net.load_state_dict(kept["net"]), descent.load_state_dict(kept["descent"]), ramp.load_state_dict(kept["ramp"])
        torch.set_rng_state(kept["random"])
    for epoch in range(begun, EPOCHS[-1]):
        started, total = time.time(), 0.0
        net.train()
        for rows in torch.randperm(len(pictures))[: steps * BATCH].view(steps, BATCH):
            x = varied(normalised(pictures[rows]), (side[rows] + epoch) % 2)
            nothing = torch.cat([blots(NONSENSE // 2), drawn[torch.randint(0, len(drawn), (NONSENSE // 2,))]])
            wanted = F.one_hot(labels[rows], len(CLASSES)) * (1 - SMOOTHING) + SMOOTHING / len(CLASSES)
            wanted = torch.cat([wanted, torch.full((NONSENSE, len(CLASSES)), 1 / len(CLASSES))])
            with torch.autocast("cpu", torch.bfloat16):
                logits = net(torch.cat([x, nothing]).contiguous(memory_format=torch.channels_last))
            loss = F.cross_entropy(logits.float(), wanted)
            descent.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            descent.step()
            ramp.step()
            total += loss.item()
        if checkpoint:
            states = {"net": net.state_dict(), "descent": descent.state_dict(), "ramp": ramp.state_dict()}
            torch.save({**states, "epoch": epoch + 1, "random": torch.get_rng_state()}, checkpoint)
        right = accuracy(logits_of(net, normalised(held[0])), held[1])
        print(f"epoch {epoch + 1}: loss {total / steps:.4f}, held apart {right:.2%}, {time.time() - started:.0f} s", flush=True)
    return net


def logits_of(net: nn.Module, x: Tensor) -> Tensor:
    """What the network says of normalised pictures, ``(n, 10)``."""
    net.eval()
    with torch.inference_mode():
        return torch.cat([net(part) for part in torch.split(x, 500)])


def accuracy(logits: Tensor, labels: Tensor) -> float:
    """The part of the pictures whose class comes first."""
    return float((logits.argmax(1) == labels).float().mean())


def rated(logits: Tensor, temperature: float) -> dict[str, Tensor]:
    """How well each picture fits any class at all, by three scores, ``(n,)`` each: the more the better."""
    z = logits / temperature
    return {"max_softmax": z.softmax(1).amax(1), "max_logit": z.amax(1), "energy": z.logsumexp(1)}


def calibrated(logits: Tensor, labels: Tensor) -> float:
    """The temperature that makes the probabilities of the right classes likeliest (Guo et al. 2017)."""
    return min((t / 100 for t in range(20, 301)), key=lambda t: float(F.cross_entropy(logits / t, labels)))


def strange(pictures: Tensor) -> dict[str, Tensor]:
    """Kinds of nonsense that no training saw, ``(n, 3, 32, 32)`` each, normalised; two are cut from ``pictures``."""
    n, rows = len(pictures), torch.arange(32.0)
    angle, step, phase = torch.rand(3, n, 1, 1) * torch.tensor([3.2, 1.2, 6.3]).view(3, 1, 1, 1)
    waves = torch.sin((rows * torch.cos(angle) + rows.view(-1, 1) * torch.sin(angle)) * (0.3 + step) + phase)  # (n, 32, 32)
    two = torch.randint(0, 256, (2, n, 3, 1, 1)).float()
    tiles = F.unfold(pictures.float(), 8, stride=8)  # (n, 192, 16)
    return {
        "stripes": normalised(torch.where(waves.unsqueeze(1) > 0, two[0], two[1])),
        "shuffled tiles": normalised(F.fold(tiles[:, :, torch.randperm(16)], 32, 8, stride=8)),
        "shuffled pixels": normalised(pictures.flatten(2)[:, :, torch.randperm(1024)].view(-1, 3, 32, 32)),
        "clouds and noise": blots(n),
        "text and lines": drawings(n, SEED + 1),
    }


def opened() -> tuple[dict[str, Any], nn.Module, Any]:
    """What lies in the repository: its configuration, the network, and what prepares a picture for it."""
    said = json.loads((PLACE / "config.json").read_text(encoding="utf-8"))
    net = timm.create_model(said["architecture"], num_classes=said["num_classes"])
    net.load_state_dict(opening.weights(PLACE / "model.safetensors"))
    return said, net, create_transform(**resolve_data_config(pretrained_cfg=said["pretrained_cfg"], model=net))


def write(net: CifarNet, pictures: Tensor, labels: Tensor) -> None:
    """The folder: weights in half precision, and a configuration whose threshold was set on pictures kept apart."""
    PLACE.mkdir(parents=True, exist_ok=True)
    half = {name: (one.half() if one.is_floating_point() else one).contiguous() for name, one in net.state_dict().items()}
    save_file(half, PLACE / "model.safetensors")
    (PLACE / "model.safetensors").chmod(0o644)
    logits = logits_of(net, normalised(pictures))
    temperature = calibrated(logits, labels)
    threshold = float(rated(logits, temperature)[SCORE].quantile(REFUSED))
    said = {
        "architecture": "playground_cifar_net",
        "num_classes": len(CLASSES),
        "num_features": net.num_features,
        "label_names": list(CLASSES),
        "pretrained_cfg": {
            "tag": "cifar10", "input_size": [3, 32, 32], "num_classes": len(CLASSES),
            "interpolation": "bicubic", "crop_pct": 1.0, "crop_mode": "center", "mean": MEAN, "std": STD,
            "first_conv": "whiten", "classifier": "head", "license": "agpl-3.0",
        },
        "temperature": temperature,
        "refusal": {"score": SCORE, "threshold": round(threshold, 4)},
    }  # fmt: skip
    (PLACE / "config.json").write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")


def measure(data: Path, photos: Path | None) -> None:
    """Print what the files in the repository score, and keep the scores in the configuration."""
    said, net, transform = opened()
    refusal, temperature = said["refusal"], said["temperature"]

    def refused(logits: Tensor) -> Tensor:
        return rated(logits, temperature)[refusal["score"]].lt(refusal["threshold"])

    pictures, labels = read(data, "test")
    logits = logits_of(net, normalised(pictures))
    no, right = refused(logits), logits.argmax(1) == labels
    measured = {
        "test_pictures": len(labels),
        "accuracy": round(float(right.float().mean()), 4),
        "refused": round(float(no.float().mean()), 4),
        "accuracy_of_answered": round(float(right[~no].float().mean()), 4),
        "calibration_error": round(calibration_error((logits / temperature).softmax(1), right), 4),
    }
    print(f"temperature {temperature}, {refusal}\n{measured}")
    print({name: f"{float(right[labels == c].float().mean()):.1%}" for c, name in enumerate(CLASSES)})
    torch.manual_seed(SEED)
    for kind, x in strange(pictures[::20]).items():
        print(f"refused of {kind}: {float(refused(logits_of(net, x)).float().mean()):.1%}")
    for path in [photos / kind for kind in ("catdog/cats", "catdog/dogs", "imagenet")] if photos else []:
        files = sorted(file for file in path.iterdir() if file.suffix.lower() in (".jpg", ".jpeg"))
        logits = logits_of(net, torch.stack([transform(Image.open(file).convert("RGB")) for file in files]))
        names = [CLASSES[c] for c in logits.argmax(1)]
        print(f"{path.name}: {int(refused(logits).sum())} of {len(files)} refused; {', '.join(names)}")
    said["measured"] = measured
    (PLACE / "config.json").write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")


def calibration_error(probabilities: Tensor, right: Tensor) -> float:
    """By how much it is surer than right, on average over ten ranges of sureness."""
    sure = probabilities.amax(1)
    bins = (sure * 10).clamp(max=9).long()
    gaps = torch.zeros(10).index_add(0, bins, sure - right.float())
    return float(gaps.abs().sum() / len(sure))


def main() -> None:
    """Train, write, measure."""
    parser = argparse.ArgumentParser(description="Train the starter classifier and measure it.")
    parser.add_argument("--data", type=Path, required=True, help="a zip of train|test/<class>/NNNN.jpg")
    parser.add_argument("--photos", type=Path, help="a folder with catdog/{cats,dogs} and imagenet, to be measured on too")
    parser.add_argument("--checkpoint", type=Path, help="kept after each epoch; where it is there, training goes on from it")
    parser.add_argument("--measure", action="store_true", help="measure the files in the repository again, and train nothing")
    asked = parser.parse_args()
    if not asked.measure:
        pictures, labels = read(asked.data, "train")
        learnt, held = split(labels)
        net = train(pictures[learnt], labels[learnt], (pictures[held], labels[held]), asked.checkpoint)
        write(net, pictures[held], labels[held])
    measure(asked.data, asked.photos)


if __name__ == "__main__":
    main()
