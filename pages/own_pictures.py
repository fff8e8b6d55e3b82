"""Your own pictures

Show it two things, a few pictures of each, and train: by a new last layer on a pretrained model, and from scratch.
"""

import streamlit as st

from playground.specs.transfer import TransferSpec
from playground.ui import asking, controls
from playground.ui.page import detail_switch, heading, instrument, prose, references, show_source
from playground.ui.parts import own_pictures_files as files
from playground.ui.parts import own_pictures_page as part
from playground.ui.parts import own_pictures_words as words
from playground.ui.share import share

SECTION = "Train"
ORDER = 30
ICON = ":material/add_a_photo:"
KEY = "own_pictures"

corner = heading(__doc__, KEY)
spec = part.settle(controls.begin(TransferSpec, KEY), KEY)
rail, picture = instrument()
with rail:
    part.MENU.draw(spec, KEY, part.MENU.used(spec, KEY))
    spec = controls.edit(spec, key=KEY, groups=["training"])
    files.zip_door(KEY)
with picture:
    part.show(spec, part.MENU.used(spec, KEY), KEY)
    files.download(KEY)

with corner:
    detail_switch()
share(spec, corner)

prose(words.what_you_see(KEY))
names = ["What is learnt", "Code", "References"]
learnt, code, papers = st.tabs(names, key=f"{KEY}-tabs", on_change="rerun")
with learnt:
    prose(words.WHAT_IS_LEARNT)
if code.open:
    with code:
        prose("The last layer by itself, in NumPy: all that is learnt where the pretrained network stays as it is.")
        show_source("playground.functional.last_layer:fit_last_layer")
        prose("The loop that trains the network from scratch, and the last parts of the pretrained one.")
        show_source("playground.hub.small_network:learn")
        prose("Which pictures are held out.")
        show_source("playground.training.held_out:held_out")
if papers.open:
    with papers:
        references(
            "J. Yosinski, J. Clune, Y. Bengio, H. Lipson (2014), *How transferable are features in deep neural networks?*, NeurIPS.",
            "S. Kornblith, J. Shlens, Q. V. Le (2019), *Do better ImageNet models transfer better?*, CVPR.",
            "A. Kumar, A. Raghunathan, R. Jones, T. Ma, P. Liang (2022), *Fine-tuning can distort pretrained features and underperform "
            "out-of-distribution*, ICLR: first the last layer, then the rest.",
            "M. Carney et al. (2020), *Teachable Machine: approachable web-based tool for exploring machine learning classification*, CHI.",
        )
asking.look_again()
