"""Answers of the graph on disk, for as long as its sources and data sets stay as they are."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa

MAX_STATES = 3
"""States of the graph whose answers are kept; the oldest one goes first."""


class KeptReads:
    """Answers in Arrow files: one folder a state of the graph, one file a question.

    Parameters
    ----------
    folder
        Made when the first answer is kept; it may be deleted at any time.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def recall(
        self,
        state: str,
        statement: str,
        parameters: Mapping[str, object],
        *,
        read: Callable[[], pd.DataFrame],
    ) -> pd.DataFrame:
        """Return the answer that was kept in a state of the graph, else read it and keep it.

        Parameters
        ----------
        state
            Digest of all that the answer depends on.
        read
            Asks the graph. A damaged file is read anew.
        """
        question = json.dumps([statement, parameters], sort_keys=True).encode()
        path = self._folder / state / f"{hashlib.sha256(question).hexdigest()[:24]}.arrow"
        try:
            return pd.read_feather(path)
        except (OSError, pa.ArrowInvalid):
            self._keep(read(), path)
        return pd.read_feather(path)

    def _keep(self, frame: pd.DataFrame, path: Path) -> None:
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._forget_old_states()
        making = path.with_suffix(f".{os.getpid()}.new")
        frame.to_feather(making, compression="lz4")
        making.replace(path)

    def _forget_old_states(self) -> None:
        states = sorted(self._folder.iterdir(), key=lambda state: state.stat().st_mtime, reverse=True)
        for state in states[MAX_STATES:]:
            shutil.rmtree(state, ignore_errors=True)
