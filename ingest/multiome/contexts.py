"""Contexts: named sets of a data set's cells."""

from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import pandas as pd
from scipy import sparse

from graph.errors import InputError
from graph.schema import Context, context_id

ALL_CELLS = "all"
MAX_CONTEXTS = 200


@dataclass(frozen=True)
class Contexts:
    """Contexts and their cells.

    Parameters
    ----------
    membership
        CSR, (num_contexts, num_cells), 1 where a cell is in a context.
    num_unlabelled
        Cells without a value in the column; they are in `all` only.
    """

    records: tuple[Context, ...]
    membership: sparse.csr_matrix
    num_unlabelled: int


def contexts_of(obs: pd.DataFrame, *, dataset_id: str, column: str = "", file: str = "obs") -> Contexts:
    """Return the context `all` and one for each value of an `obs` column.

    Parameters
    ----------
    column
        Of any type; a context is called what a value is as text. '' makes `all` only.
    file
        What errors call the table.

    Raises
    ------
    InputError
        If there is no such column, it has too many values, or one is called `all`.
    """
    labels = _labels(obs, column, file) if column else pd.Series(None, index=obs.index, dtype=object)
    names = sorted(labels.dropna().unique())
    if ALL_CELLS in names or len(names) > MAX_CONTEXTS:
        raise InputError(
            f"{file}: obs column {column!r}: {len(names):,} values ({', '.join(names[:5])} ...), "
            f"expected at most {MAX_CONTEXTS} and none called {ALL_CELLS!r}",
            hint="choose a column with cell types, clusters or time points",
        )
    codes = pd.Categorical(labels, categories=names).codes
    labelled = np.flatnonzero(codes >= 0)
    rows = np.concatenate([np.zeros(len(obs), dtype=np.int64), codes[labelled] + 1])
    cells = np.concatenate([np.arange(len(obs)), labelled])
    shape = (len(names) + 1, len(obs))
    membership = sparse.csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, cells)), shape=shape)
    sizes = np.diff(membership.indptr)
    records = tuple(
        Context(
            context_id=context_id(dataset_id, name),
            dataset_id=dataset_id,
            name=name,
            obs_column="" if place == 0 else column,
            num_cells=int(sizes[place]),
        )
        for place, name in enumerate([ALL_CELLS, *names])
    )
    return Contexts(records, membership, num_unlabelled=len(obs) - labelled.size)


def _labels(obs: pd.DataFrame, column: str, file: str) -> pd.Series:
    if column not in obs.columns:
        near = get_close_matches(column, [str(name) for name in obs.columns], n=1)
        meant = f"did you mean {near[0]!r}? " if near else ""
        raise InputError(
            f"{file}: obs has no column {column!r}, found {list(obs.columns)[:20]}",
            hint=f"{meant}name one of them with `--context-column`, or leave it out",
        )
    values = obs[column]
    return values.astype(object).where(values.notna(), None).map(str, na_action="ignore")
