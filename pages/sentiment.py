"""Sentiment

Type a sentence: while you write, a language model says how it feels, how sure it is, and which words pulled it there.
"""

import streamlit as st

from playground.specs.sentiment import SentimentSpec
from playground.ui import asking, controls
from playground.ui.page import detail_switch, heading, prose
from playground.ui.parts import sentiment as part
from playground.ui.parts import sentiment_long, sentiment_many, sentiment_swap, sentiment_two, sentiment_why
from playground.ui.parts import sentiment_models as models
from playground.ui.parts import sentiment_words as words
from playground.ui.share import share

SECTION = "Pretrained"
ORDER = 30
ICON = ":material/sentiment_satisfied:"
KEY = "sentiment"

corner = heading(__doc__, KEY)
spec = part.settle(controls.begin(SentimentSpec, KEY), KEY)
with st.container(key="pictured"):
    shown_at = st.container(key="pictured-answer")
    rail = st.container(key="pictured-rail")
with rail:
    models.MENU.draw(spec, KEY, models.MENU.used(spec, KEY))
    card = models.MENU.used(spec, KEY)
    band = [] if models.banded(models.labels(card)) else ["band"]
    spec = controls.edit(spec, key=KEY, groups=["input"], skip=["model", "example", *band])
answers = part.ask(KEY, card)
with shown_at:
    part.show(spec, answers, card, KEY)
with corner:
    detail_switch()
prose(words.what_you_see(answers, spec, card))

# Only the open tab is drawn, and only what is seen is computed.
names = ["Which words", "Swap one word", "Several texts", "Two models", "Long texts", "Code", "References"]
why, swap, many, both, long, code, papers = st.tabs(names, key=f"{KEY}-tabs", on_change="rerun")
if why.open:
    with why:
        sentiment_why.show(answers, card, spec, KEY)
if swap.open:
    with swap:
        sentiment_swap.show(answers, card, spec, KEY)
if many.open:
    with many:
        sentiment_many.show(card, spec, KEY)
if both.open:
    with both:
        spec = sentiment_two.show(answers, card, spec, KEY)
if long.open:
    with long:
        sentiment_long.show(answers, card, spec, KEY)
if code.open:
    with code:
        words.code(spec, answers, card)
if papers.open:
    with papers:
        words.papers(card, sentiment_two.second(spec, card))
share(spec, corner)
asking.look_again()
