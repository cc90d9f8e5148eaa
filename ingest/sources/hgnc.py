"""HGNC: approved symbols of human genes, their aliases, and the symbols that they had before."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from graph.schema import Source
from graph.tables import GENE_NAMES
from ingest.gene_records import APPROVED, WITHDRAWN, checked_names, listed
from ingest.source import Checked, Reference, SourceSpec
from ingest.tables import read_table

COLUMNS = (
    "HGNC ID",
    "Approved symbol",
    "Approved name",
    "Status",
    "Alias symbols",
    "Previous symbols",
    "Ensembl gene ID",
)

RECORD = Source(
    source_id="hgnc",
    name="HGNC gene names",
    version="2024-07",
    licence="CC0",
    licence_class="open",
    citation="10.1093/nar/gkac888",
    species="human",
)


def read_records(path: Path) -> pd.DataFrame:
    """Return HGNC's records; one that was withdrawn says `see [HGNC:...]` of those that took over."""
    rows = read_table(path, columns=COLUMNS)
    successors = rows["Approved name"].str.findall(r"\[(HGNC:\d+)")
    approved = rows["Status"].eq("Approved")
    return pd.DataFrame(
        {
            "name_id": rows["HGNC ID"],
            "symbol": rows["Approved symbol"],
            "status": approved.map({True: APPROVED, False: WITHDRAWN}),
            "successor": successors.map(lambda ids: ids[0] if len(ids) == 1 else "").mask(approved, ""),
            "aliases": listed(rows["Alias symbols"], ","),
            "previous_symbols": listed(rows["Previous symbols"], ","),
            "gene_id": rows["Ensembl gene ID"],
        }
    )


def parse(paths: Sequence[Path], reference: Reference) -> Checked:
    """Return the names of the genes that the annotation has."""
    records = read_records(paths[0])
    return checked_names(records, reference, file=paths[0].name, source_id=RECORD.source_id)


SPEC = SourceSpec(
    record=RECORD,
    stage="names",
    columns=COLUMNS,
    files=("annotation/hgnc_entries.tsv.xz",),
    parse=parse,
    writes=(GENE_NAMES,),
)
