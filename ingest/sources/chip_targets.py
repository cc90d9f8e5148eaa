"""ENCODE ChIP-seq targets (2015, HGNC names by ChEA3): binding near a gene, unsigned, by experiment."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from graph.cypher import ingest as statements
from graph.errors import InputError
from graph.schema import Source
from graph.tables import CHIP_TARGETS, REGULATORS
from ingest.edges import merge_duplicates, resolve_pairs, unlisted_regulators
from ingest.rejections import Sieve
from ingest.source import Checked, Reference, SourceSpec
from ingest.tables import read_table, read_text

COLUMNS = ("set_id", "tf", "cell", "species")
CELL_TYPES = {"GM12878": "GM12878", "K562": "K562", "H1HESC": "H1", "A549": "A549"}
"""Selected cells: name in the file -> name in the graph."""
CHIP_FACTOR = "chip_factor"
"""Class of a gene that no list of regulators has, but whose protein was mapped on chromatin."""

RECORD = Source(
    source_id="encode_chip_2015",
    name="ENCODE TF ChIP-seq targets",
    version="2015 (ChEA3)",
    licence="ENCODE data open; compiled by Enrichr / ChEA3, free for academic use",
    licence_class="academic",
    citation="10.1093/nar/gkz446",
    species="human",
)


def read_sets(path: Path) -> pd.DataFrame:
    """Return (set_id, target), one row a member, of a GMT file; its second column is a description."""
    lines = [line.split("\t") for line in read_text(path).splitlines() if line.strip()]
    short = [f"line {number}: {line[0]!r}" for number, line in enumerate(lines, start=1) if len(line) < 3]
    if short:
        raise InputError(
            f"{path}: expected set, description and genes, separated by tabs",
            faults=short,
            hint="is this a .gmt file?",
        )
    sets = pd.DataFrame({"set_id": [line[0] for line in lines], "target": [line[2:] for line in lines]})
    rows = sets.explode("target", ignore_index=True)
    rows = rows[rows["target"].str.strip().ne("")].reset_index(drop=True)
    return rows.set_axis(pd.RangeIndex(1, len(rows) + 1, name="row"))


def parse(paths: Sequence[Path], reference: Reference) -> Checked:
    """Return targets of the experiments in the selected cells; row numbers count the members of all sets."""
    index = read_table(paths[1], columns=COLUMNS)
    selected = index[index["species"].eq("human") & index["cell"].isin(list(CELL_TYPES))].set_index("set_id")
    every = read_sets(paths[0])
    rows = every[every["set_id"].isin(selected.index)].assign(source_id=RECORD.source_id, score=None)
    rows["source"] = rows["set_id"].map(selected["tf"])
    rows["cell_type"] = rows["set_id"].map(selected["cell"].map(CELL_TYPES))
    sieve = Sieve(rows.rename(columns={"set_id": "experiment"}), file=paths[0].name)
    resolve_pairs(sieve, reference.names)
    merge_duplicates(sieve, ("source", "target", "experiment"))
    edges = sieve.kept[list(CHIP_TARGETS.columns)]
    regulators = unlisted_regulators(edges, reference, regulator_class=CHIP_FACTOR)
    notes = {
        "sets selected": len(selected),
        "sets not selected": every["set_id"].nunique() - len(selected),
        "rows not selected": len(every) - len(rows),
        "regulators in no list": len(regulators),
    }
    tables = ((REGULATORS, regulators), (CHIP_TARGETS, edges))
    return Checked(tables, sieve.rejected, sieve.num_read, len(edges), notes=notes)


SPEC = SourceSpec(
    record=RECORD,
    stage="evidence",
    columns=COLUMNS,
    files=(
        "chip_targets/ENCODE_TF_ChIP-seq_2015_chea3.gmt.gz",
        "chip_targets/ENCODE_TF_ChIP-seq_2015_index.tsv",
    ),
    parse=parse,
    count=statements.COUNT_CHIP_TARGETS,
    wipe=(statements.DELETE_CHIP_TARGETS, statements.DELETE_CLAIMS),
)
