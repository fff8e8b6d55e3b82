"""What a descent costs: ``python tests/bench/descent.py`` prints milliseconds per picture; nothing is asserted.

Eleven rules by 500 steps, ends in words included, on every surface and on typed formulas; a grid of basins; the phase
diagram of the quadratic. The budget of the pages is 60 ms, on a typed formula 150 ms. The best of several runs is shown,
by the clock and by the time this process had the processor, which other work on the machine does not change.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable

import numpy as np

from playground.functional.formula import parse
from playground.functional.surfaces import SURFACES
from playground.optim.basins import basins
from playground.optim.descent import Racer, descend
from playground.optim.landscape import Landscape, fitting_rate
from playground.optim.quadratic import measured, phase
from playground.optim.rules import RULES

FORMULAS = ("x**2 + 3*y**2", "(1 - x)^2 + 100*(y - x^2)^2", "sin(x)*cos(y) + exp(-x^2 - y^2)/3 + max(x, y)^2/20")
LONGEST = "+".join(f"sin({n}*x)*cos({n}*y)" for n in range(1, 12))[:198].rsplit("+", 1)[0]


def best(work: Callable[[], object], repeat: int = 7) -> str:
    """The least time of several runs, by the clock and by the processor, in milliseconds."""
    clock, busy = [], []
    for _ in range(repeat):
        began, used = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - began)
        busy.append(time.process_time() - used)
    return f"{min(clock) * 1e3:8.1f} ms clock {min(busy) * 1e3:8.1f} ms processor"


def race(surface: Landscape) -> object:
    """What a page computes when a slider moves."""
    racers = [Racer(rule, fitting_rate(surface, rule)) for rule in RULES]
    return descend(surface, racers, surface.start, 500).outcomes


def main() -> None:
    """Print a line for each picture."""
    print(f"{platform.machine()}, Python {platform.python_version()}, NumPy {np.__version__}")
    print(f"{len(RULES)} rules x 500 steps, rates fitted, ends told")
    for name, surface in SURFACES.items():
        print(f"  {name:<42}{best(lambda surface=surface: race(surface))}")  # type: ignore[misc]
    for text in (*FORMULAS, LONGEST):
        print(f"  {text[:40]:<42}{best(lambda text=text: race(parse(text)))}")  # type: ignore[misc]
    himmelblau = SURFACES["himmelblau"]
    print(f"{'basins, 40 x 40 starts x 200 steps':<44}{best(lambda: basins(himmelblau, Racer('sgd', 0.002)), 3)}")
    rates, momenta = np.linspace(0.005, 0.2, 60), np.linspace(0, 0.98, 40)
    print(f"{'phase diagram, 60 x 40, by theory':<44}{best(lambda: phase((1, 25), rates, momenta))}")
    print(f"{'phase diagram, 60 x 40, by running':<44}{best(lambda: measured((1, 25), rates, momenta), 3)}")


if __name__ == "__main__":
    main()
