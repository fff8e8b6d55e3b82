"""What may be asked of a convolutional network: everything that is offered fits, and nothing takes the server's memory."""

from __future__ import annotations

import pytest

from playground.core.errors import SpecError
from playground.data.image_registry import IMAGE_SETS
from playground.specs.bounds import Mode
from playground.specs.cnn import PRESETS, CNNSpec


@pytest.mark.parametrize("mode", ["local", "public"])
@pytest.mark.parametrize("preset", sorted(PRESETS))
@pytest.mark.parametrize("dataset", sorted(IMAGE_SETS))
def test_every_preset_fits_every_set(dataset: str, preset: str, mode: Mode) -> None:
    assert CNNSpec(dataset=dataset, preset=preset).checked(mode).plan().classes == len(IMAGE_SETS[dataset].classes)


def test_large_maps_are_refused_however_few_multiplications_they_cost() -> None:
    grown = ("conv:1:1:1:5",) * 10 + ("conv:80:1:1:0:bn", "gap")
    with pytest.raises(SpecError, match="numbers in its maps a picture; allowed are 2,000,000"):
        CNNSpec(preset="own", blocks=grown).checked("public")


def test_a_batch_may_be_as_large_as_the_network_allows() -> None:
    wide = CNNSpec(preset="own", blocks=("conv:80:3:1:1", "conv:80:3:1:1", "gap"), batch_size=512)
    with pytest.raises(
        SpecError, match=r"A batch of 512 pictures is too large for this network; allowed are (\d+)"
    ) as told:
        wide.checked("public")
    assert told.value.field == "batch_size"
    most = int(str(told.value).split()[-1].strip("."))
    assert wide.replace(batch_size=most).checked("public").batch_size == most
    with pytest.raises(SpecError):
        wide.replace(batch_size=most + 1).checked("public")
