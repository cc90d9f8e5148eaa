"""How much databases have copied from each other: shared pairs and shared papers."""

from collections.abc import Mapping
from itertools import permutations

import numpy as np
import pandas as pd

COLUMNS = ("source_id", "judge", "num_pairs", "num_judge_pairs", "num_shared", "shared_rate",
           "num_pmids", "num_judge_pmids", "num_shared_pmids", "shared_pmid_rate")  # fmt: skip


def circularity_table(claims: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one row an ordered pair of databases: what the judge shares with the judged.

    A database that is judged by one which it was compiled from (or with) is judged by itself. Papers that
    both cite are the same reading twice, even where the pairs differ.

    Parameters
    ----------
    claims
        By source id: columns ``code`` and ``pmids`` (lists).

    Returns
    -------
    DataFrame
        ``source_id`` and ``judge``; their pairs and papers, shared ones, and ``shared_rate`` and
        ``shared_pmid_rate``: shares of the *judge's* pairs and papers that the first has too (NaN for none).
    """
    pairs = {name: np.unique(frame["code"].to_numpy(dtype=np.int64)) for name, frame in claims.items()}
    papers = {name: cited(frame) for name, frame in claims.items()}
    rows = []
    for name, judge in permutations(claims, 2):
        shared = len(np.intersect1d(pairs[name], pairs[judge], assume_unique=True))
        shared_papers = len(papers[name] & papers[judge])
        rows.append(
            (
                name, judge, len(pairs[name]), len(pairs[judge]), shared, _rate(shared, len(pairs[judge])),
                len(papers[name]), len(papers[judge]), shared_papers,
                _rate(shared_papers, len(papers[judge])),
            )
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def cited(claims: pd.DataFrame) -> frozenset[str]:
    """Return the papers that a database cites for its pairs."""
    return frozenset(paper for papers in claims["pmids"] for paper in papers)


def _rate(shared: int, total: int) -> float:
    return shared / total if total else float("nan")
