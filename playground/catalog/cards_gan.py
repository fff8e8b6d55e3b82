"""The generators of pictures that a visitor finds by name; all of them come with the playground."""

from __future__ import annotations

from playground.catalog.card import Card, Starter
from playground.core.registry import Registry

GENERATE = "generate"
"""The task: drawing pictures from random numbers."""

OURS, FOREIGN = "playground-gan", "gan-weights"
"""Architectures: a folder that says itself what it holds, and a file of weights whose network is told by their shapes."""

_DCGAN = (
    "A. Radford, L. Metz, S. Chintala: Unsupervised representation learning with deep convolutional generative adversarial "
    "networks, 2015"
)


def add(cards: Registry[Card]) -> None:
    """Add them."""
    for name, title, summary, paper in (
        (
            "gan_digits", "Starter: handwritten digits",
            "Draws digits as people write them: a generator and its discriminator of our own, which learnt on MNIST.", _DCGAN,
        ),
        (
            "gan_fashion", "Starter: clothes",
            "Draws shirts, trousers, shoes and bags, small and grey: both networks learnt on Fashion-MNIST.", _DCGAN,
        ),
        (
            "gan_digits_by_class", "Starter: digits by class",
            "Draws the digit that it is asked for: both networks were told the class while they learnt on MNIST.",
            "M. Mirza, S. Osindero: Conditional generative adversarial nets, 2014",
        ),
    ):  # fmt: skip
        cards.add(
            Card(
                name=name,
                title=title,
                summary=summary,
                task=GENERATE,
                source=Starter(name),
                architecture=OURS,
                licence="AGPL-3.0",
                paper=paper,
            )
        )
