"""Rows that were left out, each with its reason: what was read is what was kept and what was rejected.

Rows that were kept with a remark (a retired symbol, an alias) are told apart from them.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path

import pandas as pd

COLUMNS = ("file", "row", "identifier", "reason", "detail")


class Reason(StrEnum):
    """Why a row is not in the graph, or what was done to keep it (`... mapped`)."""

    ALIAS = "alias mapped"
    AMBIGUOUS_NAME = "ambiguous name"
    BAD_CONFIDENCE = "bad confidence"
    BAD_INTERVAL = "bad interval"
    BAD_KIND = "bad kind"
    BAD_PROFILE = "bad profile"
    BAD_SCORE = "bad score"
    BAD_SIGN = "bad sign"
    BAD_WEIGHT = "bad weight"
    DIMER = "profile of a dimer"
    DUPLICATE = "duplicate"
    EMPTY_NAME = "empty name"
    EMPTY_SET = "empty set"
    LOW_CONFIDENCE = "low confidence"
    MICRO_RNA = "microRNA"
    NOTHING_NEAR = "neither peak nor gene near"
    NOT_LIFTED = "not lifted over"
    NOT_ON_ASSEMBLY = "not on the assembly"
    NO_FAMILY = "no family"
    NO_SITE = "no site in a peak"
    OTHER_SPECIES = "other species"
    PAR_COPY = "copy of a pseudoautosomal gene on Y"
    RETIRED = "retired symbol mapped"
    SELF_LOOP = "self loop"
    TOO_SHORT = "too short for the p-value"
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
        self.file = file
        self._rejected: list[pd.DataFrame] = []
        self._remarks: list[pd.DataFrame] = []

    def reject(
        self, mask: pd.Series, *, reason: Reason, identifier: pd.Series, detail: "pd.Series | str" = ""
    ) -> None:
        """Take out the kept rows where `mask` is true; the series are aligned with `kept`."""
        mask = mask.astype(bool)
        if not mask.any():
            return
        self._rejected.append(self._told(mask, reason=reason, identifier=identifier, detail=detail))
        self.kept = self.kept[~mask]

    def remark(
        self, mask: pd.Series, *, reason: Reason, identifier: pd.Series, detail: "pd.Series | str" = ""
    ) -> None:
        """Note something about kept rows, which stay; the series are aligned with `kept`."""
        mask = mask.astype(bool)
        if mask.any():
            self._remarks.append(self._told(mask, reason=reason, identifier=identifier, detail=detail))

    @property
    def rejected(self) -> pd.DataFrame:
        """The rejected rows in the order of the file, with the columns `COLUMNS`."""
        return _in_order(self._rejected)

    @property
    def remarks(self) -> pd.DataFrame:
        """What was noted about rows that are still kept, with the columns `COLUMNS`."""
        frame = _in_order(self._remarks)
        return frame[frame["row"].isin(self.kept.index)].reset_index(drop=True)

    @property
    def notes(self) -> Mapping[str, int]:
        """Number of kept rows with a remark, by remark, such as `retired symbol mapped`."""
        rows = self.remarks.drop_duplicates(["row", "reason"])
        return {str(reason): int(number) for reason, number in rows["reason"].value_counts().items()}

    def _told(
        self, mask: pd.Series, *, reason: Reason, identifier: pd.Series, detail: "pd.Series | str"
    ) -> pd.DataFrame:
        named = identifier[mask]
        return pd.DataFrame(
            {
                "file": self.file,
                "row": named.index,
                "identifier": named.to_numpy(),
                "reason": str(reason),
                "detail": detail if isinstance(detail, str) else detail[mask].to_numpy(),
            }
        )


def _in_order(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    if not parts:
        return pd.DataFrame(columns=pd.Index(COLUMNS))
    return pd.concat(parts, ignore_index=True).sort_values("row", kind="stable", ignore_index=True)


def by_reason(rejected: pd.DataFrame) -> Mapping[str, int]:
    """Return the number of rejected rows by reason, the most frequent first."""
    return {str(reason): int(number) for reason, number in rejected["reason"].value_counts().items()}


def write_rejected(rejected: pd.DataFrame, path: Path) -> Path:
    """Write the rejected rows as a tab-separated table, whole or not at all; return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    rejected.to_csv(partial, sep="\t", index=False)
    return partial.replace(path)
