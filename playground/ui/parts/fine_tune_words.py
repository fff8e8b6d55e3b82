"""What the page of fine-tuning says: about this experiment, step by step, and as a command."""

from __future__ import annotations

import shlex

import streamlit as st

from playground.specs.finetune import ALL, OWN, FinetuneSpec
from playground.ui import lesson
from playground.ui.page import prose


def what_you_see(spec: FinetuneSpec, learnt: bool = False) -> str:
    """Two or three sentences about this very experiment, and a thing to try.

    Args:
        spec: The experiment.
        learnt: Whether an epoch is through.
    """
    if spec.freeze == ALL:
        start = (
            "All but the new classifier is frozen: the network reads as it always did, and only the last layer learns which class "
            "its reading points to."
        )
    elif spec.freeze:
        start = (
            "The hatched parts are frozen: the gradient ends above them. Lower layers know words and how they go together, "
            "upper ones what a text is about, so it is the upper ones that have most to learn."
        )
    else:
        classifier = "has learnt from your texts alone" if learnt else "knows nothing yet"
        start = (
            "The tower is a network that has read far more than your texts. Its old answers are gone; the dashed box on top is a "
            f"new classifier that {classifier}. The bars show how far each part has moved: little is enough."
        )
    return f"{start} {_try(spec)}"


def _try(spec: FinetuneSpec) -> str:
    fixed = lesson.current().hide | lesson.current().lock
    if spec.lr >= 3e-3 and spec.freeze != ALL:
        return "The learning rate is large for a pretrained network: it may forget what it knew before it has learnt your classes."
    if spec.freeze == ALL and "freeze" not in fixed:
        return "Train it, then thaw the layers (click them) and compare: the dotted line is what frozen features can reach."
    if "freeze" not in fixed:
        return "Type a sentence of your own and press Play: watch it change sides. Then click a layer to freeze it with all below."
    return "Type a sentence of your own and press Play: watch it change sides."


def step_by_step(spec: FinetuneSpec) -> None:
    """The five steps, with what is computed in each."""
    prose(
        "**Load.** The weights of the pretrained network are read, with its word pieces: the same text must be cut the same way as "
        "when it was pretrained. "
        f"Of a longer text, the first {spec.longest} pieces are read."
    )
    prose(
        "**Add a classifier.** The vector $h$ in which the network sums up a text goes into a new last layer, one row of weights for "
        "each class; softmax makes probabilities of its outputs."
    )
    st.latex(r"p = \operatorname{softmax}(W h + b), \qquad W \in \mathbb{R}^{\text{classes} \times \text{width}}")
    prose(
        f"**Split.** Of each class {spec.train_share:g} % are learnt from; half of the rest says which epoch was best, half stays covered "
        "until all choices are made. Each class is shared out by itself, so that a rare one is in every share."
    )
    prose(
        f"**Train.** The mean loss of {spec.batch_size} texts is followed back through every part that is not frozen, and AdamW takes a "
        f"step. The learning rate rises over the first {spec.warmup:g} % of all steps, then "
        + {"linear": "falls in a line", "cosine": "falls in half a wave", "constant": "stays"}[spec.schedule]
        + f". The new classifier starts from nothing, so it learns {spec.head:g} times as fast as the rest."
    )
    st.latex(
        r"L = -\frac{1}{n} \sum_{i=1}^{n} \log p_{i,\,y_i}, \qquad \theta \leftarrow \theta - \eta_t \, \text{AdamW}(\nabla_\theta L)"
    )
    prose(
        "**Evaluate.** After each epoch, with dropout off, the validation texts are read; the weights that did best are kept and used. "
        "Two things can be had without any of this: always saying the commonest class (the majority class), and a linear classifier on "
        "what the network says as it came. Fine-tuning is worth its time only where it beats both."
    )


def command(spec: FinetuneSpec) -> str:
    """The command line that runs the same experiment; only what differs from the defaults is written."""
    words = ["playground", "run", "finetune"]
    usual = FinetuneSpec()
    for name, bound in spec.bounds().items():
        value = getattr(spec, name)
        if name == "dataset" and value == OWN:
            words += ["--csv", "FILE", "--text", spec.text_column or "TEXT", "--label", spec.label_column or "LABEL"]
        elif name in ("table", "text_column", "label_column") or value == getattr(usual, name):
            continue
        else:
            written = bound.write(value)
            words += (
                [f"--{name.replace('_', '-')}={written}"]
                if written.startswith("-")
                else ["--" + name.replace("_", "-"), written]
            )
    return shlex.join([*words, "--json", "--save", "tuned"])
