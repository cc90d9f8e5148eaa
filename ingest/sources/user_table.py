"""Any table of a user with regulator, target, weight and sign, as priors under the user's own licence."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from graph.schema import Source
from graph.tables import PRIORS, REGULATORS
from ingest.edge_files import read_edges
from ingest.edges import checked_priors, merge_duplicates, prior_rows, resolve_pairs
from ingest.rejections import Reason, Sieve
from ingest.source import Checked, Reference, SourceSpec

SIGNS: Mapping[str, int] = {
    "1": 1,
    "+1": 1,
    "1.0": 1,
    "+": 1,
    "-1": -1,
    "-1.0": -1,
    "-": -1,
    "0": 0,
    "0.0": 0,
    "": 0,
}
"""How a sign may be written; an empty one is unknown, 0."""


@dataclass(frozen=True)
class EdgeColumns:
    """Names of the columns; a table without weights or signs says `None`.

    Parameters
    ----------
    is_weight_signed
        A weight's sign is the edge's. Else weights are strengths, and a negative one is a fault.
    """

    source: str = "source"
    target: str = "target"
    weight: str | None = "weight"
    sign: str | None = None
    is_weight_signed: bool = False

    @property
    def by_role(self) -> Mapping[str, str | None]:
        """Name of the column by its role here."""
        return {"source": self.source, "target": self.target, "weight": self.weight, "sign": self.sign}


USUAL_COLUMNS = EdgeColumns()


def spec(record: Source, columns: EdgeColumns = USUAL_COLUMNS) -> SourceSpec:
    """Return a source that reads one `.tsv`, `.csv` (also `.gz`, `.xz`) or `.parquet` file.

    Its priors keep the weight. Of rows with the same source, target and sign the first is kept.

    Parameters
    ----------
    record
        The user's: its `species` says whose genes the names are, its `source_id` must be no other source's.
    """

    def parse(paths: Sequence[Path], reference: Reference) -> Checked:
        rows = read_edges(paths[0], columns.by_role)
        sieve = Sieve(rows, file=paths[0].name)
        _sift_numbers(sieve, columns)
        resolve_pairs(sieve, reference.names)
        merge_duplicates(sieve, ("source", "target", "sign"))
        return checked_priors(sieve, prior_rows(sieve, source_id=record.source_id), reference)

    return SourceSpec(
        record=record,
        stage="evidence",
        columns=tuple(name for name in columns.by_role.values() if name),
        files=(),
        parse=parse,
        writes=(REGULATORS, PRIORS),
        settings=asdict(columns),
    )


def _sift_numbers(sieve: Sieve, columns: EdgeColumns) -> None:
    """Turn weights and signs into numbers; reject rows where they are none."""
    given = sieve.kept
    if columns.weight is None:
        sieve.kept = given.assign(weight=None)
    else:
        weight = pd.to_numeric(given["weight"], errors="coerce").astype(float)
        bad = weight.isna() | weight.abs().eq(np.inf)
        sieve.kept = given.assign(weight=weight)
        _reject_weights(sieve, bad, given["weight"], "expected a finite number")
        if not columns.is_weight_signed:
            negative = sieve.kept["weight"].lt(0)
            _reject_weights(
                sieve, negative, given["weight"], "negative, and weights were not said to be signed"
            )
    _set_signs(sieve, columns)


def _reject_weights(sieve: Sieve, bad: pd.Series, given: pd.Series, detail: str) -> None:
    rest = sieve.kept.index
    sieve.reject(bad[rest], reason=Reason.BAD_WEIGHT, identifier=given[rest], detail=detail)


def _set_signs(sieve: Sieve, columns: EdgeColumns) -> None:
    rows = sieve.kept
    if columns.sign is not None:
        signs = rows["sign"].map(SIGNS)
        sieve.reject(
            signs.isna(), reason=Reason.BAD_SIGN, identifier=rows["sign"], detail="expected -1, 0 or 1"
        )
        sieve.kept = sieve.kept.assign(sign=signs[sieve.kept.index].astype(int))
    elif columns.is_weight_signed:
        sieve.kept = rows.assign(sign=np.sign(rows["weight"]).astype(int))
    else:
        sieve.kept = rows.assign(sign=0)
