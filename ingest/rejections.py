"""Rows that were left out, each with its reason: what was read is what was kept and what was rejected."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import pandas as pd

COLUMNS = ("file", "row", "identifier", "reason", "detail")


class Reason(StrEnum):
    """Why a row is not in the graph."""

    AMBIGUOUS_NAME = "ambiguous name"
    BAD_CONFIDENCE = "bad confidence"
    BAD_SIGN = "bad sign"
    DIMER = "profile of a dimer"
    DUPLICATE = "duplicate"
    EMPTY_NAME = "empty name"
    MICRO_RNA = "microRNA"
    NO_FAMILY = "no family"
    NOT_HUMAN = "not human"
    NOT_ON_ASSEMBLY = "not on the assembly"
    SELF_LOOP = "self loop"
    UNKNOWN_GENE = "unknown gene"
    UNKNOWN_REGULATOR = "unknown regulator"
    WITHDRAWN = "withdrawn"


class Sieve:
    """Rows of one file that pass, and those that did not.

    A row is kept or rejected once, so `num_read == len(kept) + len(rejected)` always holds.

    Parameters
    ----------
    rows
        Indexed by line number; never changed.
    file
        Name of the file, for the rejections.
    """

    def __init__(self, rows: pd.DataFrame, *, file: str) -> None:
        self.num_read = len(rows)
        self.kept = rows
        self._file = file
        self._rejected: list[pd.DataFrame] = []

    def reject(
        self, mask: pd.Series, *, reason: Reason, identifier: pd.Series, detail: "pd.Series | str" = ""
    ) -> None:
        """Take out the kept rows where `mask` is true; the series are aligned with `kept`."""
        mask = mask.astype(bool)
        if not mask.any():
            return
        named = identifier[mask]
        self._rejected.append(
            pd.DataFrame(
                {
                    "file": self._file,
                    "row": named.index,
                    "identifier": named.to_numpy(),
                    "reason": str(reason),
                    "detail": detail if isinstance(detail, str) else detail[mask].to_numpy(),
                }
            )
        )
        self.kept = self.kept[~mask]

    @property
    def rejected(self) -> pd.DataFrame:
        """The rejected rows in the order of the file, with the columns `COLUMNS`."""
        if not self._rejected:
            return pd.DataFrame(columns=pd.Index(COLUMNS))
        frame = pd.concat(self._rejected, ignore_index=True)
        return frame.sort_values("row", kind="stable", ignore_index=True)


def by_reason(rejected: pd.DataFrame) -> Mapping[str, int]:
    """Return the number of rejected rows by reason, the most frequent first."""
    return {str(reason): int(number) for reason, number in rejected["reason"].value_counts().items()}


def write_rejected(rejected: pd.DataFrame, path: Path) -> Path:
    """Write the rejected rows as a tab-separated table, whole or not at all; return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    rejected.to_csv(partial, sep="\t", index=False)
    return partial.replace(path)
