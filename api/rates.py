"""How often somebody may ask: a token bucket for each key or address."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable

MAX_CLIENTS = 10_000
"""Clients that are remembered; one that was forgotten begins with a full bucket."""


class RateLimit:
    """Buckets that fill with `rate` tokens a second up to `burst`.

    Parameters
    ----------
    rate
        0 means no limit.
    clock
        Seconds that never go back.
    """

    def __init__(self, rate: float, *, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, client: str) -> int:
        """Take a token; return 0, or in how many seconds there will be one."""
        if self._rate <= 0:
            return 0
        now = self._clock()
        level, told_at = self._buckets.pop(client, (self._burst, now))
        level = min(self._burst, level + (now - told_at) * self._rate)
        spent = level >= 1
        self._buckets[client] = (level - 1 if spent else level, now)
        if len(self._buckets) > MAX_CLIENTS:
            self._buckets.popitem(last=False)
        return 0 if spent else math.ceil((1 - level) / self._rate)
