"""Activations, losses and initialisations, each written once, in NumPy."""
