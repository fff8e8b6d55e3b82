"""Where the pictures come from that are not there yet: a download, or a visitor's own zip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from playground.data.image_registry import IMAGE_SETS
from playground.data.image_set import OwnPictures
from playground.specs.cnn import OWN, CNNSpec
from playground.specs.gan import GANSpec
from playground.ui import controls
from playground.ui.page import page_object
from playground.ui.parts import image_sets, own_pictures
from playground.ui.words import plain

S = TypeVar("S", CNNSpec, GANSpec)


@dataclass(frozen=True)
class Source:
    """What an experiment learns from.

    Attributes:
        ready: Whether it is there.
        data: A visitor's own pictures, where they lie.
        classes: How many classes those have.
    """

    ready: bool
    data: OwnPictures | None = None
    classes: int | None = None


def source(spec: S, key: str) -> tuple[S, Source]:
    """Draw what a set of pictures needs before it can be learnt from: a download, or an upload.

    Returns:
        The experiment, with the uploaded pictures in it, and what it learns from.
    """
    if spec.dataset != OWN:
        return spec, Source(image_sets.get(spec.dataset, key))
    kept = own_pictures.upload(spec.pictures, key)
    if isinstance(spec, CNNSpec):
        _class_by_class("Class by class, or by camera")
    if kept is None:
        return spec, Source(False)
    if kept.id != spec.pictures:
        controls.assign(key, pictures=kept.id)
        spec = spec.replace(pictures=kept.id)
    return spec, Source(True, kept.data, len(kept.about.classes))


def waiting(spec: CNNSpec) -> None:
    """Hold the network's place while there is nothing to learn from yet: what happens here, and what to do."""
    with st.container(border=True, height=520, vertical_alignment="center"):
        if spec.dataset == OWN:
            st.markdown("### Your own pictures")
            st.markdown(
                "Upload a zip on the left: a folder for each class, its pictures in it (`cats/1.jpg`, `dogs/7.png`), however "
                "deep it lies. They are cut square and made small; the network learns from them here, and only you can see them."
            )
            st.markdown(
                "A few dozen pictures a class are a beginning. With fewer, or to add them class by class and by camera, start from a "
                "pretrained model:"
            )
            _class_by_class("Your own pictures")
            st.markdown("A photographed digit is read, without any training here, on the page:")
            st.page_link(page_object("draw_digit"), label="Draw a digit", icon=":material/draw:")
            return
        entry = IMAGE_SETS[spec.dataset]
        st.markdown(f"### {plain(entry.title)}")
        st.markdown(plain(entry.summary))
        st.markdown(
            "It is not ready on this server yet: see what the left side says. *Shapes* and *Small digits* are always there."
        )


def _class_by_class(label: str) -> None:
    """The page where pictures are added one by one."""
    st.page_link(page_object("own_pictures"), label=label, icon=":material/add_photo_alternate:")
