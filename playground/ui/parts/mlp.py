"""What the multilayer perceptron's page needs beyond generic controls: tiles, own tables, words about this state."""

from __future__ import annotations

import functools
import shlex

import streamlit as st

from playground.core import paths
from playground.core.errors import InputError, PlaygroundError, RunNotFound
from playground.data.dataset import Dataset
from playground.data.registry import DATASETS
from playground.data.table import Table
from playground.functional.activations import ACTIVATIONS
from playground.specs.bounds import Sizes
from playground.specs.mlp import OWN, TARGET_KINDS, MLPSpec
from playground.ui import controls, lesson, provider, visitors
from playground.ui.picker import Tile
from playground.ui.words import plain
from playground.viz import thumbnails

# The page draws these by itself, from the uploaded table's own columns.
DRAWN_HERE = ("table", "columns", "target", "target_kind")

_WORDS = {"binary": "2 classes", "classes": "classes", "regression": "a number"}


@functools.cache
def tiles() -> list[Tile]:
    """A tile for each data set: drawn ones by picture, tables and one's own by words."""
    made = []
    for name, entry in DATASETS.items():
        if entry.drawn:
            made.append(Tile(name, entry.title, thumbnails.points(entry.make(240, 5, 3))))
        else:
            made.append(Tile(name, entry.title, caption=f"table, {_WORDS[entry.task]}"))
    # Own data belongs among the first that are seen: it is what a visitor came with.
    return [*made[:5], Tile(OWN, "Your CSV", caption="upload"), *made[5:]]


def own_table(spec: MLPSpec, key: str) -> tuple[MLPSpec, Dataset | None]:
    """Draw the upload and its columns, and return the experiment with what they say.

    Returns:
        The experiment and the data to learn from; ``None`` while there is no usable table (the page says why).
    """
    limits = provider.settings()
    given = st.file_uploader(
        "CSV file",
        type=["csv", "tsv", "txt"],
        key=f"{key}.upload",
        max_upload_size=limits.upload_megabytes,
        help=f"Any separator. At most {limits.upload_megabytes} MB, {limits.upload_rows:,} rows. Only you see it.",
    )
    try:
        if given is not None:
            spec = _keep(spec, given.name, given.getvalue(), key)
        if not spec.table:
            st.caption("Choose a CSV file with two or more numeric columns and a column to predict.")
            return spec, None
        table = provider.own_table(spec.table, visitors.current())
        st.caption(f"{plain(table.name)}: {table.rows:,} rows, {len(table.columns)} columns")
        spec = _columns(spec, table, key)
        data = table.dataset(spec.columns, spec.target, spec.target_kind)
        for note in data.notes:
            st.caption(plain(note))
        return spec, data
    except RunNotFound:
        st.info("The table of this experiment is no longer kept here. Upload it again to go on.")
        controls.assign(key, table="")
    except PlaygroundError as error:
        st.error(plain(str(error)))
    return spec, None


def _keep(spec: MLPSpec, name: str, content: bytes, key: str) -> MLPSpec:
    """Keep an upload for this visitor, once; a new file starts with its own columns."""
    provider.parsed(content, name)  # raises InputError on a file that is none of ours, before it is kept
    upload = provider.uploads().put(visitors.current(), content, name)
    if upload != spec.table:
        controls.assign(key, table=upload, columns=(), target="", target_kind="auto")
        spec = spec.replace(table=upload, columns=(), target="", target_kind="auto")
    return spec


def _columns(spec: MLPSpec, table: Table, key: str) -> MLPSpec:
    names = [column.name for column in table.columns if column.kind != "empty"]
    numeric = [column.name for column in table.columns if column.kind == "number"]
    target = spec.target if spec.target in names else names[-1]
    target = st.selectbox("Predict", names, index=names.index(target), key=f"{key}.{spec.table}.target")
    inputs = [name for name in numeric if name != target]
    chosen = [name for name in spec.columns if name in inputs] or list(table.default_inputs(target))
    chosen = st.multiselect("From", inputs, chosen, key=f"{key}.{spec.table}.{target}.columns")
    kind = st.segmented_control(
        "Target is",
        list(TARGET_KINDS),
        format_func=lambda one: {"auto": "Auto", "number": "Number", "class": "Class"}[one],
        default=spec.target_kind,
        required=True,
        key=f"{key}.{spec.table}.kind",
    )
    if len(chosen) < 2:
        raise InputError(
            f"Pick two or more numeric columns under From; {len(chosen) or 'none'} is picked. "
            f"Beside the target this table has {len(inputs) or 'no'} numeric column{'s' if len(inputs) != 1 else ''}."
        )
    values = {"target": target, "columns": tuple(chosen), "target_kind": kind or "auto"}
    controls.assign(key, **values)
    return spec.replace(**values)


def waiting_for_table() -> None:
    """Hold the picture's place while there is no table yet: what happens here, and what to do."""
    with st.container(border=True, height=520, vertical_alignment="center"):
        st.markdown("### Your own data")
        st.markdown(
            "Upload a table on the left: a CSV file as a spreadsheet saves it, with two or more numeric columns and a "
            "column to predict, a number or a class. The network trains on it here, and only you can see it."
        )
        st.markdown("Nothing at hand? Here is a file to try it with.")
        sample = paths.SAMPLES / "flowers.csv"
        st.download_button(
            "Example: flowers.csv", sample.read_bytes(), sample.name, "text/csv", icon=":material/download:"
        )


def may_edit_layers() -> bool:
    """Whether layers and units may be changed on the canvas: not where a lesson hides or locks them."""
    told = lesson.current()
    return "hidden" not in told.hide | told.lock


def most_units() -> int:
    """The largest layer that may be asked for here."""
    bound = MLPSpec.bounds()["hidden"]
    assert isinstance(bound, Sizes)
    return bound.top(controls.mode())


def command(spec: MLPSpec) -> str:
    """The command line that runs the same experiment; only what differs from the defaults is written."""
    words = ["playground", "run", "mlp"]
    usual = MLPSpec()
    for name, bound in spec.bounds().items():
        value = getattr(spec, name)
        if name == "dataset" and value == OWN:
            words += ["--csv", "FILE"]
        elif name in ("table", "target_kind") or value == getattr(usual, name):
            continue
        else:
            words += ["--" + name.replace("_", "-"), bound.write(value)]
    return shlex.join([*words, "--json"])


def what_you_see(spec: MLPSpec) -> str:
    """Two or three sentences about this very experiment, and a thing to try."""
    activation = ACTIVATIONS[spec.activation].title
    units = sum(spec.hidden)
    if not spec.hidden:
        start = "There is no hidden layer: the output is one weighted sum, so its boundary is a straight line."
    elif spec.activation == "identity":
        start = (
            "The activation is the identity: however many layers there are, they multiply out to one straight line. "
            "Choose tanh or ReLU and watch the line bend."
        )
    elif units == 1:
        start = (
            f"The one hidden unit bends a single straight line by its activation ({activation}); the output scales it."
        )
    else:
        start = (
            f"Each small square is what one of the {units} hidden units says over the whole plane, after its activation "
            f"({activation}). Units of the first layer bend one straight line each; every later unit combines those before it."
        )
    return f"{start} {_try(spec)}"


def _try(spec: MLPSpec) -> str:
    fixed = lesson.current().hide | lesson.current().lock
    if spec.dataset == "spiral" and (len(spec.hidden) < 2 or sum(spec.hidden) < 16) and "hidden" not in fixed:
        return "The spiral is too wound for so few units: try three layers of 8, and give it a thousand epochs."
    if spec.dataset == "xor" and not spec.hidden and "hidden" not in fixed:
        return "No straight line separates these four corners. Add one hidden layer of 4."
    if spec.lr >= 1:
        return "The learning rate is large: a step may jump across the valley and land higher than it began."
    if spec.dropout > 0:
        return (
            "Dropout leaves units out at random while training, so the training loss is measured with it switched off."
        )
    if spec.l1 > 0:
        return "L1 pulls weak weights to exactly zero: watch links vanish."
    if spec.batch_size == 1:
        return "With one sample a batch the path is noisy: every sample pulls the boundary to itself."
    if not spec.hidden and "hidden" not in fixed:
        return "Add a hidden layer with the + above the network and see what changes."
    if "lr" not in fixed:
        return "The learning rate may be changed while it trains: a larger one is quicker, until it overshoots."
    return "Point at a unit to see its picture large; click it, or a link, to read and set its number."
