"""One computation and its controls, wherever it runs: play, pause, step, speed, and frames when they are wished.

Worker and inline executor both drive this class; it knows no pipes, threads or visitors.
"""

from __future__ import annotations

import secrets
import time
import traceback
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from playground.core import events as e
from playground.core.errors import PlaygroundError
from playground.jobs import messages as m

A = TypeVar("A")

FRAME_SECONDS = 0.05
REPORT_SECONDS = 0.1
INSIDE_SECONDS = 0.2
_POINTS_PER_REPORT = 50
_CATCH_UP_SECONDS = 0.05  # a run that is late makes good at most this much, so that a pause of the machine is no burst


class Run:
    """One computation that is played, paused and watched.

    Args:
        start: What to run.
        function: ``fit(spec, *, state=None, data=None)``.
        emit: Takes each answer.
        clock: Seconds, from any origin.
        inside_seconds: Pause between two looks into the next step, which cost milliseconds each.
    """

    def __init__(
        self,
        start: m.Start,
        function: Callable[..., e.Computation],
        emit: Callable[[m.Answer], None],
        clock: Callable[[], float] = time.monotonic,
        inside_seconds: float = INSIDE_SECONDS,
    ) -> None:
        self.id, self.turn, self.alive = start.job, start.turn, True
        self._start, self._function, self._emit, self._clock = start, function, emit, clock
        self._spec, self._view, self._speed = start.spec, start.view, start.speed
        self._status: m.Live = "ready"
        self._message, self._device, self._epoch, self._step = "", "", 0, 0
        self._metrics: Mapping[str, float] = {}
        self._points: list[m.Point] = []
        self._goal: m.Unit | None = None
        self._due, self._rate, self._rate_from = 0.0, 0.0, (0.0, 0)
        self._wanted, self._scene_wanted, self._changed = False, True, True
        self._shown_at, self._reported_at, self._unreported = float("-inf"), float("-inf"), True
        self._asked_inside, self._inside_seconds, self._inside_at = False, inside_seconds, float("-inf")
        self._computation: e.Computation | None = None
        self._guard(lambda: self._begin(start.state))

    # -- what the driver asks

    def due(self) -> float | None:
        """When this run wants to be carried on next; ``None`` while it stands."""
        if not self.alive or (self._status != "playing" and self._goal is None):
            return None
        return self._due if self._speed and self._goal is None else 0.0

    def next_news(self) -> float | None:
        """When a frame, a report or a look into the next step falls due; ``None`` when there is none to give."""
        times = []
        if self.alive and self._wanted and self._changed:
            times.append(self._shown_at + FRAME_SECONDS)
        if self.alive and self._unreported:
            times.append(self._reported_at + REPORT_SECONDS)
        if self.alive and self._asked_inside and self._goal is None:  # a step or an epoch under way is awaited
            times.append(self._inside_at + self._inside_seconds)
        return min(times, default=None)

    def advance(self, until: float) -> None:
        """Carry the run on, at least by one step, until the time is used up or the run stands."""
        self._guard(lambda: self._advance(until))

    def give_news(self) -> None:
        """Send what is due by now."""
        self._guard(self._give_news)

    def obey(self, request: m.Request) -> None:
        """Carry out a request."""
        self._guard(lambda: self._obey(request))

    def close(self) -> None:
        """End the computation; its ``finally`` frees what it held."""
        self.alive = False
        computation, self._computation = self._computation, None
        if computation is not None:
            computation.close()

    # -- how

    def _guard(self, work: Callable[[], None]) -> None:
        """Do it; whatever goes wrong costs this run alone, and is said."""
        if not self.alive:
            return
        try:
            work()
        except PlaygroundError as error:
            self.alive = False
            self._emit(m.Failed(self.id, self.turn, str(error)))
        except Exception:  # noqa: BLE001 - it is told in full, to the log and to the visitor; the other runs go on
            self.alive = False
            self._emit(m.Failed(self.id, self.turn, "", secrets.token_hex(4), traceback.format_exc()))

    def _begin(self, state: bytes | None) -> None:
        if self._computation is not None:
            self._computation.close()
        self._computation = self._function(self._spec, state=state, data=self._start.data)
        started = next(self._computation)
        if not isinstance(started, e.Started):
            raise TypeError(f"a computation must begin with Started, not {type(started).__name__}")
        self._device, self._epoch, self._step = started.device, started.epoch, started.step
        if self._view:
            self._computation.send(e.Look(self._view))
        self._status = "paused" if started.step else "ready"
        self._emit(m.Opened(self.id, self.turn, started.device, started.epoch, started.step))
        self._news(at_once=True)

    def _advance(self, until: float) -> None:
        assert self._computation is not None
        while True:
            event = next(self._computation, None)
            if event is None:
                raise RuntimeError("the computation ended without Finished")
            self._take(event)
            now = self._clock()
            if self._speed and self._goal is None:
                self._due = max(self._due + 1 / self._speed, now - _CATCH_UP_SECONDS)
            due = self.due()
            if due is None or due > now or now >= until:
                return

    def _take(self, event: e.Event) -> None:
        match event:
            case e.Stepped(step=step, epoch=epoch):
                self._epoch, self._step = epoch, step
                self._reached(("step",))
            case e.EpochEnded(epoch=epoch, step=step, metrics=metrics):
                self._epoch, self._step, self._metrics = epoch, step, metrics
                self._points.append((epoch, metrics))
                self._reached(("step", "epoch"))
            case e.Diverged(epoch=epoch, step=step, message=message):
                self._epoch, self._step, self._message = epoch, step, message
                self._stand("diverged")
            case e.Finished(epoch=epoch, step=step, metrics=metrics):
                self._epoch, self._step, self._metrics = epoch, step, {**self._metrics, **metrics}
                self._stand("done")
            case _:
                raise TypeError(f"a training step answered with {type(event).__name__}")
        self._news()

    def _reached(self, goals: tuple[str, ...]) -> None:
        if self._goal in goals:
            self._stand("paused")

    def _stand(self, status: m.Live) -> None:
        self._status, self._goal, self._rate = status, None, 0.0
        self._news(at_once=True)

    def _move(self, goal: m.Unit | None) -> None:
        if self._status == "diverged":
            return
        now = self._clock()
        if self._status != "playing":
            self._due, self._rate_from = now, (now, self._epoch)
        self._goal, self._message = goal, ""
        self._status = "paused" if goal == "step" else "playing"
        self._news(at_once=True)

    def _obey(self, request: m.Request) -> None:
        match request:
            case m.Play():
                self._move(None)
            case m.Pause():
                if self.due() is not None:
                    self._stand("paused")
            case m.Advance(unit=unit):
                self._move(unit)
            case m.Speed(value=value):
                self._speed, self._due = value, self._clock()
                self._news()
            case m.Tell(command=e.Dissect()):
                self._asked_inside = True  # the newest wish counts, and is granted with the news
            case m.Tell(command=command):
                self._tell(command)
            case m.Want(scene=scene):
                self._wanted = True
                self._scene_wanted |= scene
                self._changed |= scene
            case m.Keep(close=close):
                if close and self._asked_inside and self._goal is None:
                    self._look_inside()  # later there is nobody to answer
                state = self._state()
                self._give_report()
                self._emit(m.Kept(self.id, self.turn, state, self._epoch, self._step, close))
                if close:
                    self.close()
            case m.Close():
                self.close()
            case m.Start():
                raise ValueError("a run cannot be started twice")

    def _tell(self, command: m.Ask) -> None:
        if isinstance(command, e.Change):
            self._spec = self._spec.replace(**command.settings)
        if isinstance(command, e.Restore) and self._status != "diverged":
            return
        note = self._answer(command, e.Obeyed).note
        if isinstance(command, e.Change) and self._status == "done":
            self._status = "paused"  # more may be wanted now; whether it is, the next step tells
        if isinstance(command, e.Restore):
            # ``Obeyed`` does not say where the last finite state stands; ``Started`` of a run begun from it does.
            self._begin(self._state())
            self._message = ""
            self._points = [point for point in self._points if point[0] <= self._epoch]
        elif self._status != "diverged" and not isinstance(command, e.Look):
            self._message = note
        self._news(at_once=isinstance(command, e.Restore))

    def _look_inside(self) -> None:
        """Tell what the next step will do."""
        assert self._computation is not None
        self._asked_inside = False
        match self._computation.send(e.Dissect()):
            case e.Dissected() as found:
                self._emit(m.Inside(self.id, self.turn, found))
            case e.Obeyed(note=note):
                self._emit(m.Inside(self.id, self.turn, note))
            case other:
                raise TypeError(f"Dissect was answered with {type(other).__name__}")
        self._inside_at = self._clock()

    def _state(self) -> bytes:
        return self._answer(e.Save(), e.Saved).state

    def _answer(self, command: e.Command, expected: type[A]) -> A:
        assert self._computation is not None
        answer = self._computation.send(command)
        if not isinstance(answer, expected):
            raise TypeError(f"{type(command).__name__} was answered with {type(answer).__name__}")
        return answer

    def _news(self, at_once: bool = False) -> None:
        self._changed = self._unreported = True
        if at_once:
            self._reported_at = float("-inf")

    def _give_news(self) -> None:
        now = self._clock()
        self._measure(now)
        if self._unreported and now >= self._reported_at + REPORT_SECONDS:
            self._give_report()
        if self._asked_inside and self._goal is None and now >= self._inside_at + self._inside_seconds:
            self._look_inside()
        if self._wanted and self._changed and now >= self._shown_at + FRAME_SECONDS:
            note: dict[str, Any] = {
                "status": self._status, "message": self._message, "position": None,
                "rate": round(self._rate, 3), "speed": self._speed, "device": self._device,
            }  # fmt: skip
            shown = self._answer(e.Show(self._scene_wanted, note), e.FrameReady)
            self._wanted = self._scene_wanted = self._changed = False
            self._shown_at = now
            self._emit(m.Picture(self.id, self.turn, shown.frame, shown.scene))

    def _give_report(self) -> None:
        every = -(-len(self._points) // _POINTS_PER_REPORT) or 1
        points = tuple(reversed(self._points[::-1][::every]))  # counted from the newest, so that it is among them
        self._emit(
            m.Update(
                job=self.id,
                turn=self.turn,
                status=self._status,
                epoch=self._epoch,
                step=self._step,
                metrics=self._metrics,
                points=points,
                rate=self._rate,
                message=self._message,
            )
        )
        self._points, self._unreported, self._reported_at = [], False, self._clock()

    def _measure(self, now: float) -> None:
        """Epochs a second over about the last second, or over the last epochs where one takes longer."""
        if self._status != "playing":
            return
        since, epoch = self._rate_from
        if now - since >= 1.0 and self._epoch > epoch:
            self._rate = (self._epoch - epoch) / (now - since)
            self._rate_from = (now, self._epoch)
            self._news()
