"""A fine-tuned model to take along, as one zip: a folder that transformers opens, a card, and a script of a few lines."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from playground import __version__
from playground.catalog.card import Card
from playground.data.text_registry import TEXT_SETS
from playground.hub.finetuned_folder import files
from playground.hub.finetuning import Tuner
from playground.specs.finetune import ALL, OWN
from playground.training.cnn_words import percent
from playground.training.finetune_data import base
from playground.training.finetune_loop import opened, same_model
from playground.training.finetune_stored import StoredTune

_SCRIPT = '''"""Sort texts with this model: python predict.py "A text" "Another one". Needs torch and transformers."""

import sys
from pathlib import Path

from transformers import pipeline

here = str(Path(__file__).parent)
classify = pipeline("text-classification", model=here, tokenizer=here, top_k=None)
for text in sys.argv[1:]:
    scores = classify([text], truncation=True, max_length={longest})[0]
    print(text, *("  {{label}}: {{score:.4f}}".format(**one) for one in scores), sep="\\n")
'''


def ready(
    stored: StoredTune, model: tuple[Card, Path] | None = None, folder: Path | None = None, device: str = "cpu"
) -> Tuner:
    """The network of a stored run with its best weights.

    Args:
        stored: The run.
        model: The pretrained model that it began with and the folder of its files; found by its name unless given.
        folder: The models folder; unless said otherwise that of the settings.
        device: Where it is to run.

    Raises:
        PlaygroundError: The pretrained model is not there, or is another by now.
    """
    card, place = base(stored.spec, folder) if model is None else model
    tuner = opened(stored.spec, card, place, stored.classes, device)
    same_model(stored, tuner, card)
    tuner.begin(stored.rows)
    tuner.load_weights(stored.best.weights)
    return tuner


def package(stored: StoredTune, tuner: Tuner) -> bytes:
    """The zip: ``config.json``, ``model.safetensors``, the tokenizer's files, ``README.md`` and ``predict.py``.

    Args:
        stored: The run.
        tuner: See ``ready``.
    """
    found = {
        **files(tuner),
        "README.md": _card(stored, tuner).encode(),
        "predict.py": _SCRIPT.format(longest=_longest(tuner)).encode(),
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in sorted(found):
            packed = zipfile.ZIP_STORED if name.endswith(".safetensors") else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), found[name], packed)
    return held.getvalue()


def _card(stored: StoredTune, tuner: Tuner) -> str:
    """What the model is, where it comes from, how well it does, and how it is used."""
    spec, card = stored.spec, tuner.model.card
    data = "texts of the person who trained it" if spec.dataset == OWN else f"“{TEXT_SETS[spec.dataset].title}”"
    frozen = {0: "nothing was frozen", ALL: "only the new classifier learnt"}.get(
        spec.freeze, f"the embeddings and {spec.freeze} layers were frozen"
    )
    tested = stored.opened.get("accuracy")
    figures = [f"validation accuracy {percent(stored.best.accuracy)} (the best of all epochs, so a little flattering)"]
    if tested is not None:
        figures.append(f"test accuracy {percent(tested)}")
    figures.append(f"always the most frequent class: {percent(stored.baseline['majority'])}")
    if stored.baseline["frozen"] == stored.baseline["frozen"]:
        figures.append(f"a classifier on the encoder as it came: {percent(stored.baseline['frozen'])}")
    licence = f" Licence of the weights it began with: {card.licence}." if card.licence else ""
    notes = "".join(f"- {note}\n" for note in stored.notes)
    return f"""# {card.title}, fine-tuned

Sorts texts into {len(stored.classes)} classes: {", ".join(stored.classes)}.

Began as {card.title} ({card.source}) with a new classifier; {frozen}. Trained on {data} with Deep Learning Playground {__version__},
epoch {stored.best.epoch} of {stored.position.epoch}.{licence}

{"".join(f"- {figure}{chr(10)}" for figure in figures)}
It knows these classes only, and answers with one of them whatever it is given. Texts of more than {_longest(tuner)} word pieces
were cut while it learnt.

{notes}
```python
from transformers import AutoModelForSequenceClassification, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained("this folder")
model = AutoModelForSequenceClassification.from_pretrained("this folder")
logits = model(**tokenizer("A text", return_tensors="pt", truncation=True, max_length={_longest(tuner)})).logits
print(model.config.id2label[int(logits.argmax())])
```

In the playground: put this folder into the models folder; it then is a model of the page Sentiment, and of
`playground predict sentiment --model THIS_FOLDER "A text"`.
"""


def _longest(tuner: Tuner) -> int:
    return tuner.room + tuner.model.longest - tuner.model.room
