"""Gene sets of a GMT file: a set a line, name, description and genes with tabs between them."""

from collections import Counter
from pathlib import Path

import pandas as pd

from graph.errors import InputError, NotFoundError
from graph.validation.naming import Resolve


def read_gmt(path: Path, resolve: Resolve) -> dict[str, list[str]]:
    """Return gene ids by set; genes whose names mean no single gene are left out.

    Leave sets that were derived from regulators (targets, ChIP-seq, motifs) out of the file: they would be
    judged by themselves.

    Raises
    ------
    NotFoundError
        There is no such file.
    InputError
        A line has no genes, a set is there twice, or no gene is understood.
    """
    if not path.is_file():
        raise NotFoundError(f"no file {path}")
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    names = [cells[0] for cells in lines]
    faults = [f"line {n}: {cells[0]!r} has no genes" for n, cells in enumerate(lines, 1) if len(cells) < 3]
    faults += [f"{name!r} is there more than once" for name, count in Counter(names).items() if count > 1]
    if faults or not lines:
        raise InputError(
            f"{path.name}: expected a gene set a line: name, description, genes, with tabs between them",
            faults=faults,
        )
    long = pd.DataFrame(
        [(cells[0], gene.strip()) for cells in lines for gene in cells[2:] if gene.strip()],
        columns=["set_id", "gene"],
    )
    unique = pd.Series(long["gene"].unique(), dtype=object)
    meant = resolve(unique)
    known = meant["gene_id"].notna().to_numpy()
    ids = long["gene"].map(dict(zip(unique[known], meant["gene_id"][known], strict=True)))
    if ids.isna().all():
        raise InputError(
            f"{path.name}: not one of {len(unique):,} genes is understood, such as {unique[0]!r}"
        )
    kept = long.assign(gene=ids).dropna()
    return {str(name): sorted(set(genes)) for name, genes in kept.groupby("set_id")["gene"]}
