"""Libraries of ChIP-seq targets (ENCODE 2015, ChEA): binding near a gene, unsigned, by experiment."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from graph.errors import InputError
from graph.schema import Source
from graph.tables import CHIP_TARGETS, REGULATORS
from ingest.edges import columns_of, merge_duplicates, resolve_pairs, unlisted_regulators
from ingest.rejections import Sieve
from ingest.source import Checked, Reference, SourceSpec
from ingest.tables import read_lines, read_table

COLUMNS = ("set_id", "tf", "cell", "species")
CELL_NAMES = {"H1HESC": "H1"}
"""Cells that data sets call otherwise: name in the file -> name in the graph; all others stay."""
CHIP_FACTOR = "chip_factor"
"""Class of a gene that no list of regulators has, but whose protein was mapped on chromatin."""

ENCODE = Source(
    source_id="encode_chip_2015",
    name="ENCODE TF ChIP-seq targets (human)",
    version="2015 (ChEA3)",
    licence="ENCODE data open; compiled by Enrichr / ChEA3, free for academic use",
    licence_class="academic",
    citation="10.1093/nar/gkz446",
    species="human",
)
CHEA = replace(
    ENCODE,
    source_id="chea",
    name="ChEA ChIP targets from papers (human)",
    version="2016 content (ChEA3 2018, 2019)",
    licence="compiled by Enrichr / ChEA3, free for academic use",
    citation="10.1093/bioinformatics/btq466",
)
ENCODE_FILES = (
    "chip_targets/ENCODE_TF_ChIP-seq_2015_chea3.gmt.xz",
    "chip_targets/ENCODE_TF_ChIP-seq_2015_index.tsv",
)
CHEA_FILES = ("chip_targets/ChEA_literature_ChIP_chea3.gmt.xz", "chip_targets/ChEA_literature_ChIP_index.tsv")


def read_sets(path: Path) -> pd.DataFrame:
    """Return (set_id, target), one row a member, of a GMT file; its second column is a description."""
    numbered = enumerate((line.split("\t") for line in read_lines(path)), start=1)
    lines = [(number, line) for number, line in numbered if "".join(line).strip()]
    short = [f"line {number}: {line[0]!r}" for number, line in lines if len(line) < 3]
    if short:
        raise InputError(
            f"{path}: expected set, description and genes, separated by tabs",
            faults=short,
            hint="is this a .gmt file?",
        )
    sets = pd.DataFrame(
        {"set_id": [line[0].strip() for _, line in lines], "target": [line[2:] for _, line in lines]}
    )
    rows = sets.explode("target", ignore_index=True)
    rows["target"] = rows["target"].str.strip()
    rows = rows[rows["target"].ne("")]
    return rows.set_axis(pd.RangeIndex(1, len(rows) + 1, name="row"))


def read_index(path: Path) -> pd.DataFrame:
    """Return what each set is: `tf`, `cell`, `species`, by `set_id`."""
    index = read_table(path, columns=COLUMNS)
    twice = index[index["set_id"].duplicated()]
    if len(twice):
        faults = [f"line {line}: {name!r}" for line, name in twice["set_id"].items()]
        raise InputError(f"{path}: sets stand twice", faults=faults, hint="keep one line a set")
    return index.set_index("set_id")


def spec(
    record: Source, files: Sequence[str] = (), *, cell_types: Collection[str] | None = None
) -> SourceSpec:
    """Return a library of one species.

    Parameters
    ----------
    cell_types
        Cells whose experiments are loaded, by their names in the file; None loads all. The others are
        counted in the notes of the load.
    """

    def parse(paths: Sequence[Path], reference: Reference) -> Checked:
        every, index = read_sets(paths[0]), read_index(paths[1])
        index = index[index["species"].eq(record.species)]
        selected = index if cell_types is None else index[index["cell"].isin(list(cell_types))]
        rows = every[every["set_id"].isin(selected.index)]
        left_out = every[~every["set_id"].isin(selected.index)]
        notes = {
            "sets selected": rows["set_id"].nunique(),
            "sets not selected": left_out["set_id"].nunique(),
            "rows not selected": len(left_out),
        }
        rows = rows.assign(
            source=rows["set_id"].map(selected["tf"]),
            cell_type=rows["set_id"].map(selected["cell"].replace(CELL_NAMES)),
            source_id=record.source_id,
            score=None,
        )
        sieve = Sieve(rows.rename(columns={"set_id": "experiment"}), file=paths[0].name)
        return _checked_targets(sieve, reference, notes)

    chosen = "all" if cell_types is None else sorted(cell_types)
    return SourceSpec(
        record=record,
        stage="evidence",
        columns=(),
        files=files,
        parse=parse,
        writes=(REGULATORS, CHIP_TARGETS),
        settings={"cell_types": chosen},
    )


def _checked_targets(sieve: Sieve, reference: Reference, notes: Mapping[str, int]) -> Checked:
    resolve_pairs(sieve, reference.names, in_capitals=True)
    merge_duplicates(sieve, ("source", "target", "experiment"))
    edges = sieve.kept[columns_of(CHIP_TARGETS)]
    regulators = unlisted_regulators(edges, reference, regulator_class=CHIP_FACTOR)
    return Checked(
        tables=((REGULATORS, regulators), (CHIP_TARGETS, edges)),
        rejected=sieve.rejected,
        num_read=sieve.num_read,
        num_kept=len(edges),
        notes={**sieve.notes, **notes, "regulators in no list": len(regulators)},
        mapped=sieve.remarks,
    )


ENCODE_SPEC = spec(ENCODE, ENCODE_FILES)
ENCODE_MOUSE_SPEC = spec(
    replace(
        ENCODE,
        source_id="encode_chip_2015_mouse",
        name="ENCODE TF ChIP-seq targets (mouse)",
        species="mouse",
    ),
    ENCODE_FILES,
)
CHEA_SPEC = spec(CHEA, CHEA_FILES)
CHEA_MOUSE_SPEC = spec(
    replace(CHEA, source_id="chea_mouse", name="ChEA ChIP targets from papers (mouse)", species="mouse"),
    CHEA_FILES,
)
