"""How long something takes, as a test may ask it on a machine that does other things too."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable


def seconds(action: Callable[[], object], tries: int = 3) -> float:
    """The processor seconds of the fastest of some tries.

    The processor's time, since other programs take the clock's; without the garbage collector, since what it
    costs grows with everything that thousands of tests before this one have left in memory.
    """
    best = float("inf")
    gc.collect()
    gc.disable()
    try:
        for _ in range(tries):
            began = time.process_time()
            action()
            best = min(best, time.process_time() - began)
    finally:
        gc.enable()
    return best
