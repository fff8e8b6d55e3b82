"""How far a run is, as the web process keeps it: numbers of now, and a history that never grows beyond its bound."""

from __future__ import annotations

from collections.abc import Mapping

from playground.jobs import messages as m

KEPT = 2000


class Progress:
    """Epoch, step, newest metrics, and at most ``KEPT`` points of history (the first and the newest always there)."""

    def __init__(self) -> None:
        self.epoch, self.step = 0, 0
        self.metrics: Mapping[str, float] = {}
        self._points: list[m.Point] = []
        self._newest: m.Point | None = None
        self._stride, self._seen = 1, 0
        self._shown: tuple[m.Point, ...] | None = ()

    def update(self, news: m.Update) -> None:
        """Take in what a worker reported."""
        for point in news.points:
            self.add(point)
        self.epoch, self.step, self.metrics = news.epoch, news.step, news.metrics

    def add(self, point: m.Point) -> None:
        """Add a point; every so often half of the older ones go."""
        if self._seen % self._stride == 0:
            self._points.append(point)
        self._seen += 1
        self._newest, self._shown = point, None
        if len(self._points) >= KEPT:  # one place is kept for the newest
            self._points = self._points[::2]
            self._stride *= 2
            self._seen = len(self._points) * self._stride

    def rewind(self, epoch: int, step: int) -> None:
        """Stand at an earlier point: what came later did not happen."""
        self._points = [point for point in self._points if point[0] <= epoch]
        self._seen = len(self._points) * self._stride
        if self._newest and self._newest[0] > epoch:
            self._newest = self._points[-1] if self._points else None
            self.metrics = self._newest[1] if self._newest else {}
        self.epoch, self.step, self._shown = epoch, step, None

    def history(self) -> tuple[m.Point, ...]:
        """What is kept, oldest first."""
        if self._shown is None:
            newest = self._newest
            tail = (newest,) if newest and (not self._points or self._points[-1] is not newest) else ()
            self._shown = (*self._points, *tail)
        return self._shown
