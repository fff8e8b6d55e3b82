"""Curves over one axis, to be read and hovered at rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from playground.core.numbers import percent
from playground.viz.theme import LIGHT, Theme

Function = Callable[[NDArray[np.floating[Any]]], NDArray[np.floating[Any]]]


@dataclass(frozen=True)
class Picture:
    """A figure and the words that say what it shows."""

    figure: go.Figure
    alt: str


def activation(
    title: str, function: Function, derivative: Function, theme: Theme = LIGHT, reach: float = 5.0
) -> Picture:
    """An activation (solid) and its derivative (dashed) over ``-reach`` to ``reach``, labelled at the lines' ends."""
    x = np.linspace(-reach, reach, 201)
    y, slope = function(x), derivative(x)
    figure = go.Figure()
    for values, dash, name in ((y, "solid", title), (slope, "dash", "derivative")):
        figure.add_scatter(
            x=x,
            y=values.astype(np.float32),
            mode="lines",
            name=name,
            line={"color": theme.ink, "dash": dash, "width": 2},
            hovertemplate="x = %{x:.2f}<br>" + name + " = %{y:.3f}<extra></extra>",
        )
        figure.add_annotation(x=x[-1], y=float(values[-1]), text=name, xanchor="left", showarrow=False, xshift=4)
    figure.update_layout(
        showlegend=False,
        height=260,
        margin={"l": 40, "r": 90, "t": 10, "b": 40},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": theme.ink, "size": 13},
        uirevision=title,
    )
    figure.update_xaxes(title="sum of weighted inputs", gridcolor=theme.faint, zerolinecolor=theme.faint)
    figure.update_yaxes(title="output", gridcolor=theme.faint, zerolinecolor=theme.faint)
    flat = float(np.mean(np.abs(slope) < 0.05))
    alt = (
        f"{title} rises from {y[0]:.2f} at x = {-reach:g} to {y[-1]:.2f} at x = {reach:g}; its slope is largest, "
        f"{slope.max():.2f}, at x = {x[int(slope.argmax())]:.1f}, and below 0.05 over {percent(flat)} of this range."
    )
    return Picture(figure, alt)
