"""Lists of transcription factors, one symbol a line: Lambert 2018, those of pySCENIC, or a user's own."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from graph.schema import Source
from graph.tables import REGULATORS
from ingest.regulator_lists import TRANSCRIPTION_FACTOR, checked_list
from ingest.rejections import Sieve
from ingest.source import Checked, Reference, SourceSpec
from ingest.tables import read_lines

LAMBERT = Source(
    source_id="lambert2018",
    name="The human transcription factors (Lambert 2018)",
    version="2018 (pySCENIC list)",
    licence="GPL-3 (carrier)",
    licence_class="share-alike",
    citation="10.1016/j.cell.2018.01.029",
    species="human",
)
PYSCENIC_MOUSE = Source(
    source_id="pyscenic_mouse",
    name="Mouse transcription factors (pySCENIC, MGI)",
    version="06bafba",
    licence="GPL-3 (carrier)",
    licence_class="share-alike",
    citation="10.1038/s41596-020-0336-2",
    species="mouse",
)
PYSCENIC_HUMAN = replace(
    PYSCENIC_MOUSE,
    source_id="pyscenic",
    name="Human transcription factors (pySCENIC, HGNC)",
    species="human",
)


def list_spec(
    record: Source, files: Sequence[str] = (), *, regulator_class: str = TRANSCRIPTION_FACTOR
) -> SourceSpec:
    """Return a source of regulators of one class: a file with one symbol or gene id a line."""

    def parse(paths: Sequence[Path], reference: Reference) -> Checked:
        lines = pd.Series(read_lines(paths[0]), dtype=object).str.strip()
        rows = lines.set_axis(pd.RangeIndex(1, len(lines) + 1, name="row")).to_frame("source")
        sieve = Sieve(rows[lines.ne("").to_numpy()], file=paths[0].name)
        return checked_list(sieve, reference, source_id=record.source_id, regulator_class=regulator_class)

    settings = {"regulator_class": regulator_class}
    return SourceSpec(record, "regulators", (), files, parse, writes=(REGULATORS,), settings=settings)


LAMBERT_SPEC = list_spec(LAMBERT, ("regulators/lambert2018.txt",))
PYSCENIC_MOUSE_SPEC = list_spec(PYSCENIC_MOUSE, ("regulators/mm_mgi_tfs.txt",))
PYSCENIC_HUMAN_SPEC = list_spec(PYSCENIC_HUMAN, ("regulators/hs_hgnc_tfs.txt",))
"""Not shipped: Lambert's list is; give the file of pySCENIC (`hs_hgnc_tfs.txt` or `allTFs_hg38.txt`)."""
