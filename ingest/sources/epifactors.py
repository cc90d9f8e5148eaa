"""EpiFactors: chromatin regulators of human and mouse, and the complexes that the human ones make."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from graph.schema import Source
from graph.tables import REGULATORS
from ingest.names import Names
from ingest.regulator_lists import CHROMATIN_REGULATOR, checked_list
from ingest.rejections import Sieve
from ingest.source import Checked, Reference, SourceSpec
from ingest.tables import read_table

COLUMNS = ("HGNC_symbol", "MGI_symbol", "UniProt_ID")
COMPLEX_COLUMNS = ("Complex_name", "UniProt_ID")
EMPTY = "#"

HUMAN = Source(
    source_id="epifactors",
    name="EpiFactors (human)",
    version="2.1",
    licence="free to use",
    licence_class="open",
    citation="10.1093/nar/gkac989",
    species="human",
)
MOUSE = replace(HUMAN, source_id="epifactors_mouse", name="EpiFactors (mouse)", species="mouse")


def read_complexes(path: Path, proteins: pd.Series, names: Names) -> tuple[dict[str, tuple[str, ...]], int]:
    """Return the gene ids of each complex's members, and how many of the proteins named are not known.

    Alternatives `(A|B)` and uncertain members `A?` count as members.

    Parameters
    ----------
    proteins
        Symbol by UniProt name (`CHD4_HUMAN`).
    """
    rows = read_table(path, columns=COMPLEX_COLUMNS, quoted=True)
    named = rows.set_index("Complex_name")["UniProt_ID"].str.findall(r"\w+_HUMAN").explode().dropna()
    meant = names.resolve(named.map(proteins).fillna(""))["gene_id"]
    known = meant.dropna()
    found = {str(name): tuple(known[[name]].unique()) for name in known.index.unique()}
    return found, int(meant.isna().sum())


def _with_complexes(checked: Checked, path: Path, rows: pd.DataFrame, names: Names) -> Checked:
    proteins = rows.drop_duplicates("UniProt_ID").set_index("UniProt_ID")["HGNC_symbol"]
    complexes, num_unknown = read_complexes(path, proteins, names)
    ids: Mapping[str, Sequence[str]] = {
        f"{HUMAN.source_id}:{name}": genes for name, genes in complexes.items()
    }
    notes = {"complexes": len(ids), "members of complexes not in the list": num_unknown}
    return replace(checked, complexes=ids, notes={**checked.notes, **notes})


def spec(record: Source, *, column: str, files: Sequence[str]) -> SourceSpec:
    """Return the chromatin regulators of one species; a second file gives the complexes."""

    def parse(paths: Sequence[Path], reference: Reference) -> Checked:
        rows = read_table(paths[0], columns=COLUMNS)
        sieve = Sieve(rows.assign(source=rows[column].replace(EMPTY, "")), file=paths[0].name)
        checked = checked_list(
            sieve, reference, source_id=record.source_id, regulator_class=CHROMATIN_REGULATOR
        )
        return _with_complexes(checked, paths[1], rows, reference.names) if len(paths) > 1 else checked

    return SourceSpec(record, "regulators", COLUMNS, files, parse, writes=(REGULATORS,))


MAIN_FILE = "regulators/EpiGenes_main_v2.1.tsv.gz"
SPEC = spec(HUMAN, column="HGNC_symbol", files=(MAIN_FILE, "regulators/EpiGenes_complexes_v2.1.tsv.gz"))
MOUSE_SPEC = spec(MOUSE, column="MGI_symbol", files=(MAIN_FILE,))
