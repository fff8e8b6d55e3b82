"""Image GAN

Press Play: one network learns to make pictures, the other to tell them from real ones. Watch noise turn into digits.
"""

import streamlit as st

from playground.core.errors import PlaygroundError
from playground.specs.gan import GANSpec
from playground.training.gan_first import first_frames
from playground.ui import asking, controls, live_view
from playground.ui.page import detail_switch, heading, instrument, prose, references, show_source
from playground.ui.parts import cnn_data, gan_use
from playground.ui.parts import gan_page as part
from playground.ui.share import share
from playground.ui.words import plain

SECTION = "Train"
ORDER = 50
ICON = ":material/brush:"
KEY = "gan"

corner = heading(__doc__, KEY)
spec = controls.begin(GANSpec, KEY, live_view.reopen("gan", GANSpec, KEY))
rail, picture = instrument()

with rail:
    with st.container(key="choices"):  # on a phone they stand above the picture
        part.presets(spec, KEY)
        part.data_tiles(spec, KEY)
    spec, source = cnn_data.source(spec, KEY)
    spec = controls.edit(spec, key=KEY, groups=["data", "network", "training"], skip=part.DRAWN_HERE)

job = None
with picture:
    if not source.ready:
        part.waiting(spec)
    else:
        try:
            job = live_view.run(
                "gan", spec, key=KEY, first_frames=lambda: first_frames(spec, source.data), data=source.data,
                upload=spec.pictures,
            )  # fmt: skip
        except PlaygroundError as error:
            st.error(plain(str(error)))
if job is not None:
    with picture:
        live_view.canvas(
            "gan", job, key=KEY, height=560, on_edit=lambda **changes: controls.assign(KEY, **changes),
            heard={"remedy": lambda change: part.take_remedy(change, KEY), "learnt": lambda step: None},
            fixed=part.fixed(), epochs=part.epochs(spec),
        )  # fmt: skip

with corner:
    detail_switch()
share(spec, corner, run_id=job.id if job else "")

prose(part.what_you_see(spec, job is not None and job.at[1] > 0))
part.go_wrong(spec, KEY)
# Only the open tab is drawn.
names = ["Use it", "Losses", "Command line", "Code", "References"]
use, losses, terminal, code, papers = st.tabs(names, key=f"{KEY}-tabs", on_change="rerun")
if use.open:
    with use:
        gan_use.show(job, KEY)
if losses.open:
    with losses:
        part.losses(spec)
if terminal.open:
    with terminal:
        prose("The same experiment without a browser. The same seed gives the same numbers as on this page.")
        st.code(part.command(spec), language="bash", wrap_lines=True)
if code.open:
    with code:
        prose(
            "What the two networks make small, picture by picture: of a real one, of a made one, and what the generator wants."
        )
        for name in part.loss_functions(spec):
            show_source(name)
        prose("This is what runs in the worker: one step, and the loop that asks for it.")
        show_source("playground.training.gan:fit")
if papers.open:
    with papers:
        references(
            "I. Goodfellow, J. Pouget-Abadie, M. Mirza, B. Xu, D. Warde-Farley, S. Ozair, A. Courville, Y. Bengio (2014), *Generative "
            "adversarial nets*, NeurIPS.",
            "M. Mirza, S. Osindero (2014), *Conditional generative adversarial nets*, arXiv:1411.1784.",
            "A. Radford, L. Metz, S. Chintala (2015), *Unsupervised representation learning with deep convolutional generative adversarial "
            "networks* (DCGAN), arXiv:1511.06434.",
            "T. Salimans, I. Goodfellow, W. Zaremba, V. Cheung, A. Radford, X. Chen (2016), *Improved techniques for training GANs*, "
            "NeurIPS: one-sided label smoothing.",
            "M. Arjovsky, S. Chintala, L. Bottou (2017), *Wasserstein GAN*, ICML.",
            "I. Gulrajani, F. Ahmed, M. Arjovsky, V. Dumoulin, A. Courville (2017), *Improved training of Wasserstein GANs*, NeurIPS: the "
            "gradient penalty.",
            "M. Heusel, H. Ramsauer, T. Unterthiner, B. Nessler, S. Hochreiter (2017), *GANs trained by a two time-scale update rule "
            "converge to a local Nash equilibrium*, NeurIPS: the Fréchet Inception distance; here with the features of a smaller network.",
            "J. H. Lim, J. C. Ye (2017), *Geometric GAN*, arXiv:1705.02894: the hinge loss.",
            "X. Mao, Q. Li, H. Xie, R. Lau, Z. Wang, S. P. Smolley (2017), *Least squares generative adversarial networks*, ICCV.",
            "T. Miyato, T. Kataoka, M. Koyama, Y. Yoshida (2018), *Spectral normalization for generative adversarial networks*, ICLR.",
            "L. Mescheder, A. Geiger, S. Nowozin (2018), *Which training methods for GANs do actually converge?*, ICML: the R1 penalty.",
        )
asking.look_again()
