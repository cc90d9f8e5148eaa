"""Evidence of a pair in a few words, for tables and frames."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from types import MappingProxyType
from typing import Any

ARROWS: Mapping[int, str] = MappingProxyType({1: "→", -1: "⊣", 0: "·"})


def evidence_words(
    priors: Sequence[Mapping[str, Any]], chip: Sequence[Mapping[str, Any]], *, matched_chip: bool
) -> str:
    """Return evidence by source, such as `dorothea A →; trrust ⊣; encode ChIP 2 (own cell type)`.

    Parameters
    ----------
    priors, chip
        As the API tells them, by source.
    """
    told = [f"{p['source_id']} {p['confidence'] or ''}".strip() + f" {ARROWS[p['sign']]}" for p in priors]
    own = " (own cell type)" if matched_chip else ""
    bound = [
        f"{source_id} ChIP {len(list(of_source))}{own}"
        for source_id, of_source in groupby(chip, key=lambda each: each["source_id"])
    ]
    return "; ".join([*told, *bound]) or "-"
