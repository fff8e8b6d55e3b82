"""Fine-tune BERT

Press Play: a pretrained network learns to sort your texts. Freeze layers, change the learning rate, and follow one sentence of your own.
"""

import streamlit as st

from playground.core.errors import PlaygroundError
from playground.specs.finetune import FinetuneSpec
from playground.training.finetune_first import first_frames
from playground.ui import asking, controls, live_view, provider
from playground.ui.page import detail_switch, heading, instrument, prose, references, show_source
from playground.ui.parts import fine_tune as part
from playground.ui.parts import fine_tune_data, fine_tune_use
from playground.ui.parts import fine_tune_words as words
from playground.ui.share import share
from playground.ui.words import plain

SECTION = "Train"
ORDER = 40
ICON = ":material/tune:"
KEY = "fine_tune"

corner = heading(__doc__, KEY)
spec = part.settle(controls.begin(FinetuneSpec, KEY, live_view.reopen("finetune", FinetuneSpec, KEY)), KEY)
rail, picture = instrument()

with rail:
    fine_tune_data.tiles(spec, KEY)
    spec, own = fine_tune_data.own_texts(spec, KEY)
    spec = controls.edit(spec, key=KEY, groups=["data"], skip=part.DRAWN_HERE)
    part.MENU.draw(spec, KEY, None, "base")
    part.freeze_slider(spec, KEY)
    spec = controls.edit(spec, key=KEY, groups=["network", "training"], skip=part.DRAWN_HERE)

job = None
with picture:
    if not own.ready:
        fine_tune_data.waiting(own)
    else:
        try:
            job = live_view.run(
                "finetune", spec, key=KEY, data=own.data, upload=spec.table,
                first_frames=lambda: first_frames(spec, own.data, provider.catalog().folder),
            )  # fmt: skip
        except PlaygroundError as error:
            st.error(plain(str(error)))
if job is not None:
    with picture:
        live_view.canvas(
            "fine_tune", job, key=KEY, height=560, on_edit=lambda **changes: controls.assign(KEY, **changes),
            heard={"freeze": lambda wanted: part.take_freeze(wanted, KEY), "learnt": lambda step: None},
            may_freeze=part.may_freeze(), epochs=part.epochs(spec),
        )  # fmt: skip

with corner:
    detail_switch()
share(spec, corner, run_id=job.id if job else "")

prose(words.what_you_see(spec, job is not None and job.at[1] > 0))
# Only the open tab is drawn.
names = ["Step by step", "Use it", "Command line", "Code", "References"]
steps, use, terminal, code, papers = st.tabs(names, key=f"{KEY}-tabs", on_change="rerun")
if steps.open:
    with steps:
        words.step_by_step(spec)
if use.open:
    with use:
        fine_tune_use.show(job, KEY)
if terminal.open:
    with terminal:
        prose("The same experiment without a browser. The same seed gives the same numbers as on this page.")
        st.code(words.command(spec), language="bash", wrap_lines=True)
if code.open:
    with code:
        prose(
            "This is what runs in the worker: the gradient of a batch, the update made of it, and the loop that asks for them."
        )
        show_source("playground.hub.finetuning:Tuner.learn")
        show_source("playground.hub.finetuning:Tuner.update")
        show_source("playground.training.finetune:fit")
        prose("The learning rate: a rise from 0, then a way down.")
        show_source("playground.optim.warmed:warmed")
if papers.open:
    with papers:
        references(
            "J. Devlin, M.-W. Chang, K. Lee, K. Toutanova (2019), *BERT: pre-training of deep bidirectional transformers for language "
            "understanding*, NAACL.",
            "J. Howard, S. Ruder (2018), *Universal language model fine-tuning for text classification* (ULMFiT), ACL: thaw from the top.",
            "M. Mosbach, M. Andriushchenko, D. Klakow (2021), *On the stability of fine-tuning BERT*, ICLR: small learning rates, warm-up, "
            "enough epochs.",
            "A. Kumar, A. Raghunathan, R. Jones, T. Ma, P. Liang (2022), *Fine-tuning can distort pretrained features and underperform "
            "out-of-distribution*, ICLR.",
            "I. Loshchilov, F. Hutter (2019), *Decoupled weight decay regularization* (AdamW), ICLR.",
            "C. Sun, X. Qiu, Y. Xu, X. Huang (2019), *How to fine-tune BERT for text classification?*, CCL.",
        )
asking.look_again()
