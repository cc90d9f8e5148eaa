"""Regulator -> target rows by name -> relationships by gene id; shared by all sources of edges."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from graph.tables import PRIORS, REGULATORS
from ingest.names import Names, is_found
from ingest.rejections import Reason, Sieve
from ingest.source import Checked, Reference

CURATED_REGULATOR = "curated_regulator"
"""Class of a gene that no list of regulators has, but a curated database names as the source of an edge."""

SHOWN_CANDIDATES = 5


def resolve_column(
    sieve: Sieve, column: str, *, names: Names, unknown: Reason, skip: Sequence[str] = ()
) -> None:
    """Replace the names in a column of the kept rows by gene ids; reject those that mean no single gene.

    Parameters
    ----------
    skip
        Names that stay as they are (protein complexes).
    """
    given = sieve.kept[column]
    sieve.reject(given.eq(""), reason=Reason.EMPTY_NAME, identifier=given, detail=f"no {column}")
    given = sieve.kept[column]
    meant = names.resolve(given)
    passed = given.isin(list(skip))
    unfound = ~is_found(meant["how"]) & ~passed
    ambiguous = meant["how"].eq("ambiguous") & ~passed
    gene_ids = meant["gene_id"].where(~passed, given)
    sieve.kept = sieve.kept.assign(**{column: gene_ids})
    sieve.reject(
        ambiguous,
        reason=Reason.AMBIGUOUS_NAME,
        identifier=given,
        detail=column + ": " + meant["candidates"].map(_listed),
    )
    rest = sieve.kept.index
    sieve.reject(unfound[rest], reason=unknown, identifier=given[rest], detail=column)


def reject_self_loops(sieve: Sieve) -> None:
    """Reject rows whose source and target are one gene: no method here can judge them."""
    rows = sieve.kept
    sieve.reject(rows["source"].eq(rows["target"]), reason=Reason.SELF_LOOP, identifier=rows["source"])


def merge_duplicates(sieve: Sieve, key: Sequence[str]) -> None:
    """Reject later rows with the same key; their PMIDs go to the first one."""
    rows = sieve.kept
    again = rows.duplicated(list(key), keep="first")
    if not again.any():
        return
    shared = rows[rows.duplicated(list(key), keep=False)]
    first_row = shared.groupby(list(key), sort=False)["target"].transform(lambda column: column.index[0])
    if "pmids" in rows:
        sieve.kept = rows.assign(pmids=united(rows, key))
    detail = ("same " + ", ".join(key) + " as row " + first_row.astype(str)).reindex(rows.index)
    sieve.reject(
        again, reason=Reason.DUPLICATE, identifier=rows["source"] + " " + rows["target"], detail=detail
    )


def united(rows: pd.DataFrame, key: Sequence[str]) -> pd.Series:
    """Return for each row the sorted PMIDs of all rows with its key, as lists."""
    shared = rows.duplicated(list(key), keep=False).to_numpy()
    merged = rows["pmids"].tolist()
    positions = np.flatnonzero(shared)
    for members in rows[shared].groupby(list(key), sort=False).indices.values():
        pmids = sorted({pmid for place in positions[members] for pmid in merged[place]})
        for place in positions[members]:
            merged[place] = pmids
    return pd.Series(merged, index=rows.index, dtype=object)


def split_pmids(column: pd.Series) -> pd.Series:
    """Return lists of PMIDs, empty where a row has none."""
    return column.str.findall(r"\d+")


def prior_rows(sieve: Sieve, *, source_id: str) -> pd.DataFrame:
    """Return the kept rows as a `PRIORS` table without complexes."""
    defaults = {"confidence": None, "pmids": pd.Series([[]] * len(sieve.kept), index=sieve.kept.index)}
    missing = {name: value for name, value in defaults.items() if name not in sieve.kept}
    rows = sieve.kept.assign(**missing, source_id=source_id, complex=None)
    return rows[list(PRIORS.columns)]


def unlisted_regulators(edges: pd.DataFrame, reference: Reference, *, regulator_class: str) -> pd.DataFrame:
    """Return `REGULATORS` rows for the sources of edges that no list of regulators has."""
    sources = edges[["source", "source_id"]].drop_duplicates("source")
    unlisted = sources[~sources["source"].isin(reference.regulators)]
    return pd.DataFrame(
        {
            "gene_id": unlisted["source"],
            "regulator_class": regulator_class,
            "tf_family": None,
            "source_id": unlisted["source_id"],
        }
    ).reset_index(drop=True)


def checked_priors(
    sieve: Sieve,
    edges: pd.DataFrame,
    reference: Reference,
    *,
    notes: Mapping[str, int] | None = None,
    complexes: Mapping[str, Sequence[str]] | None = None,
) -> Checked:
    """Return the rows of a source of priors, with its regulators that no list has."""
    regulators = unlisted_regulators(edges, reference, regulator_class=CURATED_REGULATOR)
    return Checked(
        tables=((REGULATORS, regulators), (PRIORS, edges)),
        rejected=sieve.rejected,
        num_read=sieve.num_read,
        num_kept=len(sieve.kept),
        notes={**(notes or {}), "regulators in no list": len(regulators)},
        complexes=complexes or {},
    )


def resolve_pairs(sieve: Sieve, names: Names, *, complexes: Sequence[str] = ()) -> None:
    """Turn the columns `source` and `target` into gene ids and reject self loops."""
    resolve_column(sieve, "source", names=names, unknown=Reason.UNKNOWN_REGULATOR, skip=complexes)
    resolve_column(sieve, "target", names=names, unknown=Reason.UNKNOWN_GENE)
    reject_self_loops(sieve)


def _listed(candidates: tuple[str, ...]) -> str:
    more = len(candidates) - SHOWN_CANDIDATES
    return " ".join(candidates[:SHOWN_CANDIDATES]) + (f" and {more} more" if more > 0 else "")
