"""Sizes of chromosomes, and the names that they go by."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from graph.errors import InputError
from graph.schema import Assembly
from ingest.tables import read_lines

GRCH38 = "GRCh38"
GRCH37 = "GRCh37"
GRCM39 = "GRCm39"
GRCM38 = "GRCm38"
ALIASES: Mapping[str, tuple[str, ...]] = {
    GRCH38: ("hg38",),
    GRCH37: ("hg19",),
    GRCM39: ("mm39",),
    GRCM38: ("mm10",),
}
"""Other names of the assemblies that cisgraph knows; a user's own go by the name that the user gives."""


def read_assembly(path: Path, *, assembly_id: str, species: str) -> Assembly:
    """Return an assembly with the sizes of a two-column file (chromosome, bp).

    Raises
    ------
    InputError
        With all lines that are not a name and a positive size.
    """
    numbered = [(number, line.split()) for number, line in enumerate(read_lines(path), start=1)]
    lines = [(number, line) for number, line in numbered if line]
    faults = [
        f"line {number}: {' '.join(line)!r}"
        for number, line in lines
        if len(line) != 2 or not _is_size(line[1])
    ]
    if faults:
        raise InputError(f"{path}: expected a chromosome and its size in bp", faults=faults)
    sizes = {name: int(size) for _, (name, size) in lines}
    return Assembly(assembly_id, species, ALIASES.get(assembly_id, ()), sizes)


def _is_size(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text[:12]) > 0 and len(text) < 12


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
