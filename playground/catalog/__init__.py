"""Pretrained models as cards: what there is, where it comes from, what lies on disk. No torch."""
