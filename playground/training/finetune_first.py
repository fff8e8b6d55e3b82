"""What a page shows of a fine-tuning run before a worker has it: the network's parts, the split, the schedule, some texts.

Drawn in the web process, without torch. Nothing is measured yet: that takes the network, and the worker has it.
"""

from __future__ import annotations

from pathlib import Path

from playground.data.text_set import LabelledTexts
from playground.optim.warmed import warmed
from playground.specs.finetune import FinetuneSpec
from playground.training import finetune_data
from playground.training.finetune_layers import facts
from playground.training.finetune_standing import Baseline, Standing
from playground.training.finetune_view import View
from playground.training.history import History


def first_frames(
    spec: FinetuneSpec, data: LabelledTexts | None = None, folder: Path | None = None
) -> tuple[bytes, bytes]:
    """Scene and tick of a run that has not begun.

    Args:
        spec: The experiment.
        data: The visitor's own texts, where ``spec.dataset`` is ``"own"``.
        folder: The models folder; unless said otherwise that of the settings.

    Raises:
        PlaygroundError: The experiment cannot be run; for one, its pretrained model is not on disk.
    """
    spec = spec.checked()
    card, place = finetune_data.base(spec, folder)
    texts = finetune_data.prepare(spec, data)
    view = View(spec, texts, facts(place, card.name, card.title, len(texts.classes), spec.freeze))
    steps = spec.epochs * -(-texts.counts["train"] // spec.batch_size)
    moment = Standing(
        phase="load",
        lr=spec.lr * warmed(spec.schedule, 0, steps, spec.warmup / 100),
        total=texts.counts["train"],
        steps=steps,
        baseline=Baseline(majority=finetune_data.majority(texts).get("val", 0.0)),
    )
    return view.scene(), view.tick(None, History(), moment)
