"""Update rules, each written once, in NumPy."""
