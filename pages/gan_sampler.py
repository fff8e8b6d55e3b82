"""GAN sampler

Pictures out of random numbers: draw them by the dozen, drag a direction, and see what a generator has learnt to draw.
"""

import streamlit as st

from playground.specs.gan_sampler import GANSamplerSpec
from playground.ui import asking, controls, lesson
from playground.ui.page import heading, present_switch, prose
from playground.ui.parts import gan_between, gan_copying, gan_opinion, gan_sampler_readings
from playground.ui.parts import gan_sampler as part
from playground.ui.parts import gan_sampler_models as models
from playground.ui.parts import gan_sampler_words as words
from playground.ui.share import share

SECTION = "Pretrained"
ORDER = 60
ICON = ":material/casino:"
KEY = "gan_sampler"

corner = heading(__doc__, KEY)
spec = part.settle(controls.begin(GANSamplerSpec, KEY), KEY)
# On a phone the choice of a generator comes first; for a projector the sheet takes the whole width, and the choice comes after it.
with st.container(key=None if lesson.current().present else "pictured"):
    shown_at = st.container(key="pictured-answer")
    chosen_at = st.container(key="pictured-strip")
    rail = st.container(key="pictured-rail")
with chosen_at:
    models.draw(spec, KEY)
spec, sheet, missing = part.ask(spec, KEY)
with shown_at:
    part.show(sheet, spec, missing, KEY)
    if sheet is not None:
        gan_sampler_readings.show(sheet, spec, KEY)
with rail:
    if sheet is not None:
        words.take_along(sheet, spec, KEY)
    prose(words.what_you_see(sheet, spec))
with corner:
    present_switch()
controls.say_problems(KEY)

# Only the open tab is drawn, and only what is seen is computed.
names = ["Between two samples", "Is it copying?", "The discriminator's opinion", "Code", "References"]
between, copying, opinion, code, papers = st.tabs(names, key=f"{KEY}-tabs", on_change="rerun")
if between.open and sheet is not None:
    with between:
        gan_between.show(sheet, spec, KEY)
if copying.open and sheet is not None:
    with copying:
        gan_copying.show(sheet, spec, KEY)
if opinion.open and sheet is not None:
    with opinion:
        gan_opinion.show(sheet, spec, KEY)
if code.open and sheet is not None:
    with code:
        words.code(spec, sheet, models.run(KEY) != "")
if papers.open:
    with papers:
        words.papers(sheet)
share(spec, corner, run_id=models.run(KEY))
asking.look_again()
