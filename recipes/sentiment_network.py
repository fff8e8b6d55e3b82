"""The network of the starter sentiment model, its vocabulary and its batches; how it learns words from texts alone."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from torch import Tensor, nn
from transformers import BertConfig, BertForMaskedLM, BertForSequenceClassification, BertTokenizerFast

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
PAD, CLS, SEP, MASK = 0, 2, 3, 4
LABELS = ("negative", "neutral", "positive")
LONGEST = 256
EMOJI = "😀 😃 😄 😁 😊 🙂 😍 🥰 😂 🤣 🎉 👍 👏 🙌 💯 🔥 ✨ ⭐ ❤ 💖 😎 🤩 😞 😔 😢 😭 😡 😠 🤬 🤮 🤢 💩 👎 💔 🙄 😒 😤 😩 😐 🤔 📱 🚌 ☕ 🏨".split()


def plain(vocabulary: dict[str, int]) -> Tokenizer:
    """BERT's uncased tokenizer with this vocabulary."""
    made = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=100))
    made.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=True, clean_text=True, handle_chinese_chars=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.decoder = decoders.WordPiece(prefix="##")
    ends = [("[CLS]", CLS), ("[SEP]", SEP)]
    made.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=ends)
    return made


def vocabulary(texts: Iterable[str], words: Iterable[str], size: int) -> dict[str, int]:
    """WordPiece learnt from the texts; ``words`` are in it whole, and so are the emoji."""
    made = plain({one: index for index, one in enumerate(SPECIAL)})
    trainer = trainers.WordPieceTrainer(vocab_size=size, min_frequency=2, special_tokens=list(SPECIAL), limit_alphabet=120, show_progress=False)
    made.train_from_iterator(texts, trainer)
    learnt = [one for one, _ in sorted(made.get_vocab().items(), key=lambda pair: pair[1])]
    wanted = [*EMOJI, *(f"##{one}" for one in EMOJI), *(f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz0123456789"), *words]
    held = set(learnt)
    new = [one for one in dict.fromkeys(wanted) if one not in held]
    keep = learnt[: size - len(new)]
    return {one: index for index, one in enumerate([*keep, *(one for one in new if one not in set(keep))])}


def wrapped(tokenizer: Tokenizer) -> BertTokenizerFast:
    """As ``transformers`` saves and opens it."""
    return BertTokenizerFast(
        tokenizer_object=tokenizer, do_lower_case=True, strip_accents=True, model_max_length=LONGEST,
        unk_token="[UNK]", sep_token="[SEP]", pad_token="[PAD]", cls_token="[CLS]", mask_token="[MASK]",
    )


def config(size: int, dropout: float = 0.1) -> BertConfig:
    """Three layers of 256 with four heads."""
    return BertConfig(
        vocab_size=size, hidden_size=256, num_hidden_layers=3, num_attention_heads=4, intermediate_size=768,
        max_position_embeddings=LONGEST, hidden_dropout_prob=dropout, attention_probs_dropout_prob=dropout,
        id2label=dict(enumerate(LABELS)), label2id={one: index for index, one in enumerate(LABELS)}, pad_token_id=PAD,
    )


def encoded(tokenizer: Tokenizer, texts: list[str], longest: int = 128) -> list[list[int]]:
    """The numbers of the pieces of each, between ``[CLS]`` and ``[SEP]``."""
    return [[CLS, *one.ids[: longest - 2], SEP] for one in tokenizer.encode_batch(texts, add_special_tokens=False)]


def rounded(length: int) -> int:
    """The length that it is padded to: few different ones, for which the processor's kernels are made once."""
    step = 2 if length <= 16 else 4 if length <= 48 else 16
    return min(-(-length // step) * step, LONGEST)


def batches(lengths: list[int], tokens: int, rng: random.Random) -> list[list[int]]:
    """Rows of about the same length together, ``tokens`` with their padding, the batches shuffled.

    What is left over of one length goes with the next longer ones.
    """
    order = list(range(len(lengths)))
    rng.shuffle(order)
    same: dict[int, list[int]] = {}
    for row in order:
        same.setdefault(rounded(lengths[row]), []).append(row)
    made, rest = [], []
    for length in sorted(same):
        rest, count = rest + same[length], max(1, tokens // length)
        while len(rest) >= count:
            made.append(rest[:count])
            rest = rest[count:]
    made += [rest] if rest else []
    rng.shuffle(made)
    return made


def padded(rows: list[list[int]]) -> Tensor:
    """``(n, longest)``, filled up with ``[PAD]``."""
    longest = rounded(max(len(one) for one in rows))
    return torch.tensor([one + [PAD] * (longest - len(one)) for one in rows])


def rate_at(step: int, steps: int, warm: int) -> float:
    """Up in ``warm`` steps, then down in a straight line: the part of the highest rate."""
    return min((step + 1) / warm, max(0.0, (steps - step) / max(1, steps - warm)))


def descent(net: nn.Module, rate: float, decay: float = 0.01) -> torch.optim.AdamW:
    """AdamW; biases and norms are not drawn to zero."""
    held = [one for name, one in net.named_parameters() if one.ndim > 1]
    free = [one for name, one in net.named_parameters() if one.ndim <= 1]
    return torch.optim.AdamW([{"params": held, "weight_decay": decay}, {"params": free, "weight_decay": 0.0}], lr=rate, betas=(0.9, 0.98), fused=True)


def hidden(x: Tensor, size: int, share: float) -> tuple[Tensor, Tensor]:
    """A share of the pieces hidden, as BERT does it; and where, as places in the flattened batch, equally many for equal shapes."""
    count = max(1, int(x.numel() * share))
    places = torch.where(x > MASK, torch.rand(x.shape), -1.0).flatten().topk(count).indices
    fate = torch.rand(count)
    there = x.flatten()[places]
    drawn = torch.where(fate < 0.9, there, torch.randint(MASK + 1, size, (count,)))
    shown = x.flatten().scatter(0, places, torch.where(fate < 0.8, MASK, drawn)).view_as(x)
    return shown, places


def learn_words(net: BertForMaskedLM, rows: list[list[int]], *, steps: int, rate: float, tokens: int, seed: int, kept: Path | None = None) -> None:
    """Guess hidden pieces, for so many steps (J. Devlin et al.: *BERT*, 2019); the state goes into ``kept`` now and then."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    learner, step, total, started = descent(net, rate), 0, 0.0, time.time()
    net.train()
    while step < steps:
        for one in batches([len(row) for row in rows], tokens, rng):
            if step == steps:
                break
            for group in learner.param_groups:
                group["lr"] = rate * rate_at(step, steps, 300)
            x = padded([rows[row] for row in one])
            shown, places = hidden(x, net.config.vocab_size, 0.14)
            with torch.autocast("cpu", torch.bfloat16):
                states = net.bert(input_ids=shown, attention_mask=(x != PAD).long()).last_hidden_state
                guessed = net.cls(states.flatten(0, 1)[places])
            loss = F.cross_entropy(guessed.float(), x.flatten()[places])
            learner.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            learner.step()
            step, total = step + 1, total + loss.item()
            if step % 250 == 0:
                print(f"words step {step}: loss {total / 250:.3f}, {(time.time() - started) / 60:.1f} min", flush=True)
                total = 0.0
                if kept:
                    torch.save(net.state_dict(), kept)
