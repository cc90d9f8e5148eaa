"""DoRothEA: regulons with confidence A to E; below C the sign is mostly a default."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from graph.schema import Source
from graph.tables import PRIORS, REGULATORS
from ingest.edges import checked_priors, merge_duplicates, prior_rows, resolve_pairs
from ingest.rejections import Reason, Sieve
from ingest.source import Checked, Reference, SourceSpec
from ingest.tables import read_table

COLUMNS = ("tf", "confidence", "target", "mor")
SIGNS = {"1": 1, "-1": -1, "0": 0, "1.0": 1, "-1.0": -1, "0.0": 0}

HUMAN = Source(
    source_id="dorothea",
    name="DoRothEA (human)",
    version="1.7.4 (2021-05-25)",
    licence="GPL-3 package; regulons for academic use only",
    licence_class="academic",
    citation="10.1101/gr.240663.118",
    species="human",
)
MOUSE = replace(
    HUMAN,
    source_id="dorothea_mouse",
    name="DoRothEA (mouse)",
    citation="10.1016/j.bbagrm.2019.194431",
    species="mouse",
)


def spec(record: Source, file: str) -> SourceSpec:
    """Return DoRothEA of one species."""

    def parse(paths: Sequence[Path], reference: Reference) -> Checked:
        rows = read_table(paths[0], columns=COLUMNS).rename(columns={"tf": "source"})
        sieve = Sieve(rows, file=paths[0].name)
        signs = rows["mor"].map(SIGNS)
        expected = "expected -1, 0 or 1"
        sieve.reject(signs.isna(), reason=Reason.BAD_SIGN, identifier=rows["mor"], detail=expected)
        confidence = sieve.kept["confidence"]
        bad = ~confidence.isin(list("ABCDE"))
        sieve.reject(bad, reason=Reason.BAD_CONFIDENCE, identifier=confidence, detail="expected A to E")
        sieve.kept = sieve.kept.assign(sign=signs[sieve.kept.index].astype(int))
        resolve_pairs(sieve, reference.names)
        merge_duplicates(sieve, ("source", "target", "sign"))
        return checked_priors(sieve, prior_rows(sieve, source_id=record.source_id), reference)

    return SourceSpec(record, "evidence", COLUMNS, (file,), parse, writes=(REGULATORS, PRIORS))


SPEC = spec(HUMAN, "dorothea/dorothea_hs.tsv.gz")
MOUSE_SPEC = spec(MOUSE, "dorothea/dorothea_mm.tsv.gz")
