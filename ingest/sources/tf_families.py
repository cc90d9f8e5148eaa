"""JASPAR: transcription factors with a DNA-binding profile, and the structural family of their domain."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from graph.schema import Source
from graph.tables import REGULATORS
from ingest.regulator_lists import TRANSCRIPTION_FACTOR, checked_list
from ingest.rejections import Reason, Sieve
from ingest.source import Checked, Reference, SourceSpec
from ingest.tables import read_table

COLUMNS = ("tf_name", "tax_id", "family")
FILE = "regulators/JASPAR2024_CORE_human_mouse_index.tsv"

HUMAN = Source(
    source_id="jaspar2024",
    name="JASPAR CORE, families of transcription factors (human)",
    version="2024",
    licence="CC BY 4.0",
    licence_class="open",
    citation="10.1093/nar/gkad1059",
    species="human",
)
MOUSE = replace(
    HUMAN,
    source_id="jaspar2024_mouse",
    name="JASPAR CORE, families of transcription factors (mouse)",
    species="mouse",
)


def spec(record: Source, *, tax_id: str) -> SourceSpec:
    """Return the profiles of one species; those of dimers say nothing about one gene."""

    def parse(paths: Sequence[Path], reference: Reference) -> Checked:
        rows = read_table(paths[0], columns=COLUMNS)
        rows = rows.rename(columns={"tf_name": "source", "family": "tf_family"})
        sieve = Sieve(rows, file=paths[0].name)
        own = rows["tax_id"].str.split(";").map(lambda ids: tax_id in ids)
        sieve.reject(~own, reason=Reason.OTHER_SPECIES, identifier=rows["source"], detail=rows["tax_id"])
        dimer = sieve.kept["source"].str.contains("::", regex=False)
        sieve.reject(dimer, reason=Reason.DIMER, identifier=sieve.kept["source"])
        nothing = sieve.kept["tf_family"].eq("")
        sieve.reject(nothing, reason=Reason.NO_FAMILY, identifier=sieve.kept["source"])
        return checked_list(
            sieve, reference, source_id=record.source_id, regulator_class=TRANSCRIPTION_FACTOR
        )

    return SourceSpec(record, "regulators", COLUMNS, (FILE,), parse, writes=(REGULATORS,))


SPEC = spec(HUMAN, tax_id="9606")
MOUSE_SPEC = spec(MOUSE, tax_id="10090")
