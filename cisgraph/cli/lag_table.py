"""Lags of genes, as words and rows for the terminal."""

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.table import Table

if TYPE_CHECKING:
    from cisgraph.report.lag_data import TimedCells
    from model.lags.results import GeneLags

SIGNS = {1.0: "+ chromatin first", -1.0: "- RNA first", 0.0: "0 not called"}


def lag_words(table: pd.DataFrame, cells: "TimedCells", lags: "GeneLags") -> str:
    """Return what was estimated, how many genes were tested, and how many have a sign."""
    tested = table["lag_sign"].notna()
    called = table.loc[tested, "lag_sign"].value_counts()
    by = "along time" if cells.timing.is_course else "from time points"
    linked = f"linked by run {cells.linked_by}" if cells.linked_by else "all peaks near a gene, alike"
    return (
        f"{cells.timing.time.size:,} cells {by}, unit {lags.unit}; accessibility: {linked}\n"
        f"{tested.sum():,} of {len(table):,} genes tested: chromatin first {called.get(1.0, 0):,}, "
        f"RNA first {called.get(-1.0, 0):,}, not called {called.get(0.0, 0):,}. "
        "An order in time is no proof of a cause."
    )


def lag_rows(table: pd.DataFrame, genes: list[str], *, top: int) -> Table:
    """Return the lags of the named genes, or of the surest."""
    shown = Table("gene", "lag", "95 % interval", "sign", "p", "FDR", "biphasic", "said of it")
    if not genes:
        genes = table[table["lag_sign"].notna()].sort_values(["fdr", "p"])["symbol"].head(top).tolist()
    by_symbol = {str(row["symbol"]): row for row in table.to_dict("records")}
    for gene in genes:
        if gene not in by_symbol:
            shown.add_row(gene, *("",) * 6, "not measured: not among the genes of this data set")
            continue
        shown.add_row(gene, *_cells(by_symbol[gene]))
    return shown


def _cells(row: Mapping[Hashable, Any]) -> list[str]:  # of a table with texts and numbers
    if pd.isna(row["lag_sign"]):
        return ["", "", "not estimated", "", "", "", str(row["reason"])]
    turns = "" if "biphasic" not in row else ("yes" if row["biphasic"] else "no")
    interval = f"{row['low']:+.2f} to {row['high']:+.2f}"
    return [
        f"{row['lag']:+.2f}",
        interval,
        SIGNS[float(row["lag_sign"])],
        f"{row['p']:.2g}",
        f"{row['fdr']:.2g}",
        turns,
        "",
    ]
