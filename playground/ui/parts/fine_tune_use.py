"""What was fine-tuned, put to use: on new texts at once, or downloaded as a folder that transformers opens."""

from __future__ import annotations

import dataclasses
import html

import streamlit as st

from playground.core.language import Tuned, TunedAnswer
from playground.jobs.job import Job
from playground.specs.spec import Spec
from playground.training.archive import in_use
from playground.ui import live_view, provider
from playground.ui.page import page_object
from playground.ui.parts.wish import Wish, take_along
from playground.ui.state import state
from playground.ui.words import plain

_TEXTS, _LETTERS = 20, 20_000
_CLASSES, _FEW = 8, 5  # bars of one text alone, and of each of several


@dataclasses.dataclass
class Used:
    """What this session wants of one run.

    Attributes:
        run: Which one.
        spec: Its experiment: with another one it is another network.
        texts: That were asked about.
        reading: What the network says of them.
        package: The download.
    """

    run: str = ""
    spec: Spec | None = None
    texts: tuple[str, ...] = ()
    reading: Wish | None = None
    package: Wish | None = None

    def of(self, job: Job) -> bool:
        """Whether what is here is of this run, and that has not begun anew since; from now on it is."""
        same = self.run == job.id and self.spec is not None and self.spec.live_changes(job.spec) is not None
        later = all(wish is None or job.at[1] >= wish.at[1] for wish in (self.reading, self.package))
        self.run, self.spec = job.id, job.spec
        return same and later


def show(job: Job | None, key: str) -> None:
    """Draw the tab: texts to ask about on the left, what the network says of them, and the download."""
    used = state(Used, f"{key}.use")
    if job is not None and not used.of(job):
        used.texts, used.reading, used.package = (), None, None
    if job is None or job.at[1] == 0:
        st.markdown(
            "The network has learnt nothing yet. Press Play; from the first epoch on it can be used here and downloaded."
        )
        return
    for wish in (used.reading, used.package):
        if wish is not None:
            wish.follow()
    ask, answer, take = st.columns([4, 5, 3], gap="medium")
    with ask:
        st.markdown("**On new texts**")
        _ask(job, used, key)
    with answer:
        _answer(used)
    with take:
        st.markdown("**Take it with you**")
        _take(job, used, key)


def _ask(job: Job, used: Used, key: str) -> None:
    with st.form(f"{key}.use.form", border=False):
        typed = st.text_area(
            "Texts, one a line", key=f"{key}.use.texts", height=128, max_chars=_LETTERS,
            help=f"Up to {_TEXTS} lines; they stay in this session.",
        )  # fmt: skip
        asked = st.form_submit_button("Ask", icon=":material/send:", help="With the weights that are best by now")
    lines = tuple(line.strip() for line in (typed or "").splitlines() if line.strip())
    if not asked:
        return
    if not lines:
        st.warning("Type a text first, one a line.")
        return
    if len(lines) > _TEXTS:
        st.caption(f"The first {_TEXTS} of {len(lines):,} lines are read.")
    used.texts = texts = lines[:_TEXTS]
    used.reading = Wish("finetune_tell", job.at, (live_view.Learnt(job), lambda learnt: Tuned(in_use(learnt), texts)))
    used.reading.follow()


def _answer(used: Used) -> None:
    wish = used.reading
    if wish is None:
        st.markdown(
            "Each text is read twice: with the weights that did best on the validation texts, and as the network was before training, "
            "its new classifier still at random. It always chooses one of its classes: a text about something else gets one of them, too."
        )
        return
    if isinstance(wish.answer, TunedAnswer):
        answer = wish.answer
        st.caption(
            f"By the weights of epoch {answer.epoch}; outlined: before training."
            if answer.epoch
            else "As it was before training: no epoch has done better yet."
        )
        st.caption(
            f"It always chooses among its {len(answer.labels)} classes: a text about something else gets one of them, too."
        )
        st.html("".join(_text(text, answer, row) for row, text in enumerate(used.texts)))
    elif wish.problem:
        st.error(plain(wish.problem))
    else:
        st.markdown(wish.words or "Reading.")


def _text(text: str, answer: TunedAnswer, row: int) -> str:
    """One text with its classes, the likeliest first."""
    scores, before = answer.scores[row], answer.before[row]
    most = _CLASSES if len(answer.scores) == 1 else _FEW
    order = [int(one) for one in (-scores).argsort()[:most]]
    bars = "".join(_bar(answer.labels[one], float(scores[one]), float(before[one])) for one in order)
    return f'<div style="margin-bottom:.7em"><div dir="auto" style="overflow-wrap:anywhere">{html.escape(text[:300])}</div>{bars}</div>'


def _bar(name: str, now: float, before: float) -> str:
    tint = "color-mix(in srgb,currentColor 12%,transparent)"
    return (
        '<div style="display:grid;grid-template-columns:8em 1fr 3.6em;gap:8px;align-items:center;font-size:.93rem">'
        f'<span style="overflow:hidden;text-overflow:ellipsis;white-space:nowrap">{html.escape(name)}</span>'
        f'<span style="position:relative;background:{tint};height:.8em" title="{100 * before:.1f} % before training">'
        f'<i style="display:block;height:100%;width:{100 * now:.1f}%;background:currentColor;opacity:.55"></i>'
        f'<i style="position:absolute;left:0;top:.16em;height:.48em;width:{100 * before:.1f}%;border:1.5px solid currentColor"></i></span>'
        f'<span style="text-align:right;font-variant-numeric:tabular-nums">{100 * now:.1f} %</span></div>'
    )


def _take(job: Job, used: Used, key: str) -> None:
    st.markdown(
        "A zip: a folder that `transformers` opens by `from_pretrained` (weights, config with your classes, tokenizer), and a script of a "
        "few lines that uses it."
    )
    used.package = take_along(
        used.package, "finetune_pack", job, lambda learnt: Tuned(in_use(learnt)), "tuned.zip", key
    )
    if provider.settings().mode == "local":
        st.markdown(
            "Unpacked into the models folder (`models_cache/` of a checkout) and rescanned under *Models*, it can be chosen on the page "
            "*Sentiment*, too."
        )
        st.page_link(page_object("models"), label="Models", icon=":material/inventory_2:")
