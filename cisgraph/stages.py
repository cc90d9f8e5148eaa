"""How long each stage of a job took, and the most memory that it and the local Neo4j held."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil

SAMPLE_S = 0.25


@dataclass
class Stages:
    """Seconds by stage, in the order in which they ran."""

    seconds: dict[str, float] = field(default_factory=dict)
    peak_process_bytes: int = 0
    peak_total_bytes: int = 0

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Add the time of a block to a stage."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started

    @contextmanager
    def watched(self, server_pid: Callable[[], int | None]) -> Iterator[None]:
        """Sample the resident memory of this process, and of the local server, while a block runs.

        Parameters
        ----------
        server_pid
            Tells the process of the local Neo4j, which a first load starts anew; None if it is not ours.
        """
        done = threading.Event()
        sampler = threading.Thread(target=self._sample, args=(done, server_pid), daemon=True)
        sampler.start()
        try:
            yield
        finally:
            done.set()
            sampler.join()

    def _sample(self, done: threading.Event, server_pid: Callable[[], int | None]) -> None:
        while not done.wait(SAMPLE_S):
            own = psutil.Process().memory_info().rss
            self.peak_process_bytes = max(self.peak_process_bytes, own)
            self.peak_total_bytes = max(self.peak_total_bytes, own + _resident(server_pid()))


def _resident(pid: int | None) -> int:
    if pid is None:
        return 0
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.NoSuchProcess:
        return 0
