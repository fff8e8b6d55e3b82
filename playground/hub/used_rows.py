"""The embeddings of a network that is fine-tuned: only pieces that occur in the texts it learns from have vectors that learn.

Every other vector would get no gradient anyway; left out, they cost no memory of the optimizer's and no room in a stored run.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


class UsedRows(nn.Module):
    """Stands in for ``nn.Embedding``, and gives the same vectors until some of them have learnt.

    Args:
        embedding: What it stands in for.
        rows: Numbers of the pieces whose vectors learn, each once, ``(n,)``.
    """

    whole: Tensor
    place: Tensor

    def __init__(self, embedding: nn.Embedding, rows: Tensor) -> None:
        super().__init__()
        whole = embedding.weight.detach()
        place = torch.full((len(whole),), -1, dtype=torch.long, device=whole.device)
        place[rows] = torch.arange(len(rows), device=whole.device)
        self.register_buffer("whole", whole, persistent=False)
        self.register_buffer("place", place, persistent=False)
        self.padding_idx = embedding.padding_idx
        self.weight = nn.Parameter(whole[rows].clone())  # (n, width)

    def forward(self, ids: Tensor) -> Tensor:
        """Vectors ``(..., width)`` of pieces ``(...)``."""
        at = self.place[ids]
        own = functional.embedding(at.clamp(min=0), self.weight)
        return torch.where((at >= 0)[..., None], own, functional.embedding(ids, self.whole))

    def merged(self) -> Tensor:
        """All vectors as they are now, ``(vocabulary, width)``."""
        made = self.whole.clone()
        known = self.place >= 0
        made[known] = self.weight.detach()[self.place[known]]
        return made
