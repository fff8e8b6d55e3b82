"""Train the starter detector on scenes that ``scenes.py`` draws, and write ``playground/hub/starters/scenes``.

Run as ``python recipes/starter_detector.py --mnist FOLDER --photos cifar10-jpg.zip``; seed 1. ``--measure`` measures the
files that are there again, ``--examples`` draws the pictures of the detection page. The network, what is assigned to what,
the losses, the running average, the suppression and the average precision are ultralytics'; the loop is ours, for theirs
learns in half precision on a GPU only, and on a processor with bfloat16 instructions this one is twice as fast.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from playground.core import libraries, paths
from playground.data import true_boxes

WORK = Path(tempfile.gettempdir()) / "starter_detector"
libraries.set_up(WORK)
Path(os.environ["YOLO_CONFIG_DIR"]).mkdir(parents=True, exist_ok=True)

import cv2  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402
import yaml  # noqa: E402
from safetensors.torch import load_file, save_file  # noqa: E402
from scene_signs import NAMES, Stock, stock  # noqa: E402
from scenes import many, scene, strewn, tiny  # noqa: E402
from torch import Tensor  # noqa: E402
from ultralytics.engine.validator import BaseValidator  # noqa: E402
from ultralytics.nn.tasks import DetectionModel  # noqa: E402
from ultralytics.utils.metrics import ap_per_class, box_iou  # noqa: E402
from ultralytics.utils.nms import non_max_suppression  # noqa: E402
from ultralytics.utils.torch_utils import ModelEMA  # noqa: E402

PLACE = paths.PACKAGE / "hub" / "starters" / "scenes"
EXAMPLES = paths.SAMPLES / "scenes"
SEED, SIDE, BATCH = 1, 320, 16
SCENES, HELD = 12000, 500  # drawn to learn from, and for each of the two measurements
STEPS = 20000
# Which part of the rate is taken at which step. It learnt in two goes: after 9,200 steps it still got better, so the rate rose
# again, and fell once more; at 14,800 the end was put off.
PACE = ((0, 0.01), (400, 1), (4600, 1), (9199, 0.01), (9200, 1), (9300, 1), (14799, 0.415), (14800, 0.525), (STEPS, 0.01))
RATE, DECAY, CLIP = 2e-3, 0.02, 10.0
GAINS = SimpleNamespace(box=7.5, cls=0.5, dfl=1.5)  # ultralytics' own weights of the three losses
CLOSER = 3600  # from this step on an eighth of the pictures are enlarged pieces
FRESH = 5600  # from this step on most get more shapes
TINY = 8000  # from this step on a seventh is a tiny picture of one digit
SETTLE = 15800  # from this step on pictures vary less, more like those that it is measured on, and crowds come three times as often
KEEP, LOOK = 200, 1000  # after so many steps a checkpoint, after so many a look at the scenes kept apart

CROWD = 30  # a scene with so many signs is a crowd, measured with the others and by itself
MEASURED: tuple[tuple[str, str, int, dict[str, Any]], ...] = (
    ("measured0", "fonts it learnt from, 12 pixels high and more", SEED + 2, {"least": 12}),
    ("measured1", "fonts it never saw, 12 pixels high and more", SEED + 2, {"least": 12, "held": True}),
    ("apart", "fonts it learnt from, 8 pixels high and more, as it learnt", SEED + 1, {}),
)

# YOLO11n with its channels written out and at most 128 of them, where YOLO11n goes up to 256.
ARCHITECTURE = """\
backbone:
  - [-1, 1, Conv, [16, 3, 2]]  # 0, 1/2
  - [-1, 1, Conv, [32, 3, 2]]  # 1, 1/4
  - [-1, 1, C3k2, [64, False, 0.25]]
  - [-1, 1, Conv, [64, 3, 2]]  # 3, 1/8
  - [-1, 1, C3k2, [128, False, 0.25]]
  - [-1, 1, Conv, [128, 3, 2]]  # 5, 1/16
  - [-1, 1, C3k2, [128, True]]
  - [-1, 1, Conv, [128, 3, 2]]  # 7, 1/32
  - [-1, 1, C3k2, [128, True]]
  - [-1, 1, SPPF, [128, 5]]
  - [-1, 1, C2PSA, [128]]  # 10
head:
  - [-1, 1, nn.Upsample, [None, 2, nearest]]
  - [[-1, 6], 1, Concat, [1]]
  - [-1, 1, C3k2, [128, False]]  # 13
  - [-1, 1, nn.Upsample, [None, 2, nearest]]
  - [[-1, 4], 1, Concat, [1]]
  - [-1, 1, C3k2, [64, False]]  # 16, small things
  - [-1, 1, Conv, [64, 3, 2]]
  - [[-1, 13], 1, Concat, [1]]
  - [-1, 1, C3k2, [128, False]]  # 19, middling things
  - [-1, 1, Conv, [128, 3, 2]]
  - [[-1, 10], 1, Concat, [1]]
  - [-1, 1, C3k2, [128, True]]  # 22, large things
  - [[16, 19, 22], 1, Detect, [nc]]
"""


def network() -> DetectionModel:
    """The network untrained, with what ultralytics' loss asks of it."""
    net = DetectionModel({"nc": len(NAMES), **yaml.safe_load(ARCHITECTURE)}, nc=len(NAMES), verbose=False)
    net.names, net.args = dict(enumerate(NAMES)), GAINS
    return net


def drawn(name: str, count: int, seed: int, given: tuple[str, str], **how: Any) -> tuple[np.ndarray, list[np.ndarray]]:
    """Scenes and their boxes, from the work folder where they were drawn before; ``how`` as ``scenes.many`` takes it."""
    file, beside = WORK / f"{name}.npy", WORK / f"{name}_boxes.npy"
    if not beside.is_file():
        started = time.time()
        pictures, boxes = many(count, seed, given, **how)
        np.save(file, pictures)
        np.save(beside, np.concatenate([np.insert(some, 0, at, 1) for at, some in enumerate(boxes)]))
        print(f"{count} scenes in {time.time() - started:.0f} s", flush=True)
    pictures, rows = np.load(file, mmap_mode="r"), np.load(beside)
    starts = np.searchsorted(rows[:, 0], np.arange(len(pictures) + 1))
    return pictures, [rows[a:b, 1:] for a, b in zip(starts[:-1], starts[1:], strict=True)]


def varied(rng: np.random.Generator, picture: np.ndarray, boxes: np.ndarray, step: int, hands: Stock) -> tuple[np.ndarray, np.ndarray]:
    """A scene moved, larger or smaller, wider or narrower, in other colours; never turned over, for digits are not.

    From ``CLOSER`` on, one in eight is a small part of it, coarse and much enlarged; from ``FRESH`` on, every other has more
    shapes than were drawn at first; from ``TINY`` on, one in seven is a tiny picture of one digit instead; from ``SETTLE``
    on, half as many of both.
    """
    settled = step >= SETTLE
    zoom = np.exp(rng.uniform(*np.log((0.9, 1.2) if settled else (0.72, 1.4)))) * np.exp(rng.normal(0, 0.06, 2))
    spare = SIDE * (1 - zoom)  # how far it may move and still fill the side, or lie within it
    move = spare * rng.uniform(0, 1, 2) + rng.uniform(-0.06, 0.06, 2) * SIDE
    if step >= TINY and rng.random() < (0.07 if settled else 0.14):
        picture, boxes = tiny(rng, hands)
        zoom, move = np.exp(rng.normal(0, 0.1, 2)), rng.normal(0, 12, 2)
    elif step >= FRESH and rng.random() < (0.25 if settled else 0.5):
        picture, boxes = strewn(rng, picture, boxes)
    how, fit = cv2.INTER_LINEAR, np.nonzero((boxes[:, 4] - boxes[:, 2] > 14) & (boxes[:, 4] - boxes[:, 2] < 110))[0]
    if step >= CLOSER and len(boxes) > 1 and len(fit) and rng.random() < 0.125:
        low, high = boxes[rng.choice(fit), 1:].reshape(2, 2)
        zoom = np.minimum(rng.uniform(130, 290) / (high - low)[1], 300 / (high - low)[0]) * np.exp(rng.normal(0, 0.06, 2))
        move = SIDE / 2 - (low + high) / 2 * zoom + rng.uniform(-0.5, 0.5, 2) * np.maximum(0, SIDE - (high - low) * zoom)
        how = (cv2.INTER_NEAREST, cv2.INTER_LINEAR, cv2.INTER_CUBIC)[rng.integers(3)]
    edge = (114, 114, 114) if rng.random() < 0.6 else tuple(int(v) for v in rng.integers(0, 256, 3))
    picture = cv2.warpAffine(picture, np.float32([[zoom[0], 0, move[0]], [0, zoom[1], move[1]]]), (SIDE, SIDE), flags=how, borderValue=edge)
    corners = boxes[:, 1:].reshape(-1, 2, 2) * zoom + move
    inside = np.clip(corners, 0, SIDE)
    area, seen = np.prod(corners[:, 1] - corners[:, 0], 1), np.prod(inside[:, 1] - inside[:, 0], 1)
    stays = (seen > 0.4 * area) & ((inside[:, 1] - inside[:, 0])[:, 1] >= 6)
    boxes = np.column_stack([boxes[:, 0], inside.reshape(-1, 4)])[stays]
    if rng.random() < 0.3:
        picture = picture[:, :, rng.permutation(3)]
    if rng.random() < 0.1:
        picture = cv2.cvtColor(cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    levels = np.arange(256.0)[:, None] * rng.uniform(0.6, 1.35) * np.exp(rng.normal(0, 0.08, 3)) + rng.uniform(-40, 40)
    levels = 255 - levels if rng.random() < 0.12 else levels
    return cv2.LUT(np.ascontiguousarray(picture), np.clip(levels, 0, 255).astype(np.uint8)[None]), boxes


def batch(step: int, pictures: np.ndarray, boxes: list[np.ndarray], hands: Stock) -> dict[str, Tensor]:
    """The scenes of a step, as ultralytics' loss takes them. Every scene comes once (later a crowd thrice) before any again."""
    pool = np.repeat(np.arange(len(boxes)), [3 if step >= SETTLE and len(some) >= CROWD else 1 for some in boxes])
    rng, each = np.random.default_rng((SEED, step)), len(pool) // BATCH
    order = np.random.default_rng((SEED, 10**6 + step // each)).permutation(pool)
    rows = order[step % each * BATCH :][:BATCH]
    made = [varied(rng, pictures[row], boxes[row], step, hands) for row in np.sort(rows)]
    flat = np.concatenate([np.insert(some, 0, at, 1) for at, (_, some) in enumerate(made)]).astype(np.float32)
    centres, sizes = (flat[:, 2:4] + flat[:, 4:6]) / 2 / SIDE, (flat[:, 4:6] - flat[:, 2:4]) / SIDE
    return {
        "img": inputs(np.stack([picture for picture, _ in made])),
        "batch_idx": torch.from_numpy(flat[:, 0]),
        "cls": torch.from_numpy(flat[:, 1:2]),
        "bboxes": torch.from_numpy(np.concatenate([centres, sizes], 1)),
    }


def inputs(pictures: np.ndarray) -> Tensor:
    """Bytes ``(n, h, w, 3)`` as the network is fed them."""
    return torch.from_numpy(np.array(pictures)).permute(0, 3, 1, 2).float().div_(255)  # channels last


def train(given: tuple[str, str], resume: bool) -> None:
    """Learn for ``STEPS``, with a checkpoint in the work folder from which ``resume`` goes on; write the average at each look."""
    pictures, boxes = drawn("learnt", SCENES, SEED, given)
    kept_apart = drawn("apart", HELD, SEED + 1, given, fresh=True)
    hands = stock(given[0], "", False)
    torch.manual_seed(SEED)
    net = network().to(memory_format=torch.channels_last).train()
    whole = [p for name, p in net.named_parameters() if p.ndim > 1 and p.requires_grad]
    rest = [p for name, p in net.named_parameters() if p.ndim <= 1 and p.requires_grad]
    descent = torch.optim.AdamW([{"params": whole, "weight_decay": DECAY}, {"params": rest, "weight_decay": 0.0}], lr=RATE)
    average, begun, checkpoint, spent = ModelEMA(net, decay=0.999, tau=500), 0, WORK / "checkpoint.pt", 0.0
    if resume and checkpoint.is_file():
        kept = torch.load(checkpoint, weights_only=True)
        begun, average.updates, spent = kept["step"], kept["step"], kept["spent"]
        net.load_state_dict(kept["net"]), average.ema.load_state_dict(kept["average"]), descent.load_state_dict(kept["descent"])
    started, losses, beside = time.time(), [], ThreadPoolExecutor(1)  # prepares the next step's pictures
    ahead = beside.submit(batch, begun, pictures, boxes, hands)
    for step in range(begun, STEPS):
        for group in descent.param_groups:
            group["lr"] = RATE * float(np.interp(step, *zip(*PACE, strict=True)))
        asked, ahead = ahead.result(), beside.submit(batch, step + 1, pictures, boxes, hands)
        with torch.autocast("cpu", torch.bfloat16):
            said = net(asked["img"])
        said = {key: [one.float() for one in value] if isinstance(value, list) else value.float() for key, value in said.items()}
        loss, parts = net.loss(asked, said)
        descent.zero_grad()
        loss.sum().backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), CLIP)
        descent.step()
        average.update(net)
        losses.append(float(loss.detach().sum()) / BATCH)
        if (step + 1) % KEEP == 0 or step + 1 == STEPS:
            used = resource.getrusage(resource.RUSAGE_SELF)
            states = {"net": net.state_dict(), "average": average.ema.state_dict(), "descent": descent.state_dict()}
            states |= {"step": step + 1, "spent": spent + used.ru_utime + used.ru_stime}
            torch.save(states, checkpoint.with_suffix(".part"))
            checkpoint.with_suffix(".part").replace(checkpoint)
            speed = (step + 1 - begun) * BATCH / (time.time() - started)
            print(f"step {step + 1}: loss {np.mean(losses[-KEEP:]):.3f}, {speed:.1f} pictures a second, {states['spent'] / 3600:.2f} CPU hours", flush=True)
        if (step + 1) % LOOK == 0 or step + 1 in (KEEP, STEPS):
            write(average.ema)
            scores = precision(found(average.ema, kept_apart[0][:200], 0.001), kept_apart[1][:200])
            print(f"step {step + 1}: of 200 scenes kept apart mAP50 {scores['mAP50']:.3f}, mAP50-95 {scores['mAP50-95']:.3f}", flush=True)


def write(net: DetectionModel) -> None:
    """The folder: weights in half precision under ultralytics' names, and all it takes to build the network for them."""
    PLACE.mkdir(parents=True, exist_ok=True)
    half = {name: (one.half() if one.is_floating_point() else one).clone(memory_format=torch.contiguous_format) for name, one in net.state_dict().items()}
    save_file(half, PLACE / "model.part")
    (PLACE / "model.part").chmod(0o644)
    (PLACE / "model.part").replace(PLACE / "model.safetensors")
    head = "# The starter detector: ultralytics' YOLO11n with at most 128 channels, all numbers written out.\n"
    head += f"nc: {len(NAMES)}\nimgsz: {SIDE}\nnames: [{', '.join(repr(name) for name in NAMES)}]\n".replace("'", '"')
    (PLACE / "model.yaml").write_text(head + ARCHITECTURE, encoding="utf-8")


def opened() -> DetectionModel:
    """What lies in the repository."""
    said = yaml.safe_load((PLACE / "model.yaml").read_text(encoding="utf-8"))
    net = DetectionModel(said, nc=said["nc"], verbose=False)
    net.load_state_dict(load_file(PLACE / "model.safetensors"))
    net.names = dict(enumerate(said["names"]))
    return net.eval()


def found(net: DetectionModel, pictures: np.ndarray, sure: float, overlap: float = 0.7) -> list[Tensor]:
    """Corners, how sure, and class of what the network finds in each picture, ``(n, 6)``."""
    net.eval()
    with torch.inference_mode():
        outputs = [net(inputs(pictures[at : at + 25])) for at in range(0, len(pictures), 25)]
        said = [one for out in outputs for one in non_max_suppression(out, sure, overlap, nc=len(NAMES), max_det=300, multi_label=sure < 0.01, max_time_img=2.0)]
    return said


def precision(finds: list[Tensor], boxes: list[np.ndarray]) -> dict[str, Any]:
    """Mean average precision by ultralytics' measure, over overlaps of 0.5 and of 0.5 to 0.95; and each class's at 0.5."""
    judge, rows = SimpleNamespace(iouv=torch.linspace(0.5, 0.95, 10)), []
    for said, true in zip(finds, boxes, strict=True):
        there = torch.from_numpy(np.asarray(true, np.float32))
        right = BaseValidator.match_predictions(judge, said[:, 5], there[:, 0], box_iou(there[:, 1:], said[:, :4]))
        rows.append((right.numpy(), said[:, 4].numpy(), said[:, 5].numpy(), there[:, 0].numpy()))
    result = ap_per_class(*(np.concatenate(column) for column in zip(*rows, strict=True)))
    each, classes = result[5], result[6]
    names = {NAMES[int(c)]: round(float(ap), 3) for c, ap in zip(classes, each[:, 0], strict=True)}
    return {"mAP50": float(each[:, 0].mean()), "mAP50-95": float(each.mean()), "each": names}


def examples() -> None:
    """The pictures of the detection page, 480 pixels wide, and what is in them: all of it drawn here or by the playground."""
    EXAMPLES.mkdir(parents=True, exist_ok=True)
    known = json.loads(true_boxes.FILE.read_text(encoding="utf-8"))
    for name, kind, at in (("photograph", "scatter", 11), ("screenshot", "page", 1), ("crowd", "crowd", 2)):
        picture, boxes = scene(np.random.default_rng((SEED + 3, at)), 480, kind=kind, least=13)
        cv2.imwrite(str(EXAMPLES / f"{name}.jpg"), picture[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 80])
        known[name] = [[NAMES[int(which)], *(round(min(max(float(edge) / 480, 0), 1), 4) for edge in edges)] for which, *edges in boxes]
    rows = (f' "{name}": [\n' + ",\n".join(f"  {json.dumps(box)}" for box in some) + "\n ]" for name, some in known.items())
    true_boxes.FILE.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


def main() -> None:
    """Draw, train, write, measure."""
    parser = argparse.ArgumentParser(description="Train the starter detector and measure it.")
    parser.add_argument("--mnist", default="", help="a folder with MNIST's four idx files, for hand-written digits")
    parser.add_argument("--photos", default="", help="CIFAR-10 as a zip of train|test/<class>/NNNN.jpg, for what is behind")
    parser.add_argument("--outside", type=Path, help="a folder with digits, coco and imagenet, to be measured on too")
    parser.add_argument("--threads", type=int, default=min(2, os.cpu_count() or 1), help="of the processor; where it is busy, 1 is faster")
    parser.add_argument("--resume", action="store_true", help=f"go on from the checkpoint in {WORK}")
    parser.add_argument("--measure", action="store_true", help="measure the files in the repository again, and train nothing")
    parser.add_argument("--examples", action="store_true", help="draw the example pictures, and train nothing")
    asked = parser.parse_args()
    given = (asked.mnist, asked.photos)
    torch.set_num_threads(asked.threads)
    if asked.examples:
        return examples()
    if not asked.measure:
        train(given, asked.resume)
    net = opened()
    for name, title, seed, how in MEASURED:
        pictures, boxes = drawn(name, HELD, seed, given, fresh=True, **how)
        said, crowds = found(net, pictures, 0.001), [at for at, some in enumerate(boxes) if len(some) >= CROWD]
        print(f"{len(pictures)} scenes, {title}: {precision(said, boxes)}", flush=True)
        for part, rows in ((f"with fewer than {CROWD} signs", sorted(set(range(len(boxes))) - set(crowds))), ("crowded", crowds)):
            scores = precision([said[at] for at in rows], [boxes[at] for at in rows])
            print(f"  the {len(rows)} {part}: mAP50 {scores['mAP50']:.3f}, mAP50-95 {scores['mAP50-95']:.3f}", flush=True)
    if asked.outside:
        from detector_outside import SURE, outside

        outside(lambda pictures: found(net, pictures, SURE), asked.outside)


if __name__ == "__main__":
    main()
