"""Train the starter sentiment model, a small BERT, and write ``playground/hub/starters/sentiment``.

Run as ``python recipes/starter_sentiment.py --data FOLDER`` (with ``sst2``, ``sst5``, ``subj``, ``rt-polarity`` and ``trec``);
seed 1. ``--measure`` measures the files that are there again. Checkpoints lie in a folder of the system's temporary one, and
``--resume`` goes on from them. In four parts: a vocabulary; guessing hidden words; two teachers over whole words; praise, blame or
neither, from SST's phrases and sentences, plots, questions and the sentences that ``people_sentences`` draws.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from pathlib import Path

import people_sentences
import sentiment_teachers
import sentiment_texts
import torch
import torch.nn.functional as F
from sentiment_network import (
    LABELS, LONGEST, PAD, BertForMaskedLM, BertForSequenceClassification, batches, config, descent, encoded, hidden, learn_words, padded, plain, rate_at,
    vocabulary, wrapped,
)
from sentiment_texts import NEUTRAL, POSITIVE, Text, Texts, natural
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from playground.core import paths

PLACE = paths.PACKAGE / "hub" / "starters" / "sentiment"
KEPT = Path(tempfile.gettempdir()) / "starter_sentiment"
CURVE = Path(__file__).with_name("starter_sentiment_calibration.svg")
PEOPLE = Path(__file__).with_name("people_held_out.tsv")
SEED, PIECES, TOKENS = 1, 10_000, 2048  # so many pieces in the vocabulary, so many in a batch
WORD_STEPS, WORD_RATE = 4_000, 1e-3
STEPS, RATE, WARM = 11_000, 4e-4, 300
LAST_STEPS, LAST_RATE = 900, 8e-5  # and a second, short descent
DRAWN = 30_000  # so many drawn sentences are new in each epoch
SMOOTHING, TAUGHT = 0.06, 0.35  # how much of a label is spread over all three, and how much of it the teachers say
HIDDEN, WORDS_TOO = 0.08, 0.2  # so many pieces are hidden meanwhile, and so much guessing them counts
KEEP_EVERY = 400


def like_sst2(text: str) -> str:
    """A sentence of SST-5 as SST-2 spells it: no hyphens, no mark at its end."""
    return text.replace("-", " ").removesuffix(" .").strip()


def spelt(text: str, rng: random.Random) -> str:
    """A sentence of SST in one of its two spellings, or in people's."""
    fate = rng.random()
    return text if fate < 0.2 else like_sst2(text) if fate < 0.5 else natural(text)


def cut(texts: Texts) -> Tokenizer:
    """The tokenizer, with a vocabulary learnt from all the texts and the drawn sentences."""
    full = [one.said for one in texts.learnt if one.source in ("sst5", "plot", "opinion", "trec")]
    sst = [one.said for one in texts.learnt if one.source == "sst5"]
    drawn = [said for said, _ in people_sentences.draw(30_000, 5)]
    return plain(vocabulary([*map(natural, full), *sst, *drawn], sorted(people_sentences.all_words()), PIECES))


def guess_words(tokenizer: Tokenizer, texts: Texts) -> BertForMaskedLM:
    """The network after it has guessed hidden words of everything."""
    rng = random.Random(SEED)
    full = [one.said for one in texts.learnt if one.source in ("sst5", "plot", "opinion", "trec")]
    said = [spelt(one, rng) for one in full + full] + [text for text, _ in people_sentences.draw(15_000, 7)]
    torch.manual_seed(SEED)
    net = BertForMaskedLM(config(tokenizer.get_vocab_size()))
    learn_words(net, encoded(tokenizer, said), steps=WORD_STEPS, rate=WORD_RATE, tokens=TOKENS, seed=SEED)
    return net


def taught(texts: Texts, kept: Path) -> Tensor:
    """What two convolutional teachers say of each text that is learnt from, ``(n, 3)``."""
    few = [one for index, one in enumerate(texts.learnt) if one.label is not None and not (one.source in ("plot", "trec") and index % 3)]
    few += [one for one in texts.learnt if one.source == "sst5"]
    number = sentiment_teachers.Words([one.said for one in few])
    rows, labels = number([one.said for one in few]), torch.tensor([one.label for one in few])
    held = number([one.said for one in texts.apart]), torch.tensor([one.label for one in texts.apart])
    everything, said = number([one.said for one in texts.learnt]), []
    for seed in (0, 1):
        torch.manual_seed(seed)
        net: nn.Module = sentiment_teachers.Convolutional(len(number.number) + 2)
        file = kept / f"teacher_{seed}.pt"
        if file.is_file():
            net.load_state_dict(torch.load(file))
        else:
            net = sentiment_teachers.learn(net, rows, labels, held, epochs=5, rate=2e-3, seed=seed)
            torch.save(net.state_dict(), file)
        said.append(sentiment_teachers.answers(net, everything))
    return torch.stack(said).mean(0)


class Pupil(nn.Module):
    """The network that is asked for, and beside it what guesses words; both on the same layers."""

    def __init__(self, words: BertForMaskedLM) -> None:
        super().__init__()
        self.net = BertForSequenceClassification(words.config)
        self.net.bert.embeddings, self.net.bert.encoder = words.bert.embeddings, words.bert.encoder
        self.guess = words.cls

    def loss(self, x: Tensor, wanted: Tensor) -> tuple[Tensor, Tensor]:
        """Of what is said of texts ``(n, longest)``, and of the words hidden in them; in texts of a word or two none is hidden."""
        shown, places = hidden(x, self.net.config.vocab_size, HIDDEN)
        short = (x != PAD).sum(1, keepdim=True) < 6
        with torch.autocast("cpu", torch.bfloat16):
            seen = self.net.bert(input_ids=torch.where(short, x, shown), attention_mask=(x != PAD).long())
            logits = self.net.classifier(self.net.dropout(seen.pooler_output))
            guessed = self.guess(seen.last_hidden_state.flatten(0, 1)[places])
        return -(wanted * logits.float().log_softmax(1)).sum(1).mean(), F.cross_entropy(guessed.float(), x.flatten()[places])


def examples(texts: Texts, teachers: Tensor, epoch: int) -> tuple[list[str], Tensor]:
    """The texts of an epoch and what is wanted for each, ``(n, 3)``.

    SST's sentences three times, its phrases seven times in ten, half of the plots, questions and plain words, new drawn
    sentences, and reviews put together from sentences that say the same.
    """
    rng = random.Random(SEED * 1000 + epoch)
    sure = torch.eye(3) * (1 - SMOOTHING) + SMOOTHING / 3
    said, wanted = [], []
    for index, one in enumerate(texts.learnt):
        if one.source in ("plot", "trec", "word") and rng.random() < 0.5 or one.source == "phrase" and rng.random() < 0.3:
            continue
        target = teachers[index] if one.label is None else sure[one.label]
        if one.label is not None and one.source in ("sst5", "phrase"):
            target = TAUGHT * teachers[index] + (1 - TAUGHT) * target
        for _ in range(3 if one.source == "sst5" else 1):
            said.append(spelt(one.said, rng))
            wanted.append(target)
    for text, label in people_sentences.draw(DRAWN, 1000 + epoch) + reviews(texts.learnt, rng):
        said.append(text)
        wanted.append(sure[label])
    return said, torch.stack(wanted)


def reviews(learnt: list[Text], rng: random.Random, count: int = 600) -> list[tuple[str, int]]:
    """Longer reviews: two to nine sentences of SST that say the same, with neutral ones among them."""
    same = {label: [one.said for one in learnt if one.source == "sst5" and one.label == label] for label in range(3)}
    made = []
    for index in range(count):
        label = index % 3
        parts = [rng.choice(same[NEUTRAL if rng.random() < 0.2 else label]) for _ in range(rng.choice((2, 2, 3, 3, 4, 6, 9)))]
        made.append((" ".join(natural(one) for one in parts), label))
    return made


def learn(pupil: Pupil, tokenizer: Tokenizer, texts: Texts, teachers: Tensor, file: Path, *, last: bool, resume: bool) -> Pupil:
    """All the steps of a part; the mean of the weights over the last few hundred is what is kept."""
    steps, rate, warm, first = (LAST_STEPS, LAST_RATE, 50, 50) if last else (STEPS, RATE, WARM, 0)  # the last part has other epochs
    learner = descent(pupil, rate)
    mean = torch.optim.swa_utils.AveragedModel(pupil, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.996))
    step, epoch, at, started = 0, first, 0, time.time()
    if resume and file.is_file():
        state = torch.load(file)
        pupil.load_state_dict(state["pupil"])
        mean.load_state_dict(state["mean"])
        learner.load_state_dict(state["learner"])
        step, epoch, at = state["step"], state["epoch"], state["at"]
    torch.manual_seed(SEED + step)
    while step < steps:
        said, wanted = examples(texts, teachers, epoch)
        rows, total, seen = encoded(tokenizer, said, LONGEST), torch.zeros(2), 0
        pupil.train()
        for number, one in enumerate(batches([len(row) for row in rows], TOKENS, random.Random(epoch))):
            if number < at or step == steps:
                continue
            for group in learner.param_groups:
                group["lr"] = rate * rate_at(step, steps, warm)
            loss, words = pupil.loss(padded([rows[row] for row in one]), wanted[one])
            learner.zero_grad()
            (loss + WORDS_TOO * words).backward()
            nn.utils.clip_grad_norm_(pupil.parameters(), 1.0)
            learner.step()
            step, total, seen = step + 1, total + torch.stack([loss.detach(), words.detach()]), seen + 1
            if step % 4 == 0:
                mean.update_parameters(pupil)
            if step % KEEP_EVERY == 0 or step == steps:
                state = {"pupil": pupil.state_dict(), "mean": mean.state_dict(), "learner": learner.state_dict()}
                torch.save({**state, "step": step, "epoch": epoch, "at": number + 1}, file)
                right = apart(mean.module.net, tokenizer, texts)
                print(f"step {step}: {right}, {(time.time() - started) / 60:.1f} min", flush=True)
                pupil.train()
        epoch, at = epoch + 1, 0
        print(f"epoch {epoch}, step {step}: loss {total[0] / max(1, seen):.3f}, words {total[1] / max(1, seen):.3f}", flush=True)
    return mean.module


def logits_of(net: nn.Module, tokenizer: Tokenizer, texts: list[str]) -> Tensor:
    """What the network says of each text, ``(n, 3)``."""
    net.eval()
    rows, found = encoded(tokenizer, texts, LONGEST), torch.zeros(len(texts), 3)
    with torch.inference_mode():
        for one in batches([len(row) for row in rows], 4096, random.Random(0)):
            x = padded([rows[row] for row in one])
            found[one] = net(input_ids=x, attention_mask=(x != PAD).long()).logits.float()
    return found


def apart(net: nn.Module, tokenizer: Tokenizer, texts: Texts) -> dict[str, float]:
    """How many of the sentences kept apart are right: two labels, and three; and the loss of the two."""
    labels = torch.tensor([one.label for one in texts.apart])
    said = logits_of(net, tokenizer, [like_sst2(one.said) for one in texts.apart])
    felt = labels != NEUTRAL
    loss = F.cross_entropy(said[felt][:, [0, 2]], labels[felt] // 2)
    return {
        "two": round(sentiment_teachers.two(said, labels), 4),
        "three": round(float((said.argmax(1) == labels).float().mean()), 4),
        "loss": round(float(loss), 4),
    }


def temperature(net: nn.Module, tokenizer: Tokenizer, texts: Texts) -> float:
    """By which the logits are divided so that praise and blame are as sure as they are right, on the sentences kept apart."""
    felt = [one for one in texts.apart if one.label != NEUTRAL]
    labels = torch.tensor([int(one.label == POSITIVE) for one in felt])
    said = logits_of(net, tokenizer, [like_sst2(one.said) for one in felt])[:, [0, 2]]
    return min((t / 50 for t in range(20, 200)), key=lambda t: float(F.cross_entropy(said / t, labels)))


def write(net: BertForSequenceClassification, tokenizer: Tokenizer, texts: Texts, place: Path) -> None:
    """The folder: weights in half precision, the temperature within the last layer; vocabulary and configuration."""
    place.mkdir(parents=True, exist_ok=True)
    warmth = temperature(net, tokenizer, texts)
    print(f"temperature {warmth}")
    with torch.no_grad():
        net.classifier.weight /= warmth
        net.classifier.bias /= warmth
    net.half().save_pretrained(place)
    wrapped(tokenizer).save_pretrained(place)
    pieces = sorted(tokenizer.get_vocab().items(), key=lambda pair: pair[1])
    (place / "vocab.txt").write_text("".join(f"{piece}\n" for piece, _ in pieces), encoding="utf-8")
    for file in place.iterdir():
        file.chmod(0o644)


def calibration(sure: Tensor, right: Tensor, parts: int = 15) -> list[tuple[float, float, float]]:
    """In each of so many equal parts of 0 to 1: the share of answers, how sure they are, how many are right."""
    found = []
    for part in range(parts):
        there = (sure > part / parts) & (sure <= (part + 1) / parts)
        if there.any():
            found.append((float(there.float().mean()), float(sure[there].mean()), float(right[there].float().mean())))
    return found


def curve(bins: list[tuple[float, float, float]], error: float) -> None:
    """The calibration as a picture."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.hashsalt": "1", "svg.fonttype": "none"})
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(4.6, 4.2))
    axes.plot([0.5, 1], [0.5, 1], "--", color="#888", label="as sure as right")
    axes.plot([sure for _, sure, _ in bins], [right for _, _, right in bins], "o-", color="#0b6", label="SST-2 dev, 15 parts")
    axes.bar([sure for _, sure, _ in bins], [share for share, _, _ in bins], width=0.03, color="#0b64", label="share of the answers")
    axes.set(xlabel="how sure", ylabel="how many are right", xlim=(0.48, 1.02), ylim=(0, 1.02), title=f"expected calibration error {error:.3f}")
    axes.legend(loc="upper left", frameon=False, fontsize=8)
    figure.tight_layout()
    figure.savefig(CURVE, metadata={"Date": None})


def people() -> list[tuple[str, int]]:
    """The sentences written by hand that nothing was learnt from."""
    pairs = (line.split("\t", 1) for line in PEOPLE.read_text(encoding="utf-8").splitlines())
    return [(said, LABELS.index(label)) for label, said in pairs]


def measure(data: Path, place: Path) -> None:
    """Print what the files score: SST-2's dev and test sentences, the sentences written by hand, how long one takes."""
    net = AutoModelForSequenceClassification.from_pretrained(place).float().eval()
    opened = AutoTokenizer.from_pretrained(place)
    tokenizer, scores = opened.backend_tokenizer, {}
    for part in ("dev", "test"):
        held = sentiment_texts.sst2(data, part)
        labels, said = torch.tensor([one.label for one in held]), logits_of(net, tokenizer, [one.said for one in held])
        scores[part] = round(sentiment_teachers.two(said, labels), 4)
        if part == "dev":
            sure, which = said[:, [0, 2]].softmax(1).max(1)
            bins = calibration(sure, which * 2 == labels)
            error = sum(share * abs(one - right) for share, one, right in bins)
            scores["calibration error"] = round(error, 4)
            curve(bins, error)
    five = sentiment_texts.sst5(data, "test")
    labels, said = torch.tensor([one.label for one in five]), logits_of(net, tokenizer, [one.said for one in five])
    scores["sst5 test, three labels"] = round(float((said.argmax(1) == labels).float().mean()), 4)
    held_out = people()
    labels, said = torch.tensor([label for _, label in held_out]), logits_of(net, tokenizer, [text for text, _ in held_out])
    scores["people, three"] = round(float((said.argmax(1) == labels).float().mean()), 4)
    scores["people, two"] = round(sentiment_teachers.two(said, labels), 4)
    for index, name in enumerate(LABELS):
        scores[f"people, {name}"] = round(float((said.argmax(1) == index)[labels == index].float().mean()), 4)
    started = time.process_time()
    with torch.inference_mode():
        for text, _ in held_out[:100]:
            net(**opened(text, return_tensors="pt"))
    scores["milliseconds of a core, a sentence"] = round((time.process_time() - started) * 10, 1)
    print(json.dumps(scores, indent=2))
    for (text, label), one in zip(held_out, said, strict=True):
        if int(one.argmax()) != label:
            print(f"  {LABELS[label]} read as {LABELS[int(one.argmax())]} ({float(one.softmax(0).max()):.2f}): {text}")


def main() -> None:
    """Train, write, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=PLACE)
    parser.add_argument("--kept", type=Path, default=KEPT, help="where checkpoints lie")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoints")
    parser.add_argument("--measure", action="store_true", help="only measure what is there")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    if given.measure:
        measure(given.data, given.out)
        return
    given.kept.mkdir(parents=True, exist_ok=True)
    for file in [] if given.resume else given.kept.glob("*.pt"):
        file.unlink()
    texts = sentiment_texts.split(given.data)
    pieces, first = given.kept / "tokenizer.json", given.kept / "words.pt"
    tokenizer = Tokenizer.from_file(str(pieces)) if given.resume and pieces.is_file() else cut(texts)
    tokenizer.save(str(pieces))
    if given.resume and first.is_file():
        words = BertForMaskedLM(config(tokenizer.get_vocab_size()))
        words.load_state_dict(torch.load(first))
    else:
        words = guess_words(tokenizer, texts)
        torch.save(words.state_dict(), first)
    teachers = taught(texts, given.kept)
    pupil = learn(Pupil(words), tokenizer, texts, teachers, given.kept / "pupil.pt", last=False, resume=given.resume)
    pupil = learn(pupil, tokenizer, texts, teachers, given.kept / "last.pt", last=True, resume=given.resume)
    write(pupil.net, tokenizer, texts, given.out)
    measure(given.data, given.out)


if __name__ == "__main__":
    main()
