"""Generators and discriminators in PyTorch: eager, channels-last, with all pictures on the device as one tensor.

The pictures that the discriminator learns from in a step are those that the generator then learns from, so each is made once;
real and made ones are judged in one go. Nothing is read back from the device step by step: sums wait there until they are wanted.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.utils.parametrizations import spectral_norm

from playground.core.errors import InputError
from playground.core.seed import Stream, generator
from playground.data.image_set import Labelled
from playground.engine import memory
from playground.engine.gan_contract import LIVE, TALLY, GANBlueprint
from playground.engine.gan_network import Net, Projection, build
from playground.engine.gan_scores import DISCRIMINATOR, GENERATOR, slopes
from playground.engine.gan_state import array, remember, taken, tensors
from playground.engine.images import chunks
from playground.engine.torch import pick_device
from playground.functional.gan import Array, given, pixels
from playground.functional.gan_file import part
from playground.functional.gan_losses import LOSSES
from playground.functional.gan_plans import products

BETA2 = 0.99
CHUNK = 256
"""Pictures that are drawn in one go, at most."""
SELDOM = 16
"""The R1 penalty is taken at every so many updates, and so many times as heavy (Karras et al., 2020)."""
REMEMBERED = 4
"""Steps whose opinions are kept."""
_STEPS = 1  # sub-stream of the random numbers: the latents of every step; those that are shown have none


class GANEngine:
    """Trains the two networks of a blueprint on some pictures."""

    def __init__(self, blueprint: GANBlueprint, pictures: Labelled) -> None:
        """Lay out pictures and weights; raises ``InputError`` for a device that is not there."""
        self._plan, self._pair = blueprint, blueprint.pair
        assert self._pair.discriminator is not None
        work = (products(self._pair.generator) + products(self._pair.discriminator)) * blueprint.batch_size
        self._device, self.device = pick_device(blueprint.device, work)
        torch.set_num_threads(1)
        memory.keep()
        self._x = torch.from_numpy(np.require(pictures.x, requirements=["C", "W"])).to(self._device)
        self._y = torch.from_numpy(np.require(pictures.y, requirements=["W"])).to(self._device)
        self._live = {name: float(getattr(blueprint, name)) for name in LIVE}
        self._middle = LOSSES[blueprint.loss].middle
        self._made, self._averaged = (self._network("generator") for _ in range(2))
        self._averaged.eval().requires_grad_(False)
        self._judge = self._network("discriminator")
        if blueprint.spectral:
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(blueprint.seed)
                for module in self._judge:
                    if isinstance(module, torch.nn.Linear | torch.nn.Conv2d | Projection):
                        spectral_norm(module)
                    if isinstance(module, Projection) and module.classes is not None:
                        spectral_norm(module, "classes")
        self._weights = {
            "generator": dict(self._made.named_parameters()), "discriminator": dict(self._judge.named_parameters()),
        }  # fmt: skip
        self._optimizers = {name: self._new_optimizer(name) for name in self._weights}
        self._tally = torch.zeros(len(TALLY), dtype=torch.float64, device=self._device)
        self._counts = [0, 0]  # updates of either in the tally
        self._opinions: deque[tuple[Tensor, Tensor]] = deque(maxlen=REMEMBERED)
        self._seen = False

    # -- training

    def step(self, rows: NDArray[np.int64], number: int, both: bool = True) -> None:
        """One update of the discriminator from some pictures and as many made ones, then one of the generator.

        Args:
            rows: Which pictures, ``(n,)``.
            number: How many updates of the discriminator came before, from 0; the latents depend on it.
            both: Whether the generator learns, too.
        """
        where = torch.from_numpy(rows).to(self._device)
        x = (self._x[where].to(torch.float32) / 127.5 - 1).permute(0, 3, 1, 2)
        y = self._y[where] if self._pair.classes else None
        rng = generator(self._plan.seed, Stream.NOISE, _STEPS, number)
        latents = self._given(rng.standard_normal((len(rows), self._pair.latents), np.float32), y)
        torch.set_flush_denormal(
            True
        )  # for the step alone: whatever else this thread computes keeps its smallest numbers
        try:
            with torch.set_grad_enabled(both):
                made = self._made(latents)
            self._judges(x, made.detach(), y, number, rng)
            if both:
                self._makes(made, y, number)
        finally:
            torch.set_flush_denormal(False)

    def _judges(self, x: Tensor, made: Tensor, y: Tensor | None, number: int, rng: np.random.Generator) -> None:
        """An update of the discriminator."""
        self._judge.requires_grad_(True).train()
        twice = None if y is None else torch.cat([y, y])
        real, fake = self._judge(torch.cat([x, made]), twice).squeeze(1).split(len(x))
        loss = DISCRIMINATOR[self._plan.loss](real, fake, self._live["smoothing"])
        loss = loss + self._penalty(x, made, y, number, rng)
        self._optimizers["discriminator"].zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimizers["discriminator"].step()
        real, fake = real.detach(), fake.detach()
        self._opinions.append((real, fake))
        if self._middle is None:
            told = [real.mean(), fake.mean()]
        else:
            told = [(real > self._middle).float().mean(), (fake <= self._middle).float().mean()]
        self._tally[1:] += torch.stack([loss.detach(), *told])
        self._counts[1] += 1
        self._seen = True

    def _makes(self, made: Tensor, y: Tensor | None, number: int) -> None:
        """An update of the generator, and of its average."""
        self._judge.requires_grad_(False).eval()  # the singular values as the discriminator's update has left them
        loss = GENERATOR[self._plan.loss](self._judge(made, y).squeeze(1))
        self._optimizers["generator"].zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimizers["generator"].step()
        self._tally[0] += loss.detach()
        self._counts[0] += 1
        stays = min(self._live["ema"], (1 + number) / (10 + number))
        torch._foreach_lerp_(list(tensors(self._averaged)), list(tensors(self._made)), 1 - stays)

    def _penalty(
        self, x: Tensor, made: Tensor, y: Tensor | None, number: int, rng: np.random.Generator
    ) -> Tensor | float:
        """What keeps the discriminator from being steep, and takes a second derivative to learn from."""
        if self._plan.loss == "wasserstein":
            if not (weight := self._live["penalty"]):
                return 0.0
            share = torch.from_numpy(rng.random((len(x), 1, 1, 1), np.float32)).to(self._device)
            between = torch.lerp(made, x, share)
            length = torch.sqrt(slopes(lambda pictures: self._judge(pictures, y), between) + 1e-12)
            return weight * ((length - 1) ** 2).mean()
        if number % SELDOM or not (weight := self._live["r1"]):
            return 0.0
        return SELDOM * weight / 2 * slopes(lambda pictures: self._judge(pictures, y), x.detach().clone()).mean()

    def told(self) -> dict[str, float]:
        """Means since they were last asked for, by the names of ``TALLY``; NaN where there was no step. They begin anew."""
        sums = self._tally.tolist()
        counts = [self._counts[0], *[self._counts[1]] * (len(TALLY) - 1)]
        self._tally.zero_()
        self._counts = [0, 0]
        return {name: one / n if n else math.nan for name, one, n in zip(TALLY, sums, counts, strict=True)}

    def change(self, settings: Mapping[str, float]) -> None:
        """New values for settings named in ``LIVE``, from the next step on; raises ``KeyError`` for any other."""
        for name in settings:
            if name not in self._live:
                raise KeyError(f"the engine has no setting '{name}'; it knows {', '.join(LIVE)}")
        self._live.update({name: float(value) for name, value in settings.items()})
        for name, optimizer in self._optimizers.items():
            for group in optimizer.param_groups:
                group.update(lr=self._rate(name), betas=(self._live["beta1"], BETA2))

    # -- what is seen

    def draw(self, latents: Array, classes: NDArray[np.int64] | None = None) -> NDArray[np.uint8]:
        """Pictures ``(n, h, w, c)`` of latents ``(n, latents)`` by the averaged generator, as it is used after training."""
        rows = given(self._pair, latents, classes)
        with torch.inference_mode():
            made = [self._averaged(torch.from_numpy(rows[part]).to(self._device)) for part in chunks(len(rows), CHUNK)]
            return pixels(self._pair, torch.cat(made).cpu().numpy())

    def opinions(self) -> tuple[Array, Array]:
        """What the discriminator said of real and of made pictures in the last steps, raw; empty before the first."""
        if not self._opinions:
            return np.zeros(0, np.float32), np.zeros(0, np.float32)
        real, made = (torch.cat([both[side] for both in self._opinions]).cpu().numpy() for side in (0, 1))
        return real, made

    def gradients(self) -> tuple[float, float]:
        """Length of the gradient of the generator and of the discriminator in the last step; NaN before the first."""
        found = []
        for weights in self._weights.values():
            slopes = [one.grad for one in weights.values() if one.grad is not None]
            found.append(float(torch.stack(torch._foreach_norm(slopes)).norm()) if slopes else math.nan)
        return found[0], found[1]

    def weights(self) -> dict[str, Array]:
        """The averaged generator and the discriminator, under the names of ``functional.gan_file``; singular values divided out."""
        assert self._pair.discriminator is not None
        found = {}
        self._judge.eval()
        for name, net, network in (
            ("generator", self._averaged, self._pair.generator),
            ("discriminator", self._judge, self._pair.discriminator),
        ):
            for key in network.tensors():
                index, tensor = key.split(".")
                found[f"{name}.{key}"] = array(getattr(net[int(index)], tensor))
        return found

    def finite(self) -> bool:
        """Whether all weights are finite numbers."""
        every = [one for net in (self._made, self._judge, self._averaged) for one in tensors(net)]
        return bool(torch.isfinite(torch.stack(torch._foreach_norm(every))).all())

    # -- where it stands

    def state(self) -> dict[str, NDArray[Any]]:
        """A copy of everything that ``load`` needs to go on as if nothing had happened."""
        found: dict[str, NDArray[Any]] = {name: array(one) for name, one in self._everything()}
        found["tally"] = np.array([*self._tally.tolist(), *self._counts], np.float64)
        real, made = self.opinions()
        found["opinions"] = np.stack([real, made]) if len(real) == len(made) else np.zeros((2, 0), np.float32)
        return found

    def load(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Go back to a state of an engine of the same blueprint; raises ``InputError`` where it does not fit."""
        for name in self._weights:
            self._optimizers[name] = self._new_optimizer(name)
            if any(key.startswith(f"rule.{name}.") for key in state):  # it has none before its first update
                remember(self._optimizers[name], self._device)
        found = [(one, taken(state, name, tuple(one.shape))) for name, one in self._everything()]
        tally = taken(state, "tally", (len(TALLY) + 2,), np.float64)
        opinions = np.asarray(state.get("opinions", np.zeros((2, 0))), np.float32)
        if opinions.ndim != 2 or len(opinions) != 2:
            raise InputError("This stored run is of another network ('opinions' do not fit); start it again.")
        with torch.no_grad():
            for one, values in found:
                one.copy_(torch.from_numpy(values))
        for weights in self._weights.values():
            for one in weights.values():
                one.grad = None
        self._tally = torch.tensor(tally[:-2], device=self._device)
        self._counts = [int(tally[-2]), int(tally[-1])]
        self._opinions.clear()
        if opinions.size:
            both = torch.tensor(opinions, device=self._device)
            self._opinions.extend((one[0], one[1]) for one in both.tensor_split(REMEMBERED, dim=1))

    def close(self) -> None:
        """Free what it holds; the engine is not used again."""
        for optimizer in self._optimizers.values():
            optimizer.state.clear()
        self._opinions.clear()
        if self._device.type == "cuda":
            torch.cuda.empty_cache()

    def _network(self, name: str) -> Net:
        """A network with its initial weights."""
        network = self._pair.generator if name == "generator" else self._pair.discriminator
        assert network is not None
        made = build(network)
        made.load_state_dict({key: torch.tensor(one) for key, one in part(self._plan.start, name).items()})
        return made.to(self._device, memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]

    def _given(self, latents: Array, y: Tensor | None) -> Tensor:
        """What the generator is given."""
        z = torch.from_numpy(latents).to(self._device)
        if y is None:
            return z
        return torch.cat([z, torch.nn.functional.one_hot(y, len(self._pair.classes)).to(z.dtype)], 1)

    def _rate(self, name: str) -> float:
        return self._live["lr"] * (self._live["d_lr"] if name == "discriminator" else 1.0)

    def _new_optimizer(self, name: str) -> torch.optim.Adam:
        fused = self._device.type in ("cpu", "cuda")
        weights = list(self._weights[name].values())
        return torch.optim.Adam(weights, self._rate(name), (self._live["beta1"], BETA2), fused=fused)

    def _everything(self) -> Iterator[tuple[str, Tensor]]:
        """Every tensor that a state holds, by name."""
        nets = (("generator", self._made), ("averaged", self._averaged), ("discriminator", self._judge))
        for name, net in nets:
            yield from ((f"{name}.{key}", one) for key, one in net.state_dict(keep_vars=True).items())
        for name, weights in self._weights.items():
            for key, one in weights.items():
                for kept, value in self._optimizers[name].state.get(one, {}).items():
                    yield f"rule.{name}.{key}.{kept}", cast(Tensor, value)
