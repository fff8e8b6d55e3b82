"""Object detection

Choose a picture, bring your own or a clip: see every object, count them, and move the threshold that decides.
"""

import streamlit as st

from playground.specs.detection import DetectionSpec
from playground.ui import asking, controls
from playground.ui.page import detail_switch, heading, prose
from playground.ui.parts import detection as part
from playground.ui.parts import (
    detection_controls,
    detection_video,
    how_it_decided,
    pictured,
    pictured_answers,
    score_boxes,
)
from playground.ui.parts import detection_models as models
from playground.ui.parts import detection_results as results
from playground.ui.parts import detection_words as words
from playground.ui.parts.tray import tray
from playground.ui.share import share

SECTION = "Pretrained"
ORDER = 20
ICON = ":material/frame_inspect:"
KEY = "detection"
TOOLS = {"video": detection_video.show, "decided": how_it_decided.show, "score": score_boxes.show}

corner = heading(__doc__, KEY)
spec = part.settle(controls.begin(DetectionSpec, KEY), KEY)
mine = tray(KEY)
with st.container(key="pictured"):
    strip = st.container(key="pictured-strip")
    shown_at = st.container(key="pictured-answer")
    rail = st.container(key="pictured-rail")
with rail:
    models.MENU.draw(spec, KEY, models.MENU.used(spec, KEY))
    pictured.uploader(part.PICTURED)

card, picture = models.MENU.used(spec, KEY), pictured_answers.shown(part.PICTURED, spec.example)
answers = part.ask(picture, card)
with shown_at:
    # Only the open tab is drawn, and only what is seen is computed.
    spec, tab = part.opened(spec, KEY)
with rail:
    spec = detection_controls.draw(spec, answers.shown, card, KEY, slider=spec.tab == "video")
found = part.found(spec, picture, answers.shown, card)
with strip:
    captions = pictured_answers.captions(answers, lambda answer: part.caption(answer, spec))
    pictured.strip(part.PICTURED, spec.example, captions, answers.thumbnails, answers.wrong)
with corner:
    detail_switch()

usable = not picture.problem and not isinstance(answers.shown, asking.Refused)
with tab:
    if mine.camera:
        pictured.camera(part.PICTURED)
    elif spec.tab == "boxes":
        part.show(spec, picture, answers, found, card, KEY)
        with st.container(key="pictured-words", horizontal=True, vertical_alignment="top", gap="medium"):
            with st.container():
                prose(words.what_you_see(found, answers.shown, spec, card))
            results.show(pictured_answers.named(part.PICTURED, picture, answers), picture, spec, card, KEY)
    elif spec.tab == "code":
        words.code()
    elif spec.tab == "references":
        words.papers(card)
    elif spec.tab == "video" or usable:
        TOOLS[spec.tab](picture.photo, card, spec, KEY)
    else:
        prose("There is no answer to look into: choose another picture or model.")
pictured_answers.say_wrong(picture, answers)
share(spec, corner)
asking.look_again()
