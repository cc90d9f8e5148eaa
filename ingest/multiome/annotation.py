"""What the graph says about the genes and assemblies of one species."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import pandas as pd

from graph.errors import InputError
from graph.schema import Assembly
from ingest.chromosomes import ALIASES
from ingest.names import Names


@dataclass(frozen=True)
class Annotation:
    """Genes of one species, on all assemblies that the graph has them on.

    Parameters
    ----------
    genes
        Columns gene_id, biotype, assembly_id, chrom, start, end, tss; 0-based, half-open.
    assemblies
        By id; also those that no gene is on, whose chromosomes' sizes are known.
    """

    species: str
    genes: pd.DataFrame
    names: Names
    assemblies: Mapping[str, Assembly]

    @property
    def located(self) -> list[str]:
        """Assemblies that genes are on."""
        return sorted(self.genes["assembly_id"].unique())

    def on(self, assembly_id: str) -> pd.DataFrame:
        """Return where genes lie on an assembly."""
        return self.genes[self.genes["assembly_id"].eq(assembly_id)]

    def sizes(self, assembly_id: str) -> Mapping[str, int]:
        """Return the sizes of an assembly's chromosomes, bp; empty where they are not known."""
        known = self.assemblies.get(assembly_id)
        return known.chrom_sizes if known else {}

    def assembly_named(self, name: str) -> str:
        """Return the assembly's id for any of its names, in any case.

        Raises
        ------
        InputError
            If the name is not known, with the nearest ones.
        """
        meant = {alias.lower(): key for key, aliases in ALIASES.items() for alias in (key, *aliases)}
        for key, assembly in self.assemblies.items():
            meant |= {alias.lower(): key for alias in (key, *assembly.aliases)}
        if name.lower() in meant:
            return meant[name.lower()]
        near = get_close_matches(name.lower(), meant, n=2, cutoff=0.5)
        nearest = f"did you mean {' or '.join(meant[each] for each in near)}? " if near else ""
        raise InputError(
            f"assembly {name!r} is not known",
            hint=f"{nearest}the graph has genes of the {self.species} on {', '.join(self.located)}",
        )
