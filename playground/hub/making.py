"""``python -m playground.hub.making``: the process that makes one quicker copy of a model (``exporting``), and ends.

The order comes by standard input: its length in eight bytes, then itself. Where standard input ends, whoever ordered the copy
is gone, and nobody wants it any more: that is looked after before anything large is imported.
"""

from __future__ import annotations

import os
import struct
import sys
import threading


def main() -> int:
    """Carry out one order."""
    if hasattr(os, "nice"):
        os.nice(10)
    given = sys.stdin.buffer
    (length,) = struct.unpack("<Q", given.read(8))
    order = given.read(length)
    threading.Thread(target=_end_with_the_orderer, daemon=True).start()

    from playground.hub.exporting import carry_out  # torch: seconds

    carry_out(order)
    return 0


def _end_with_the_orderer() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
