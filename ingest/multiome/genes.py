"""Columns of an RNA matrix -> genes; several columns of one gene are summed."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from graph.errors import InputError
from ingest.multiome.matrix import Integers
from ingest.multiome.species import given_names
from ingest.names import Names, is_found
from ingest.rejections import Reason, Sieve

_SYMBOL_COLUMNS = ("symbol", "gene_symbol", "gene_symbols", "gene_name", "gene_names", "feature_name")


@dataclass(frozen=True)
class GeneColumns:
    """Which column counts for which gene.

    Parameters
    ----------
    places
        Shape (num_columns,): the row of `var`, -1 for a column that was rejected.
    var
        Indexed by gene id; `symbol` is the name of the matrix (names that are summed are joined by `;`).
    num_summed
        Columns that are added to another column of the same gene.
    """

    places: Integers
    var: pd.DataFrame
    num_summed: int
    rejected: pd.DataFrame


def by_gene(features: pd.DataFrame, names: Names, *, file: str, known: pd.Index) -> GeneColumns:
    """Return the genes that features name.

    Parameters
    ----------
    features
        `var` of the matrix; its column `gene_ids` names the genes where there is one (10x), else the index.
    known
        Gene ids that have coordinates.

    Raises
    ------
    InputError
        If no column names a gene.
    """
    given = given_names(features)
    sieve = _resolved(features, given, names, file=file, known=known)
    kept = sieve.kept
    if kept.empty:
        examples = ", ".join(given.head(5))
        raise InputError(
            f"{file}: none of the {len(given):,} features is a known gene, such as {examples}",
            hint="gene symbols or Ensembl gene ids are expected; is it another species, or the ATAC?",
        )
    codes, gene_ids = pd.factorize(kept["gene_id"])
    places = np.full(len(given), -1, dtype=np.int64)
    places[kept.index.to_numpy()] = codes
    symbols = kept["symbol"].groupby(codes).first()
    summed = pd.Series(codes).duplicated(keep=False).to_numpy()
    symbols.update(kept["symbol"][summed].groupby(codes[summed]).agg(";".join))
    return GeneColumns(
        places=places,
        var=pd.DataFrame({"symbol": symbols.to_numpy()}, index=pd.Index(gene_ids, name="gene_id")),
        num_summed=len(kept) - len(gene_ids),
        rejected=sieve.rejected,
    )


def _resolved(features: pd.DataFrame, given: pd.Series, names: Names, *, file: str, known: pd.Index) -> Sieve:
    meant = names.resolve(given)
    column = next((name for name in _SYMBOL_COLUMNS if name in features.columns), "")
    symbols = features[column] if column else pd.Series(features.index)
    rows = pd.DataFrame({"gene_id": meant["gene_id"], "symbol": symbols.astype(str).to_numpy()})
    sieve = Sieve(rows, file=file)
    ambiguous = meant["how"].eq("ambiguous")
    listed = meant["candidates"].map(lambda ids: " ".join(ids[:5]))
    sieve.reject(ambiguous, reason=Reason.AMBIGUOUS_NAME, identifier=given, detail=listed)
    rest = sieve.kept.index
    sieve.reject(~is_found(meant["how"])[rest], reason=Reason.UNKNOWN_GENE, identifier=given[rest])
    rest = sieve.kept.index
    placed = sieve.kept["gene_id"].isin(known)
    sieve.reject(~placed, reason=Reason.NOT_ON_ASSEMBLY, identifier=given[rest])
    return sieve
