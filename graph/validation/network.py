"""Anybody's network as a score matrix, so that one judge serves all."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graph.errors import InputError
from graph.validation.universe import Universe

NegativeWeights = Literal["refuse", "magnitude", "value"]


@dataclass(frozen=True)
class NetworkScores:
    """A network as the judge reads it.

    Attributes
    ----------
    scores
        ``(T, G)`` float32: dense ranks of the weights, 1 for the lowest that was returned, 0 for every pair
        that was not. Ranks keep the order of float64 weights, which a cast to float32 would not.
    signs
        ``(T, G)`` int8 in {-1, 0, 1}; 0 where no sign was given. A pair has the sign of its best row.
    num_rows
        Rows of the table.
    num_outside, num_self, num_repeated
        Rows outside the universe, self pairs, and rows that name a pair again (the highest weight is kept).
    num_returned
        Pairs of the universe that have a score.
    """

    scores: NDArray[np.float32]
    signs: NDArray[np.int8]
    num_rows: int
    num_outside: int
    num_self: int
    num_repeated: int
    num_returned: int


def network_scores(
    frame: pd.DataFrame, universe: Universe, *, negative_weights: NegativeWeights = "refuse"
) -> NetworkScores:
    """Return the score matrix of a table ``source, target, weight`` (or ``score``), optionally ``sign``.

    Parameters
    ----------
    frame
        One row an edge; a pair may occur more than once, as in tables with one row a regulatory element.
    negative_weights
        What a weight below zero means: ``magnitude`` = repression as strong as its absolute value,
        ``value`` = a pair less sure than those above it. A guess could turn a network upside down, so the
        default refuses.

    Raises
    ------
    InputError
        A column is missing, a weight is not a finite number, a sign is not -1, 0 or 1, no pair lies in the
        universe, or a weight is negative and nobody said what that means. All faults are listed.
    """
    weights, signs = _checked_columns(frame, negative_weights)
    pairs = universe.encode(frame)
    if len(pairs.codes) == 0:
        raise InputError(
            "expected pairs of the universe, found none in "
            f"{len(frame):,} rows ({pairs.num_outside:,} outside, {pairs.num_self:,} self pairs)",
            hint=f"use gene ids like {universe.regulators[0]} -> {universe.targets[0]}",
        )
    codes = universe.row_codes(frame)
    rows = np.flatnonzero((codes >= 0) & ~np.isin(codes, universe.self_codes()))
    rows = rows[np.argsort(weights[rows], kind="stable")]  # the highest weight is written last, and stays
    ranks = np.unique(weights[rows], return_inverse=True)[1] + 1
    scores = np.zeros(universe.num_codes, dtype=np.float32)
    scores[codes[rows]] = ranks
    modes = np.zeros(universe.num_codes, dtype=np.int8)
    modes[codes[rows]] = signs[rows]
    return NetworkScores(
        scores=scores.reshape(universe.shape),
        signs=modes.reshape(universe.shape),
        num_rows=pairs.num_rows,
        num_outside=pairs.num_outside,
        num_self=pairs.num_self,
        num_repeated=pairs.num_repeated,
        num_returned=len(pairs.codes),
    )


def _checked_columns(
    frame: pd.DataFrame, negative_weights: NegativeWeights
) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    name = "weight" if "weight" in frame.columns else "score"
    missing = [column for column in ("source", "target", name) if column not in frame.columns]
    if missing:
        raise InputError(
            f"expected columns source, target, weight; found {', '.join(map(str, frame.columns))}",
            faults=[f"{'weight' if column == 'score' else column} is missing" for column in missing],
        )
    weights = _numbers(frame, name)
    default = np.sign(weights) if negative_weights == "magnitude" else np.zeros(len(frame))
    signs = _numbers(frame, "sign") if "sign" in frame.columns else default
    negative = weights < 0 if negative_weights == "refuse" else np.zeros(len(frame), dtype=np.bool_)
    faults = [
        *_faults(frame, name, ~np.isfinite(weights), "is no finite number"),
        *(
            _faults(frame, "sign", ~np.isin(signs, (-1, 0, 1)), "is not -1, 0 or 1")
            if "sign" in frame
            else ()
        ),
        *_faults(frame, name, negative & np.isfinite(weights), "is negative"),
    ]
    if faults:
        raise InputError(
            f"the network of {len(frame):,} rows cannot be read (rows count from 0)",
            faults=faults,
            hint="say what that means: `--negative magnitude` (repression of that size) or "
            "`--negative value` (less sure than the others); negative_weights in Python"
            if negative.any()
            else "",
        )
    return np.abs(weights) if negative_weights == "magnitude" else weights, signs.astype(np.int8)


def _numbers(frame: pd.DataFrame, column: str) -> NDArray[np.float64]:
    return pd.to_numeric(frame[column], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)


def _faults(frame: pd.DataFrame, column: str, bad: NDArray[np.bool_], what: str) -> list[str]:
    rows = np.flatnonzero(bad)
    return [
        f"row {row}: {column} {value} {what}"
        for row, value in zip(rows, frame[column].iloc[rows], strict=True)
    ]
