"""How this process keeps the memory of tensors that come and go."""

from __future__ import annotations

import ctypes
import functools

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # as glibc's malloc.h numbers them
MOST_KEPT = 128 * 2**20
LARGEST_KEPT = 32 * 2**20


@functools.cache
def keep() -> bool:
    """Let the C library keep freed memory for the next batch, up to 128 MB, instead of giving it back each time.

    The tensors of a batch, a few megabytes each, are freed and wanted again within milliseconds; handed back to the system,
    each of their pages has to be asked for anew, which takes a fifth of a small network's step.

    Returns:
        Whether this system's C library can do so (glibc); elsewhere nothing changes.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError, TypeError):
        return False
    return bool(mallopt(_MMAP_THRESHOLD, LARGEST_KEPT)) and bool(mallopt(_TRIM_THRESHOLD, MOST_KEPT))
