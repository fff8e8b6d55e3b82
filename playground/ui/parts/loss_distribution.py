"""The view of a predicted distribution against a target: cross-entropy, entropy, KL divergence."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from playground.core.frames import pack
from playground.functional.losses import LOSSES, smoothed
from playground.functional.ops import Array
from playground.functional.softmax import entropy, tempered
from playground.specs.losses import DistributionSpec
from playground.ui import controls
from playground.ui.page import detail_switch, instrument, prose, references, show_source
from playground.ui.share import share
from playground.ui.visual import visual
from playground.ui.words import minus


def target(spec: DistributionSpec) -> Array:
    """The target of each class, ``(1, K)``, of sum 1."""
    if spec.target == "own":
        own: Array = np.array([spec.own_weights()])
        shares: Array = own / own.sum()
        return shares
    one_hot: Array = np.eye(len(spec.predicted))[[spec.truth - 1]]
    return smoothed(one_hot, spec.smoothing) if spec.target == "smoothed" else one_hot


def numbers(spec: DistributionSpec) -> dict[str, Any]:
    """Every number that the view writes out, computed by the losses themselves."""
    # Any weights are the softmax of their logarithms: so the losses, which take logits, are given these.
    z, t = np.log(np.array([spec.predicted])), target(spec)
    cross, kl = LOSSES["cross_entropy"], LOSSES["kl_divergence"]
    p = tempered(z)
    return {
        "p": p[0].tolist(),
        "t": t[0].tolist(),
        "surprise": (-np.log(p[0])).tolist(),
        "entropy": float(entropy(t)[0]),
        "cross": float(cross.value(z, t)[0]),
        "kl": float(kl.value(z, t)[0]),
        "cross_slope": cross.gradient(z, t)[0].tolist(),
        "kl_slope": kl.gradient(z, t)[0].tolist(),
    }


def show(key: str, corner: DeltaGenerator) -> None:
    """Draw the view."""
    spec = controls.begin(DistributionSpec, key)
    rail, picture = instrument()
    with rail:
        spec = controls.edit(spec, key=key)
    moved: dict[str, Any] = {"predicted": list(spec.predicted), "truth": spec.truth, "own": list(spec.own_weights())}
    with picture:
        header = {**numbers(spec), **moved, "mode": spec.target, "smoothing": spec.smoothing}
        edits = ["predicted", *(name for name in ("truth", "own") if spec.relevant(name))]
        visual("loss_distribution", pack("losses.distribution", header, {}), key=key, height=470, edits=edits, **moved)
    with corner:
        detail_switch()
    share(spec, corner)

    prose(minus(what_you_see(spec)))
    code, papers = st.tabs(["Code", "References"], key=f"{key}-tabs", on_change="rerun")
    if code.open:
        with code:
            st.latex(r"-\sum_k t_k \ln p_k \;=\; -\sum_k t_k \ln t_k \;+\; \sum_k t_k \ln \frac{t_k}{p_k}")
            for name in ("cross_entropy", "kl_divergence", "kl_divergence_gradient", "smoothed"):
                show_source(f"playground.functional.losses:{name}")
            show_source("playground.functional.softmax:entropy")
    with papers:
        references(
            "Shannon (1948), *A mathematical theory of communication*, Bell System Technical Journal 27.",
            "Kullback and Leibler (1951), *On information and sufficiency*, Annals of Mathematical Statistics 22.",
            "Szegedy, Vanhoucke, Ioffe, Shlens and Wojna (2016), *Rethinking the Inception architecture for computer vision*, CVPR.",
            "Müller, Kornblith and Hinton (2019), *When does label smoothing help?*, NeurIPS.",
        )


def what_you_see(spec: DistributionSpec) -> str:
    """A few sentences about this very state, and a thing to try."""
    n = numbers(spec)
    sums = f"{n['cross']:.3f} = {n['entropy']:.3f} + {n['kl']:.3f}"
    if spec.target == "one_hot":
        return (
            f"Cross-entropy is the target's entropy plus the KL divergence: {sums}. A one-hot target is certain, its entropy "
            "is 0, and the two losses are the same. Choose a smoothed target, or your own, and they part."
        )
    if spec.target == "smoothed":
        return (
            f"Smoothing takes ε = {spec.smoothing:g} from the target and spreads it over all {len(n['p'])} classes, so cross-entropy "
            f"cannot fall below the target's entropy: {sums}. Being surer than {max(n['t']):.3g} costs again: drag the true "
            "class to the top and watch its slope turn positive."
        )
    return (
        f"With a soft target both losses differ by its entropy ({sums}), which no prediction can change. So their slopes "
        "are the same, p − t, class by class. Match every pair of bars: KL divergence is 0 then, cross-entropy is not."
    )
