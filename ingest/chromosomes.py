"""Sizes of chromosomes, and the names that they go by."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from graph.errors import InputError
from graph.schema import Assembly
from ingest.tables import read_text

GRCH38 = "GRCh38"
GRCH37 = "GRCh37"
ALIASES: Mapping[str, tuple[str, ...]] = {GRCH38: ("hg38",), GRCH37: ("hg19",)}
"""Other names of the assemblies that cisgraph knows."""


def read_assembly(path: Path, *, assembly_id: str, species: str) -> Assembly:
    """Return an assembly with the sizes of a two-column file (chromosome, bp).

    Raises
    ------
    InputError
        With all lines that are not a name and a positive size.
    """
    lines = [line.split() for line in read_text(path).splitlines() if line.strip()]
    faults = [
        f"line {number}: {' '.join(line)!r}"
        for number, line in enumerate(lines, start=1)
        if len(line) != 2 or not line[1].isdigit() or int(line[1]) == 0
    ]
    if faults:
        raise InputError(f"{path}: expected a chromosome and its size in bp", faults=faults)
    sizes = {name: int(size) for name, size in lines}
    return Assembly(assembly_id, species, ALIASES.get(assembly_id, ()), sizes)


def canonical_assembly(name: str) -> str:
    """Return the assembly's id for any of its names, in any case.

    Raises
    ------
    InputError
        If the name is not known.
    """
    for assembly_id, aliases in ALIASES.items():
        if name.lower() in {assembly_id.lower(), *(alias.lower() for alias in aliases)}:
            return assembly_id
    known = [part for assembly_id, aliases in ALIASES.items() for part in (assembly_id, *aliases)]
    raise InputError(f"assembly {name!r} is not known, expected one of {known}")


def with_prefix(chroms: pd.Series) -> pd.Series:
    """Return chromosome names in UCSC's style: `1` -> `chr1`, `MT` -> `chrM`; others stay."""
    names = chroms.astype(str)
    bare = names.str.fullmatch(r"\d{1,2}|X|Y|M|MT")
    return names.where(~bare, "chr" + names.str.replace("MT", "M", regex=False))
