"""TRRUST v2: sentences of papers; a pair with conflicting modes keeps them side by side, one prior a sign."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from graph.schema import Source
from graph.tables import PRIORS, REGULATORS
from ingest.edges import checked_priors, merge_duplicates, prior_rows, resolve_pairs, split_pmids
from ingest.rejections import Reason, Sieve
from ingest.source import Checked, Reference, SourceSpec
from ingest.tables import read_table

COLUMNS = ("tf", "target", "mode", "pmids")
SIGNS = {"Activation": 1, "Repression": -1, "Unknown": 0}

HUMAN = Source(
    source_id="trrust",
    name="TRRUST (human)",
    version="2",
    licence="CC BY-SA 4.0",
    licence_class="share-alike",
    citation="10.1093/nar/gkx1013",
    species="human",
)
MOUSE = replace(HUMAN, source_id="trrust_mouse", name="TRRUST (mouse)", species="mouse")


def spec(record: Source, file: str) -> SourceSpec:
    """Return TRRUST of one species; modes become signs, `Unknown` is 0."""

    def parse(paths: Sequence[Path], reference: Reference) -> Checked:
        rows = read_table(paths[0], columns=COLUMNS).rename(columns={"tf": "source"})
        rows = rows.assign(pmids=split_pmids(rows["pmids"]), sign=rows["mode"].map(SIGNS))
        sieve = Sieve(rows, file=paths[0].name)
        expected = f"expected one of {', '.join(SIGNS)}"
        sieve.reject(rows["sign"].isna(), reason=Reason.BAD_SIGN, identifier=rows["mode"], detail=expected)
        sieve.kept = sieve.kept.astype({"sign": int})
        resolve_pairs(sieve, reference.names)
        merge_duplicates(sieve, ("source", "target", "sign"))
        edges = prior_rows(sieve, source_id=record.source_id)
        conflicting = edges.groupby(["source", "target"])["sign"].nunique().gt(1).sum()
        return checked_priors(sieve, edges, reference, notes={"pairs with several signs": int(conflicting)})

    return SourceSpec(record, "evidence", COLUMNS, (file,), parse, writes=(REGULATORS, PRIORS))


SPEC = spec(HUMAN, "trrust/trrust_v2_human.tsv.gz")
MOUSE_SPEC = spec(MOUSE, "trrust/trrust_v2_mouse.tsv.gz")
