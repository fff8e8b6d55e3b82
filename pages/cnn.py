"""Convolutional network

Press Play and watch every feature map form. Click a block to change it, a map to see it large, a cell of mistakes to see them.
"""

import streamlit as st

from playground.core.errors import PlaygroundError
from playground.specs.cnn import CNNSpec
from playground.training.cnn_first import first_frames
from playground.ui import asking, controls, live_view
from playground.ui.page import detail_switch, heading, instrument, prose, references, show_source
from playground.ui.parts import cnn as part
from playground.ui.parts import cnn_blocks, cnn_data, cnn_use
from playground.ui.share import share
from playground.ui.words import plain

SECTION = "Train"
ORDER = 20
ICON = ":material/grid_on:"
KEY = "cnn"

corner = heading(__doc__, KEY)
spec = controls.begin(CNNSpec, KEY, live_view.reopen("cnn", CNNSpec, KEY))
rail, picture = instrument()

spec = part.by_heart(spec, KEY)
with rail:
    part.data_tiles(spec, KEY)
    spec, source = cnn_data.source(spec, KEY)
    spec = controls.edit(spec, key=KEY, groups=["data"], skip=part.DRAWN_HERE)
    part.say_by_heart(spec, KEY)
    spec = controls.edit(spec, key=KEY, groups=["network"], skip=part.DRAWN_HERE)
    part.say_measured(spec)
    spec = controls.edit(spec, key=KEY, groups=["training"], skip=part.DRAWN_HERE)

job = None
with picture:
    if not source.ready:
        cnn_data.waiting(spec)
    else:
        try:
            job = live_view.run(
                "cnn", spec, key=KEY, first_frames=lambda: first_frames(spec, source.data), data=source.data,
                upload=spec.pictures,
            )  # fmt: skip
        except PlaygroundError as error:
            st.error(plain(str(error)))
if job is not None:
    with picture:
        live_view.canvas(
            "cnn", job, key=KEY, height=520, on_edit=lambda **changes: controls.assign(KEY, **changes),
            heard={"blocks": lambda words: cnn_blocks.take(words, KEY)},
            blocks=cnn_blocks.described(spec, KEY, source.classes), epochs=part.epochs(spec),
        )  # fmt: skip

with corner:
    detail_switch()
share(spec, corner, run_id=job.id if job else "")

prose(part.what_you_see(spec))
part.beside(spec)
# Only the open tab is drawn.
names = ["Command line", "Use it", "Blocks", "Code", "References"]
terminal, use, table, code, papers = st.tabs(names, key="cnn-tabs", on_change="rerun")
with terminal:
    prose("The same experiment without a browser. The same seed gives the same numbers as on this page.")
    st.code(part.command(spec), language="bash", wrap_lines=True)
if use.open:
    with use:
        cnn_use.show(job, KEY)
if table.open:
    with table:
        cnn_blocks.show(spec, source.classes)
if code.open:
    with code:
        prose("This is what runs in the worker: one step of training, and the loop that asks for it.")
        show_source("playground.engine.convnet:ConvEngine.step")
        show_source("playground.training.cnn:fit")
        prose("And this is the same network in NumPy, as the first picture is drawn.")
        show_source("playground.functional.convnet:forward")
with papers:
    references(
        "LeCun, Bottou, Bengio and Haffner (1998), *Gradient-based learning applied to document recognition*, Proc. IEEE 86.",
        "Simonyan and Zisserman (2015), *Very deep convolutional networks for large-scale image recognition*, ICLR.",
        "He, Zhang, Ren and Sun (2016), *Deep residual learning for image recognition*, CVPR.",
        "Ioffe and Szegedy (2015), *Batch normalization*, ICML.",
        "Zhang, Bengio, Hardt, Recht and Vinyals (2017), *Understanding deep learning requires rethinking generalization*, ICLR.",
        "Szegedy, Vanhoucke, Ioffe, Shlens and Wojna (2016), *Rethinking the Inception architecture*, CVPR: label smoothing.",
        "Simonyan, Vedaldi and Zisserman (2014), *Deep inside convolutional networks: visualising image classification models and "
        "saliency maps*, ICLR workshop.",
        "Wang, Turko, Shaikh, Park, Das, Hohman, Kahng and Chau (2021), *CNN Explainer*, IEEE TVCG.",
    )
asking.look_again()
