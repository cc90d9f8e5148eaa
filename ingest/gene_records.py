"""Records of a naming body (HGNC, MGI) -> names of the genes that the annotation has; shared by both.

A record: `name_id` (its accession), `symbol`, `aliases` and `previous_symbols` (lists), `gene_id`
('' = none), `status` (approved / withdrawn), `successor` (accession of the one record that took over,
'' = none or several).
"""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from graph.tables import GENE_NAMES
from ingest.rejections import Reason, Sieve
from ingest.source import Checked, Reference

APPROVED: Final = "approved"
WITHDRAWN: Final = "withdrawn"


def listed(column: pd.Series, separator: str) -> pd.Series:
    """Return the names of each row as a list, without repeats, empty for ''."""
    return column.map(
        lambda names: list(dict.fromkeys(part.strip() for part in names.split(separator) if part.strip()))
    )


def link_records(records: pd.DataFrame, genes: pd.DataFrame) -> pd.Series:
    """Return for each approved record the gene that it names: by Ensembl id, else by a symbol of one gene.

    Null where the annotation has no such gene, or another record names it better: one with its Ensembl id,
    and of several such the one with the annotation's own symbol, else the first.

    Parameters
    ----------
    genes
        `gene_id` and `annotated_symbol`.
    """
    own = genes.drop_duplicates("gene_id").set_index("gene_id")["annotated_symbol"]
    known = records["gene_id"].where(records["gene_id"].isin(own.index))
    free = genes[genes["annotated_symbol"].fillna("").ne("") & ~genes["gene_id"].isin(known)]
    single = free.drop_duplicates("annotated_symbol", keep=False).set_index("annotated_symbol")["gene_id"]
    linked = known.where(known.notna(), records["symbol"].map(single))
    agrees = records["symbol"].eq(linked.map(own))
    order = pd.DataFrame({"by_symbol": known.isna(), "differs": ~agrees}).sort_values(
        ["by_symbol", "differs"], kind="stable"
    )
    taken = linked.loc[order.index].duplicated().reindex(linked.index)
    return linked.mask(taken)


def checked_names(records: pd.DataFrame, reference: Reference, *, file: str, source_id: str) -> Checked:
    """Return names of genes; a retired symbol with one successor becomes a previous symbol of its gene."""
    sieve = Sieve(records, file=file)
    retired = records["status"].ne(APPROVED)
    lost = retired & records["successor"].eq("")
    sieve.reject(lost, reason=Reason.WITHDRAWN, identifier=records["name_id"], detail=records["symbol"])
    approved = records[~retired]
    linked = link_records(approved, reference.genes)
    gene_of: Mapping[str, str] = dict(zip(approved["name_id"], linked, strict=True))
    kept = sieve.kept
    own = linked.reindex(kept.index)
    named = kept["successor"].where(kept["successor"].ne(""))  # a record may lack its own accession
    gene_ids = own.where(own.notna(), named.map(gene_of))
    sieve.kept = kept.assign(gene_id=gene_ids)
    sieve.reject(
        gene_ids.isna(), reason=Reason.NOT_ON_ASSEMBLY, identifier=kept["name_id"], detail=kept["symbol"]
    )
    mapped = sieve.kept["status"].ne(APPROVED)
    sieve.remark(
        mapped,
        reason=Reason.RETIRED,
        identifier=sieve.kept["symbol"],
        detail=sieve.kept["successor"] + " " + sieve.kept["gene_id"],
    )
    names = _named(sieve.kept[~mapped], sieve.kept[mapped]).assign(source_id=source_id)
    return Checked(
        tables=((GENE_NAMES, names[list(GENE_NAMES.columns)]),),
        rejected=sieve.rejected,
        num_read=sieve.num_read,
        num_kept=len(sieve.kept),
        notes=sieve.notes,
        mapped=sieve.remarks,
    )


def _named(approved: pd.DataFrame, retired: pd.DataFrame) -> pd.DataFrame:
    """Return the approved records, the symbols of their predecessors among the previous ones."""
    older = retired.groupby("gene_id")["symbol"].agg(list)
    extra = approved["gene_id"].map(older)
    previous = [
        list(dict.fromkeys([*names, *(more if isinstance(more, list) else [])]))
        for names, more in zip(approved["previous_symbols"], extra, strict=True)
    ]
    return approved.assign(previous_symbols=pd.Series(previous, index=approved.index, dtype=object))
