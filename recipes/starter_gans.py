"""Train the three starter generators and write ``playground/hub/starters/gan_*``: digits, clothes, and digits by class.

Run as ``python recipes/starter_gans.py --mnist FOLDER --fashion FOLDER`` (the idx files, unpacked or ``.gz``); seed 1; with
``--only NAME`` one of them, with ``--measure`` the files that are there are measured again. The first 5,000 of the training
pictures are kept apart: the step whose pictures are nearest to these is kept. The test pictures only measure.

A DCGAN (A. Radford, L. Metz, S. Chintala 2015) learns with the non-saturating loss, and with a penalty on the discriminator's
slope at real pictures (L. Mescheder, A. Geiger, S. Nowozin 2018), at every sixteenth step (T. Karras et al. 2020). Beside the
discriminator's number, ten logits tell the classes of real pictures apart, and the generator is asked for pictures of which
they are sure: of the class asked for (A. Odena, C. Olah, J. Shlens 2017), or of any, over a batch evenly of all ten
(J. T. Springenberg 2016). These logits are not saved.
"""

from __future__ import annotations

import argparse
import copy
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import starter_digits
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from playground.core import paths
from playground.functional import digit_readers
from playground.functional.gan import Layer, Network, Pair, drawn, given, pixels
from playground.functional.gan_card import from_json, to_json

STARTERS = paths.PACKAGE / "hub" / "starters"
DIGITS = tuple("0123456789")
DATA = {
    "mnist": {"name": "mnist", "source": "MNIST (Y. LeCun, C. Cortes, C. Burges)", "licence": "CC BY-SA 3.0"},
    "fashion": {"name": "fashion", "source": "Fashion-MNIST (H. Xiao, K. Rasul, R. Vollgraf, 2017)", "licence": "MIT"},
}
TITLES = {
    "gan_digits": "Starter: handwritten digits",
    "gan_fashion": "Starter: clothes",
    "gan_digits_by_class": "Starter: digits by class",
}
SEED, HELD, LATENTS, BATCH, EVERY = 1, 5000, 64, 64, 1000
STEPS = {"gan_digits": 20_000, "gan_fashion": 14_000, "gan_digits_by_class": 8_000}
RATE, AVERAGED = 1e-3, 0.999
"""Of both networks, even up to half the steps, then falling; how much of the averaged generator stays at each step."""
PENALTY, PENALISED = 0.1, 16
"""Half of it times the squared slope at real pictures is added to the discriminator's loss, at every so many steps as much at once."""
TOLD, SURE = 0.5, 0.2
"""Weights of telling the classes apart (discriminator) and of pictures that can be told apart (generator)."""
LOOKED, SAMPLES = 777, 1000
"""Seed of the pictures that choose the step, and how many are measured, of ``SEED``."""
Judge = Callable[[Tensor], tuple[Tensor, Tensor]]
"""Of bytes ``(n, 28, 28)``: features ``(n, 64)`` and how sure of each class ``(n, 10)``."""


def pair(name: str) -> Pair:
    """The two networks."""
    classes = DIGITS if name == "gan_digits_by_class" else ()
    wide = 64
    generator = Network((LATENTS + len(classes),), (
        Layer("linear", LATENTS + len(classes), 128 * 49), Layer("reshape", shape=(128, 7, 7)),
        Layer("norm", outputs=128), Layer("act", name="relu"),
        Layer("up", 128, 48, 4, 2, 1), Layer("norm", outputs=48), Layer("act", name="relu"),
        Layer("up", 48, 1, 4, 2, 1), Layer("act", name="tanh"),
    ), len(classes))  # fmt: skip
    last = Layer("projection", wide) if classes else Layer("linear", wide, 1)
    discriminator = Network((1, 28, 28), (
        Layer("conv", 1, 32, 4, 2, 1), Layer("act", name="leaky_relu"), Layer("conv", 32, 64, 4, 2, 1), Layer("act", name="leaky_relu"),
        Layer("flatten"), Layer("linear", 64 * 49, wide), Layer("act", name="leaky_relu"), last,
    ), len(classes))  # fmt: skip
    return Pair(generator, discriminator, LATENTS, classes=classes)


class Projection(nn.Module):
    """A linear layer and a vector for each class (T. Miyato, M. Koyama 2018)."""

    def __init__(self, inputs: int, classes: int) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.randn(1, inputs) / inputs**0.5), nn.Parameter(torch.zeros(1))
        self.classes = nn.Parameter(torch.randn(classes, inputs) / inputs**0.5)


class Built(nn.Sequential):
    """A network in torch, its arrays under the names of ``playground.functional.gan``."""

    def __init__(self, network: Network) -> None:
        super().__init__(*(_torch(layer, network.classes) for layer in network.layers))
        self.to(memory_format=torch.channels_last)

    def hidden(self, x: Tensor) -> Tensor:
        """What the last layer is given."""
        for one in list(self)[:-1]:
            x = one(x).contiguous(memory_format=torch.channels_last) if isinstance(one, nn.Unflatten) else one(x)
        return x

    def said(self, h: Tensor, classes: Tensor) -> Tensor:
        """The discriminator's logits ``(n,)`` of what its last layer is given."""
        last = self[-1]
        if isinstance(last, Projection):
            return h @ last.weight[0] + last.bias + (h * last.classes[classes]).sum(1)
        return last(h).squeeze(1)


def _torch(layer: Layer, classes: int) -> nn.Module:
    match layer.kind:
        case "linear":
            return nn.Linear(layer.inputs, layer.outputs)
        case "reshape":
            return nn.Unflatten(1, layer.shape)
        case "norm":
            return nn.BatchNorm2d(layer.outputs)
        case "up":
            return nn.ConvTranspose2d(layer.inputs, layer.outputs, layer.kernel, layer.stride, layer.padding)
        case "conv":
            return nn.Conv2d(layer.inputs, layer.outputs, layer.kernel, layer.stride, layer.padding)
        case "flatten":
            return nn.Flatten()
        case "projection":
            return Projection(layer.inputs, classes)
    return {"relu": nn.ReLU(), "tanh": nn.Tanh(), "leaky_relu": nn.LeakyReLU(layer.slope)}[layer.name]


def reader_of_digits() -> starter_digits.Network:
    """The starter CNN in torch, its temperature in the last layer."""
    theirs, net = digit_readers.starter("cnn"), starter_digits.Network(starter_digits.NETWORKS["cnn"])
    for name, tensor in net.named().items():
        tensor.copy_(torch.from_numpy(theirs.weights[name] / (theirs.temperature if name.startswith("7.dense") else 1)))
    return net.eval()


def reader_of_clothes(pictures: Tensor, classes: Tensor) -> starter_digits.Network:
    """A CNN of the same blocks, learnt in five rounds for measuring alone."""
    torch.manual_seed(SEED)
    net, rounds, steps = (
        starter_digits.Network(starter_digits.NETWORKS["cnn"]).to(memory_format=torch.channels_last),
        5,
        len(pictures) // 128,
    )
    descent = torch.optim.AdamW(net.parameters(), 6e-3, weight_decay=0.02)
    cycle = torch.optim.lr_scheduler.OneCycleLR(descent, 6e-3, total_steps=steps * rounds)
    for _ in range(rounds):
        for rows in torch.randperm(len(pictures))[: steps * 128].view(steps, 128):
            loss = F.cross_entropy(net(starter_digits.normalised(pictures[rows].float() / 255)), classes[rows])
            descent.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            descent.step()
            cycle.step()
    return net.eval()


def judge(net: starter_digits.Network) -> Judge:
    """The reader as one that says its features, too."""
    seen: list[Tensor] = []
    net.made["7_dense"].register_forward_hook(lambda _, given, __: seen.append(given[0].flatten(1)))

    def told(x: Tensor) -> tuple[Tensor, Tensor]:
        seen.clear()
        sure = starter_digits.logits_of(net, x.float() / 255).softmax(1)
        return torch.cat(seen), sure

    return told


def frechet(a: Tensor, b: Tensor) -> float:
    """Fréchet distance of the normal distributions that fit two sets of features ``(n, d)`` (M. Heusel et al. 2017)."""
    first, second = torch.cov(a.T.double()), torch.cov(b.T.double())
    values, vectors = torch.linalg.eigh(first)
    root = (vectors * values.clamp(min=0).sqrt()) @ vectors.T
    mixed = torch.linalg.eigvalsh(root @ second @ root).clamp(min=0).sqrt().sum()
    return float((a.mean(0) - b.mean(0)).double().square().sum() + first.trace() + second.trace() - 2 * mixed)


def nearest(a: Tensor, b: Tensor) -> Tensor:
    """Of each of the bytes ``(n, 28, 28)``, the distance to the nearest in ``b``: Euclidean, ink from 0 to 1."""
    return torch.cat([torch.cdist(part, b.flatten(1).float() / 255).amin(1) for part in (a.flatten(1).float() / 255).split(250)])


def spread(x: Tensor, classes: Tensor) -> float:
    """Mean distance of two pictures of one class, over the classes; bytes ``(n, 28, 28)``."""
    ink = x.flatten(1).float() / 255
    return float(np.mean([F.pdist(ink[classes == one][:100]).mean() for one in range(10) if int((classes == one).sum()) > 1]))


def sampled(made: Pair, net: Built, seed: int, n: int, classes: NDArray[np.int64]) -> Tensor:
    """Bytes ``(n, 28, 28)`` of a generator with measured normalisations."""
    asked = torch.from_numpy(given(made, drawn(made, seed, n), classes))
    with torch.inference_mode():
        ink = torch.cat([net.eval()(part) for part in asked.split(500)])
    return torch.from_numpy(pixels(made, ink.numpy())[..., 0])


def settled(made: Pair, net: Built) -> Built:
    """A copy whose normalisations are measured anew, on 5,000 latents."""
    copied = copy.deepcopy(net).train()
    for one in copied:
        if isinstance(one, nn.BatchNorm2d):
            one.reset_running_stats()
            one.momentum = None
    with torch.no_grad():
        for part in torch.from_numpy(given(made, drawn(made, LOOKED + 1, 5000), np.arange(5000) % 10)).split(500):
            copied(part)
    return copied.eval()


def rows(n: int) -> Iterator[Tensor]:
    """Rows of batches for ever, each round in another order."""
    while True:
        yield from torch.randperm(n)[: n // BATCH * BATCH].view(-1, BATCH)


def train(name: str, pictures: Tensor, labels: Tensor, held: Tensor, told: Judge, place: Path) -> None:
    """Learn, and keep the step whose pictures have the smallest Fréchet distance to those kept apart."""
    torch.manual_seed(SEED)
    made, steps = pair(name), STEPS[name]
    one_hot = made.generator.classes
    ours, theirs = Built(made.generator), Built(made.discriminator)
    for one in ours:
        if isinstance(one, nn.Linear | nn.ConvTranspose2d):
            nn.init.normal_(one.weight, 0, 0.05 if isinstance(one, nn.Linear) else 0.02)
            nn.init.zeros_(one.bias)
    average, teller = copy.deepcopy(ours), nn.Linear(64, 10)
    ascent = torch.optim.Adam(ours.parameters(), RATE, (0.5, 0.99))
    descent = torch.optim.Adam([*theirs.parameters(), *teller.parameters()], RATE, (0.5, 0.99))
    real, features = pictures.float().div(127.5).sub(1).unsqueeze(1), told(held)[0]
    batches, best, started = rows(len(real)), float("inf"), time.process_time()
    for step in range(1, steps + 1):
        for one in (ascent, descent):
            one.param_groups[0]["lr"] = RATE * (min(1.0, 2 * (1 - step / steps)) + 0.02)
        chosen = next(batches)
        x, y, penalised = real[chosen], labels[chosen], step % PENALISED == 0
        z = torch.randn(BATCH, LATENTS)
        fake = ours(torch.cat([z, F.one_hot(y, one_hot).float()], 1) if one_hot else z)
        h = theirs.hidden(torch.cat([x.requires_grad_(penalised), fake.detach()]))
        logits = theirs.said(h, torch.cat([y, y]))
        loss = F.softplus(-logits[:BATCH]).mean() + F.softplus(logits[BATCH:]).mean() + TOLD * F.cross_entropy(teller(h[:BATCH]), y)
        if penalised:
            (slope,) = torch.autograd.grad(logits[:BATCH].sum(), x, create_graph=True)
            loss = loss + PENALTY / 2 * PENALISED * slope.square().sum((1, 2, 3)).mean()
        descent.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        descent.step()
        theirs.requires_grad_(False)
        teller.requires_grad_(False)
        h = theirs.hidden(fake)
        lost = F.softplus(-theirs.said(h, y)).mean()
        if one_hot:
            lost = lost + SURE * F.cross_entropy(teller(h), y)
        else:  # each sure of one class, and all of them evenly over the ten
            log = teller(h).log_softmax(1)
            even = log.exp().mean(0)
            lost = lost + SURE * (even * even.log()).sum() - SURE * (log.exp() * log).sum(1).mean()
        ascent.zero_grad()
        lost.backward()
        ascent.step()
        theirs.requires_grad_(True)
        teller.requires_grad_(True)
        with torch.no_grad():
            for one, new in zip(average.parameters(), ours.parameters(), strict=True):
                one.lerp_(new, 1 - min(AVERAGED, (1 + step) / (10 + step)))
        if step % EVERY == 0:
            shown = settled(made, average)
            found, sure = told(sampled(made, shown, LOOKED, 2000, np.arange(2000) % 10))
            far = frechet(found, features)
            spent = round(time.process_time() - started)
            print(f"{name} step {step}: to those kept apart {far:.3f}, sure {sure.amax(1).mean():.3f}, {spent} s", flush=True)
            if far < best:
                best = far
                said = {"seed": SEED, "steps": step, "seconds": spent, "frechet_to_those_kept_apart": round(far, 3)}
                write(name, made, shown, theirs, place, said)


def write(name: str, made: Pair, ours: Built, theirs: Built, place: Path, said: dict[str, Any]) -> None:
    """The weights in half precision, and their card."""
    place.mkdir(parents=True, exist_ok=True)
    both = {"generator": ours, "discriminator": theirs}
    tensors = {f"{role}.{key}": one for role, net in both.items() for key, one in net.state_dict().items()}
    save_file({key: one.half().contiguous() for key, one in tensors.items() if "num_batches" not in key}, place / "model.safetensors")
    (place / "model.safetensors").chmod(0o644)
    data = DATA["fashion" if "fashion" in name else "mnist"]
    card = to_json(made) | {"title": TITLES[name], "data": data, "licence": "AGPL-3.0", **said}
    (place / "config.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def opened(place: Path) -> tuple[Pair, Built, Built]:
    """What a folder holds."""
    made = from_json(json.loads((place / "config.json").read_text(encoding="utf-8")))
    held = load_file(place / "model.safetensors")
    both = {"generator": Built(made.generator), "discriminator": Built(made.discriminator)}
    for role, net in both.items():
        wanted = {key.removeprefix(f"{role}."): one.float() for key, one in held.items() if key.startswith(role)}
        net.load_state_dict(wanted, strict=False)
        net.eval()
    return made, both["generator"], both["discriminator"]


def measure(place: Path, pictures: Tensor, test: Tensor, asked: Tensor, told: Judge) -> None:
    """Print what the files in a folder score, and keep the scores on the card; ``asked`` are the classes of the test pictures."""
    made, ours, theirs = opened(place)
    classes = torch.arange(5000) % 10
    x = sampled(made, ours, SEED, 5000, classes.numpy())
    features, sure = told(x)
    real, seen = told(test)
    read = sure[:SAMPLES].argmax(1)
    share = torch.bincount(read, minlength=10) / SAMPLES
    own, others = nearest(x[:SAMPLES], pictures), nearest(test[:SAMPLES], pictures)
    with torch.inference_mode():
        right = [
            theirs.said(theirs.hidden(one[:SAMPLES].float().div(127.5).sub(1).unsqueeze(1)), y[:SAMPLES]) > 0
            for one, y in ((test, asked), (x, classes))
        ]
    scores = {
        "samples": SAMPLES, "confidence": float(sure[:SAMPLES].amax(1).mean()), "confidence_of_test": float(seen.amax(1).mean()),
        "test_read_rightly": float((seen.argmax(1) == asked).float().mean()),
        "below_80_percent": float((sure[:SAMPLES].amax(1) < 0.8).float().mean()),
        "below_80_percent_of_test": float((seen.amax(1) < 0.8).float().mean()),
        "smallest_class": float(share.min()), "largest_class": float(share.max()),
        "nearest_training": float(own.median()), "nearest_training_of_test": float(others.median()),
        "closer_than_the_closest_percent_of_test": float((own < others.quantile(0.01)).float().mean()),
        "spread": spread(x[:SAMPLES], read), "spread_of_test": spread(test[:SAMPLES], asked[:SAMPLES]),
        "frechet": frechet(features, real), "frechet_of_training": frechet(told(pictures[:5000])[0], real),
        "test_taken_for_real": float(right[0].float().mean()), "samples_taken_for_real": float(right[1].float().mean()),
    }  # fmt: skip
    if made.classes:
        scores["read_as_asked"] = float((read == classes[:SAMPLES]).float().mean())
    scores = {key: round(value, 4) for key, value in scores.items()}
    print(place.name, scores, flush=True)
    card = json.loads((place / "config.json").read_text(encoding="utf-8"))
    (place / "config.json").write_text(json.dumps({**card, "measured": scores}, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Train, write, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mnist", type=Path, required=True)
    parser.add_argument("--fashion", type=Path, required=True)
    parser.add_argument("--only", choices=tuple(TITLES))
    parser.add_argument("--out", type=Path, default=STARTERS)
    parser.add_argument("--measure", action="store_true", help="only measure what is there")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    for name in [asked.only] if asked.only else TITLES:
        folder = asked.fashion if "fashion" in name else asked.mnist
        pictures, labels = starter_digits.read(folder, "train")
        held, pictures, labels = pictures[:HELD], pictures[HELD:], labels[HELD:]
        told = judge(reader_of_clothes(pictures, labels) if "fashion" in name else reader_of_digits())
        if not asked.measure:
            train(name, pictures, labels, held, told, asked.out / name)
        measure(asked.out / name, pictures, *starter_digits.read(folder, "test"), told)


if __name__ == "__main__":
    main()
