"""Files of ultralytics' networks, opened so that nothing in them is ever executed.

Its ``.pt`` files are pickles of whole networks. They are opened by torch's restricted reader, which builds what is on a list
and refuses the file at the first other name. That alone is not enough: the reader also *calls* what is on its list if a file
says so, and ultralytics' networks, called with a configuration, evaluate parts of it as Python. So what is on the list stands
there as a shell that cannot be called, only filled; whole networks are made of the shells afterwards. What a network
does not need to answer (how it was trained, how pictures were prepared) is filled into a thing that can do nothing.
"""

from __future__ import annotations

import functools
import importlib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import torch
from torch import nn
from ultralytics.nn.tasks import DetectionModel
from ultralytics.utils import YAML

from playground.catalog import folder as on_disk
from playground.catalog.card import Card
from playground.core.errors import ModelUnavailable
from playground.hub import opening
from playground.hub.configuration import SIDES, Described, short
from playground.hub.preparation import Preparation
from playground.hub.yolo_network import Logits, Proposals

SIDE, CLASSIFIER_SIDE = 640, 224
"""What a network is fed where its file does not say, in pixels a side."""

_TORCH = {
    "activation": "SiLU Tanh",
    "batchnorm": "BatchNorm2d",
    "container": "ModuleList Sequential",
    "conv": "Conv2d ConvTranspose2d",
    "dropout": "Dropout",
    "linear": "Identity Linear",
    "padding": "ZeroPad2d",
    "pooling": "AdaptiveAvgPool2d MaxPool2d",
    "upsampling": "Upsample",
}
_BLOCKS = {
    "modules.conv": "Concat Conv DWConv RepConv",
    "modules.block": (
        "A2C2f AAttn ABlock AConv ADown Attention Bottleneck C2PSA C2f C2fCIB C3 C3k C3k2 CBFuse CBLinear CIB DFL ELAN1 PSA "
        "PSABlock Proto Proto26 RealNVP RepBottleneck RepCSP RepNCSPELAN4 RepVGGDW SCDown SPPELAN SPPF"
    ),
    "modules.head": "Classify Detect Pose Pose26 Segment Segment26 v10Detect",
    "tasks": "ClassificationModel DetectionModel PoseModel SegmentationModel",
}
FILLED = tuple(
    f"{room}.{module}.{name}"
    for room, modules in (("torch.nn.modules", _TORCH), ("ultralytics.nn", _BLOCKS))
    for module, names in modules.items()
    for name in names.split()
)
"""What networks are built of (detection, masks, key points, classes; YOLO v3, v5, v8 to v12 and 26), by its full name."""

_LEFT = {
    "torch.nn.modules.loss": "BCEWithLogitsLoss CrossEntropyLoss",
    "torchvision.transforms.functional": "InterpolationMode",
    "torchvision.transforms.transforms": "CenterCrop Compose Normalize Resize ToTensor",
    "ultralytics.utils": "IterableSimpleNamespace",
    "ultralytics.utils.loss": (
        "BCEDiceLoss BboxLoss DFLoss E2EDetectLoss E2ELoss KeypointLoss MultiChannelDiceLoss PoseLoss26 RLELoss SegmentLoss26 "
        "v8ClassificationLoss v8DetectionLoss v8PoseLoss v8SegmentationLoss"
    ),
    "ultralytics.utils.tal": "PoseTaskAlignedAssigner SegTaskAlignedAssigner TaskAlignedAssigner",
    "ultralytics.yolo.utils": "IterableSimpleNamespace",
    "numpy": "dtype",
    "numpy.core.multiarray": "scalar",
    "numpy._core.multiarray": "scalar",
    "pathlib": "PosixPath PurePosixPath PureWindowsPath WindowsPath",
}
LEFT_OUT = tuple(f"{module}.{name}" for module, names in _LEFT.items() for name in names.split())
"""What files hold beside the network and nobody needs here: none of it is imported."""

_WRONG = (AttributeError, KeyError, IndexError, RecursionError, RuntimeError, TypeError, ValueError, MemoryError)
"""What a network raises that is not what its file claims."""


@dataclass(frozen=True)
class Opened:
    """What a detector's files hold.

    Attributes:
        network: In evaluation mode; no parameter asks for a gradient.
        names: Of its classes.
        side: Longest side that it was made for, in pixels.
    """

    network: Proposals
    names: tuple[str, ...]
    side: int


class Nothing:
    """Stands in for what is left out: keeps what it is filled with, and can do nothing."""

    def __init__(self, *given: object) -> None:
        self.given = given


def detector(card: Card, folder: Path) -> Opened:
    """Open a model that finds objects.

    Raises:
        ModelUnavailable: A file is missing or broken, holds what it may not, or is not of such a network; says which.
    """
    home = _home(card, folder)
    model, said = (_from_yaml if card.source.files[-1].endswith(".safetensors") else _from_pickle)(card, home)
    kind = type(model).__name__
    if kind not in ("DetectionModel", "SegmentationModel", "PoseModel"):
        raise ModelUnavailable(f"{card.title} holds a {kind}, which finds no objects.")
    try:
        if getattr(model.model[-1], "one2one_cv2", None) is not None:
            model.end2end = True  # ultralytics' own predict does the same where it is called with nms=False
        model.fuse(verbose=False)
        network = Proposals(model)
        names = _names(model, network.classes)
    except _WRONG as error:
        raise ModelUnavailable(f"{card.title}: its network is not what it claims to be ({short(error)}).") from None
    return Opened(network.float().eval().requires_grad_(False), names, _side(said, SIDE))


def classifier(card: Card, folder: Path) -> Described:
    """Open a model that names what is in a picture; raises as ``detector`` does."""
    model, said = _from_pickle(card, _home(card, folder))
    if type(model).__name__ != "ClassificationModel":
        raise ModelUnavailable(f"{card.title} holds a {type(model).__name__}, which does not classify pictures.")
    try:
        model.fuse(verbose=False)
        network = Logits(model)
        names = _names(model, network.num_classes)
        shaping = _shaping(model)
        side = _side(said, CLASSIFIER_SIDE)
        mean, std = shaping or ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))
        preparation = Preparation(
            {
                "input_size": (3, side, side), "interpolation": "bilinear", "mean": mean, "std": std,
                "crop_pct": 1.0, "crop_mode": "center",
            }
        )  # fmt: skip
    except _WRONG as error:
        raise ModelUnavailable(f"{card.title}: its network is not what it claims to be ({short(error)}).") from None
    return Described(network.float().eval().requires_grad_(False), preparation, names, 1.0, None)


def _home(card: Card, folder: Path) -> Path:
    home = on_disk.place(card, folder)
    for name in card.source.files:
        if not (home / name).is_file():
            raise ModelUnavailable(
                f"{card.title} is not on disk. Fetch it on the page Models, or with playground models pull {card.name}."
            )
    return home


def _from_yaml(card: Card, home: Path) -> tuple[Any, Mapping[str, Any]]:
    """A network that comes with the playground: built as its description says, and filled."""
    said = YAML.load(home / card.source.files[0])
    names = said.pop("names")
    model = DetectionModel(cfg=said, verbose=False)
    tensors = opening.weights(home / card.source.files[-1])
    model.load_state_dict({name: one.float() if one.is_floating_point() else one for name, one in tensors.items()})
    model.names = dict(enumerate(names))
    return model.eval(), said


def _from_pickle(card: Card, home: Path) -> tuple[Any, Mapping[str, Any]]:
    """The network of an ultralytics checkpoint, and what it was trained with."""
    path = home / card.source.files[-1]
    if not zipfile.is_zipfile(path):
        _cut_short(path)
    try:
        named = set(torch.serialization.get_unsafe_globals_in_checkpoint(path))
    except Exception:  # noqa: BLE001 - a file made to confuse a reader, or a broken one: it is refused below, with its reason
        named = set()
    foreign = sorted(named - set(FILLED) - set(LEFT_OUT))
    if foreign:
        raise ModelUnavailable(
            f"{path.name} was not opened: beside what detectors and classifiers of ultralytics' are made of it holds "
            f"{', '.join(foreign[:3])}{' and more' if len(foreign) > 3 else ''}, which could run code."
        )
    allowed = [(_shell(name), name) for name in FILLED if name in named]
    held = opening.checkpoint(path, [*allowed, *((Nothing, name) for name in LEFT_OUT if name in named)])
    if not isinstance(held, Mapping):
        raise ModelUnavailable(f"{path.name} is no checkpoint of ultralytics': it holds a {type(held).__name__}.")
    model = held.get("ema") if held.get("ema") is not None else held.get("model")
    if not isinstance(model, nn.Module):
        raise ModelUnavailable(f"{path.name} is no checkpoint of ultralytics': there is no network in it.")
    try:
        return _whole(model).float().eval(), _trained(held, model)
    except _WRONG as error:
        raise ModelUnavailable(f"{path.name}: its network is not what it claims to be ({short(error)}).") from None


def _cut_short(path: Path) -> NoReturn:
    with path.open("rb") as file:
        start = file.read(4)
    if start[:2] == b"PK":
        raise ModelUnavailable(f"{path.name} is cut short: its end is missing. Fetch it or copy it once more.")
    raise ModelUnavailable(
        f"{path.name} is no checkpoint of ultralytics': those are ZIP files inside, and this is none."
    )


@functools.cache
def _shell(name: str) -> type:
    """A class that can be filled like the one of that name, but not called."""
    module, _, attribute = name.rpartition(".")
    real = getattr(importlib.import_module(module), attribute)

    def refuse(self: object, *given: object, **named: object) -> None:
        raise TypeError(f"{attribute} was called")

    return type(attribute, (real,), {"__init__": refuse, "shell_of": real})


def _whole(model: nn.Module) -> Any:
    """The network that shells were filled for: each becomes what it stands for."""
    for one in model.modules():
        real = vars(type(one)).get("shell_of")
        if real is None:
            raise TypeError(f"{type(one).__name__} is among its parts")
        one.__class__ = real
        if real is nn.Upsample and not hasattr(one, "recompute_scale_factor"):
            one.recompute_scale_factor = None  # type: ignore[assignment]  # files from before torch 1.11
    return model


def _trained(held: Mapping[Any, Any], model: nn.Module) -> Mapping[str, Any]:
    """What the network was trained with, as far as the file says so."""
    for said in (held.get("train_args"), vars(model).get("args")):
        if isinstance(said, Mapping) and "imgsz" in said:
            return said
    return {}


def _side(said: Mapping[str, Any], otherwise: int) -> int:
    """The longest side that a network was trained with."""
    side = said.get("imgsz")
    if isinstance(side, list | tuple) and side:
        side = max((one for one in side if isinstance(one, int)), default=None)
    return side if isinstance(side, int) and not isinstance(side, bool) and side in SIDES else otherwise


def _names(model: Any, classes: int) -> tuple[str, ...]:
    """A name for each class."""
    said = model.names
    if not isinstance(said, Mapping | list | tuple) or len(said) != classes:
        raise ValueError(f"it has {classes} classes, and not as many names")
    return tuple(str(said[index])[:200] for index in range(classes))


def _shaping(model: Any) -> tuple[tuple[float, ...], tuple[float, ...]] | None:
    """Mean and spread that a classifier's pictures are normalised with, where its file says so."""
    steps = vars(vars(model).get("transforms") or Nothing()).get("transforms")
    for step in steps if isinstance(steps, list) else []:
        inside = vars(step)
        if "mean" in inside and "std" in inside:
            mean, std = (tuple(float(value) for value in inside[key]) for key in ("mean", "std"))
            if len(mean) == len(std) == 3 and all(value > 0 for value in std):
                return mean, std
    return None
