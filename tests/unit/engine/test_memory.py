"""Freed tensors' memory stays with the process."""

from __future__ import annotations

import platform
import resource

import numpy as np
import pytest

from playground.engine import memory


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc's malloc can be told")
def test_what_is_freed_and_wanted_again_is_not_asked_of_the_system_anew() -> None:
    assert memory.keep()

    def faults() -> int:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        for _ in range(20):
            held = [np.ones(400_000, np.float32) for _ in range(4)]  # 390 pages each
            del held
        return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

    faults()
    assert faults() < 20 * 390
