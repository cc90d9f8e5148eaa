"""Reads the raw files with plain pandas and none of our code; `test_recounts*.py` compare with it."""

import csv
import lzma
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

Meaning = dict[str, str | None]


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False, quoting=csv.QUOTE_NONE)


def names_of(text: str, mark: str) -> list[str]:
    return [name.strip() for name in text.split(mark) if name.strip()]


def meaning(  # noqa: C901
    genes: pd.DataFrame, records: list[dict], retired: list[tuple[str, str]]
) -> Meaning:
    """A slow dictionary: approved symbols, other symbols, then all else; `None` for several genes."""
    own = dict(zip(genes["gene_id"], genes["symbol"], strict=True))
    by_symbol = defaultdict(set)
    claimed = {record["gene_id"] for record in records}
    for gene, symbol in own.items():
        if gene not in claimed:
            by_symbol[symbol].add(gene)
    gene_of, taken = {}, {}
    for record in sorted(records, key=lambda r: r["symbol"] != own.get(r["gene_id"])):
        gene = record["gene_id"] if record["gene_id"] in own else None
        if gene is None and record["symbol"] and len(by_symbol[record["symbol"]]) == 1:
            (gene,) = by_symbol[record["symbol"]]
        if gene is not None and gene not in taken:
            taken[gene], gene_of[record["id"]] = record, gene
    levels: list[dict[str, set[str]]] = [defaultdict(set) for _ in range(4)]
    for gene, symbol in own.items():
        levels[0][gene].add(gene)
        record = taken.get(gene)
        if record:
            levels[1][record["symbol"]].add(gene)
            for name in [*record["others"], *([symbol] if symbol != record["symbol"] else [])]:
                levels[3][name].add(gene)
        else:
            levels[2][symbol].add(gene)
    for symbol, successor in retired:
        if successor in gene_of:
            levels[3][symbol].add(gene_of[successor])
    return {**spelled(levels, str.upper), **spelled(levels, str), "#linked": str(len(taken))}


def spelled(levels: list[dict[str, set[str]]], how) -> Meaning:
    result: Meaning = {}
    for level in reversed(levels):
        merged = defaultdict(set)
        for name, ids in level.items():
            merged[how(name)] |= ids
        result.update({name: next(iter(ids)) if len(ids) == 1 else None for name, ids in merged.items()})
    result.pop("", None)
    return result


def recounted(rows: pd.DataFrame, meant: Meaning, key: list[str]) -> pd.DataFrame:
    rows = rows.assign(source=rows["source"].map(meant), target=rows["target"].map(meant))
    rows = rows.dropna(subset=["source", "target"])
    return rows[rows["source"] != rows["target"]].drop_duplicates(key)


def edge_set(frame: pd.DataFrame, columns: list[str]) -> set[tuple]:
    return set(frame[columns].itertuples(index=False, name=None))


def raw_sets(path: Path) -> Iterator[tuple[str, list[str]]]:
    with lzma.open(path, "rt") as stream:
        for line in stream:
            set_id, _, *targets = line.rstrip("\n").split("\t")
            yield set_id, [name for name in targets if name]


def species_of(source_id: str) -> str:
    return "mouse" if source_id.endswith("_mouse") else "human"
