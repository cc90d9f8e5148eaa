"""How the columns of known exports become ``source, target, weight, sign``."""

import ast
from collections.abc import Sequence

import numpy as np
import pandas as pd

from graph.errors import InputError

Understood = tuple[pd.DataFrame, tuple[str, ...]]

SOURCES = ("source", "tf", "regulator", "regulatorygene", "gene1")
TARGETS = ("target", "gene", "target_gene", "targetgene", "gene2")
WEIGHTS = ("weight", "score", "importance", "edgeweight", "coef_abs", "confidence_score")


def recognise(columns: Sequence[str]) -> str | None:
    """Return the format whose columns these are, None for none."""
    known = {column.lower() for column in columns}
    if {"tf", "gene"} <= known and known & {"tf2g_importance", "importance_tf2g", "triplet_rank"}:
        return "scenicplus"
    if {"source", "target", "coef_mean"} <= known:
        return "celloracle"
    if {"peak_id", "gene_short_name"} <= known:
        return "celloracle-base"
    if {"tf", "target", "importance"} <= known:
        return "grnboost2"
    sides = (SOURCES, TARGETS, WEIGHTS)
    return "table" if all(known & set(side) for side in sides) else None


def table(frame: pd.DataFrame) -> Understood:
    """Return a plain table; other usual names of its columns are understood."""
    lower = {str(column).lower(): column for column in frame.columns}
    chosen = [_first(lower, side, frame) for side in (SOURCES, TARGETS, WEIGHTS)]
    edges = frame[chosen].set_axis(["source", "target", "weight"], axis=1)
    if "sign" in lower:
        edges = edges.assign(sign=frame[lower["sign"]].map(_sign))
    told = [
        f"{name} = column {column!r}"
        for name, column in zip(edges.columns, chosen, strict=False)
        if name != column
    ]
    return edges, tuple(told)


def grnboost2(frame: pd.DataFrame) -> Understood:
    """Return the adjacencies of GRNBoost2 or GENIE3 (arboreto): TF, target, importance; unsigned."""
    lower = {str(column).lower(): column for column in frame.columns}
    chosen = [_first(lower, (name,), frame) for name in ("tf", "target", "importance")]
    return frame[chosen].set_axis(["source", "target", "weight"], axis=1), ("weight = importance",)


def decoupler(frame: pd.DataFrame) -> Understood:
    """Return a decoupler net: source, target, weight, whose sign is the mode of regulation."""
    edges, notes = table(frame)
    weight = pd.to_numeric(edges["weight"], errors="coerce")
    signed = edges.assign(weight=weight.abs(), sign=np.sign(weight.fillna(0)).astype(int))
    return signed, (*notes, "weight = its absolute value, sign = its sign")


def celloracle(frame: pd.DataFrame) -> Understood:
    """Return CellOracle's links of one cluster: |coefficient| as weight, its sign as sign."""
    mean = pd.to_numeric(frame["coef_mean"], errors="coerce")
    size = pd.to_numeric(frame["coef_abs"], errors="coerce") if "coef_abs" in frame else mean.abs()
    edges = frame[["source", "target"]].assign(weight=size, sign=np.sign(mean.fillna(0)).astype(int))
    return edges, ("weight = coef_abs, sign = sign of coef_mean",)


def celloracle_base(frame: pd.DataFrame) -> Understood:
    """Return CellOracle's base network, one column a regulator: peaks of a gene with its motif as weight."""
    factors = [column for column in frame.columns if column not in {"peak_id", "gene_short_name"}]
    factors = [column for column in factors if not str(column).startswith("Unnamed")]
    counts = frame.groupby("gene_short_name")[factors].sum().rename_axis("target").reset_index()
    long = counts.melt("target", var_name="source", value_name="weight")[["source", "target", "weight"]]
    return long[long["weight"] > 0].reset_index(drop=True), ("weight = number of peaks with the motif",)


def scenicplus(frame: pd.DataFrame) -> Understood:
    """Return SCENIC+ eRegulons: the best region of a pair counts.

    The weight is the triplet rank turned round (a low rank is sure) where there is one, else the importance
    of the regulator for the gene; the sign that of `regulation` or of the correlation.
    """
    lower = {str(column).lower(): column for column in frame.columns}
    sign_column = next(
        (lower[name] for name in ("tf2g_regulation", "regulation", "rho_tf2g", "tf2g_rho") if name in lower),
        None,
    )
    edges = frame[[lower["tf"], lower["gene"]]].set_axis(["source", "target"], axis=1)
    if "triplet_rank" in lower:
        ranks = pd.to_numeric(frame[lower["triplet_rank"]], errors="coerce")
        edges = edges.assign(weight=ranks.max() + 1 - ranks)
        note = "weight = triplet_rank, turned round"
    else:
        column = _first(lower, ("importance_tf2g", "tf2g_importance"), frame)
        edges = edges.assign(weight=pd.to_numeric(frame[column], errors="coerce"))
        note = f"weight = {column}"
    if sign_column is None:
        return edges, (note,)
    told = pd.to_numeric(frame[sign_column], errors="coerce").fillna(0)
    return edges.assign(sign=np.sign(told).astype(int)), (note, f"sign = sign of {sign_column}")


def pyscenic(frame: pd.DataFrame) -> Understood:
    """Return the regulons of ``pyscenic ctx`` (CSV): the highest importance of a pair over its motifs.

    Raises
    ------
    InputError
        The table has not three header lines with TF, TargetGenes and Context.
    """
    header = [str(value) for value in frame.iloc[1]] if len(frame) > 3 else []
    if "TargetGenes" not in header or str(frame.iloc[2, 0]) != "TF":
        raise InputError(
            "expected regulons as `pyscenic ctx` writes them (three header lines), found another table",
            hint="its adjacencies (TF, target, importance) are read as grnboost2",
        )
    rows = frame.iloc[3:]
    genes, context = header.index("TargetGenes"), header.index("Context") if "Context" in header else None
    parts = []
    for number, row in enumerate(rows.itertuples(index=False), start=4):
        pairs = pd.DataFrame(_literal(str(row[genes]), number), columns=["target", "weight"])
        repressing = context is not None and "repressing" in str(row[context])
        parts.append(pairs.assign(source=row[0], sign=-1 if repressing else 1))
    edges = pd.concat(parts)[["source", "target", "weight", "sign"]]
    best = edges.sort_values("weight", ascending=False, kind="stable").drop_duplicates(["source", "target"])
    return best.reset_index(drop=True), ("weight = importance in TargetGenes, sign from Context",)


def _literal(text: str, line: int) -> list[tuple[str, float]]:
    try:
        pairs = ast.literal_eval(text)
        return [(str(gene), float(weight)) for gene, weight in pairs]
    except (ValueError, SyntaxError, TypeError) as error:
        raise InputError(f"line {line}: TargetGenes is no list of (gene, weight): {text[:60]!r}") from error


def _sign(value: object) -> object:
    words = {"+": 1, "-": -1, "activation": 1, "repression": -1, "unknown": 0, "": 0}
    return words.get(str(value).strip().lower(), value)


def _first(lower: dict[str, str], names: Sequence[str], frame: pd.DataFrame) -> str:
    for name in names:
        if name in lower:
            return lower[name]
    raise InputError(
        f"expected a column {' or '.join(names)}, found {', '.join(map(str, frame.columns[:12]))}"
    )
