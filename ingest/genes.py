"""Gene tables of Ensembl -> nodes, and coordinates on one assembly."""

from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa

from graph.tables import GENES, LOCATIONS
from ingest.edges import columns_of
from ingest.tables import check_table, read_table

GENE_COLUMNS = ("chrom", "start", "end", "strand", "tss", "gene_id", "symbol", "biotype", "description")
ENSEMBL_ID = r"^ENS[A-Z]*G\d{11}$"
LARGEST_BP = 2**31 - 1
"""No chromosome is longer; a larger number is a fault."""

_POSITION = [
    pa.Check.ge(1, error="expected 1 or more"),
    pa.Check.le(LARGEST_BP, error="larger than any chromosome"),
]
_POSITIONS = {
    "chrom": pa.Column(str, pa.Check.str_matches(r"^\S+$", error="expected a chromosome")),
    "start": pa.Column(np.int64, _POSITION, coerce=True),
    "end": pa.Column(np.int64, _POSITION, coerce=True),
    "strand": pa.Column(str, pa.Check.isin(["+", "-"], error="expected + or -")),
}
_IN_ORDER = pa.Check(lambda rows: rows["end"] >= rows["start"], error="end before start")

GENE_SCHEMA = pa.DataFrameSchema(
    _POSITIONS
    | {
        "tss": pa.Column(np.int64, _POSITION, coerce=True),
        "gene_id": pa.Column(
            str,
            pa.Check.str_matches(ENSEMBL_ID, error="expected an Ensembl id without version"),
            unique=True,
        ),
    },
    checks=_IN_ORDER,
)
POSITION_SCHEMA = pa.DataFrameSchema(_POSITIONS, checks=_IN_ORDER)


def read_genes(path: Path) -> pd.DataFrame:
    """Return the gene table with coordinates turned to 0-based and half-open, `tss` to 0-based.

    Raises
    ------
    InputError
        With all faults of the file.
    """
    rows = read_table(path, columns=GENE_COLUMNS)
    remedy = "coordinates are Ensembl's: 1-based, both ends included; ids without version, each once"
    rows = check_table(rows, GENE_SCHEMA, path=path, remedy=remedy)
    return rows.assign(start=rows["start"] - 1, tss=rows["tss"] - 1)


def gene_nodes(genes: pd.DataFrame, *, species: str, annotation: str, release: int) -> pd.DataFrame:
    """Return `GENES` rows with the annotation's own symbols; a naming body's come later."""
    none: pd.Series = pd.Series([[]] * len(genes), index=genes.index, dtype=object)
    nodes = genes.assign(
        symbol=genes["symbol"].replace("", None),
        aliases=none,
        previous_symbols=none,
        species=species,
        name=genes["description"].replace("", None),
        annotation=annotation,
        annotation_release=release,
    )
    return nodes[list(GENES.columns)].reset_index(drop=True)


def locations(genes: pd.DataFrame, *, assembly: str, source_id: str) -> pd.DataFrame:
    """Return `LOCATIONS` rows."""
    rows = genes.assign(source=genes["gene_id"], target=assembly, source_id=source_id)
    return rows[columns_of(LOCATIONS)].reset_index(drop=True)
