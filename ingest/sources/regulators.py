"""Lists of regulators: transcription factors (Lambert 2018) and chromatin regulators (EpiFactors)."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from graph.cypher import ingest as statements
from graph.schema import Source
from ingest.regulator_lists import checked_list
from ingest.rejections import Sieve
from ingest.source import Checked, Reference, SourceSpec
from ingest.tables import read_table, read_text

LAMBERT = Source(
    source_id="lambert2018",
    name="The human transcription factors (Lambert 2018)",
    version="2018 (pySCENIC list)",
    licence="GPL-3 (carrier)",
    licence_class="share-alike",
    citation="10.1016/j.cell.2018.01.029",
    species="human",
)
EPIFACTORS = Source(
    source_id="epifactors",
    name="EpiFactors",
    version="2.1",
    licence="free to use",
    licence_class="open",
    citation="10.1093/nar/gkac989",
    species="human",
)
EPIFACTORS_COLUMNS = ("HGNC_symbol",)


def parse_lambert(paths: Sequence[Path], reference: Reference) -> Checked:
    """Return transcription factors from one symbol a line."""
    lines = pd.Series(read_text(paths[0]).splitlines(), dtype=object).str.strip()
    rows = lines.set_axis(pd.RangeIndex(1, len(lines) + 1, name="row")).to_frame("source")
    sieve = Sieve(rows, file=paths[0].name)
    return checked_list(sieve, reference, source_id=LAMBERT.source_id, regulator_class="transcription_factor")


def parse_epifactors(paths: Sequence[Path], reference: Reference) -> Checked:
    """Return chromatin regulators."""
    rows = read_table(paths[0], columns=EPIFACTORS_COLUMNS).rename(columns={"HGNC_symbol": "source"})
    sieve = Sieve(rows, file=paths[0].name)
    return checked_list(
        sieve, reference, source_id=EPIFACTORS.source_id, regulator_class="chromatin_regulator"
    )


LAMBERT_SPEC = SourceSpec(
    record=LAMBERT,
    stage="regulators",
    columns=(),
    files=("regulators/lambert2018.txt",),
    parse=parse_lambert,
    count=statements.COUNT_REGULATORS,
    wipe=(statements.DELETE_CLAIMS,),
)
EPIFACTORS_SPEC = SourceSpec(
    record=EPIFACTORS,
    stage="regulators",
    columns=EPIFACTORS_COLUMNS,
    files=("regulators/EpiGenes_main_v2.1.tsv.gz",),
    parse=parse_epifactors,
    count=statements.COUNT_REGULATORS,
    wipe=(statements.DELETE_CLAIMS,),
)
