"""The files that a run leaves beside the graph: all its scores, and which edges it was trained on."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.parquet as pq

from graph.errors import InputError, NotFoundError
from graph.validation.universe import Codes, Universe

SCORES_FILE = "scores.parquet"
EDGES_FILE = "edges.parquet"
CORRELATION_COLUMN = "abs_pearson"


def score_column(context: str) -> str:
    """Return the column that holds the scores of a context."""
    return f"score:{context}"


@dataclass(frozen=True)
class RunScores:
    """Everything that a run said of its universe.

    Parameters
    ----------
    scores
        By context, `(num_regulators, num_targets)`.
    correlation
        |Pearson r| over metacells, the baseline of that name, of the same shape; None if it was not written.
    train, validation, test
        Codes of the training source's edges, by what the run did with them.
    """

    universe: Universe
    scores: dict[str, npt.NDArray[np.float32]]
    correlation: npt.NDArray[np.float32] | None
    train: Codes
    validation: Codes
    test: Codes

    @property
    def known(self) -> Codes:
        """Codes of all edges of the training source."""
        return np.concatenate([self.train, self.validation, self.test])


def read_scores(path: Path) -> RunScores:
    """Return the scores of a run.

    Raises
    ------
    NotFoundError
        If the files are gone.
    InputError
        If they are not those of a run.
    """
    edges_path = path.parent / EDGES_FILE
    for file in (path, edges_path):
        if not file.exists():
            raise NotFoundError(
                f"the scores of the run are not at {file}",
                hint="validate on the machine that trained, or train again",
            )
    table = pq.read_table(path)
    universe = _universe(table.column("source").to_pandas(), table.column("target").to_pandas(), path)
    columns = {
        name: table.column(name).to_numpy().reshape(universe.shape)
        for name in table.column_names
        if name not in {"source", "target"}
    }
    prefix = score_column("")
    edges = pd.read_parquet(edges_path)
    parts = {
        name: universe.encode(edges[edges["part"] == name]).codes for name in ("train", "validation", "test")
    }
    return RunScores(
        universe=universe,
        scores={
            name.removeprefix(prefix): values for name, values in columns.items() if name.startswith(prefix)
        },
        correlation=columns.get(CORRELATION_COLUMN),
        **parts,
    )


def _universe(source: "pd.Series[str]", target: "pd.Series[str]", path: Path) -> Universe:
    num_targets = target.nunique()
    universe = Universe.of(source.iloc[::num_targets].tolist(), target.iloc[:num_targets].tolist())
    if universe.num_codes != len(source):
        raise InputError(f"{path}: expected one row for every regulator and target, found {len(source):,}")
    return universe
