"""A UCSC chain file: between which assemblies it leads is read from the sizes of their chromosomes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from graph.errors import InputError
from graph.schema import Assembly
from ingest.chromosomes import ALIASES
from ingest.tables import read_lines

_FILE_NAME = re.compile(r"^(?P<source>[A-Za-z]+\d+)To(?P<target>[A-Za-z]+\d+)\.")
_SHOWN = 3


@dataclass(frozen=True)
class Chain:
    """A chain file from one assembly to another; '' for one that is not known."""

    path: Path
    source: str
    target: str


def read_chain(path: Path, assemblies: Mapping[str, Assembly]) -> Chain:
    """Return between which of some assemblies a chain leads; its file name tells what sizes do not.

    Raises
    ------
    InputError
        If the file is missing, damaged or no chain.
    """
    headers = [line.split() for line in read_lines(path) if line.startswith("chain ")]
    if not headers or any(len(header) < 12 for header in headers[:_SHOWN]):
        raise InputError(f"{path}: no line of a chain", hint="expected a UCSC chain file, plain or gzipped")
    sources = {header[2]: int(header[3]) for header in headers}
    targets = {header[7]: int(header[8]) for header in headers}
    named = _FILE_NAME.match(path.name)
    return Chain(
        path,
        _by_sizes(sources, assemblies) or _by_alias(named and named["source"]),
        _by_sizes(targets, assemblies) or _by_alias(named and named["target"]),
    )


def _by_sizes(sizes: Mapping[str, int], assemblies: Mapping[str, Assembly]) -> str:
    """Return the assembly all of whose chromosomes that the chain names have the chain's sizes."""
    for key, assembly in assemblies.items():
        shared = [name for name in sizes if name in assembly.chrom_sizes]
        if shared and all(sizes[name] == assembly.chrom_sizes[name] for name in shared):
            return key
    return ""


def _by_alias(name: str | None) -> str:
    found = [key for key, aliases in ALIASES.items() if name and name.lower() in aliases]
    return found[0] if found else ""
