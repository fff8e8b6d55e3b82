"""The next step of a run, looked into: the worker tells what it is about to do, and this tab draws every number of it."""

from __future__ import annotations

import dataclasses
import time

import numpy as np
import streamlit as st

from playground.core.errors import PlaygroundError
from playground.core.events import Dissected
from playground.core.numbers import percent
from playground.functional.backward import TrainingStep, one_step
from playground.jobs.held import GETTING_READY
from playground.jobs.job import Job
from playground.optim.rules import RULES
from playground.specs.mlp import MLPSpec
from playground.ui import provider, visitors
from playground.ui.page import prose
from playground.ui.parts.one_step import Check, StepNames
from playground.ui.parts.one_step import show as show_step
from playground.ui.state import state
from playground.ui.words import plain

HEIGHT = 470
_AT_ONCE, _EVERY, _PATIENCE = 0.3, 0.4, 20.0


@dataclasses.dataclass
class _Look:
    """What this session asked about the run of one page.

    Attributes:
        spec: The experiment when it was asked.
        heard: How many answers the run had given before; ``None``: nothing is asked.
        words: What is to be said beside the picture.
    """

    run_id: str = ""
    spec: MLPSpec | None = None
    heard: int | None = None
    since: float = 0.0
    words: str = ""


def show(run_id: str, spec: MLPSpec, key: str) -> None:
    """Draw the tab.

    Args:
        run_id: The run that the page shows; empty while there is none.
        spec: Its experiment.
        key: The page's key.
    """
    if not run_id:
        st.caption("There is no run yet: upload a table first.")
        return
    look = state(_Look, key)
    if look.run_id == run_id and look.spec is not None and look.spec != spec:
        _ask(run_id, spec, key)  # whoever looks while a control moves sees what it does to the step
    _panel(run_id, spec, key)


@st.fragment
def _panel(run_id: str, spec: MLPSpec, key: str) -> None:
    look, job = state(_Look, key), _job(run_id)
    shown = job.inside if job is not None and look.run_id == run_id else None
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            "Look inside the next step", key=f"{key}-look", icon=":material/search:",
            on_click=_ask, args=(run_id, spec, key),
        )  # fmt: skip
        st.button(
            "Do this step", key=f"{key}-do-step", icon=":material/step:", disabled=not isinstance(shown, Dissected),
            help="The run takes this step and stands still before the next one.",
            on_click=_ask, args=(run_id, spec, key), kwargs={"do": True},
        )  # fmt: skip
        if job is not None and _waiting(look, job):
            st.caption("A worker is asked for the numbers of the next step." if job.opened else GETTING_READY)
        elif look.words:
            st.caption(plain(look.words))
        if isinstance(shown, Dissected):
            st.markdown(where(shown))
    if job is not None and _waiting(look, job):
        _await(run_id, key)
    if isinstance(shown, Dissected):
        _draw(shown, key)
    elif shown is not None:
        st.info(plain(shown))
    else:
        prose(
            "A step takes one batch forward through the network, measures the loss, carries its slope back to every weight, "
            "and moves the weights. Stop the run, or let it go on, and look at the very step that comes next."
        )


def _draw(found: Dissected, key: str) -> None:
    with np.errstate(all="ignore"):  # a step into the infinite is said below
        step = one_step(
            found.weights, found.biases, found.x, found.t, activation=found.activation, loss=found.loss,
            lr=found.settings["lr"], updated=(found.new_weights, found.new_biases), rule=found.rule,
        )  # fmt: skip
    if not _finite(step):
        st.warning(
            "This step leads to numbers that are no longer finite, so there is nothing to draw: here training diverges. "
            "Lower the learning rate and look again."
        )
        return
    samples = tuple(f"row {row + 1}" for row in found.rows)
    check = Check("PyTorch autograd", found.weight_gradients, found.bias_gradients) if found.weight_gradients else None
    show_step(
        step, key=f"{key}-step", names=StepNames(found.inputs, found.outputs, samples), check=check, height=HEIGHT,
        embedded=True,
    )  # fmt: skip
    prose(how(found))
    if check is None:
        prose(
            "The batch and the network are too large to have PyTorch's autograd work out the gradients a second time."
        )


def where(found: Dissected) -> str:
    """Where the run stands, and which samples the step learns from."""
    n = len(found.rows)
    samples = f"sample {found.first + 1:,}" if n == 1 else f"samples {found.first + 1:,} to {found.first + n:,}"
    return (
        f"**Step {found.step + 1:,}**, in epoch {found.epoch + 1:,}: its batch is {samples} of the {found.total:,} "
        "for training, in this epoch's shuffled order."
    )


def how(found: Dissected) -> str:
    """What turns the gradients into new weights in this run."""
    rule, s = RULES[found.rule], found.settings
    said = ["Backpropagation computes the gradients of the mean loss of this batch."]
    if found.rule == "sgd":
        said.append(f"SGD then subtracts from each number the learning rate, {s['lr']:g}, times its gradient.")
    else:
        kept = f", from the gradients and what it remembers of earlier steps ({', '.join(rule.memory)})"
        said.append(
            f"{rule.title} then makes the new weights{kept if rule.memory else ''}, at learning rate {s['lr']:g}."
        )
    if s["l1"] or s["l2"]:
        terms = [f"{s['l1']:g} times its sign (L1)"] * bool(s["l1"]) + [f"{s['l2']:g} times itself (L2)"] * bool(
            s["l2"]
        )
        said.append(
            f"Before that, the penalty adds to the gradient of each weight {' and '.join(terms)}: it is in the new weights, and "
            "not in the gradients drawn here."
        )
    if s.get("weight_decay"):
        said.append(f"Weight decay shrinks each weight by {s['lr'] * s['weight_decay']:.3g} of itself beside that.")
    if s["dropout"]:
        said.append(
            f"Dropout is left out here: the picture shows the step of the whole network. In the run each step goes without "
            f"{percent(s['dropout'])} of the hidden units, so its new weights are others."
        )
    said.append("The run computes in single precision, the picture in double: they agree in about seven digits.")
    return " ".join(said)


def _ask(run_id: str, spec: MLPSpec, key: str, do: bool = False) -> None:
    """Ask what the next step is; with ``do``, have the run take the one that is shown first."""
    look, manager, visitor = state(_Look, key), provider.manager(), visitors.current()
    look.run_id, look.spec, look.words, look.heard = run_id, spec, "", None
    try:
        job = manager.open(run_id, visitor)
        look.heard, look.since = job.insides, time.monotonic()
        if do and isinstance(job.inside, Dissected):
            if job.status == "playing" or job.at[1] != job.inside.step:
                look.words = "The run has gone on in the meantime; this is the step that came next."
            else:
                manager.command(run_id, visitor, "step")
        manager.command(run_id, visitor, "inside")
    except PlaygroundError as error:
        look.words, look.heard = str(error), None
        return
    job.wait_changed(lambda _: not _waiting(look, job), _AT_ONCE)  # mostly it is there by then


@st.fragment(run_every=_EVERY)
def _await(run_id: str, key: str) -> None:
    """Draw the tab anew once the answer is there, or once it is clear that none comes."""
    look, job = state(_Look, key), _job(run_id)
    if job is None or not _waiting(look, job):
        st.rerun()
    elif not job.opened:
        look.since = time.monotonic()  # a worker that gets ready may take its time
    elif time.monotonic() - look.since > _PATIENCE:
        look.heard, look.words = None, "No worker has answered so far; look again."
        st.rerun()


def _waiting(look: _Look, job: Job) -> bool:
    return look.heard is not None and job.id == look.run_id and job.insides == look.heard and job.status != "failed"


def _job(run_id: str) -> Job | None:
    try:
        return provider.manager().get(run_id, visitors.current())
    except PlaygroundError:
        return None


def _finite(step: TrainingStep) -> bool:
    arrays = [array for layer in step.layers for array in (layer.sums, layer.new_weights, layer.new_biases)]
    return all(bool(np.isfinite(array).all()) for array in (np.array([step.loss, step.new_loss]), *arrays))
