"""The names of a network -> gene ids, with what was not understood counted and shown."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from graph.errors import InputError

Resolve = Callable[["pd.Series[str]"], pd.DataFrame]
"""From names to one row each: `input`, `gene_id` (null unless one gene is meant) and `how`."""

MANY_LOST = 0.5
FEW_KEPT = 0.05
"""Below this share of rows a network is of another species, or not made of genes; a few names always fit."""

FEW_EDGES = 100
NUM_EXAMPLES = 5

_MOUSE_SYMBOL = re.compile(r"[A-Z][a-z0-9]*[a-z][a-z0-9-]*")
_PREFIXES = {"ENSG": "human", "ENSMUSG": "mouse", "ENSRNOG": "rat", "ENSDARG": "zebrafish"}


@dataclass(frozen=True)
class NamedNetwork:
    """A network in gene ids.

    Attributes
    ----------
    frame
        ``source``, ``target`` (gene ids), ``weight``, and ``sign`` where it was told.
    coverage
        Of ``source`` and of ``target``: number of different names by how they were understood, and some that
        were not.
    warnings
        What a reader must know, in words.
    """

    frame: pd.DataFrame
    coverage: Mapping[str, Mapping[str, object]]
    num_rows: int
    warnings: tuple[str, ...]


def name_genes(frame: pd.DataFrame, resolve: Resolve, *, species: str) -> NamedNetwork:
    """Return a network with gene ids; rows with a name that means no single gene are left out and counted.

    Raises
    ------
    InputError
        Fewer than one row in twenty has both names understood; the message says what the names look like.
    """
    coverage, ids, warnings = {}, {}, []
    for side in ("source", "target"):
        names = pd.Series(frame[side].unique(), dtype=object)
        meant = resolve(names)
        found = meant["gene_id"].notna().to_numpy()
        coverage[side] = _coverage(names, meant, found)
        ids[side] = frame[side].map(dict(zip(names[found], meant["gene_id"][found], strict=True)))
        if 1 - found.mean() > MANY_LOST:
            warnings.append(_lost(side, names, found, species))
    kept = ids["source"].notna() & ids["target"].notna()
    if kept.mean() < FEW_KEPT:
        raise InputError(
            f"{'not one' if not kept.any() else f'only {int(kept.sum()):,}'} of the {len(frame):,} edges "
            f"has two names of {species} genes",
            faults=[_lost(side, *_seen(frame, ids, side), species) for side in ("source", "target")],
            hint=_species_hint(frame, species),
        )
    named = frame.assign(source=ids["source"], target=ids["target"])[kept].reset_index(drop=True)
    if len(named) < len(frame):
        warnings.append(
            f"{len(frame) - len(named):,} of {len(frame):,} rows have a name that is no {species} gene"
        )
    return NamedNetwork(named, coverage, len(frame), (*warnings, *shape_warnings(named)))


def shape_warnings(frame: pd.DataFrame) -> tuple[str, ...]:
    """Return what makes a network hard to judge: equal weights, one regulator."""
    words = []
    if len(set(frame["weight"])) == 1:
        words.append(
            "all weights are equal: nothing ranks the edges, so every figure is that of membership alone"
        )
    if len(frame) < FEW_EDGES:
        words.append(
            f"the network has fewer than {FEW_EDGES} edges: figures of the {FEW_EDGES} best are mostly those "
            "of pairs that it does not return"
        )
    if len(set(frame["source"])) == 1:
        words.append(
            "the network has one regulator: swap AUROC and all intervals over regulators are not defined"
        )
    return tuple(words)


def looks_like(names: "pd.Series[str]") -> str | None:
    """Return the species whose genes are written so: by the prefix of Ensembl ids, or Gata1 for mouse."""
    text = names.astype(str)
    for prefix, species in _PREFIXES.items():
        if text.str.match(rf"{prefix}\d").mean() > MANY_LOST:
            return species
    return "mouse" if text.map(lambda name: bool(_MOUSE_SYMBOL.fullmatch(name))).mean() > MANY_LOST else None


def _coverage(names: "pd.Series[str]", meant: pd.DataFrame, found: np.ndarray) -> dict[str, object]:
    counts = meant["how"].value_counts()
    return {
        "num_names": len(names),
        "num_found": int(found.sum()),
        "how": {str(how): int(count) for how, count in counts.items()},
        "not_understood": names[~found].astype(str).head(NUM_EXAMPLES).tolist(),
    }


def _seen(
    frame: pd.DataFrame, ids: Mapping[str, pd.Series], side: str
) -> tuple["pd.Series[str]", np.ndarray]:
    names = frame[side].drop_duplicates()
    return names, ids[side].loc[names.index].notna().to_numpy()


def _lost(side: str, names: "pd.Series[str]", found: np.ndarray, species: str) -> str:
    shown = ", ".join(names[~found].astype(str).head(NUM_EXAMPLES))
    lost = int((~found).sum())
    return f"{side}: {lost:,} of {len(names):,} names are no {species} genes, such as {shown or 'none'}"


def _species_hint(frame: pd.DataFrame, species: str) -> str:
    other = looks_like(frame["target"])
    if other is not None and other != species:
        return f"they look like {other} genes: say --species {other} (its annotation must be in the graph)"
    return "expected gene symbols or Ensembl ids; check which columns hold them"
