"""Image classification: which model, which picture, and how it is looked into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from playground.core.vision import MOST_ANSWERS, Method, Scramble, Shaking
from playground.specs.bounds import Choice, Range, Words
from playground.specs.spec import Spec

LONGEST_NAME = 120
METHOD_TITLES: Mapping[Method, str] = {
    "gradcam": "Grad-CAM",
    "integrated_gradients": "Integrated gradients",
    "occlusion": "Occlusion",
}
SCRAMBLE_TITLES: Mapping[Scramble, str] = {
    "none": "As trained",
    "head": "Last layer scrambled",
    "half": "Second half scrambled",
    "all": "All scrambled",
}
SHAKING_TITLES: Mapping[Shaking, str] = {
    "rotate": "Rotate",
    "shift_x": "Shift sideways",
    "shift_y": "Shift up and down",
    "blur": "Blur",
    "brightness": "Brightness",
}
ADVERSARIAL = "adversarial"
CHANGE_TITLES: Mapping[str, str] = dict[str, str](SHAKING_TITLES.items()) | {ADVERSARIAL: "Adversarial"}


@dataclass(frozen=True)
class ClassificationSpec(Spec):
    """One picture, one answer, and what can be asked about it. A visitor's own picture is never part of it.

    Models and examples are checked against the catalog and the list of examples by the page, which knows them.
    """

    KIND: ClassVar[str] = "classification"
    VERSION: ClassVar[int] = 1

    model: Annotated[
        str,
        Words(longest=LONGEST_NAME, linked=True, label="Model", group="input",
              help="Those that are ready come first; of the others it says what there is to fetch."),
    ] = ""  # fmt: skip
    example: Annotated[
        str, Words(longest=LONGEST_NAME, linked=True, label="Picture", help="One of ours; or bring your own.", group="input")
    ] = ""  # fmt: skip
    top: Annotated[
        int, Range(1, MOST_ANSWERS, whole=True, label="Answers", help="So many of the likeliest classes are shown.", group="input")
    ] = 5  # fmt: skip
    second: Annotated[
        str, Words(longest=LONGEST_NAME, linked=True, label="Second model", help="Answers the same picture.", advanced=True, group="two")
    ] = ""  # fmt: skip
    method: Annotated[
        str,
        Choice(lambda: METHOD_TITLES, label="Method", advanced=True, group="where",
               help="How the evidence is traced back to the picture."),
    ] = "gradcam"  # fmt: skip
    scramble: Annotated[
        str,
        Choice(lambda: SCRAMBLE_TITLES, label="Scramble the weights", advanced=True, group="where",
               help="Shuffles weights at random. A map that stays the same explains nothing."),
    ] = "none"  # fmt: skip
    target: Annotated[
        int,
        Range(-1, 100_000, whole=True, label="Class", advanced=True, group="where", help="Which class is explained; -1 is the likeliest."),
    ] = -1  # fmt: skip
    opacity: Annotated[
        float, Range(0, 1, label="Overlay", help="How much of the map covers the picture.", advanced=True, group="where")
    ] = 0.55  # fmt: skip
    stage: Annotated[
        int, Range(0, 63, whole=True, label="Stage", help="Whose feature maps are shown.", advanced=True, group="fed")
    ] = 0  # fmt: skip
    shaking: Annotated[
        str,
        Choice(lambda: CHANGE_TITLES, label="Change", advanced=True, group="shake",
               help="What is done to the picture, a little at a time."),
    ] = "rotate"  # fmt: skip
