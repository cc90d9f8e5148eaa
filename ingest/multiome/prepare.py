"""Files of an experiment -> a checked data set; the graph is not touched, and neither are its files."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from graph.progress import Progress, silent
from ingest.multiome.annotation import Annotation
from ingest.multiome.candidates import candidates
from ingest.multiome.contexts import Contexts, contexts_of
from ingest.multiome.detection import detections
from ingest.multiome.matching import Matched, match
from ingest.multiome.measuring import Controlled, control, select
from ingest.multiome.memory import require_memory
from ingest.multiome.modalities import Inputs
from ingest.multiome.prepared import Prepared
from ingest.multiome.quality import Thresholds
from ingest.multiome.selection import block_limit
from ingest.multiome.spec import DatasetSpec, Kind

_TITLES: Mapping[Kind, str] = {"rna": "RNA", "atac": "ATAC", "protein": "protein"}


def prepare(
    spec: DatasetSpec,
    inputs: Inputs,
    annotation: Annotation,
    *,
    scratch: Path,
    progress: Progress = silent,
) -> Prepared:
    """Return the data set, checked; only counts that a file has not cell by cell are written, to `scratch`.

    Raises
    ------
    InputError
        If a file, its counts, barcodes, peaks, assembly, contexts or time points are not what is expected.
    ResourceError
        If the machine has less memory left than it takes.
    """
    limit = block_limit(spec.memory_mb)
    memory = require_memory(inputs, limit=limit)
    progress(f"matching the files of {spec.name}: {memory}")
    matched = match(spec, inputs, annotation)
    progress(f"checking the counts of {spec.name}: {matched.cells.num_cells:,} cells")
    matrices = select(inputs, matched, scratch=scratch, limit=limit)
    controlled = control(matrices, annotation, spec.thresholds, limit=limit)
    obs = matched.obs[controlled.kept]
    contexts = contexts_of(obs, dataset_id=spec.dataset_id, column=spec.context_column, file=inputs.title)
    near = _near(annotation, matched.assembly, controlled)
    rna = controlled.matrices["rna"]
    placement = matched.placement
    return Prepared(
        obs=obs,
        matrices=controlled.matrices,
        assembly=matched.assembly,
        contexts=contexts,
        near=near,
        detections=detections(rna.selection, rna.var.index, contexts, limit=limit),
        rates=placement.rates if placement else {},
        lifted_from=placement.lifted_from if placement else "",
        rejected=matched.genes.rejected,
        counts=_account(inputs, matched, controlled, contexts=contexts, near=near),
        notes=_notes(inputs, spec.thresholds, memory=memory),
        limit=limit,
    )


def _near(annotation: Annotation, assembly: str, controlled: Controlled) -> pd.DataFrame:
    genes = annotation.on(assembly)
    genes = genes[genes["gene_id"].isin(controlled.matrices["rna"].var.index)]
    if "atac" not in controlled.matrices:
        peaks = pd.DataFrame(columns=pd.Index(["peak_id", "chrom", "start", "end"]))
    else:
        peaks = controlled.matrices["atac"].var.reset_index()
    return candidates(genes, peaks)


def _account(
    inputs: Inputs, matched: Matched, controlled: Controlled, *, contexts: Contexts, near: pd.DataFrame
) -> dict[str, int]:
    placement, matrices = matched.placement, controlled.matrices
    lonely = zip(inputs.parts, matched.cells.num_only, strict=True)
    return {
        "cells": int(controlled.kept.sum()),
        **{f"cells with {_TITLES[kind]} only": number for kind, number in lonely},
        "cells without a label": contexts.num_unlabelled,
        **controlled.dropped,
        "contexts": len(contexts.records),
        "genes": len(matrices["rna"].var),
        "gene columns summed": matched.genes.num_summed,
        "gene columns rejected": len(matched.genes.rejected),
        **({"peaks": len(matrices["atac"].var), **placement.lost} if placement else {}),
        **({"proteins": len(matrices["protein"].var)} if "protein" in matrices else {}),
        "features of other kinds": inputs.num_other,
        "genes with a candidate peak": int(near["source"].nunique()),
    }


def _notes(inputs: Inputs, thresholds: Thresholds, *, memory: str) -> dict[str, str]:
    taken = {
        f"{_TITLES[kind]} counts": f"{part.matrix.place} of {part.title}"
        for kind, part in inputs.parts.items()
    }
    held = ", ".join(f"{name} {value}" for name, value in asdict(thresholds).items() if value is not None)
    return {**taken, "thresholds": held, "memory": memory}
