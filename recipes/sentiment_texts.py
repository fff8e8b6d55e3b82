"""The texts that the starter sentiment model learns from: read, cleaned, freed of every sentence it is tested on.

The folder holds ``sst2``, ``sst5``, ``subj``, ``rt-polarity`` and ``trec``. SST was cut from rt-polarity, and GLUE's phrases
from SST: so whatever equals one of the dev or test sentences, their letters alone compared, is left out.
"""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

NEGATIVE, NEUTRAL, POSITIVE = 0, 1, 2
TWO = {"0": NEGATIVE, "1": POSITIVE}
FIVE = {"0": NEGATIVE, "1": NEGATIVE, "2": NEUTRAL, "3": POSITIVE, "4": POSITIVE}
KEPT_APART = 12
"""Every twelfth training sentence is kept apart, to choose settings and the temperature on."""


@dataclass(frozen=True)
class Text:
    """A sentence or phrase, what it says (``None``: nobody told), and where it comes from."""

    said: str
    label: int | None
    source: str


@dataclass(frozen=True)
class Texts:
    """What is learnt from, and what is kept apart from it."""

    learnt: list[Text]
    apart: list[Text]


def key(text: str) -> str:
    """Its letters alone, in lower case and without accents: what two spellings of one sentence share."""
    plain = unicodedata.normalize("NFKD", text.replace("-lrb-", "").replace("-rrb-", "")).lower()
    return re.sub("[^a-z]", "", plain)


def natural(text: str) -> str:
    """SST's spelling (``do n't``, ``it 's``, a blank before each mark) as people write it.

    >>> natural("it 's a film -lrb- in french -rrb- that wo n't bore you , ever .")
    "it's a film (in french) that won't bore you, ever."
    """
    text = text.replace("-lrb-", "(").replace("-rrb-", ")").replace("`` ", '"').replace(" ''", '"').replace("`", "'")
    text = re.sub(r" (n't|'(?:s|re|ve|ll|d|m|t))(?![\w])", r"\1", text)
    text = re.sub(r" ([,.;:!?)%])", r"\1", text)
    text = re.sub(r"([($]) ", r"\1", text)
    text = re.sub(r"\b(can|gon|wan|got) (not|na|ta)\b", r"\1\2", text)
    return re.sub(r"  +", " ", text).strip()


def lines(path: Path, encoding: str = "utf-8") -> list[str]:
    """The lines of a file, packed or not, without empty ones."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [line.strip() for line in content.decode(encoding).split("\n") if line.strip()]


def sst2(data: Path, part: str) -> list[Text]:
    """``train``, ``dev`` or ``test``: sentences, praise or blame."""
    pairs = (line.rsplit("\t", 1) for line in lines(data / "sst2" / f"{part}.tsv"))
    return [Text(said.strip(), TWO[label.strip()], "sst2") for said, label in pairs]


def sst5(data: Path, part: str) -> list[Text]:
    """The same sentences with their hyphens and marks, and the neutral ones."""
    pairs = (line.split(" ", 1) for line in lines(data / "sst5" / f"{part}.txt"))
    return [Text(said.strip(), FIVE[label], "sst5") for label, said in pairs]


def phrases(data: Path) -> list[Text]:
    """GLUE's: pieces of SST's training sentences, and these sentences."""
    pairs = (line.split("\t", 1) for line in lines(data / "sst2" / "glue-train-phrases.tsv.gz")[1:])
    return [Text(said.strip(), TWO[label], "phrase") for label, said in pairs]


def questions(data: Path) -> list[Text]:
    """TREC's training questions: none of them praises or blames."""
    return [Text(line.split(" ", 1)[1], NEUTRAL, "trec") for line in lines(data / "trec" / "train.txt", "latin-1")]


def others(data: Path) -> list[Text]:
    """Plots (neutral), and opinions of which nobody told what they say."""
    plots = [Text(line, NEUTRAL, "plot") for line in lines(data / "subj" / "objective.txt.gz", "latin-1")]
    opinions = [Text(line, None, "opinion") for line in lines(data / "subj" / "subjective.txt.gz", "latin-1")]
    return plots + opinions


def reviews(data: Path) -> list[Text]:
    """rt-polarity's sentences, without their labels: SST's own are better."""
    return [Text(line, None, "opinion") for part in ("pos", "neg") for line in lines(data / "rt-polarity" / f"rt-polarity.{part}", "latin-1")]


def tested(data: Path) -> set[str]:
    """The keys of all dev and test sentences, of SST-2 and of SST-5."""
    return {key(one.said) for part in ("dev", "test") for read in (sst2, sst5) for one in read(data, part)}


def clear_of(texts: Iterable[Text], forbidden: set[str], *, pieces: bool) -> list[Text]:
    """Those that equal no forbidden sentence and contain none; with ``pieces``, that are no piece of one, either."""
    long = [one for one in forbidden if len(one) >= 20]
    blob = "|".join(forbidden)
    found = []
    for one in texts:
        own = key(one.said)
        if not own or own in forbidden or (pieces and len(own) >= 20 and own in blob):
            continue
        if pieces and any(other in own for other in long):
            continue
        found.append(one)
    return found


def neutral_words(sentences: Iterable[Text], pieces: Iterable[Text]) -> list[Text]:
    """Words of SST's training sentences that are no phrase of GLUE's.

    GLUE took each word on its own as a phrase, too, and left out those that people called neutral.
    """
    felt = {one.said.lower() for one in pieces}
    words = {word for one in sentences for word in re.findall(r"[a-z]{3,}", one.said)}
    return [Text(word, NEUTRAL, "word") for word in sorted(words - felt)]


def split(data: Path) -> Texts:
    """Everything that may be learnt from, without what is kept apart and the phrases cut from that."""
    forbidden = tested(data)
    sentences = clear_of(sst5(data, "train"), forbidden, pieces=False)
    apart = sentences[::KEPT_APART]
    kept = [one for index, one in enumerate(sentences) if index % KEPT_APART]
    blob, own = "|".join(key(one.said) for one in apart), "|".join(key(one.said) for one in kept)
    cut = []
    for one in clear_of(phrases(data), forbidden, pieces=False):
        said = key(one.said)
        if said not in blob or (len(said) < 30 and said in own):
            cut.append(one)
    hidden = forbidden | {key(one.said) for one in apart}
    rest = clear_of(others(data) + reviews(data), hidden, pieces=True)
    seen: set[str] = {key(one.said) for one in kept}
    extra = []
    for one in rest:
        if key(one.said) not in seen:
            seen.add(key(one.said))
            extra.append(one)
    return Texts(kept + cut + neutral_words(kept, cut) + extra + questions(data), apart)
