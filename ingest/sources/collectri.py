"""CollecTRI: signed regulons; the complexes AP1 and NFKB stand for their members.

The mouse file is translated from human by orthology, with human names in capitals-first (`Tp53`) among its
sources; where it has a column `source_mgi`, that one says the mouse's name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from graph.schema import Source
from graph.tables import PRIORS, REGULATORS
from ingest.complexes import expanded
from ingest.edges import checked_priors, merge_duplicates, prior_rows, resolve_pairs, split_pmids
from ingest.names import Names
from ingest.rejections import Reason, Sieve
from ingest.source import Checked, Reference, SourceSpec
from ingest.tables import read_table

COLUMNS = ("source", "target", "weight", "pmids")
SIGNS = {"1": 1, "-1": -1, "0": 0, "1.0": 1, "-1.0": -1, "0.0": 0}
COMPLEXES = {
    "AP1": ("FOS", "FOSB", "FOSL1", "FOSL2", "JUN", "JUNB", "JUND"),
    "NFKB": ("NFKB1", "NFKB2", "REL", "RELA", "RELB"),
}

HUMAN = Source(
    source_id="collectri",
    name="CollecTRI (human)",
    version="2023-08 (Zenodo 8192729)",
    licence="CC BY 4.0; member resources have their own licences",
    licence_class="open",
    citation="10.1093/nar/gkad841",
    species="human",
)
MOUSE = replace(HUMAN, source_id="collectri_mouse", name="CollecTRI (mouse, by orthology)", species="mouse")


def members(names: Names) -> Mapping[str, tuple[str, ...]]:
    """Return the gene ids of each complex's members that the annotation has, in any case."""
    return {name: tuple(names.resolve(genes)["gene_id"].dropna()) for name, genes in COMPLEXES.items()}


def spec(record: Source, file: str) -> SourceSpec:
    """Return CollecTRI of one species; a complex becomes one prior a member, marked with its name."""

    def parse(paths: Sequence[Path], reference: Reference) -> Checked:
        rows = read_table(paths[0], columns=COLUMNS, optional=("source_mgi",))
        rows = rows.assign(
            source=rows["source"].mask(rows["source_mgi"].ne(""), rows["source_mgi"]),
            pmids=split_pmids(rows["pmids"]),
            sign=rows["weight"].map(SIGNS),
        )
        sieve = Sieve(rows.drop(columns="weight"), file=paths[0].name)
        expected = "expected -1, 0 or 1"
        sieve.reject(rows["sign"].isna(), reason=Reason.BAD_SIGN, identifier=rows["weight"], detail=expected)
        sieve.kept = sieve.kept.astype({"sign": int})
        for column in ("source", "target"):
            micro = sieve.kept[column].str.match(r"(?i)((hsa|mmu)-)?(mir|let)-")
            sieve.reject(micro, reason=Reason.MICRO_RNA, identifier=sieve.kept[column], detail=column)
        resolve_pairs(sieve, reference.names, complexes=list(COMPLEXES))
        merge_duplicates(sieve, ("source", "target", "sign"))
        named = sieve.kept["source"].unique()
        complexes = {name: ids for name, ids in members(reference.names).items() if name in named}
        edges, notes = expanded(prior_rows(sieve, source_id=record.source_id), complexes)
        by_id = {f"{record.source_id}:{name}": gene_ids for name, gene_ids in complexes.items()}
        return checked_priors(sieve, edges, reference, notes=notes, complexes=by_id)

    return SourceSpec(record, "evidence", COLUMNS, (file,), parse, writes=(REGULATORS, PRIORS))


SPEC = spec(HUMAN, "collectri/collectri_human.tsv.gz")
MOUSE_SPEC = spec(MOUSE, "collectri/collectri_mouse.tsv.xz")
