"""What is learnt from: sets of texts to choose by tile, or a visitor's own table with a column of texts and one of labels."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import streamlit as st

from playground.core import paths
from playground.core.errors import PlaygroundError, RunNotFound
from playground.data.text_lists import TextFile
from playground.data.text_registry import TEXT_SETS
from playground.data.text_set import LabelledTexts
from playground.data.text_table import labelled_texts, likely_label
from playground.specs.finetune import CLASSES, FEWEST, MOST, OWN, FinetuneSpec
from playground.training import finetune_data
from playground.ui import controls, lesson, provider, visitors
from playground.ui.picker import Tile, pick
from playground.ui.words import plain
from playground.viz import thumbnails

_NOTES = 6


@dataclass(frozen=True)
class Source:
    """What an experiment learns from.

    Attributes:
        ready: Whether it is there.
        data: A visitor's own texts.
        problem: Why an upload cannot be used; empty where there is none yet.
    """

    ready: bool
    data: LabelledTexts | None = None
    problem: str = ""


def tiles(spec: FinetuneSpec, key: str) -> None:
    """The sets of texts, and one's own."""
    told = lesson.current()
    if "dataset" in told.hide:
        return
    pick(
        "Data", _tiles(), spec.dataset, key=f"{key}.dataset", locked="dataset" in told.lock,
        on_pick=lambda name: controls.assign(key, dataset=name),
    )  # fmt: skip
    controls.say_problems(key, "dataset")


@functools.cache
def _tiles() -> list[Tile]:
    made = []
    for name, entry in TEXT_SETS.items():
        rows = [(text, label) for _ in range(2) for label, text in enumerate(entry.examples)][:6]
        picture = thumbnails.lines([text for text, _ in rows], [label for _, label in rows])
        made.append(Tile(name, entry.title, picture))
    return [*made, Tile(OWN, "Your own", caption="CSV: text, label")]


def own_texts(spec: FinetuneSpec, key: str) -> tuple[FinetuneSpec, Source]:
    """Draw the upload and its columns where texts of one's own are wanted.

    Returns:
        The experiment with what they say, and what it learns from.
    """
    if spec.dataset != OWN:
        return spec, Source(True)
    limits = provider.settings()
    given = st.file_uploader(
        "CSV file",
        type=["csv", "tsv", "txt"],
        key=f"{key}.upload",
        max_upload_size=limits.upload_megabytes,
        help=f"A column of texts and one of labels, any separator. {FEWEST} to {MOST:,} texts, at most {limits.upload_megabytes} MB. "
        "Only you see it.",
    )
    try:
        if given is not None:
            spec = _keep(spec, given.name, given.getvalue(), key)
        if not spec.table:
            return spec, Source(False)
        table = provider.own_texts(spec.table, visitors.current())
        spec = _columns(spec, table, key)
        data = _labelled(table, spec.text_column, spec.label_column)
        finetune_data.check(data)
        _say(table, data)
        return spec, Source(True, data)
    except RunNotFound:
        st.info("The table of this experiment is no longer kept here. Upload it again to go on.")
        controls.assign(key, table="")
        return spec, Source(False)
    except PlaygroundError as error:
        st.error(plain(str(error)))
        return spec, Source(False, problem=str(error))


def _keep(spec: FinetuneSpec, name: str, content: bytes, key: str) -> FinetuneSpec:
    """Keep an upload for this visitor, once; a new file starts with its own columns."""
    provider.parsed_texts(content, name)  # raises InputError on a file that is none of ours, before it is kept
    upload = provider.uploads().put(visitors.current(), content, name)
    if upload != spec.table:
        values = {"table": upload, "text_column": "", "label_column": ""}
        controls.assign(key, **values)
        spec = spec.replace(**values)
    return spec


def _columns(spec: FinetuneSpec, table: TextFile, key: str) -> FinetuneSpec:
    """The column of texts and that of labels: as chosen, else those that look most like it."""
    names = list(table.columns)
    text = spec.text_column if spec.text_column in names else table.likely
    label = spec.label_column if spec.label_column in names else likely_label(table, text)
    text = st.selectbox("Texts", names, names.index(text), key=f"{key}.{spec.table}.text")
    label = st.selectbox("Labels", names, names.index(label), key=f"{key}.{spec.table}.label")
    values = {"text_column": text, "label_column": label}
    controls.assign(key, **values)
    return spec.replace(**values)


@functools.lru_cache(maxsize=8)
def _labelled(table: TextFile, text: str, label: str) -> LabelledTexts:
    return labelled_texts(table, text, label)


def _say(table: TextFile, data: LabelledTexts) -> None:
    """What was read, and what was left out."""
    counts = sorted(data.counts.items(), key=lambda item: -item[1])
    shown = ", ".join(f"{name} {count:,}" for name, count in counts[:_NOTES])
    more = f" and {len(counts) - _NOTES} more" if len(counts) > _NOTES else ""
    st.caption(plain(f"{table.name}: {len(data.texts):,} texts, {len(data.classes)} classes: {shown}{more}."))
    # Which columns are read the menus above say; the others know it from the notes.
    for note in [one for one in data.notes if not one.startswith("Texts are taken from")][:_NOTES]:
        st.caption(plain(note))


def waiting(source: Source) -> None:
    """Hold the picture's place while there is nothing to learn from yet: what happens here, and what to do."""
    with st.container(border=True, height=560, vertical_alignment="center"):
        st.markdown("### Your own texts")
        if source.problem:
            st.markdown("This table cannot be learnt from as it is: see what the left side says.")
        st.markdown(
            f"Upload a table on the left: a CSV file with a column of texts and a column that says what each one is, {FEWEST} to {MOST:,} "
            f"rows, 2 to {CLASSES} different labels. The network learns them here, and only you can see them."
        )
        st.markdown("Nothing at hand? Here is a file to try it with.")
        entry = next(iter(TEXT_SETS.values()))
        sample = paths.SAMPLES / "texts" / entry.file
        st.download_button(
            f"Example: {sample.name}", sample.read_bytes(), sample.name, "text/csv", icon=":material/download:"
        )
