"""Small drawings of the ways to train a GAN, as SVG in the colour of the text around them."""

from __future__ import annotations

_PAIR = "<path d='M4 16v8l14 9V7z'/><path d='M22 7v26l14-9v-8z' fill-opacity='.35'/>"
"""A generator widens a few numbers to a picture; a discriminator narrows that to one."""
_SCORES = (
    "<path d='M2 30q6 0 8-12t3-12q1 0 3 12t8 12z' fill-opacity='.35'/><path d='M16 30q6 0 8-12t3-12q1 0 3 12t8 12z'/>"
    "<path d='M2 34h36' stroke='currentColor' stroke-width='1.6'/>"
)
"""Scores of made and of real pictures over one axis."""
_CLASS = (
    "<g transform='translate(0 13) scale(1 .68)'>" + _PAIR + "</g>"
    "<text x='20' y='14' text-anchor='middle' font-size='15' font-weight='700' font-family='sans-serif'>7</text>"
)
"""Both are told the class."""

TILES = {
    name: f"<svg viewBox='0 0 40 40' xmlns='http://www.w3.org/2000/svg'><g fill='currentColor'>{drawn}</g></svg>"
    for name, drawn in (("dcgan", _PAIR), ("wgan_gp", _SCORES), ("conditional", _CLASS))
}
"""By the name of a preset."""
