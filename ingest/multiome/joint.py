"""What the matrices of an experiment say of the cells that they share."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from graph.errors import InputError
from ingest.multiome.barcodes import SharedCells
from ingest.multiome.modalities import Part


def joint_obs(parts: Iterable[Part], cells: SharedCells) -> pd.DataFrame:
    """Return the first matrix's `obs` of the shared cells, and those columns that only others have."""
    first, *others = zip((part.matrix.obs for part in parts), cells.rows, strict=True)
    joint = first[0].iloc[first[1]]
    for other, rows in others:
        only = [name for name in other.columns if name not in joint.columns]
        joint = joint.assign(**{str(name): other[name].iloc[rows].array for name in only})
    return joint


def require_time(obs: pd.DataFrame, column: str, *, file: str) -> None:
    """Raise unless each cell has a time point; '' asks for none.

    Raises
    ------
    InputError
        If there is no such column, it holds no numbers, or cells have no time.
    """
    if not column:
        return
    if column not in obs.columns or not pd.api.types.is_numeric_dtype(obs[column]):
        kind = str(obs[column].dtype) if column in obs.columns else "missing"
        raise InputError(
            f"{file}: time column {column!r} of obs is {kind}, expected numbers",
            hint=f"obs has {list(obs.columns)}; times are numbers in one unit",
        )
    times = obs[column].to_numpy(dtype=np.float64, na_value=np.nan)
    lacking = np.flatnonzero(~np.isfinite(times))
    if lacking.size:
        raise InputError(
            f"{file}: {lacking.size:,} of {len(obs):,} cells have no time in column {column!r}",
            faults=[f"cell {obs.index[row]!r}" for row in lacking[:50]],
            hint="drop these cells",
        )
