"""Inside BERT

Type a sentence and watch it become pieces, see which piece attends to which, and follow one head's arithmetic number by number.
"""

import streamlit as st

from playground.specs.inside_bert import InsideBertSpec
from playground.ui import asking, controls
from playground.ui.page import detail_switch, heading, prose, references, show_source
from playground.ui.parts import inside_bert as part
from playground.ui.parts import inside_bert_text as texts
from playground.ui.parts import inside_bert_words as words
from playground.ui.share import share
from playground.ui.words import minus

SECTION = "Pretrained"
ORDER = 50
ICON = ":material/account_tree:"
KEY = "inside_bert"

corner = heading(__doc__, KEY)
spec = texts.settle(part.MENU.settle(controls.begin(InsideBertSpec, KEY), KEY), KEY)
card = part.MENU.used(spec, KEY)
spec, found = part.find(spec, card, KEY)
part.show(spec, found, card, KEY)
with corner:
    detail_switch()

said, menu = st.columns([3, 1], gap="medium")
with said:
    prose(minus(words.what_you_see(spec, found)))
with menu:
    part.MENU.draw(spec, KEY, card)
    spec = controls.edit(spec, key=KEY, groups=["view"])
share(spec, corner)

formulas, code, papers = st.tabs(["Formulas", "Code", "References"], key=f"{KEY}-tabs", on_change="rerun")
if formulas.open:
    with formulas:
        if found.opened is not None:
            st.latex(words.formulas(spec, found.opened))
        prose(
            "One head of one layer: *x* is what the layer before made of each word piece. Every piece *i* asks with its query *q*, every "
            "piece *j* answers with its key *k*; softmax makes shares of the scores, and by these the values *v* are mixed. The heads' "
            "results are put side by side, multiplied by one more matrix, and added to *x*."
        )
if code.open:
    with code:
        prose("The same in NumPy; a test holds it to the network's own numbers:")
        for name in ("project", "fit_scores", "mix", "attend", "self_attention", "rollout"):
            show_source(f"playground.functional.attention:{name}")
        prose("How a head's habit is found, and how attention is set beside effect:")
        show_source("playground.ui.parts.inside_bert_heads:heads_said")
        show_source("playground.ui.parts.inside_bert_reason:kendall")
if papers.open:
    with papers:
        references(*words.PAPERS)
asking.look_again()
