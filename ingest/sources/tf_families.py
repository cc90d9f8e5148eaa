"""JASPAR: transcription factors with a DNA-binding profile, and the structural family of their domain."""

from collections.abc import Sequence
from pathlib import Path

from graph.cypher import ingest as statements
from graph.schema import Source
from ingest.regulator_lists import checked_list
from ingest.rejections import Reason, Sieve
from ingest.source import Checked, Reference, SourceSpec
from ingest.tables import read_table

COLUMNS = ("tf_name", "tax_id", "family")
HUMAN_TAX_ID = "9606"

RECORD = Source(
    source_id="jaspar2024",
    name="JASPAR CORE: families of transcription factors",
    version="2024",
    licence="CC BY 4.0",
    licence_class="open",
    citation="10.1093/nar/gkad1059",
    species="human",
)


def parse(paths: Sequence[Path], reference: Reference) -> Checked:
    """Return transcription factors with their family; profiles of dimers say nothing about one gene."""
    rows = read_table(paths[0], columns=COLUMNS)
    rows = rows.rename(columns={"tf_name": "source", "family": "tf_family"})
    sieve = Sieve(rows, file=paths[0].name)
    human = rows["tax_id"].str.split(";").map(lambda ids: HUMAN_TAX_ID in ids)
    sieve.reject(~human, reason=Reason.NOT_HUMAN, identifier=rows["source"], detail="species of the profile")
    dimer = sieve.kept["source"].str.contains("::", regex=False)
    sieve.reject(dimer, reason=Reason.DIMER, identifier=sieve.kept["source"])
    nothing = sieve.kept["tf_family"].eq("")
    sieve.reject(nothing, reason=Reason.NO_FAMILY, identifier=sieve.kept["source"])
    return checked_list(sieve, reference, source_id=RECORD.source_id, regulator_class="transcription_factor")


SPEC = SourceSpec(
    record=RECORD,
    stage="regulators",
    columns=COLUMNS,
    files=("regulators/JASPAR2024_CORE_human_mouse_index.tsv",),
    parse=parse,
    count=statements.COUNT_REGULATORS,
    wipe=(statements.DELETE_FAMILIES, statements.DELETE_CLAIMS),
)
