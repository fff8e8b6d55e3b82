"""Gradient descent

Click anywhere on the map to start there and race up to four optimizers down one surface.
"""

import streamlit as st

from playground.specs.descent import DescentSpec
from playground.ui import controls
from playground.ui.page import detail_switch, heading, instrument, prose, references, show_source
from playground.ui.parts import gradient_descent as part
from playground.ui.parts import racers
from playground.ui.share import share
from playground.ui.visual import visual

SECTION = "Foundations"
ORDER = 40
ICON = ":material/landscape:"
KEY = "descent"

corner = heading(__doc__, KEY)
spec = controls.begin(DescentSpec, KEY, part.first_sight())
rail, picture = instrument()
with rail:
    spec = racers.controls_of(spec, KEY)
walk = part.walk(spec)
with picture:
    visual("descent", walk.frame, key=KEY, height=520, edits=part.EDITS)
with corner:
    detail_switch()
share(spec, corner)

prose(walk.words)
prose(walk.idea)
# Only the open tab is drawn: formulas and code bring large parts of the front end with them.
names = ["Command line", "Formulas", "Code", "References"]
terminal, formulas, code, papers = st.tabs(names, key="descent-tabs", on_change="rerun")
with terminal:
    prose("The same walk without a browser, one line for each step. The numbers are the same.")
    st.code(part.command(spec), language="bash", wrap_lines=True)
if formulas.open:
    with formulas:
        for title, formula in part.formulas(spec).items():
            st.markdown(f"**{title}**")
            st.latex(formula)
        prose(
            "θ is the place (x, y), g the gradient there, η the learning rate; m, v, s and u are what a rule remembers. "
            "Products, squares and roots are taken axis by axis."
        )
if code.open:
    with code:
        prose("This is what ran: one step of each optimizer, the surface with its gradient, and the walk.")
        for name in part.sources(spec):
            show_source(name)
with papers:
    references(*part.papers(spec))
