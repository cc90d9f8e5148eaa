"""The sources that cisgraph knows, in the order of loading; human before mouse within a stage."""

from collections.abc import Sequence

from graph.errors import NotFoundError
from ingest.source import SourceSpec
from ingest.sources import (
    annotation,
    chip_targets,
    collectri,
    dorothea,
    epifactors,
    gene_sets,
    hgnc,
    mgi,
    orthologs,
    regulators,
    tf_families,
    trrust,
)

SOURCES: Sequence[SourceSpec] = (
    annotation.ENSEMBL_SPEC,
    annotation.ENSEMBL_MOUSE_SPEC,
    hgnc.SPEC,
    mgi.SPEC,
    regulators.LAMBERT_SPEC,
    regulators.PYSCENIC_MOUSE_SPEC,
    epifactors.SPEC,
    epifactors.MOUSE_SPEC,
    tf_families.SPEC,
    tf_families.MOUSE_SPEC,
    dorothea.SPEC,
    dorothea.MOUSE_SPEC,
    trrust.SPEC,
    trrust.MOUSE_SPEC,
    collectri.SPEC,
    collectri.MOUSE_SPEC,
    chip_targets.ENCODE_SPEC,
    chip_targets.ENCODE_MOUSE_SPEC,
    chip_targets.CHEA_SPEC,
    chip_targets.CHEA_MOUSE_SPEC,
    gene_sets.GO_BP_SPEC,
    gene_sets.REACTOME_SPEC,
    gene_sets.PATHWAYS_SPEC,
    gene_sets.HALLMARK_SPEC,
    orthologs.HUMAN_MOUSE_SPEC,
)
"""Those that are shipped."""

OTHER_SOURCES: Sequence[SourceSpec] = (annotation.ENSEMBL_GRCM38_SPEC, regulators.PYSCENIC_HUMAN_SPEC)
"""Those whose files a user brings."""


def source_named(source_id: str) -> SourceSpec:
    """Return the source with this id.

    Raises
    ------
    NotFoundError
        If there is none; the known ones are named.
    """
    known = (*SOURCES, *OTHER_SOURCES)
    for spec in known:
        if spec.source_id == source_id:
            return spec
    raise NotFoundError(f"no source {source_id!r}", suggestions=[spec.source_id for spec in known])
