"""CollecTRI: signed regulons; the complexes AP1 and NFKB stand for their members."""

from collections.abc import Sequence
from pathlib import Path

from graph.cypher import ingest as statements
from graph.schema import Source
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

RECORD = Source(
    source_id="collectri",
    name="CollecTRI (human)",
    version="2023-08 (Zenodo 8192729)",
    licence="CC BY 4.0; member resources have their own licences",
    licence_class="open",
    citation="10.1093/nar/gkad841",
    species="human",
)


def members(names: Names) -> dict[str, tuple[str, ...]]:
    """Return the gene ids of each complex's members that the annotation has."""
    return {name: tuple(names.resolve(genes)["gene_id"].dropna()) for name, genes in COMPLEXES.items()}


def parse(paths: Sequence[Path], reference: Reference) -> Checked:
    """Return priors with PMIDs; a complex becomes one prior a member, marked with its name."""
    rows = read_table(paths[0], columns=COLUMNS)
    rows = rows.assign(pmids=split_pmids(rows["pmids"]), sign=rows["weight"].map(SIGNS))
    sieve = Sieve(rows, file=paths[0].name)
    expected = "expected -1, 0 or 1"
    sieve.reject(rows["sign"].isna(), reason=Reason.BAD_SIGN, identifier=rows["weight"], detail=expected)
    sieve.kept = sieve.kept.astype({"sign": int})
    for column in ("source", "target"):
        micro = sieve.kept[column].str.match(r"(?i)(hsa-)?(mir|let)-")
        sieve.reject(micro, reason=Reason.MICRO_RNA, identifier=sieve.kept[column], detail=column)
    resolve_pairs(sieve, reference.names, complexes=list(COMPLEXES))
    merge_duplicates(sieve, ("source", "target", "sign"))
    complexes = members(reference.names)
    edges, notes = expanded(prior_rows(sieve, source_id=RECORD.source_id), complexes)
    return checked_priors(sieve, edges, reference, notes=notes, complexes=complexes)


SPEC = SourceSpec(
    record=RECORD,
    stage="evidence",
    columns=COLUMNS,
    files=("collectri/collectri_human.tsv.gz",),
    parse=parse,
    count=statements.COUNT_PRIORS,
    wipe=(statements.DELETE_PRIORS, statements.DELETE_COMPLEXES, statements.DELETE_CLAIMS),
)
