"""Every data set that can be chosen by name, in the order of the menu: drawn ones first, then small real tables.

Importing this module fills the registry and reads no data: each set is made when ``make`` is called.
"""

from __future__ import annotations

# The order of these imports is the order of the menu.
from playground.data import toy2d

# isort: split
from playground.data import tables

# isort: split
from playground.data.entry import DATASETS, DatasetEntry

__all__ = ["DATASETS", "DatasetEntry", "tables", "toy2d"]
