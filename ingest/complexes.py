"""Edges of a protein complex -> edges of its members."""

from collections.abc import Mapping, Sequence

import pandas as pd

from ingest.edges import united

_KEY = ("source", "target", "sign")


def expanded(
    edges: pd.DataFrame, complexes: Mapping[str, Sequence[str]]
) -> tuple[pd.DataFrame, Mapping[str, int]]:
    """Return the edges with each complex replaced by its members, and how many there were of what.

    A member's edge carries the complex's name in `complex`. Where the member has the same edge of its own,
    that one stays (its `complex` is null) and takes over the PMIDs; a member never regulates itself.
    """
    of_complex = edges["source"].isin(list(complexes))
    direct, collective = edges[~of_complex], edges[of_complex]
    spread = collective.assign(complex=collective["source"], source=collective["source"].map(dict(complexes)))
    spread = spread.explode("source").dropna(subset=["source"])
    loops = spread["source"].eq(spread["target"])
    together = pd.concat([direct, spread[~loops]], ignore_index=True)
    together["pmids"] = united(together, _KEY)
    merged = together.drop_duplicates(list(_KEY), keep="first", ignore_index=True)
    notes = {
        "rows of complexes": len(collective),
        "edges of their members": len(spread),
        "of these self loops": int(loops.sum()),
        "of these merged with the member's own": len(together) - len(merged),
    }
    return merged, notes
