"""Gene sets of a user (GMT): pathways, processes, signatures; sets that leak regulation are marked.

A row is a membership: a set and a gene. Of two lines with one set's name the first is taken.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from graph.schema import Source
from graph.tables import GENE_SETS, MEMBERSHIPS
from ingest.edges import columns_of, resolve_column
from ingest.gmt import read_memberships
from ingest.rejections import Reason, Sieve
from ingest.source import Checked, Reference, SourceSpec

REGULATOR_WORDS: Final = (
    "CHEA",
    "CHIP",
    "COLLECTRI",
    "DOROTHEA",
    "ENCODE",
    "GTRD",
    "JASPAR",
    "REGULON",
    "REGULONS",
    "TARGETS",
    "TARGET_GENES",
    "TFT",
    "TRANSFAC",
    "TRRUST",
    "UNKNOWN",
)
"""A set or collection whose name has one of these words, in any case, comes from a database of regulators.

Words end where letters end: `HALLMARK_E2F_TARGETS`, `C3:TFT:GTRD`, `ChEA_2022` have one, `ENCODED` has none;
`_` is any separator. Rather a set too many is marked (`AKT phosphorylates targets`) than one too few.
`UNKNOWN` names MSigDB's motifs without a known factor (`AACTTT_UNKNOWN`).
"""

_WORDS = rf"(?<![A-Z])(?:{'|'.join(REGULATOR_WORDS)})(?![A-Z])".replace("_", r"[^A-Z]")
_TRANSFAC_SET = r"_Q\d(?:_\d\d)?$|^V\$"
"""MSigDB's sets of TRANSFAC matrices, such as `MYC_Q2` and `V$ELK1_02`."""


def spec(
    record: Source,
    *,
    collection: str,
    derived_from_regulators: bool | None = None,
    in_capitals: bool = False,
) -> SourceSpec:
    """Return a source that reads one GMT file, plain or compressed.

    Parameters
    ----------
    collection
        Name of the collection, such as `Reactome` or `MSigDB C3:TFT`.
    derived_from_regulators
        Whether its sets come from a database of regulators, and so must never feed or judge a model of
        regulation; None goes by the names, see `REGULATOR_WORDS`.
    in_capitals
        The file writes all genes in capitals, also those of the mouse.
    """

    def parse(paths: Sequence[Path], reference: Reference) -> Checked:
        sieve = Sieve(read_memberships(paths[0]), file=paths[0].name)
        num_sets = sieve.kept["set_name"].nunique()
        _sift(sieve)
        sieve.kept = sieve.kept.assign(source=sieve.kept["gene"])
        resolve_column(
            sieve, "source", names=reference.names, unknown=Reason.UNKNOWN_GENE, in_capitals=in_capitals
        )
        _reject_repeated(sieve)
        sets = _sets(sieve, record, collection=collection, said=derived_from_regulators)
        lost = {"sets without a known gene": num_sets - len(sets)}
        return _checked(sieve, sets, record, lost)

    return SourceSpec(
        record=record,
        stage="evidence",
        columns=(),
        files=(),
        parse=parse,
        writes=(GENE_SETS, MEMBERSHIPS),
        settings={
            "collection": collection,
            "derived_from_regulators": derived_from_regulators,
            "in_capitals": in_capitals,
        },
    )


def is_derived(set_names: pd.Series, collection: str, *, said: bool | None = None) -> pd.Series:
    """Return which sets come from a database of regulators: as it was said, else by the names.

    >>> is_derived(pd.Series(["HALLMARK_HYPOXIA", "HALLMARK_MYC_TARGETS_V1"]), "hallmark").tolist()
    [False, True]
    """
    if said is not None:
        return pd.Series(said, index=set_names.index, dtype=bool)
    whole = pd.Series([collection]).str.upper().str.contains(_WORDS).item()
    upper = set_names.str.upper()
    return upper.str.contains(_WORDS) | upper.str.contains(_TRANSFAC_SET) | whole


def _sets(sieve: Sieve, record: Source, *, collection: str, said: bool | None) -> pd.DataFrame:
    """Return the `GENE_SETS` rows of the sets that have a member."""
    names = sieve.kept["set_name"].drop_duplicates()
    sets = pd.DataFrame(
        {
            "set_id": f"{record.source_id}/" + names,
            "name": names,
            "collection": collection,
            "derived_from_regulators": is_derived(names, collection, said=said),
            "species": record.species,
            "source_id": record.source_id,
        }
    )
    return sets.reset_index(drop=True)


def _checked(sieve: Sieve, sets: pd.DataFrame, record: Source, lost: Mapping[str, int]) -> Checked:
    kept = sieve.kept.assign(
        target=f"{record.source_id}/" + sieve.kept["set_name"], source_id=record.source_id
    )
    derived = {"sets derived from regulators": int(sets["derived_from_regulators"].sum())}
    return Checked(
        tables=((GENE_SETS, sets), (MEMBERSHIPS, kept[columns_of(MEMBERSHIPS)].reset_index(drop=True))),
        rejected=sieve.rejected,
        num_read=sieve.num_read,
        num_kept=len(sieve.kept),
        notes={**sieve.notes, "sets": len(sets), **lost, **derived},
        mapped=sieve.remarks,
    )


def _sift(sieve: Sieve) -> None:
    """Reject sets without genes, and lines whose set stands on an earlier line."""
    rows = sieve.kept
    sieve.reject(
        rows["gene"].eq(""),
        reason=Reason.EMPTY_SET,
        identifier=rows["set_name"],
        detail="line " + rows["line"].astype(str),
    )
    rows = sieve.kept
    first = rows.groupby("set_name", sort=False)["line"].transform("first")
    sieve.reject(
        rows["line"].ne(first),
        reason=Reason.DUPLICATE,
        identifier=rows["gene"],
        detail=rows["set_name"] + " stands on line " + first.astype(str) + " already",
    )


def _reject_repeated(sieve: Sieve) -> None:
    """Reject genes that a set has already, under this name or another."""
    rows = sieve.kept
    again = rows.duplicated(["source", "set_name"], keep="first")
    detail = rows["source"] + " is in " + rows["set_name"] + " already"
    sieve.reject(again, reason=Reason.DUPLICATE, identifier=rows["gene"], detail=detail)
