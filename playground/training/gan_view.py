"""What a generator and its discriminator look like from outside, packed for the live view: samples, opinions, curves, snapshots.

Everything here is NumPy; pictures the engine is asked for. They cost time, so a run that trains spends no more on them than
``cnn_share`` allows: what it cannot afford stays as it was drawn last. The frame format is written down beside its decoder,
``ui/live/frame.js``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.core import frames
from playground.core.errors import InputError
from playground.data.image_set import ImageSet
from playground.functional.gan import Pair
from playground.specs.gan import GANSpec
from playground.training import gan_film
from playground.training.cnn_drawing import rounded
from playground.training.cnn_share import Share
from playground.training.cnn_view import megabytes
from playground.training.gan_film import Film
from playground.training.gan_grid import Grid, of_class
from playground.training.gan_history import GanHistory
from playground.training.gan_judge import Axis, judge
from playground.training.gan_scene import Fixed, pack_scene
from playground.training.gan_standing import Shown, Standing
from playground.training.gan_words import alt


class View:
    """Packs the frames of one run. It remembers where one looks, what was drawn last and how wide its axis has grown.

    Args:
        spec: The experiment; put a new one into ``spec`` when live settings change.
        pair: The two networks.
        data: What is learnt from; of it only ``val`` is looked at.
        grid: What is drawn again and again.
        counts: Pictures in each share, where ``data`` does not hold them all.
    """

    def __init__(
        self, spec: GANSpec, pair: Pair, data: ImageSet, grid: Grid, counts: Mapping[str, int] | None = None
    ) -> None:
        self.spec, self.pair, self.grid = spec, pair, grid
        self.fixed = Fixed.of(spec, pair, data, grid, counts)
        self.judge = judge(spec.loss)
        self.axis = Axis(self.judge)
        self.share = Share()
        self.snapshot: int | None = None
        """Step of the snapshot that is looked at: numbers change when the film is thinned out."""
        self.number: int | None = None
        """The one class that is looked at."""
        self._scene, self._scene_of, self._scene_id = b"", (-1, -1), 0
        self._drawn: NDArray[np.uint8] | None = None
        self._drawn_at: tuple[Any, ...] = ()
        self._steps: list[int] = []
        self._seen = False

    def look(self, view: Mapping[str, Any]) -> None:
        """Look elsewhere.

        Args:
            view: ``snapshot`` number of one in the film, or None for the samples of now; ``class`` number of the only class to
                be drawn, or None for all.

        Raises:
            InputError: There is nothing of that kind; everything stays as it was.
        """
        if unknown := set(view) - {"snapshot", "class"}:
            raise InputError(f"There is nothing called '{sorted(unknown)[0]}' to look at.")
        step, number = self.snapshot, view.get("class", self.number)
        if "snapshot" in view:
            at = view["snapshot"]
            known = (
                len(self._steps) if self._seen else gan_film.MOST + 1
            )  # a run that came back: its film comes with the next frame
            if at is not None and (not _whole(at) or not 0 <= at < known):
                raise InputError(
                    f"There is no snapshot {at!r:.20}; there are {len(self._steps)} so far, numbered from 0."
                )
            step = None if at is None else self._steps[at] if self._seen else -1 - at
        if number is not None and (not _whole(number) or not 0 <= number < len(self.pair.classes)):
            raise InputError(
                f"There is no class {number!r:.20} to draw; there are {len(self.pair.classes)}, numbered from 0."
                if self.pair.classes
                else "This generator draws whatever it draws: it learnt without classes."
            )
        self.snapshot, self.number = step, number

    def scene(self, film: Film) -> bytes:
        """What stays the same from frame to frame until there is another snapshot; packed once for each."""
        self._know(film)
        at = (len(self._steps), self._steps[-1] if self._steps else -1)
        if not self._scene or at != self._scene_of:
            self._scene_id, self._scene = pack_scene(self.fixed, self.pair, self.judge, film)
            self._scene_of = at
        return self._scene

    def scene_id(self, film: Film) -> int:
        """Changes whenever anything in the scene does, and is the same again for the same scene."""
        self.scene(film)
        return self._scene_id

    @np.errstate(over="ignore", invalid="ignore")  # networks about to diverge are drawn, too
    def tick(self, engine: Shown, history: GanHistory, film: Film, moment: Standing, **note: Any) -> bytes:
        """One frame.

        Args:
            engine: The two networks now.
            history: How the run has gone so far.
            film: Its snapshots.
            moment: Where it stands.
            **note: The worker's own entries for the header, which win.
        """
        playing = note.get("status", moment.status) == "playing"
        self.share.begin(playing)
        number = self.scene_id(film)
        shown, told = self._pictures(engine, film, moment, playing)
        real, fake = engine.opinions()
        blocks: dict[str, NDArray[Any]] = {
            "grid": shown,
            "curve": history.curve(),
            "opinions": self.axis.histogram(real, fake),
        }
        if told["class"] is not None:  # other latents than the scene's
            blocks["latents"] = of_class(self.pair, self.spec.seed, self.grid, told["class"]).latents
        of_g, of_d = engine.gradients()
        said = {field.name: getattr(moment, field.name) for field in dataclasses.fields(moment)}
        seen, total = said.pop("seen"), said.pop("total")
        opinion = {
            "real": _mean(self.judge.shown(real)),
            "fake": _mean(self.judge.shown(fake)),
            "right_real": self.judge.right(real, True),
            "right_fake": self.judge.right(fake, False),
            "gap": _mean(real) - _mean(fake),
            "range": [self.axis.low, self.axis.high],
            "n": [len(real), len(fake)],
        }
        header = {
            "scene": number,
            **said,
            "metrics": {name: rounded(value) for name, value in moment.metrics.items()},
            "rate": rounded(moment.rate),
            "images_rate": rounded(moment.images_rate),
            "finding": None if moment.finding is None else dataclasses.asdict(moment.finding),
            "progress": {"seen": seen, "total": total},
            "grid": told,
            "latest": {"step": moment.step, "epoch": moment.epoch},
            "snapshots": len(film.snapshots),
            "judge": opinion,
            "gradient_norms": {"generator": of_g, "discriminator": of_d},
            "position": None,
            "speed": 0,
            "alt": alt(self.judge, self.pair, moment, opinion, told),
        }
        header = {
            **header,
            **note,
            "megabytes": megabytes() if engine.device else None,
            "drawing": round(self.share.told, 4),
        }
        frame = frames.pack("gan.tick", header, blocks)
        self.share.end(playing)
        return frame

    def _pictures(
        self, engine: Shown, film: Film, moment: Standing, playing: bool
    ) -> tuple[NDArray[np.uint8], dict[str, Any]]:
        """The samples to be seen, and what they are: a snapshot, or those of now (a little older where time is short)."""
        grid = self.grid
        told = {"columns": grid.columns, "rows": grid.rows, "cells": grid.cells(), "class": None}
        if self.snapshot is not None:
            at = self._steps.index(self.snapshot)
            one = film.snapshots[at]
            return one.pictures, {**told, "kind": "snapshot", "snapshot": at, "step": one.step, "epoch": one.epoch}
        if self.number is not None:
            grid = of_class(self.pair, self.spec.seed, grid, self.number)
        place, state = (self.number,), (moment.epoch, moment.step, moment.status)
        elsewhere = self._drawn is None or self._drawn_at[:1] != place
        if elsewhere or (self._drawn_at != (*place, *state) and (not playing or self.share.affords())):
            self._drawn = engine.draw(grid.latents, grid.classes)
            self._drawn_at = (*place, *state)
        assert self._drawn is not None
        epoch, step = self._drawn_at[1:3]
        told = {**told, "cells": grid.cells(), "class": self.number}
        return self._drawn, {**told, "kind": "now", "snapshot": None, "step": step, "epoch": epoch}

    def _know(self, film: Film) -> None:
        """Take over which snapshots there are; one that is looked at and was thinned out gives way to the one before it."""
        self._steps = [one.step for one in film.snapshots]
        if not self._seen and self.snapshot is not None:
            at = -1 - self.snapshot
            self.snapshot = self._steps[at] if at < len(self._steps) else None
        self._seen = True
        if self.snapshot is not None and self.snapshot not in self._steps:
            earlier = [step for step in self._steps if step <= self.snapshot]
            self.snapshot = earlier[-1] if earlier else None


def _mean(values: NDArray[np.floating]) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
