"""The sources that cisgraph knows, in the order of loading."""

from collections.abc import Sequence

from graph.errors import NotFoundError
from ingest.source import SourceSpec, Stage
from ingest.sources import annotation, chip_targets, collectri, dorothea, regulators, tf_families, trrust

SOURCES: Sequence[SourceSpec] = (
    annotation.ENSEMBL_SPEC,
    annotation.HGNC_SPEC,
    regulators.LAMBERT_SPEC,
    regulators.EPIFACTORS_SPEC,
    tf_families.SPEC,
    dorothea.SPEC,
    trrust.SPEC,
    collectri.SPEC,
    chip_targets.SPEC,
)

_BEFORE: dict[Stage, tuple[Stage, ...]] = {
    "annotation": (),
    "regulators": ("annotation",),
    "evidence": ("annotation", "regulators"),
}


def source_named(source_id: str) -> SourceSpec:
    """Return the source with this id.

    Raises
    ------
    NotFoundError
        If there is none; the known ones are named.
    """
    for spec in SOURCES:
        if spec.source_id == source_id:
            return spec
    raise NotFoundError(f"no source {source_id!r}", suggestions=[spec.source_id for spec in SOURCES])


def required_before(spec: SourceSpec) -> list[str]:
    """Return the ids of the sources whose content decides how this one is read."""
    return [other.source_id for other in SOURCES if other.stage in _BEFORE[spec.stage]]
