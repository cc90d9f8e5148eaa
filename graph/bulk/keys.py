"""Which nodes the ends of relationships are, by label, and by table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.schema import Label, RelationshipType

KEYS: Mapping[str, str] = {
    Label.ASSEMBLY: "assembly_id",
    Label.COMPLEX: "complex_id",
    Label.CONTEXT: "context_id",
    Label.DATASET: "dataset_id",
    Label.GENE: "gene_id",
    Label.GENE_SET: "set_id",
    Label.PEAK: "peak_id",
    Label.RELEASE: "release_id",
    Label.RUN: "run_id",
    Label.SOURCE: "source_id",
}
"""Property that identifies a node, by label; it is the id space of the import, too."""


@dataclass(frozen=True)
class Ends:
    """Labels of the two ends of a table's relationships."""

    source: Label
    target: Label


ENDS: Mapping[str, Ends] = {
    RelationshipType.PRIOR: Ends(Label.REGULATOR, Label.GENE),
    RelationshipType.CHIP_TARGET: Ends(Label.REGULATOR, Label.GENE),
    RelationshipType.LOCATED_ON: Ends(Label.GENE, Label.ASSEMBLY),
    RelationshipType.BINDS: Ends(Label.REGULATOR, Label.PEAK),
    RelationshipType.MEMBER_OF: Ends(Label.GENE, Label.GENE_SET),
    RelationshipType.ORTHOLOG_OF: Ends(Label.GENE, Label.GENE),
    RelationshipType.NEAR: Ends(Label.GENE, Label.PEAK),
    RelationshipType.DETECTED_IN: Ends(Label.GENE, Label.CONTEXT),
    RelationshipType.LINKED: Ends(Label.GENE, Label.PEAK),
    RelationshipType.REGULATES: Ends(Label.REGULATOR, Label.GENE),
    RelationshipType.BASELINE: Ends(Label.REGULATOR, Label.GENE),
    RelationshipType.HAS_LAG: Ends(Label.GENE, Label.CONTEXT),
}
"""Ends by the name of the table; they are those that the statements of `graph.cypher.create` match."""


def key_label(labels: Sequence[str]) -> str | None:
    """Return the label whose key identifies a node; None if it is none of ours."""
    return next((label for label in labels if label in KEYS), None)


def space(label: str) -> str:
    """Return the id space of a label: a regulator is a gene."""
    return Label.GENE if label == Label.REGULATOR else label
