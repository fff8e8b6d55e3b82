"""Object detection: which model, which picture, and which of the boxes it proposes are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from playground.core.detection import MOST_OBJECTS, Thresholds
from playground.specs.bounds import Choice, Range, Toggle, Words
from playground.specs.spec import Spec

LONGEST_NAME = 120
LONGEST_CLASSES = 600
TABS: Mapping[str, str] = {
    "boxes": "Boxes", "video": "Video", "decided": "How it decided", "score": "Score my own boxes", "code": "Code",
    "references": "References",
}  # fmt: skip
"""What a link calls each tab, and what stands on it."""


@dataclass(frozen=True)
class DetectionSpec(Spec):
    """One picture, one model, and the thresholds. A visitor's own picture is never part of it.

    Models and examples are checked against the catalog and the list of examples by the page, which knows them; classes
    against the model's own.
    """

    KIND: ClassVar[str] = "detection"
    VERSION: ClassVar[int] = 1

    model: Annotated[
        str,
        Words(longest=LONGEST_NAME, linked=True, label="Model", group="input",
              help="Those that are ready come first; of the others it says what there is to fetch."),
    ] = ""  # fmt: skip
    example: Annotated[
        str, Words(longest=LONGEST_NAME, linked=True, label="Picture", help="One of ours; or bring your own.", group="input")
    ] = ""  # fmt: skip
    confidence: Annotated[
        float,
        Range(0.01, 1, step=0.01, label="Confidence", group="boxes", help="Boxes that the network is less sure of are not shown."),
    ] = 0.25  # fmt: skip
    iou: Annotated[
        float,
        Range(0, 1, label="IoU", advanced=True, group="boxes",
              help="Of two boxes that overlap by more than this part of both together, the surer one stays."),
    ] = 0.7  # fmt: skip
    classes: Annotated[
        str,
        Words(longest=LONGEST_CLASSES, linked=True, label="Classes", advanced=True, group="boxes",
              help="Only boxes of the classes you pick here; with none picked, of all."),
    ] = ""  # fmt: skip
    most: Annotated[
        int, Range(1, MOST_OBJECTS, whole=True, label="Max. detections", advanced=True, group="boxes", help="So many boxes are shown.")
    ] = MOST_OBJECTS  # fmt: skip
    agnostic: Annotated[
        bool,
        Toggle(label="Class-agnostic NMS", advanced=True, group="boxes",
             help="Boxes of different classes suppress each other, too (class-agnostic NMS)."),
    ] = False  # fmt: skip
    labels: Annotated[
        bool, Toggle(label="Labels", advanced=True, group="boxes", help="Write class and confidence on the boxes.")
    ] = True  # fmt: skip
    tab: Annotated[str, Choice(lambda: TABS, label="Open tab", group="tab")] = "boxes"
    rate: Annotated[
        float,
        Range(1, 15, label="Frames a second", advanced=True, group="video",
              help="How many frames of each second of a clip are looked at."),
    ] = 5.0  # fmt: skip

    def thresholds(self, classes: tuple[int, ...]) -> Thresholds:
        """The same as the questions about clips carry them.

        Args:
            classes: The numbers that ``classes`` stands for with the model at hand.
        """
        return Thresholds(self.confidence, self.iou, classes, self.agnostic, self.most)
