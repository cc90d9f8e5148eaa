"""What the graph says already: which sources are loaded, what names mean, where genes lie."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.cypher import ingest as statements
from graph.errors import NotFoundError
from graph.store import GraphStore, Row
from ingest.catalogue import required_before
from ingest.chromosomes import GRCH38
from ingest.multiome.prepare import Annotation
from ingest.names import Names
from ingest.source import LISTED_CLASSES, Reference, SourceSpec


@dataclass(frozen=True)
class _Cached:
    fingerprints: Sequence[str]
    names: Names


class References:
    """Reads what later loads build on; names are kept until the annotation changes."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store
        self._cached: _Cached | None = None

    def states(self) -> Mapping[str, Row]:
        """Return the source nodes of the graph by id."""
        return {row["source_id"]: row for row in self._store.read(statements.SOURCES)}

    def fingerprints(self, source_ids: Sequence[str]) -> list[str]:
        """Return the fingerprints of sources that must be complete.

        Raises
        ------
        NotFoundError
            If one of them is not.
        """
        states = self.states()
        missing = [one for one in source_ids if states.get(one, {}).get("state") != "complete"]
        if missing:
            raise NotFoundError(
                f"the graph lacks {', '.join(missing)}, which must be loaded first",
                hint="`cisgraph ingest all --demo` loads the annotation and the lists of regulators",
            )
        return [str(states[one]["fingerprint"]) for one in source_ids]

    def reference(self, spec: SourceSpec) -> Reference:
        """Return what a source needs to be read."""
        if spec.stage == "annotation":
            return Reference(Names(self._store.read_frame(statements.GENE_NAMES).iloc[:0]))
        rows = self._store.read(statements.LISTED_REGULATORS, listed_classes=list(LISTED_CLASSES))
        listed = frozenset(row["gene_id"] for row in rows) if spec.stage == "evidence" else frozenset()
        return Reference(self.names(required_before(spec)), listed)

    def names(self, annotation_ids: Sequence[str]) -> Names:
        """Return what the graph's gene names mean."""
        key = self.fingerprints(annotation_ids)
        if self._cached is None or self._cached.fingerprints != key:
            self._cached = _Cached(key, Names(self._store.read_frame(statements.GENE_NAMES)))
        return self._cached.names

    def annotation(self, annotation_ids: Sequence[str]) -> Annotation:
        """Return names, coordinates and chromosome sizes on GRCh38."""
        genes = self._store.read_frame(statements.GENE_LOCATIONS, assembly_id=GRCH38)
        (assembly,) = (row for row in self._store.read(statements.ASSEMBLIES) if row["assembly_id"] == GRCH38)
        sizes = dict(zip(assembly["chroms"], assembly["chrom_sizes"], strict=True))
        return Annotation(genes, self.names(annotation_ids), sizes)
