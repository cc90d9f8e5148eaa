"""What the graph says already: which sources are loaded, what names mean, where genes and peaks lie."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import LiteralString

import pandas as pd

from graph.cypher import ingest as statements
from graph.cypher import references
from graph.errors import NotFoundError
from graph.store import GraphStore, Row
from ingest.names import Names
from ingest.source import LISTED_CLASSES, Reference, SourceSpec, Stage

NAMING: Sequence[Stage] = ("annotation", "names")
"""Stages that decide what a name means."""

_BEFORE: Mapping[Stage, Sequence[Stage]] = {
    "annotation": (),
    "names": ("annotation",),
    "regulators": NAMING,
    "evidence": (*NAMING, "regulators"),
    "regions": (*NAMING, "regulators"),
}


@dataclass(frozen=True)
class _Named:
    fingerprints: Sequence[str]
    genes: pd.DataFrame
    names: Names


class References:
    """Reads what later loads build on; names are kept until the annotation of their species changes."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store
        self._named: dict[str, _Named] = {}

    def states(self) -> Mapping[str, Row]:
        """Return the source nodes of the graph by id."""
        return {row["source_id"]: row for row in self._store.read(statements.SOURCES)}

    def before(self, spec: SourceSpec) -> list[str]:
        """Return the fingerprints of all that decides how a source is read.

        Raises
        ------
        NotFoundError
            If the graph has no genes of a species that the source speaks of.
        """
        marks = self.fingerprints(spec.record.species, _BEFORE[spec.stage])
        for species in spec.other_species:
            marks += self.fingerprints(species, NAMING)
        if spec.stage == "regions":
            marks += [row["fingerprint"] for row in self._datasets(spec.record.species)]
        return marks

    def fingerprints(self, species: str, stages: Sequence[Stage]) -> list[str]:
        """Return the fingerprints of the complete sources of a species in some stages.

        Raises
        ------
        NotFoundError
            If genes are needed, and the graph has none of this species.
        """
        rows = [
            row
            for row in self.states().values()
            if row["state"] == "complete" and row["species"] == species and row["stage"] in stages
        ]
        if "annotation" in stages and not any(row["stage"] == "annotation" for row in rows):
            raise NotFoundError(
                f"the graph has no genes of the species {species!r}, which must be loaded first",
                hint="`cisgraph ingest all --demo` loads those of human and mouse; "
                "`cisgraph ingest annotation GENES.gtf.gz --species ... --assembly ...` any other",
            )
        return [str(row["fingerprint"]) for row in rows]

    def reference(self, spec: SourceSpec) -> Reference:
        """Return what a source needs to be read."""
        species = spec.record.species
        if spec.stage == "annotation":
            return Reference(Names(self._genes(species).iloc[:0]))
        named = self._named_genes(species)
        reference = Reference(
            names=named.names,
            genes=named.genes,
            other_names={other: self.names(other) for other in spec.other_species},
        )
        if spec.stage in ("evidence", "regions"):
            reference = replace(reference, regulators=self._regulators(species))
        if spec.stage == "regions":
            reference = replace(
                reference,
                locations=self.locations(species),
                peaks=self._frame(references.PEAKS, species),
                detected=self._frame(references.DETECTED, species),
            )
        return reference

    def names(self, species: str) -> Names:
        """Return what the graph's gene names of a species mean."""
        return self._named_genes(species).names

    def locations(self, species: str) -> pd.DataFrame:
        """Return where the genes of a species lie: `Reference.locations`."""
        return self._frame(references.GENE_LOCATIONS, species)

    def assemblies(self, species: str) -> list[Row]:
        """Return the assemblies of a species with aliases and the sizes of their chromosomes."""
        return [row for row in self._store.read(references.ASSEMBLIES) if row["species"] == species]

    def _named_genes(self, species: str) -> _Named:
        marks = self.fingerprints(species, NAMING)
        kept = self._named.get(species)
        if kept is None or kept.fingerprints != marks:
            genes = self._genes(species)
            kept = self._named[species] = _Named(marks, genes, Names(genes))
        return kept

    def _genes(self, species: str) -> pd.DataFrame:
        return self._frame(references.GENE_NAMES, species)

    def _regulators(self, species: str) -> frozenset[str]:
        rows = self._store.read(
            references.LISTED_REGULATORS, species=species, listed_classes=list(LISTED_CLASSES)
        )
        return frozenset(row["gene_id"] for row in rows)

    def _datasets(self, species: str) -> list[Row]:
        rows = self._store.read(statements.DATASETS)
        return [row for row in rows if row["species"] == species and row["state"] == "complete"]

    def _frame(self, statement: LiteralString, species: str) -> pd.DataFrame:
        return self._store.read_frame(statement, species=species)
