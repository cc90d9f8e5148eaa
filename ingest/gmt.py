"""Gene sets in GMT files: a line a set, with its name, a description and its genes, separated by tabs."""

from pathlib import Path

import pandas as pd

from graph.errors import InputError
from ingest.tables import read_lines


def read_memberships(path: Path) -> pd.DataFrame:
    """Return one row a member: `set_name`, `gene`, `line`, indexed by running number from 1.

    A set without genes has one row with the gene ''. What follows a comma in a gene (Enrichr's weights) is
    left out.

    Raises
    ------
    InputError
        If the file cannot be read, or has lines that are no sets.
    """
    numbered = enumerate((line.split("\t") for line in read_lines(path)), start=1)
    lines = [(number, cells) for number, cells in numbered if "".join(cells).strip()]
    faults = [
        f"line {number}: {cells[0][:60]!r}"
        for number, cells in lines
        if len(cells) < 2 or not cells[0].strip()
    ]
    if faults:
        raise InputError(
            f"{path}: expected a set, a description and genes, separated by tabs",
            faults=faults,
            hint="is this a .gmt file?",
        )
    sets = pd.DataFrame(
        {
            "set_name": [cells[0].strip() for _, cells in lines],
            "gene": [_genes(cells[2:]) for _, cells in lines],
            "line": [number for number, _ in lines],
        }
    )
    rows = sets.explode("gene", ignore_index=True)
    return rows.set_axis(pd.RangeIndex(1, len(rows) + 1, name="row"))


def _genes(cells: list[str]) -> list[str]:
    """Return the genes of a line; empty cells are no members."""
    genes = (cell.partition(",")[0].strip() for cell in cells)
    return [gene for gene in genes if gene] or [""]
