"""Lags of a data set as an AnnData file: per gene, and per cell as delta tau."""

from pathlib import Path

import anndata
import numpy as np
import pandas as pd

from cisgraph.report.lag_data import TimedCells
from graph.errors import InputError
from model.lags.results import GeneLags
from model.lags.trajectory_lags import TrajectoryLags

DELTA_TAU = "delta_tau"


def lag_table(cells: TimedCells, lags: GeneLags) -> pd.DataFrame:
    """Return one row a measured gene: symbol, lag, interval, sign, FDR and why none was estimated."""
    table = pd.DataFrame(
        {
            "symbol": cells.symbols.astype(str),
            "lag": lags.lag,
            "low": lags.low,
            "high": lags.high,
            "lag_sign": lags.lag_sign,
            "p": lags.p,
            "fdr": lags.fdr,
            "reason": lags.reason.astype(str),
        },
        index=pd.Index(cells.gene_ids.astype(str), name="gene_id"),
    )
    if isinstance(lags, TrajectoryLags):
        table["turning"], table["biphasic"] = lags.turning, lags.biphasic
    return table


def check_path(path: Path) -> None:
    """Raise InputError if the name does not end in `.h5ad`."""
    if path.suffix != ".h5ad":
        raise InputError(f"expected a file that ends in .h5ad, found {path}")


def write_lags(path: Path, cells: TimedCells, lags: GeneLags, *, estimator: str) -> Path:
    """Write RNA, accessibility, time and lags of the cells to an `.h5ad` file, and return its path.

    `var` has the lags of genes. `obsm["delta_tau"]` (N, T) has those of the T tested genes in each cell,
    where cells lie along time; `uns["delta_tau"]` names its genes, the unit and what made it.

    Raises
    ------
    InputError
        The name does not end in `.h5ad`.
    """
    check_path(path)
    data = anndata.AnnData(
        X=cells.matrices.rna, obs=cells.matrices.obs.copy(), var=lag_table(cells, lags),
        layers={"activity": cells.activity},
    )  # fmt: skip
    data.obs["lag_time"] = cells.timing.time
    said = {"unit": lags.unit, "positive": "chromatin changes before RNA", "estimator": estimator}
    data.uns["lags"] = {**said, "linked_by": cells.linked_by or "all peaks near a gene count alike"}
    if isinstance(lags, TrajectoryLags):
        tested = np.flatnonzero(lags.tested)
        data.obsm[DELTA_TAU] = lags.at_cells(cells.timing.time, tested)
        names = {"gene_ids": cells.gene_ids[tested], "symbols": cells.symbols[tested]}
        data.uns[DELTA_TAU] = {**said, **{key: values.astype(str) for key, values in names.items()}}
    path.parent.mkdir(parents=True, exist_ok=True)
    data.write_h5ad(path)
    return path
