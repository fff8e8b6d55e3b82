"""Teachers of the starter sentiment model: a convolutional and a recurrent network over whole words.

They know their own vocabulary of SST's words, learn from its phrases and sentences, and then tell the small BERT how sure they
are of each (G. Hinton et al.: *Distilling the knowledge in a neural network*, 2015; R. Tang et al.: *Distilling task-specific
knowledge from BERT into simple neural networks*, 2019).
"""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Iterable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sentiment_network import batches, padded

Rows = list[list[int]]


def words(text: str) -> list[str]:
    """In SST's spelling: words, marks and endings such as ``n't``."""
    text = re.sub(r"(n't|'(?:s|re|ve|ll|d|m))\b", r" \1", text.lower().replace("’", "'"))
    return re.findall(r"n't|'(?:s|re|ve|ll|d|m)\b|[a-z0-9]+|[^\sa-z0-9]", text.replace(" n't", " n't"))


class Words:
    """Which number each word has: 0 is padding, 1 a word that is not known."""

    def __init__(self, texts: Iterable[str]) -> None:
        counted = Counter(word for text in texts for word in words(text))
        self.number = {word: index + 2 for index, (word, _) in enumerate(counted.most_common())}

    def __call__(self, texts: list[str]) -> Rows:
        """The numbers of each text's words, at most 100."""
        return [[self.number.get(word, 1) for word in words(text)[:100]] or [1] for text in texts]


class Convolutional(nn.Module):
    """After Y. Kim: *Convolutional neural networks for sentence classification*, 2014."""

    def __init__(self, size: int, width: int = 200, filters: int = 128) -> None:
        super().__init__()
        self.words = nn.Embedding(size, width, padding_idx=0)
        nn.init.normal_(self.words.weight, std=0.1)
        self.windows = nn.ModuleList(nn.Conv1d(width, filters, kernel, padding=kernel // 2) for kernel in (1, 2, 3, 5))
        self.out = nn.Linear(filters * 4, 3)

    def forward(self, x: Tensor) -> Tensor:
        """Logits ``(n, 3)`` of numbers ``(n, longest)``."""
        seen = F.dropout(self.words(x), 0.3, self.training).transpose(1, 2)
        found = torch.cat([F.relu(window(seen)).amax(2) for window in self.windows], 1)
        return self.out(F.dropout(found, 0.5, self.training))


class Recurrent(nn.Module):
    """A GRU in both directions, the largest of its states in each place."""

    def __init__(self, size: int, width: int = 200, states: int = 160) -> None:
        super().__init__()
        self.words = nn.Embedding(size, width, padding_idx=0)
        nn.init.normal_(self.words.weight, std=0.1)
        self.reader = nn.GRU(width, states, batch_first=True, bidirectional=True)
        self.out = nn.Linear(states * 4, 3)

    def forward(self, x: Tensor) -> Tensor:
        """Logits ``(n, 3)`` of numbers ``(n, longest)``."""
        there = (x > 0).unsqueeze(2)
        states, _ = self.reader(F.dropout(self.words(x), 0.3, self.training))
        most = states.masked_fill(~there, -9.0).amax(1)
        mean = (states * there).sum(1) / there.sum(1)
        return self.out(F.dropout(torch.cat([most, mean], 1), 0.5, self.training))


def answers(net: nn.Module, rows: Rows) -> Tensor:
    """Probabilities ``(n, 3)``."""
    net.eval()
    found = torch.zeros(len(rows), 3)
    with torch.inference_mode():
        for one in batches([len(row) for row in rows], 8192, random.Random(0)):
            found[one] = net(padded([rows[row] for row in one])).softmax(1)
    return found


def two(said: Tensor, labels: Tensor) -> float:
    """Praise told from blame: the part that is right, neutral set aside."""
    asked = labels != 1
    return float(((said[:, 2] > said[:, 0]) == (labels == 2))[asked].float().mean())


def learn(net: nn.Module, rows: Rows, labels: Tensor, held: tuple[Rows, Tensor], *, epochs: int, rate: float, seed: int) -> nn.Module:
    """AdamW with a rate that falls to zero; words are hidden one in twenty; the mean of the weights over time is kept."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    learner = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=0.01, fused=True)
    mean = torch.optim.swa_utils.AveragedModel(net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.998))
    weight = torch.tensor([1.0, 0.6, 1.0])
    steps = epochs * len(batches([len(row) for row in rows], 2048, rng))
    step, started = 0, time.time()
    for epoch in range(epochs):
        net.train()
        for one in batches([len(row) for row in rows], 2048, rng):
            for group in learner.param_groups:
                group["lr"] = rate * max(0.02, 1 - step / steps)
            x = padded([rows[row] for row in one])
            x = torch.where((torch.rand(x.shape) < 0.05) & (x > 0), 1, x)
            with torch.autocast("cpu", torch.bfloat16, enabled=isinstance(net, Convolutional)):
                said = net(x)
            loss = F.cross_entropy(said.float(), labels[one], weight, label_smoothing=0.05)
            learner.zero_grad()
            loss.backward()
            learner.step()
            step += 1
            if step % 4 == 0:
                mean.update_parameters(net)
        right, meant = two(answers(net, held[0]), held[1]), two(answers(mean, held[0]), held[1])
        print(f"{type(net).__name__} epoch {epoch + 1}: apart {right:.2%}, mean weights {meant:.2%}, {time.time() - started:.0f} s", flush=True)
    return mean.module
