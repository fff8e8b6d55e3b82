"""Momentum and step size

How large may a step be, and what do momentum and schedules change? Drag or click the pictures: the runs follow.
"""

from playground.specs.basins import BasinsSpec
from playground.specs.momentum import MomentumSpec
from playground.specs.race import RaceSpec
from playground.specs.range_test import RangeTestSpec
from playground.specs.schedules import SchedulesSpec
from playground.specs.spec import Spec
from playground.ui.page import heading
from playground.ui.parts import basins, momentum, race, range_test, schedules
from playground.ui.views import choose

SECTION = "Foundations"
ORDER = 50
ICON = ":material/speed:"
KEY = "momentum"

VIEWS: dict[str, type[Spec]] = {
    "Phase diagram": MomentumSpec,
    "Schedules": SchedulesSpec,
    "Range test": RangeTestSpec,
    "Basins": BasinsSpec,
    "Race table": RaceSpec,
}
PARTS = {
    "Phase diagram": momentum.show,
    "Schedules": schedules.show,
    "Range test": range_test.show,
    "Basins": basins.show,
    "Race table": race.show,
}

corner = heading(__doc__, KEY)
chosen = choose(VIEWS, KEY)
PARTS[chosen](f"{KEY}.{VIEWS[chosen].KIND}", corner)
