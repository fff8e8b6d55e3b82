"""The pretrained models that a visitor finds by name, from small to large.

What a library that is installed knows (input size, licence) stands here too, and a test compares it with that library;
what only a download tells (hashes, bytes) is recorded beside the files.
"""

from __future__ import annotations

from playground.catalog import cards_gan, cards_text, cards_yolo
from playground.catalog.card import Card, Hub, Starter
from playground.core.registry import Registry

CARDS: Registry[Card] = Registry("model")

_MOBILENETS = "A. Howard et al.: Searching for MobileNetV3, 2019"


def _timm(name: str, tag: str, title: str, summary: str, paper: str, parameters: int, side: int = 224) -> Card:
    """A classifier of timm's, trained or tuned on ImageNet-1k."""
    card = Card(
        name=name,
        title=title,
        summary=summary,
        task="classify",
        source=Hub(f"timm/{name}.{tag}"),
        architecture=name,
        parameters=parameters,
        input_size=(3, side, side),
        labels="imagenet-1k",
        licence="apache-2.0",
        paper=paper,
    )
    return CARDS.add(card)


CARDS.add(
    Card(
        name="starter_cifar10",
        title="Starter: ten everyday classes",
        summary="A small network of our own that comes with the playground: planes, cars, ships, trucks, six animals.",
        task="classify",
        source=Starter("cifar10"),
        architecture="playground_cifar_net",
        labels="own",
        licence="AGPL-3.0",
        paper="K. Jordan: 94% on CIFAR-10 in 3.29 seconds on a single GPU, 2024",
    )
)
_timm(
    "tf_mobilenetv3_small_100", "in1k", "MobileNetV3 Small (TensorFlow)",
    "The smallest here: made for phones, with the weights that Google trained.", _MOBILENETS, 2_542_856,
)  # fmt: skip
_timm(
    "mobilenetv3_small_100", "lamb_in1k", "MobileNetV3 Small",
    "The same small network, trained anew.", _MOBILENETS, 2_542_856,
)  # fmt: skip
cards_yolo.add_classifier(CARDS)
_timm(
    "mobilenetv2_100", "ra_in1k", "MobileNetV2",
    "Separable convolutions with inverted residuals: a good answer for few multiplications.",
    "M. Sandler et al.: MobileNetV2: inverted residuals and linear bottlenecks, 2018", 3_504_872,
)  # fmt: skip
_timm(
    "mobilenetv4_conv_small", "e2400_r224_in1k", "MobileNetV4 Conv Small",
    "The newest of its family, and quick on every kind of chip.",
    "D. Qin et al.: MobileNetV4: universal models for the mobile ecosystem, 2024", 3_774_024,
)  # fmt: skip
_timm(
    "efficientnet_b0", "ra_in1k", "EfficientNet B0",
    "Depth, width and resolution grown together, from a network found by search.",
    "M. Tan, Q. V. Le: EfficientNet: rethinking model scaling for convolutional neural networks, 2019", 5_288_548,
)  # fmt: skip
_timm(
    "mobilenetv3_large_100", "ra_in1k", "MobileNetV3 Large",
    "The larger of the two networks of its paper.", _MOBILENETS, 5_483_032,
)  # fmt: skip
_timm(
    "vit_tiny_patch16_224", "augreg_in21k_ft_in1k", "ViT Tiny",
    "A transformer: the picture as 196 patches that look at each other.",
    "A. Dosovitskiy et al.: An image is worth 16x16 words: transformers for image recognition at scale, 2021", 5_717_416,
)  # fmt: skip
_timm(
    "resnet18", "a1_in1k", "ResNet-18",
    "Eighteen layers with shortcuts past every two: the classic to learn from.",
    "K. He, X. Zhang, S. Ren, J. Sun: Deep residual learning for image recognition, 2016", 11_689_512,
)  # fmt: skip
_timm(
    "vit_small_patch16_224", "augreg_in21k_ft_in1k", "ViT Small",
    "The same transformer, twice as wide.",
    "A. Steiner et al.: How to train your ViT? Data, augmentation, and regularization in vision transformers, 2022", 22_050_664,
)  # fmt: skip
_timm(
    "resnet50", "a1_in1k", "ResNet-50",
    "Fifty layers: what most others are compared with.",
    "R. Wightman, H. Touvron, H. Jégou: ResNet strikes back: an improved training procedure in timm, 2021", 25_557_032,
)  # fmt: skip
_timm(
    "convnext_tiny", "in12k_ft_in1k", "ConvNeXt Tiny",
    "A convolutional network built as transformers are, and as good.",
    "Z. Liu et al.: A ConvNet for the 2020s, 2022", 28_589_128,
)  # fmt: skip
cards_yolo.add(CARDS)
cards_text.add(CARDS)
cards_gan.add(CARDS)
