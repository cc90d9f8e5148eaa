"""Names of genes -> Ensembl gene ids; a name that means several genes is reported, never guessed.

Order of trust: a gene id; a symbol that a naming body (HGNC, MGI) approved; another symbol of the newest
annotation; aliases and previous symbols (of equal trust: a name that is a previous symbol of one gene and an
alias of another is ambiguous); symbols of genes that only an older annotation has. Names as they are written
come first; names in upper case that fit nowhere are tried without regard to case, because target libraries
are often written so. (Names in mixed case are not: `Myc` is a gene of the mouse.)
"""

from collections.abc import Iterable
from typing import Final

import numpy as np
import pandas as pd

RESULT_COLUMNS: Final = ("input", "gene_id", "how", "candidates", "is_folded")
_GENE_ID, _APPROVED, _SYMBOL, _OTHER, _OLDER = range(5)
_FOUND = ("matched", "alias", "previous")
_VERSIONED = r"^(ENS[A-Z]*G\d{11})(?:\.\d+)?(?:_PAR_Y)?$"


class Names:
    """What names mean, for one species.

    Parameters
    ----------
    genes
        One row a gene: `gene_id`, `symbol` (or null), `aliases` and `previous_symbols` (lists). Where there,
        also `name_id` (null unless a naming body approved the symbol), `annotated_symbol` (the annotation's
        own, which counts as a previous one) and `annotation_release`.
    """

    def __init__(self, genes: pd.DataFrame) -> None:
        entries = _entries(genes)
        self._exact = _meanings(entries)
        self._folded = _meanings(entries.assign(name=entries["name"].str.upper()))
        self.num_genes = len(genes)

    def resolve(self, names: Iterable[str]) -> pd.DataFrame:
        """Return one row a name, in order and with its repeats, indexed like a given series.

        Columns: `input`; `gene_id`, null unless exactly one gene is meant; `how` (matched / alias / previous
        / ambiguous / not_found); `candidates`, a tuple of gene ids where the name is ambiguous, else empty;
        `is_folded`, true where the name was found without regard to case only.
        """
        given = names if isinstance(names, pd.Series) else pd.Series(list(names), dtype=object)
        codes, unique = pd.factorize(given.astype(object), use_na_sentinel=False)
        meant = self._meaning(pd.Index(unique, dtype=object)).take(codes)
        return meant.set_axis(given.index).assign(input=given)[list(RESULT_COLUMNS)]

    def known(self, names: pd.Series) -> pd.Series:
        """Return where a name is one of some gene, just as it is written: case tells species apart."""
        return names.astype(str).isin(self._exact.index)

    def _meaning(self, names: pd.Index) -> pd.DataFrame:
        bare = names.astype(str).str.strip()
        bare = bare.str.replace(_VERSIONED, r"\1", regex=True)
        exact = self._exact.reindex(bare)
        folded = self._folded.reindex(bare.where(bare == bare.str.upper(), ""))
        missing = exact["how"].isna().to_numpy()
        chosen = {column: np.where(missing, folded[column], exact[column]) for column in exact.columns}
        meant = pd.DataFrame(chosen, dtype=object)
        unknown = meant["how"].isna()
        meant["how"] = meant["how"].where(~unknown, "not_found")
        meant["candidates"] = meant["candidates"].where(~unknown, pd.Series([()] * len(meant), dtype=object))
        meant = meant.where(meant.notna(), None)
        meant["is_folded"] = missing & ~unknown.to_numpy()
        return meant


def is_found(how: pd.Series) -> pd.Series:
    """Return where a name means exactly one gene."""
    return how.isin(_FOUND)


def _entries(genes: pd.DataFrame) -> pd.DataFrame:
    """Return every (name, trust, how, gene_id) of the genes, long."""
    symbols = _named(genes, "symbol")
    approved = genes.get("name_id", pd.Series(index=genes.index, dtype=object)).notna()[symbols.index]
    older = _is_older(genes)[symbols.index]
    own = _named(genes, "annotated_symbol")
    own = own[own["annotated_symbol"] != genes["symbol"].reindex(own.index)]
    parts = [
        _entry(genes["gene_id"], genes["gene_id"], trust=_GENE_ID, how="matched"),
        _of(symbols[approved], "symbol", trust=_APPROVED),
        _of(symbols[~approved & ~older], "symbol", trust=_SYMBOL),
        _of(symbols[~approved & older], "symbol", trust=_OLDER),
        _exploded(genes, "previous_symbols", how="previous"),
        _entry(own["annotated_symbol"], own["gene_id"], trust=_OTHER, how="previous"),
        _exploded(genes, "aliases", how="alias"),
    ]
    return pd.concat(parts, ignore_index=True)


def _named(genes: pd.DataFrame, column: str) -> pd.DataFrame:
    if column not in genes:
        return genes.assign(**{column: None}).iloc[:0]
    return genes[genes[column].notna() & genes[column].ne("")]


def _is_older(genes: pd.DataFrame) -> pd.Series:
    """Return where only an older annotation has a gene."""
    none = pd.Series(index=genes.index, dtype=float)
    releases = pd.to_numeric(genes.get("annotation_release", none))
    older: pd.Series = releases < releases.max()
    return older


def _of(genes: pd.DataFrame, column: str, *, trust: int) -> pd.DataFrame:
    return _entry(genes[column], genes["gene_id"], trust=trust, how="matched")


def _entry(names: pd.Series, gene_ids: pd.Series, *, trust: int, how: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"name": names.to_numpy(), "gene_id": gene_ids.to_numpy(), "trust": trust, "how": how}
    )


def _exploded(genes: pd.DataFrame, column: str, *, how: str) -> pd.DataFrame:
    long = genes[["gene_id", column]].explode(column).dropna()
    return _entry(long[column], long["gene_id"], trust=_OTHER, how=how)


def _meanings(entries: pd.DataFrame) -> pd.DataFrame:
    """Return by name: gene_id, how, candidates, from the entries of the highest trust that the name has."""
    best = entries["trust"] == entries.groupby("name", sort=False)["trust"].transform("min")
    trusted = entries[best].drop_duplicates(["name", "gene_id"])
    several = trusted.duplicated("name", keep=False)
    single = trusted[~several].set_index("name")[["gene_id", "how"]]
    single["candidates"] = pd.Series([()] * len(single), index=single.index, dtype=object)
    grouped = trusted[several].sort_values("gene_id").groupby("name")["gene_id"].agg(tuple)
    ambiguous = pd.DataFrame({"gene_id": None, "how": "ambiguous", "candidates": grouped}, dtype=object)
    return pd.concat([single.astype(object), ambiguous])
