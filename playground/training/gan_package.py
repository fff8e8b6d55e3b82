"""A trained generator to take along: as bytes for the sampler, as a folder, as a zip with a script that needs none of this project."""

from __future__ import annotations

import importlib.util
import io
import json
import math
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from safetensors.numpy import save

from playground import __version__
from playground.data.image_registry import IMAGE_SETS
from playground.functional import gan_file
from playground.functional.gan_losses import LOSSES
from playground.specs.gan import OWN
from playground.training.gan_scene import title
from playground.training.gan_stored import StoredGAN, unpack_run
from playground.training.gan_words import FEATURES, learnt

_SCRIPT, _README, _SAMPLES = "predict.py", "README.md", "samples.png"


def own(state: bytes) -> bytes:
    """What ``core.generating.Whose.own`` holds: the generator of a stored run and its discriminator, as ``gan_file`` writes them.

    Raises:
        InputError: The stored run cannot be read, or its weights are not finite.
    """
    stored = unpack_run(state)
    return gan_file.pack(stored.pair, stored.weights, facts(stored))


def package(stored: StoredGAN) -> bytes:
    """The folder as a zip, the same bytes for the same run; raises ``InputError`` where its weights are not finite."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in files(stored).items():
            packed = zipfile.ZIP_STORED if name.endswith((".safetensors", ".png")) else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content, packed)
    return held.getvalue()


def files(stored: StoredGAN) -> dict[str, bytes]:
    """What lies in the folder, by name: card, weights, a note, a script, and the samples that were drawn last.

    Raises:
        InputError: The weights are not finite, so that nothing can be drawn with them.
    """
    card = gan_file.card(stored.pair, facts(stored))
    found = {
        gan_file.CONFIG: (json.dumps(card, indent=2, ensure_ascii=False) + "\n").encode(),
        gan_file.WEIGHTS: save(gan_file.checked(stored.pair, stored.weights)),
        _README: _note(stored).encode(),
        _SCRIPT: _script(),
    }
    film = stored.film["film"]
    if len(film):
        found[_SAMPLES] = _sheet(film[-1])
    return found


def facts(stored: StoredGAN) -> dict[str, Any]:
    """What the card says beside the layers: where the generator comes from, and what was measured."""
    spec = stored.spec
    entry = None if spec.dataset == OWN else IMAGE_SETS[spec.dataset]
    settings = {name: value for name, value in spec.to_dict().items() if name != "pictures"}
    return {
        "title": title(spec),
        "made_with": f"Deep Learning Playground {__version__}",
        "data": {
            "name": "" if entry is None else entry.name,
            "title": "The visitor's own pictures" if entry is None else entry.title,
            "source": "" if entry is None else entry.source,
            "licence": "" if entry is None else entry.licence,
        },
        "knows": list(stored.classes),
        "loss": spec.loss,
        "seed": spec.seed,
        "epochs": stored.position.epoch,
        "steps": stored.position.step,
        "measured": {name: value for name, value in stored.measured.items() if math.isfinite(value)},
        "features": FEATURES[stored.pair.picture[0]],
        "experiment": settings,
    }


def _note(stored: StoredGAN) -> str:
    """What the generator is, where it comes from, how well it does, and how it is used."""
    said, pair = facts(stored), stored.pair
    channels, high, wide = pair.picture
    data = said["data"]
    kind = "colour" if channels == 3 else "grey"
    asked = (
        f" It was told classes, and draws the one that it is asked for: {', '.join(pair.classes)}."
        if pair.classes
        else ""
    )
    licence = f" Licence of these pictures: {data['licence']}." if data["licence"] else ""
    judge = pair.discriminator
    beside = (
        f" The discriminator that it learnt against lies beside it ({judge.parameters:,} parameters)." if judge else ""
    )
    distance = said["measured"].get("frechet")
    figure = (
        f"\nFréchet distance to training pictures, in the features of {said['features']}: {distance:.4g}. It can be compared "
        "with other runs on the same pictures, and with nothing else.\n"
        if distance is not None
        else ""
    )
    return f"""# {said["title"]}

Draws {kind} pictures of {wide} × {high} pixels from {pair.latents} random numbers ({pair.generator.parameters:,} parameters).{asked}

Trained on {_of(data)} with Deep Learning Playground {__version__}: {LOSSES[stored.spec.loss].title.lower()} loss,
{learnt(stored.position.epoch, stored.position.step)}, seed {stored.spec.seed}.{licence}{beside}
{figure}
It draws what is like the pictures it learnt from, and nothing else; what it draws was never photographed or written by anybody.

- `{gan_file.CONFIG}`: the layers and where they come from; `{gan_file.WEIGHTS}`: their weights.
- `{_SCRIPT}`: `python {_SCRIPT} --seed 1 --n 64 --out samples.png` draws with torch, safetensors, numpy and Pillow alone.

In the playground: put this folder into the models folder; it then is a model of the page GAN sampler, and of
`playground predict generate --model THIS_FOLDER --out samples.png`.
"""


def _of(data: dict[str, str]) -> str:
    return f"“{data['title']}” ({data['source']})" if data["source"] else "pictures of the person who trained it"


def _script() -> bytes:
    """The script as it lies here, not imported: that would import torch."""
    found = importlib.util.find_spec("playground.hub.gan_standalone")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).read_bytes()


def _sheet(pictures: NDArray[np.uint8]) -> bytes:
    """Pictures ``(n, h, w, c)`` in rows and columns, as PNG."""
    n, high, wide, c = pictures.shape
    columns = math.ceil(math.sqrt(n))
    made = np.zeros((-(-n // columns) * high, columns * wide, c), np.uint8)
    for number, one in enumerate(pictures):
        row, column = divmod(number, columns)
        made[row * high : (row + 1) * high, column * wide : (column + 1) * wide] = one
    held = io.BytesIO()
    Image.fromarray(made[..., 0] if c == 1 else made).save(held, "PNG")
    return held.getvalue()
