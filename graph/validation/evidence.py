"""What the databases of the graph say of the pairs of a universe, pulled by grouped Cypher."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graph.cypher import training as training_statements
from graph.cypher import validate as statements
from graph.errors import InputError, NotFoundError
from graph.store import GraphStore
from graph.validation.signs import Signs
from graph.validation.universe import Codes, Universe

CURATED_LEVELS: Mapping[str, tuple[str, ...]] = {"dorothea": ("A", "B"), "dorothea_mouse": ("A", "B")}
"""Levels of a database that count where nobody says otherwise: D and E of DoRothEA are predictions."""


@dataclass(frozen=True)
class BoundPairs:
    """Pairs that ChIP-seq shows: unique codes, and the number of experiments that show each."""

    codes: Codes
    num_experiments: NDArray[np.float64]


@dataclass(frozen=True)
class Evidence:
    """All evidence on the pairs of a universe.

    Attributes
    ----------
    claims
        By id of a curated source: columns ``code``, ``sign``, ``pmids``; one row a pair and sign.
    chip
        By id of a ChIP-seq source.
    """

    universe: Universe
    claims: Mapping[str, pd.DataFrame]
    chip: Mapping[str, BoundPairs] = field(default_factory=dict)

    def codes(self, source_id: str) -> Codes:
        """Return the pairs that a source lists, sorted and unique.

        Raises
        ------
        NotFoundError
            No such source has evidence here.
        """
        if source_id in self.claims:
            return np.unique(self.claims[source_id]["code"].to_numpy(dtype=np.int64))
        if source_id in self.chip:
            return self.chip[source_id].codes
        raise NotFoundError(f"no evidence of source {source_id!r}", suggestions=[*self.claims, *self.chip])

    def known(self, *, without: Collection[str] = ()) -> Codes:
        """Return the pairs that any curated source lists, sorted and unique."""
        parts = [self.codes(name) for name in self.claims if name not in without]
        return np.unique(np.concatenate([np.empty(0, dtype=np.int64), *parts]))

    def signs(self, source_id: str) -> Signs:
        """Return the sign of each of `codes(source_id)`: 0 where it is not told or contradicts itself."""
        claims = self.claims[source_id]
        told = claims[claims["sign"] != 0].groupby("code")["sign"].agg(["min", "max"])
        agreed = told["min"].where(told["min"] == told["max"], 0)
        return agreed.reindex(self.codes(source_id)).fillna(0).to_numpy(dtype=np.int8)

    def without(self, hidden: Codes) -> "Evidence":
        """Return the evidence less some pairs, gone from every source that carries them."""
        return replace(
            self,
            claims={
                name: frame[~frame["code"].isin(hidden)].reset_index(drop=True)
                for name, frame in self.claims.items()
            },
            chip={name: _less(bound, hidden) for name, bound in self.chip.items()},
        )


def read_evidence(
    store: GraphStore, universe: Universe, *, levels: Mapping[str, Sequence[str]] = CURATED_LEVELS
) -> Evidence:
    """Return what every complete source of the graph says of a universe; who says nothing is left out."""
    claims = {name: read_claims(store, name, levels=levels.get(name)) for name in curated_sources(store)}
    whole = evidence_of(store, universe, claims)
    return replace(
        whole,
        claims={name: frame for name, frame in whole.claims.items() if len(frame)},
        chip={name: pairs for name, pairs in whole.chip.items() if len(pairs.codes)},
    )


def evidence_of(store: GraphStore, universe: Universe, claims: Mapping[str, pd.DataFrame]) -> Evidence:
    """Return claims that were read before, as those of a universe, and the ChIP-seq of the graph on it."""
    bound = store.read(statements.CHIP_SOURCES)
    return Evidence(
        universe=universe,
        claims={name: encoded(frame, universe) for name, frame in claims.items()},
        chip={row["source_id"]: read_chip(store, row["source_id"], universe) for row in bound},
    )


def curated_sources(store: GraphStore, *, species: str | None = None) -> list[str]:
    """Return the ids of the complete sources with curated pairs, of one species or of all."""
    rows = store.read(statements.PRIOR_JUDGES)
    return [row["source_id"] for row in rows if species in {None, row["species"]}]


def chip_sources(store: GraphStore, *, species: str | None = None) -> list[str]:
    """Return the ids of the complete sources with ChIP-seq targets, of one species or of all."""
    rows = store.read(statements.CHIP_SOURCES)
    return [row["source_id"] for row in rows if species in {None, row["species"]}]


def read_gene_sets(store: GraphStore) -> dict[str, list[str]]:
    """Return the gene ids of each gene set of the graph that was not derived from regulators."""
    return {row["set_id"]: row["gene_ids"] for row in store.read(statements.GENE_SET_MEMBERS)}


def read_claims(store: GraphStore, source_id: str, *, levels: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the claims of a curated source, one row a pair and sign: ``source, target, sign, pmids``.

    Raises
    ------
    NotFoundError
        The source has no pair, or none of the levels.
    """
    wanted = None if levels is None else list(levels)
    rows = store.read_evidence(statements.PRIOR_CLAIMS, source_id=source_id, confidences=wanted)
    if rows.empty:
        known = [row["source_id"] for row in store.read(training_statements.SOURCES)]
        raise NotFoundError(
            f"source {source_id!r} has no regulator-target pairs"
            + (f" of the levels {wanted}" if wanted else ""),
            suggestions=[name for name in known if name != source_id],
            hint="`cisgraph ingest source` loads one",
        )
    return rows.explode(["target", "sign", "pmids"], ignore_index=True)


def read_chip(
    store: GraphStore, source_id: str, universe: Universe, *, cell_type: str | None = None
) -> BoundPairs:
    """Return the pairs of a ChIP-seq source, of one cell type or of all."""
    rows = store.read_evidence(
        statements.CHIP_PAIRS,
        regulator_ids=list(universe.regulators),
        source_id=source_id,
        cell_type=cell_type,
    ).rename(columns={"targets": "target"})
    pairs = rows.explode(["target", "num_experiments"])
    codes = universe.row_codes(pairs)
    proper = (codes >= 0) & ~np.isin(codes, universe.self_codes())
    unique, place = np.unique(codes[proper], return_inverse=True)
    weights = pairs["num_experiments"].to_numpy(dtype=np.float64)[proper]
    return BoundPairs(unique, np.bincount(place, weights=weights, minlength=len(unique)).astype(np.float64))


def encoded(claims: pd.DataFrame, universe: Universe) -> pd.DataFrame:
    """Return the claims on pairs of a universe, self pairs left out: ``code``, ``sign``, ``pmids``."""
    codes = universe.row_codes(claims)
    proper = (codes >= 0) & ~np.isin(codes, universe.self_codes())
    frame = claims.loc[proper, ["sign", "pmids"]].reset_index(drop=True)
    return frame.assign(code=codes[proper], sign=frame["sign"].astype(np.int8))[["code", "sign", "pmids"]]


def parse_judges(texts: Iterable[str], *, known: Collection[str]) -> dict[str, tuple[str, ...] | None]:
    """Return the levels of each judge that somebody named, such as ``trrust`` or ``dorothea:ABC``.

    Raises
    ------
    InputError
        No judge is named, or one twice.
    NotFoundError
        A judge is not in the graph.
    """
    judges: dict[str, tuple[str, ...] | None] = {}
    for text in texts:
        name, _, levels = text.strip().partition(":")
        if name in judges:
            raise InputError(f"the judge {name!r} is named twice")
        if name not in known:
            raise NotFoundError(f"no source {name!r} to judge with", suggestions=sorted(known))
        judges[name] = tuple(levels.replace("+", "")) or CURATED_LEVELS.get(name)
    if not judges:
        raise InputError("expected at least one judge", hint=f"such as {', '.join(sorted(known))}")
    return judges


def _less(bound: BoundPairs, hidden: Codes) -> BoundPairs:
    kept = ~np.isin(bound.codes, hidden)
    return BoundPairs(bound.codes[kept], bound.num_experiments[kept])
