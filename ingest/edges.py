"""Regulator -> target rows by name -> relationships by gene id; shared by all sources of edges."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from graph.errors import InputError
from graph.tables import PRIORS, REGULATORS, Table
from ingest.names import Names, is_found
from ingest.rejections import Reason, Sieve
from ingest.source import Checked, Reference

CURATED_REGULATOR = "curated_regulator"
"""Class of a gene that no list of regulators has, but a curated database names as the source of an edge."""

SHOWN_CANDIDATES = 5
FEWEST_NAMES = 50
LEAST_KNOWN = 0.05
"""A file of at least so many names is of another species if a smaller share of them is known."""
_REMARKS = {"previous": Reason.RETIRED, "alias": Reason.ALIAS}


def resolve_column(
    sieve: Sieve,
    column: str,
    *,
    names: Names,
    unknown: Reason,
    skip: Sequence[str] = (),
    in_capitals: bool = False,
) -> None:
    """Replace the names in a column of the kept rows by gene ids; reject those that mean no single gene.

    Retired symbols and aliases of one gene are mapped to it, with a remark.

    Parameters
    ----------
    skip
        Names that stay as they are (protein complexes).
    in_capitals
        The file writes all names in capitals, also those of the mouse; their case says no species then.

    Raises
    ------
    InputError
        If the names are those of another species.
    """
    given = sieve.kept[column]
    sieve.reject(given.eq(""), reason=Reason.EMPTY_NAME, identifier=given, detail=f"no {column}")
    given = sieve.kept[column]
    meant = names.resolve(given)
    passed = given.isin(list(skip))
    if not in_capitals:
        require_species(meant[~passed], f"{sieve.file}, column {column!r}")
    unfound = ~is_found(meant["how"]) & ~passed
    ambiguous = meant["how"].eq("ambiguous") & ~passed
    gene_ids = meant["gene_id"].where(~passed, given)
    sieve.kept = sieve.kept.assign(**{column: gene_ids})
    for how, remark in _REMARKS.items():
        mapped = meant["how"].eq(how) & ~passed
        if mapped.any():
            sieve.remark(mapped, reason=remark, identifier=given, detail=column + ": " + gene_ids.fillna(""))
    candidates = meant.loc[ambiguous, "candidates"].map(_listed).reindex(meant.index, fill_value="")
    sieve.reject(ambiguous, reason=Reason.AMBIGUOUS_NAME, identifier=given, detail=column + ": " + candidates)
    rest = sieve.kept.index
    sieve.reject(unfound[rest], reason=unknown, identifier=given[rest], detail=column)


def require_species(meant: pd.DataFrame, where: str) -> None:
    """Refuse a file most of whose names are no genes of the species, or are so in another case only.

    Symbols of the mouse are written `Myc`, of human `MYC`.

    Raises
    ------
    InputError
        With how many of the names are genes of the species.
    """
    distinct = meant.drop_duplicates("input")
    num_known = int((distinct["how"].ne("not_found") & ~distinct["is_folded"]).sum())
    if len(distinct) < FEWEST_NAMES or num_known >= LEAST_KNOWN * len(distinct):
        return
    examples = ", ".join(distinct.loc[distinct["how"].eq("not_found"), "input"].head(5))
    raise InputError(
        f"{where}: of {len(distinct):,} names only {num_known:,} are genes of the source's species as "
        f"they are written; not found: {examples or 'none, but in another case'}",
        hint="is it the file of another species?",
    )


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
    none: pd.Series = pd.Series([[]] * len(sieve.kept), index=sieve.kept.index, dtype=object)
    defaults = {"confidence": None, "pmids": none, "weight": None}
    missing = {name: value for name, value in defaults.items() if name not in sieve.kept}
    rows = sieve.kept.assign(**missing, source_id=source_id, complex=None)
    return rows[columns_of(PRIORS)]


def columns_of(table: Table) -> list[str]:
    """Return the columns that a source fills: all but the id of the load."""
    return [name for name in table.columns if name != "load_id"]


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
        notes={**sieve.notes, **(notes or {}), "regulators in no list": len(regulators)},
        complexes=complexes or {},
        mapped=sieve.remarks,
    )


def resolve_pairs(
    sieve: Sieve, names: Names, *, complexes: Sequence[str] = (), in_capitals: bool = False
) -> None:
    """Turn the columns `source` and `target` into gene ids and reject self loops; see `resolve_column`."""
    resolve_column(
        sieve,
        "source",
        names=names,
        unknown=Reason.UNKNOWN_REGULATOR,
        skip=complexes,
        in_capitals=in_capitals,
    )
    resolve_column(sieve, "target", names=names, unknown=Reason.UNKNOWN_GENE, in_capitals=in_capitals)
    reject_self_loops(sieve)


def _listed(candidates: tuple[str, ...]) -> str:
    more = len(candidates) - SHOWN_CANDIDATES
    return " ".join(candidates[:SHOWN_CANDIDATES]) + (f" and {more} more" if more > 0 else "")
