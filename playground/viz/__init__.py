"""Figures and small pictures: arrays in, pictures out."""
