"""Backpropagation: inside one step

Four clicks through one step of learning, with every number. Click a link to see its chain rule, or to set its weight.
"""

import streamlit as st

from playground.specs.backpropagation import BackpropagationSpec
from playground.ui import autograd, controls
from playground.ui.page import detail_switch, heading, instrument, prose, references, show_source
from playground.ui.parts import backpropagation as part
from playground.ui.parts import one_step
from playground.ui.parts.one_step import Check
from playground.ui.share import share
from playground.ui.words import minus

SECTION = "Foundations"
ORDER = 30
ICON = ":material/route:"
KEY = "backpropagation"

corner = heading(__doc__, KEY)
spec = controls.begin(BackpropagationSpec, KEY)
rail, picture = instrument()
with rail:
    spec = controls.edit(spec, key=KEY, skip=part.DRAWN_HERE)
    part.begin_anew(spec, KEY)

step, names = spec.step(), part.names(spec)
weights, biases = spec.parameters()
answer = autograd.check(weights, biases, spec.inputs, spec.targets, spec.activation, spec.loss)
check = answer if isinstance(answer, Check) else None
with picture:
    one_step.show(step, key=KEY, names=names, check=check, height=520, edits=part.DRAWN_HERE, taken=spec.taken)

with corner:
    detail_switch()
share(spec, corner)

prose(minus(part.what_you_see(spec, step)))
tabs = st.tabs(["Formulas", "Checked by autograd", "Code", "References"], key=f"{KEY}-tabs", on_change="rerun")
formulas, checked, code, papers = tabs
with formulas:
    st.latex(part.formulas(spec))
if checked.open:
    with checked:
        if check is not None:
            prose(minus(part.agreement(step, names, check)))
        else:
            prose(answer if isinstance(answer, str) else "A worker is computing the same gradients with PyTorch.")
        prose("The same in PyTorch, with this page's numbers:")
        st.code(part.in_torch(spec), language="python")
if code.open:
    with code:
        prose("This is what ran just now: the whole step, and one weight's chain rule.")
        show_source("playground.functional.backward:one_step")
        show_source("playground.functional.backward:TrainingStep.chain")
        show_source("playground.functional.backward:LayerStep")
if papers.open:
    with papers:
        references(
            "Linnainmaa (1970), *The representation of the cumulative rounding error of an algorithm as a Taylor expansion of "
            "the local rounding errors* (in Finnish), University of Helsinki: the reverse mode of automatic differentiation.",
            "Werbos (1974), *Beyond regression: new tools for prediction and analysis in the behavioral sciences*, Harvard.",
            "Rumelhart, Hinton and Williams (1986), *Learning representations by back-propagating errors*, Nature 323.",
            "Baydin, Pearlmutter, Radul and Siskind (2018), *Automatic differentiation in machine learning: a survey*, JMLR 18.",
        )
if answer is None:
    autograd.look_again()
