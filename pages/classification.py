"""Image classification

Choose a picture or bring your own, and see what a pretrained network says it is, how sure it is, and where it looked.
"""

import streamlit as st

from playground.specs.classification import ClassificationSpec
from playground.ui import asking, controls
from playground.ui.page import detail_switch, heading, prose
from playground.ui.parts import classification as part
from playground.ui.parts import classification_models as models
from playground.ui.parts import classification_results as results
from playground.ui.parts import classification_two as two
from playground.ui.parts import classification_words as words
from playground.ui.parts import pictured, pictured_answers, shake_it, what_it_was_fed, where_it_looked
from playground.ui.parts.tray import tray
from playground.ui.share import share

SECTION = "Pretrained"
ORDER = 10
ICON = ":material/image_search:"
KEY = "classification"

corner = heading(__doc__, KEY)
spec = part.settle(controls.begin(ClassificationSpec, KEY), KEY)
mine = tray(KEY)
with st.container(key="pictured"):
    strip = st.container(key="pictured-strip")
    shown_at = st.container(key="pictured-answer")
    rail = st.container(key="pictured-rail")
with rail:
    models.MENU.draw(spec, KEY, models.MENU.used(spec, KEY))
    spec = controls.edit(spec, key=KEY, groups=["input"], skip=["model", "example"])
    pictured.uploader(part.PICTURED)

card, picture = models.MENU.used(spec, KEY), pictured_answers.shown(part.PICTURED, spec.example)
answers = part.ask(spec, picture, card)
with strip:
    captions = pictured_answers.captions(answers, lambda answer: part.caption(answer, card))
    pictured.strip(part.PICTURED, spec.example, captions, answers.thumbnails, answers.wrong)
with shown_at:
    if mine.camera:
        pictured.camera(part.PICTURED)
    else:
        part.show(spec, picture, answers, card, KEY)
with corner:
    detail_switch()

pictured_answers.say_wrong(picture, answers)
with st.container(key="pictured-words", horizontal=True, vertical_alignment="top", gap="medium"):
    with st.container():
        prose(words.what_you_see(answers.shown, card))
    results.show(pictured_answers.named(part.PICTURED, picture, answers), card, words.command(spec, picture, card), KEY)

# Only the open tab is drawn, and only what is seen is computed.
names = ["Where it looked", "What it was fed", "Shake it", "Two models", "Code", "References"]
looked, fed, shaken, compared, code, papers = st.tabs(names, key=f"{KEY}-tabs", on_change="rerun")
usable = not picture.problem and not isinstance(answers.shown, asking.Refused)
for tab, show in ((looked, where_it_looked.show), (fed, what_it_was_fed.show), (shaken, shake_it.show)):
    if tab.open:
        with tab:
            if usable:
                show(picture.photo, card, spec, KEY)
            else:
                prose("There is no answer to look into: choose another picture or model.")
if compared.open:
    with compared:
        spec = two.show(picture, answers.shown, card, spec, KEY)
if code.open:
    with code:
        words.code()
if papers.open:
    with papers:
        words.papers(card, two.second(spec, card))
share(spec, corner)
asking.look_again()
