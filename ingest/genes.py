"""Gene tables of Ensembl and records of HGNC -> nodes and coordinates of one assembly."""

from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa

from graph.tables import GENES, LOCATIONS
from ingest.tables import check_table, read_table

GENE_COLUMNS = ("chrom", "start", "end", "strand", "tss", "gene_id", "symbol", "biotype", "description")
HGNC_COLUMNS = (
    "HGNC ID",
    "Approved symbol",
    "Status",
    "Alias symbols",
    "Previous symbols",
    "Ensembl gene ID",
)

_GENE_SCHEMA = pa.DataFrameSchema(
    {
        "chrom": pa.Column(str, pa.Check.str_matches(r"^\S+$", error="expected a chromosome")),
        "start": pa.Column(np.int64, pa.Check.ge(1, error="expected 1 or more"), coerce=True),
        "end": pa.Column(np.int64, pa.Check.ge(1, error="expected 1 or more"), coerce=True),
        "strand": pa.Column(str, pa.Check.isin(["+", "-"], error="expected + or -")),
        "tss": pa.Column(np.int64, pa.Check.ge(1, error="expected 1 or more"), coerce=True),
        "gene_id": pa.Column(
            str,
            pa.Check.str_matches(r"^ENS[A-Z]*G\d{11}$", error="expected an Ensembl id without version"),
            unique=True,
        ),
    },
    checks=pa.Check(lambda rows: rows["end"] >= rows["start"], error="end before start"),
)


def read_genes(path: Path) -> pd.DataFrame:
    """Return the gene table with coordinates turned to 0-based and half-open, `tss` to 0-based.

    Raises
    ------
    InputError
        With all faults of the file.
    """
    rows = read_table(path, columns=GENE_COLUMNS)
    remedy = "coordinates are Ensembl's: 1-based, both ends included; ids without version, each once"
    rows = check_table(rows, _GENE_SCHEMA, path=path, remedy=remedy)
    return rows.assign(start=rows["start"] - 1, tss=rows["tss"] - 1)


def read_hgnc(path: Path) -> pd.DataFrame:
    """Return HGNC's records.

    Columns: hgnc_id, approved_symbol, status, aliases and previous_symbols (lists), gene_id ('' = none).
    """
    rows = read_table(path, columns=HGNC_COLUMNS)
    return pd.DataFrame(
        {
            "hgnc_id": rows["HGNC ID"],
            "approved_symbol": rows["Approved symbol"],
            "status": rows["Status"],
            "aliases": _split(rows["Alias symbols"]),
            "previous_symbols": _split(rows["Previous symbols"]),
            "gene_id": rows["Ensembl gene ID"],
        }
    )


def link_records(records: pd.DataFrame, genes: pd.DataFrame) -> pd.Series:
    """Return for each approved record the gene that it names: by Ensembl id, else by a symbol of one gene.

    Null where the annotation has no such gene, or the gene has a record of its own.
    """
    known = records["gene_id"].where(records["gene_id"].isin(genes["gene_id"]))
    symbols = genes[genes["symbol"].ne("") & ~genes["gene_id"].isin(known)]
    single = symbols.drop_duplicates("symbol", keep=False).set_index("symbol")["gene_id"]
    linked = known.fillna(records["approved_symbol"].map(single))
    return linked.mask(linked.duplicated() & known.isna())


def gene_nodes(genes: pd.DataFrame, records: pd.DataFrame, *, species: str) -> pd.DataFrame:
    """Return `GENES` rows: the approved symbol where HGNC has one, the annotation's own kept as previous."""
    approved = records[records["status"].eq("Approved")]
    by_gene = approved.assign(gene_id=link_records(approved, genes)).dropna(subset=["gene_id"])
    rows = genes.reset_index(drop=True).merge(by_gene, on="gene_id", how="left")
    symbol = rows["approved_symbol"].fillna(rows["symbol"].replace("", None))
    renamed = rows["symbol"].ne("") & rows["symbol"].ne(symbol)
    own = rows["symbol"].where(renamed, "")
    nodes = rows.assign(
        previous_symbols=_with_own(_lists(rows["previous_symbols"]), own),
        symbol=symbol,
        aliases=_lists(rows["aliases"]),
        species=species,
        name=rows["description"].replace("", None),
    )
    return nodes[list(GENES.columns)]


def locations(genes: pd.DataFrame, *, assembly: str) -> pd.DataFrame:
    """Return `LOCATIONS` rows."""
    rows = genes.assign(source=genes["gene_id"], target=assembly)
    return rows[list(LOCATIONS.columns)]


def _split(column: pd.Series) -> pd.Series:
    return column.map(lambda names: [name.strip() for name in names.split(",") if name.strip()])


def _with_own(previous: pd.Series, own: pd.Series) -> pd.Series:
    """Return the previous symbols and the annotation's own, where HGNC gives another and lacks it."""
    together = [
        [*names, name] if name and name not in names else names
        for names, name in zip(previous.tolist(), own.tolist(), strict=True)
    ]
    return pd.Series(together, index=previous.index, dtype=object)


def _lists(column: pd.Series) -> pd.Series:
    return column.map(lambda value: value if isinstance(value, list) else [])
