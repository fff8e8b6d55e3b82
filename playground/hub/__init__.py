"""Pretrained models in use: opened safely, kept while wanted, asked."""
