"""Multilayer perceptron

Press Play and watch every unit learn. Then drag the learning rate while it runs, or give the network fewer units.
"""

import streamlit as st

from playground.functional.activations import ACTIVATIONS
from playground.specs.mlp import OWN, MLPSpec
from playground.training.probes import first_frames
from playground.ui import controls, live_view
from playground.ui.page import detail_switch, heading, instrument, prose, references, show_source
from playground.ui.parts import mlp as part
from playground.ui.parts import mlp_step
from playground.ui.share import share
from playground.ui.theme import current_theme
from playground.viz import curves

SECTION = "Train"
ORDER = 10
ICON = ":material/hub:"
KEY = "mlp"

corner = heading(__doc__, KEY)
spec = controls.begin(MLPSpec, KEY, live_view.reopen("mlp", MLPSpec, KEY))
rail, picture = instrument()

data = None
with rail:
    spec = controls.edit(spec, key=KEY, groups=["data"], tiles={"dataset": part.tiles()}, skip=part.DRAWN_HERE)
    if spec.dataset == OWN:
        spec, data = part.own_table(spec, KEY)
    spec = controls.edit(spec, key=KEY, groups=["network", "training"])

run_id = ""
with picture:
    if spec.dataset == OWN and data is None:
        part.waiting_for_table()
    else:
        job = live_view.run(
            "mlp", spec, key=KEY, first_frames=lambda: first_frames(spec, data), data=data, upload=spec.table
        )
        run_id = job.id
        live_view.canvas(
            "mlp", job, key=KEY, height=520, on_edit=lambda **changes: controls.assign(KEY, **changes),
            editable=part.may_edit_layers(), hidden=list(spec.hidden), layers_max=6, units_max=part.most_units(),
        )  # fmt: skip

with corner:
    detail_switch()
share(spec, corner, run_id=run_id)

prose(part.what_you_see(spec))
# Only the open tab is drawn: the chart and the code bring large parts of the front end with them.
names = ["Command line", "Inside one step", "Activation", "Code", "References"]
terminal, inside, activation, code, papers = st.tabs(names, key="mlp-tabs", on_change="rerun")
with terminal:
    prose("The same experiment without a browser. The same seed gives the same numbers as on this page.")
    st.code(part.command(spec), language="bash", wrap_lines=True)
if inside.open:
    with inside:
        mlp_step.show(run_id, spec, KEY)
if activation.open:
    with activation:
        chosen = ACTIVATIONS[spec.activation]
        drawn = curves.activation(chosen.title, chosen.function, chosen.derivative, current_theme())
        st.latex(chosen.formula)
        st.plotly_chart(drawn.figure, key="mlp-activation", alt=drawn.alt, config={"displayModeBar": False})
        prose(f"{chosen.summary} {drawn.alt} Where the slope is near zero, hardly any gradient comes through.")
        references(chosen.source)
if code.open:
    with code:
        prose("This is what runs in the worker: one step of training, and the loop that asks for it.")
        show_source("playground.engine.torch:TorchEngine.step")
        show_source("playground.training.supervised:fit")
        prose("And this is that step written out in NumPy, as Inside one step draws it.")
        show_source("playground.functional.backward:one_step")
with papers:
    references(
        "Rumelhart, Hinton and Williams (1986), *Learning representations by back-propagating errors*, Nature 323.",
        "Cybenko (1989), *Approximation by superpositions of a sigmoidal function*, MCSS 2.",
        "Glorot and Bengio (2010), *Understanding the difficulty of training deep feedforward neural networks*, AISTATS.",
        "He, Zhang, Ren and Sun (2015), *Delving deep into rectifiers*, ICCV.",
        "Smilkov, Carter, Sculley, Viégas and Wattenberg (2017), *Direct-manipulation visualization of deep networks*.",
    )
