"""Columns of an RNA matrix -> genes; several columns of one gene are summed."""

from dataclasses import dataclass

import anndata as ad
import numpy as np
import pandas as pd
from scipy import sparse

from graph.errors import InputError
from ingest.names import Names, is_found
from ingest.rejections import Reason, Sieve


@dataclass(frozen=True)
class GeneCounts:
    """Counts by gene.

    Parameters
    ----------
    counts
        CSR float32, (num_cells, num_genes).
    var
        Indexed by gene id; `symbol` is the name of the matrix (names that were summed are joined by `;`).
    num_summed
        Columns that were added to another column of the same gene.
    """

    counts: sparse.csr_matrix
    var: pd.DataFrame
    num_summed: int
    rejected: pd.DataFrame


def by_gene(rna: ad.AnnData, names: Names, *, file: str, known: pd.Index) -> GeneCounts:
    """Return the counts of the genes that the columns name.

    Parameters
    ----------
    names
        Resolves `var_names`, or the column `gene_ids` where the file has one (10x).
    known
        Gene ids that have coordinates.

    Raises
    ------
    InputError
        If no column names a gene.
    """
    sieve, given = _resolved(rna, names, file=file, known=known)
    kept = sieve.kept
    if kept.empty:
        examples = ", ".join(given.head(5))
        raise InputError(
            f"{file}: none of the {len(given):,} features is a known gene, such as {examples}",
            hint="human gene symbols or Ensembl gene ids are expected; is it another species, or the ATAC?",
        )
    codes, gene_ids = pd.factorize(kept["gene_id"])
    shape = (len(kept), len(gene_ids))
    adder = sparse.csr_matrix(
        (np.ones(len(kept), dtype=np.float32), (np.arange(len(kept)), codes)), shape=shape
    )
    symbols = kept.groupby(codes)["symbol"].agg(";".join)
    return GeneCounts(
        counts=sparse.csr_matrix(rna.X[:, kept.index.to_numpy()] @ adder),
        var=pd.DataFrame({"symbol": symbols.to_numpy()}, index=pd.Index(gene_ids, name="gene_id")),
        num_summed=len(kept) - len(gene_ids),
        rejected=sieve.rejected,
    )


def _resolved(rna: ad.AnnData, names: Names, *, file: str, known: pd.Index) -> tuple[Sieve, pd.Series]:
    column = "gene_ids" if "gene_ids" in rna.var.columns else ""
    given = pd.Series(rna.var[column] if column else rna.var_names).astype(str).reset_index(drop=True)
    meant = names.resolve(given)
    rows = pd.DataFrame({"gene_id": meant["gene_id"], "symbol": rna.var_names.astype(str).to_numpy()})
    sieve = Sieve(rows, file=file)
    ambiguous = meant["how"].eq("ambiguous")
    listed = meant["candidates"].map(lambda ids: " ".join(ids[:5]))
    sieve.reject(ambiguous, reason=Reason.AMBIGUOUS_NAME, identifier=given, detail=listed)
    rest = sieve.kept.index
    sieve.reject(~is_found(meant["how"])[rest], reason=Reason.UNKNOWN_GENE, identifier=given[rest])
    rest = sieve.kept.index
    placed = sieve.kept["gene_id"].isin(known)
    sieve.reject(~placed, reason=Reason.NOT_ON_ASSEMBLY, identifier=given[rest])
    return sieve, given
