"""Names of a network -> gene ids by questions to the graph, for processes that do not ingest."""

from collections.abc import Iterator, Sequence

import pandas as pd

from graph.cypher import networks
from graph.gene_names import lucene_phrase, stable_gene_id
from graph.store import GraphStore, Row
from graph.validation.naming import Resolve

NAMES_A_QUESTION = 2000
MATCHED_BY = {
    "gene_id": "matched",
    "symbol": "matched",
    "symbol_in_other_case": "matched",
    "alias": "alias",
    "previous_symbol": "previous",
}
"""An exact id or symbol goes before an alias, a previous symbol or a symbol in another case."""


def names_of(store: GraphStore, species: str) -> Resolve:
    """Return what tells which gene of a species each name means: `input`, `gene_id` and `how`."""

    def resolve(names: "pd.Series[str]") -> pd.DataFrame:
        found: dict[str, tuple[str | None, str]] = {}
        given = [str(name).strip() for name in names]
        for part in _parts(list(dict.fromkeys(given))):
            found |= _meanings(store.read(networks.RESOLVE, names=_asked(part), species=species))
            left = [name for name in part if name not in found]
            if left:
                found |= _meanings(store.read(networks.RESOLVE_OTHER, names=_asked(left), species=species))
        meant = [found.get(name, (None, "not_found")) for name in given]
        rows = [(name, gene_id, how) for name, (gene_id, how) in zip(names, meant, strict=True)]
        return pd.DataFrame(rows, columns=["input", "gene_id", "how"], dtype=object)

    return resolve


def _parts(names: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), NAMES_A_QUESTION):
        yield names[start : start + NAMES_A_QUESTION]


def _asked(names: Sequence[str]) -> list[Row]:
    return [{"name": name, "gene_id": stable_gene_id(name), "phrase": lucene_phrase(name)} for name in names]


def _meanings(rows: Sequence[Row]) -> dict[str, tuple[str | None, str]]:
    by_name: dict[str, dict[str, str]] = {}
    for row in rows:
        by_name.setdefault(row["name"], {}).setdefault(row["gene_id"], row["matched_by"])
    return {
        name: (next(iter(genes)), MATCHED_BY[next(iter(genes.values()))])
        if len(genes) == 1
        else (None, "ambiguous")
        for name, genes in by_name.items()
    }
