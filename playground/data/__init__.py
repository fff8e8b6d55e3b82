"""Data sets: drawn, bundled, or read from a visitor's table."""
