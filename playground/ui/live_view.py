"""A run on a page: made when the page opens, changed when a control changes, shown on a canvas that talks to it directly.

The page script does not run again for frames: they come over the run's own WebSocket (``routes``). It runs again when
a control moves; then this module sends the run what is new.
"""

from __future__ import annotations

import dataclasses
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

import streamlit as st

from playground.core.errors import InputError, RunNotFound, TimeLimit
from playground.data.dataset import Dataset
from playground.data.image_set import OwnPictures
from playground.data.text_set import LabelledTexts
from playground.jobs.job import Job
from playground.specs.spec import Spec
from playground.ui import controls, lesson, provider, visitors
from playground.ui.assets import component, told_by
from playground.ui.page import place
from playground.ui.state import state

S = TypeVar("S", bound=Spec)
_SAVED_SECONDS, _MOMENT_SECONDS = 10.0, 0.3
FirstFrames = Callable[[], tuple[bytes, bytes]]


@dataclasses.dataclass
class Held(Generic[S]):
    """The run that this session shows on one page."""

    run_id: str = ""
    spec: S | None = None
    looked: bool = False


class _Claim:
    """This session's claim on its runs: without it, a run whose viewers are gone is stored after a while."""

    def __init__(self) -> None:
        self.runs: set[str] = set()
        self.session = secrets.token_hex(8)

    def take(self, run_id: str) -> None:
        """Claim a run, again at every rerun: a rerun after a lost connection is what revives it."""
        self.runs.add(run_id)
        provider.manager().claim(run_id, self.session)

    def let_go(self) -> None:
        """The session's connection is gone, perhaps for good."""
        for run_id in self.runs:
            provider.manager().release(run_id, self.session)


@st.cache_resource(scope="session", on_release=_Claim.let_go, show_spinner=False)
def _claim() -> _Claim:
    return _Claim()


def reopen(kind: str, cls: type[S], key: str) -> S | None:
    """The experiment of the stored or still living run that the address names, if it is this visitor's.

    Anyone else's run id has no effect: the settings in the link then start a run of their own.
    """
    held: Held[S] = state(Held, key)
    run_id = st.query_params.get("run", "")
    if held.looked or not run_id:
        held.looked = True
        return None
    held.looked = True
    try:
        job = provider.manager().open(run_id, visitors.current())
    except RunNotFound:
        return None
    if job.kind != kind or not isinstance(job.spec, cls):
        return None
    held.run_id, held.spec = job.id, job.spec
    return job.spec


def run(
    kind: str,
    spec: S,
    *,
    key: str,
    first_frames: FirstFrames,
    data: Dataset | OwnPictures | LabelledTexts | None = None,
    upload: str = "",
) -> Job:
    """This session's run of an experiment: made at the first call, changed in place afterwards.

    A change of live settings is obeyed mid-run; any other starts it again with the new ones, playing on if it played.
    """
    held: Held[S] = state(Held, key)
    manager, visitor = provider.manager(), visitors.current()
    job = None
    if held.run_id:
        try:
            job = manager.open(held.run_id, visitor)
        except RunNotFound:
            held.run_id = ""
    if job is None or held.spec is None:
        job = manager.create(visitor, kind, spec, first_frames=first_frames(), data=data, upload_id=upload)
    elif held.spec != spec:
        changes = held.spec.live_changes(spec)
        if changes is None:
            frames = first_frames()  # takes a moment; only then is it known whether Play was pressed meanwhile
            played = job.status == "playing"
            manager.respec(job.id, visitor, spec, first_frames=frames, data=data, upload_id=upload)
            if played:
                manager.command(job.id, visitor, "play")
        else:
            manager.change(job.id, visitor, changes)
    held.run_id, held.spec = job.id, spec
    _claim().take(job.id)
    return job


class Learnt:
    """Everything a run has learnt by now, as its computation saves it: its worker is asked, and answers in a moment."""

    def __init__(self, job: Job) -> None:
        self._job, self._before, self._until = job, job.state, time.monotonic() + _SAVED_SECONDS
        self._asked = job.carried and job.at[1] > 0
        if self._asked:
            job.save()
            job.wait_changed(lambda _: self._there, _MOMENT_SECONDS)

    @property
    def _there(self) -> bool:
        return not self._asked or self._job.state is not self._before or not self._job.carried

    @property
    def state(self) -> bytes | None:
        """What it has learnt; ``None`` while that has not come.

        Raises:
            InputError: It has learnt nothing yet.
            TimeLimit: Its worker has not answered in time.
        """
        if not self._there:
            if time.monotonic() > self._until:
                raise TimeLimit("This run is busy and has not handed over what it learnt; pause it, then try again.")
            return None
        if self._job.state is None:
            raise InputError("The network has learnt nothing yet: train it first.")
        return self._job.state


def canvas(
    module: str,
    job: Job,
    *,
    key: str,
    height: int,
    on_edit: Callable[..., None] | None = None,
    heard: Mapping[str, Callable[[Any], None]] | None = None,
    **data: Any,
) -> None:
    """Show a run on the canvas component ``ui/live/<module>.js``.

    Args:
        module: The component.
        job: The run.
        key: The page's key.
        height: Height of the place that is held for it, in CSS pixels, at the width of a desk.
        on_edit: Called with the fields that were changed on the canvas itself, before the page runs again.
        heard: Further things that the canvas says, by name, and what is called with them.
        data: Further JSON-ready values for the component.
    """
    name = f"{key}-canvas"

    def layers() -> None:
        hidden = told_by(name, "hidden")
        if on_edit is not None:
            controls.take(key, hidden, lambda: on_edit(hidden=hidden))

    def settings() -> None:
        changes = told_by(name, "settings")
        if on_edit is not None and isinstance(changes, dict) and set(changes) <= {"lr", "epochs"}:
            controls.take(key, changes, lambda: on_edit(**changes))

    def hear(what: str, apply: Callable[[Any], None]) -> Callable[[], None]:
        def called() -> None:
            said = told_by(name, what)
            if said is not None:
                controls.take(key, (what, said), lambda: apply(said))

        return called

    more = {f"on_{what}_change": hear(what, apply) for what, apply in (heard or {}).items()}
    shown = {"job": job.id, "socket": f"live/{job.id}", "present": lesson.current().present, "height": height, **data}
    with place(height):
        component(module)(key=name, data=[shown], on_hidden_change=layers, on_settings_change=settings, **more)
