"""Stage 1 from counts to embeddings: split, start, train, judge on held-out metacells, pool by context."""

import hashlib
import json
import math
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch

from graph.progress import Progress, silent
from model.epiaware.backbone import Backbone
from model.epiaware.candidates import Candidates, check_candidates
from model.epiaware.config import BackboneConfig
from model.epiaware.fitted import FittedBackbone
from model.epiaware.judging import held_out_batches, judge, negative_log_likelihood
from model.epiaware.masking import HiddenBatch, TrainingBatches
from model.epiaware.memory import fit_parts, foresee_memory, whole_memory
from model.epiaware.pooling import contexts_of, pool
from model.epiaware.split import Split, split_metacells
from model.epiaware.start import Start, begin
from model.memory import available_memory
from model.metacells import Metacells
from model.training import Epoch, ResumePoint, TrainingPlan, train

STOP_FOLDS = 2
"""Sets of hidden genes that the early stopping looks at after each pass; the reported figures use all."""


@dataclass(frozen=True)
class _Training:
    """All that a training needs.

    Parameters
    ----------
    parts
        Batches that a step is computed in, by each device.
    """

    start: Start
    split: Split
    config: BackboneConfig
    seed: int
    parts: int


def fit_backbone(
    data: Candidates,
    metacells: Metacells,
    *,
    config: BackboneConfig | None = None,
    seed: int = 42,
    progress: Progress = silent,
    resume_dir: Path | None = None,
) -> FittedBackbone:
    """A trained backbone, its embeddings by context, and its held-out figures beside those of the baseline.

    Everything fitted, the baseline and the nearest genes included, is fitted on the training metacells. A
    batch that does not fit into memory is computed in parts, which `progress` is told.

    Parameters
    ----------
    metacells
        Or cells: `make_metacells` with `cells_each=1`.
    resume_dir
        Where training leaves its state after every pass; killed and called again with the same arguments, it
        goes on from there to the same figures. Nothing stays there when it is done. None keeps no state.

    Raises
    ------
    InputError
        The candidates do not fit the counts, or there are too few metacells to hold some out.
    ResourceError
        Not even one metacell at a time fits into memory.

    References
    ----------
    EpiAwareNet, arXiv:2606.00685.
    """
    config = config or BackboneConfig()
    check_candidates(data, metacells)
    split = split_metacells(metacells.labels, config=config, seed=seed)
    resume = None
    if resume_dir is not None:
        resume = ResumePoint(resume_dir, fingerprint(data, metacells, config=config, seed=seed))
    contexts = contexts_of(metacells.labels)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        start = begin(data, metacells, train=split.train, config=config, seed=seed)
        parts = _parts(start, config=config, num_contexts=len(contexts), progress=progress)
        epochs = _train(_Training(start, split, config, seed, parts), progress=progress, resume=resume)
    held_out, baseline = judge(start, split.held_out, config=config, seed=seed, parts=parts)
    return FittedBackbone(
        config=config,
        parameters={name: value.detach() for name, value in start.model.state_dict().items()},
        contexts=pool(start.model, start.measurements, start.graph, contexts=contexts, progress=progress),
        history=epochs,
        held_out_nll=held_out,
        baseline_nll=baseline,
    )


def _parts(start: Start, *, config: BackboneConfig, num_contexts: int, progress: Progress) -> int:
    """Batches that a step is computed in, by each device: one where memory is enough."""
    batch = math.ceil(config.batch / config.devices)
    if config.accelerator != "cpu":
        return 1  # the memory of an accelerator is not this machine's
    counts = start.measurements.rna, start.measurements.atac
    densities = [x.nnz / max(1, x.shape[0] * x.shape[1]) for x in counts]
    need = foresee_memory(start.graph, config=config, densities=(densities[0], densities[1]))
    available = available_memory() // config.devices
    parts = fit_parts(need, batch=batch, available=available)
    at_once = math.ceil(batch / parts)
    if parts > 1:
        needed = need.of(batch) / 1e9
        progress(
            f"{batch} metacells of stage 1 at a time need {needed:.1f} GB, so {at_once} are computed at once"
        )
    whole = whole_memory(need, start.graph, config=config, batch=at_once, num_contexts=num_contexts)
    progress(f"stage 1 takes at most {whole / 1e9:.1f} GB of {available / 1e9:.1f} GB free", None)
    return parts


def fingerprint(data: Candidates, metacells: Metacells, *, config: BackboneConfig, seed: int) -> str:
    """Return the hash of all that decides a training."""
    found = hashlib.sha256(json.dumps([asdict(config), seed], sort_keys=True).encode())
    counts = [
        getattr(x, part) for x in (metacells.rna, metacells.atac) for part in ("data", "indices", "indptr")
    ]
    for array in (*counts, data.near_index, np.asarray(data.near_distance)):
        found.update(repr((array.shape, str(array.dtype))).encode())
        found.update(np.ascontiguousarray(array).data)
    found.update("\n".join(metacells.labels.tolist()).encode())
    return f"stage1-{found.hexdigest()[:24]}"


def _train(training: _Training, *, progress: Progress, resume: ResumePoint | None) -> tuple[Epoch, ...]:
    start, config = training.start, training.config
    batches = TrainingBatches(
        start.measurements,
        start.graph,
        training.split.train,
        config.batch,
        mask_rate=config.mask_rate,
        num_blocks=config.num_blocks,
        generator=np.random.default_rng(training.seed),
        parts=training.parts * config.devices,
    )
    stop = held_out_batches(
        start,
        training.split.stop,
        config=config,
        seed=training.seed,
        num_folds=STOP_FOLDS,
        parts=training.parts * config.devices,
    )
    return train(
        start.model,
        partial(_loss, start.model),
        batches=batches,
        held_out=stop,
        plan=_plan(config, parts=training.parts),
        progress=progress,
        resume=resume,
    )


def _plan(config: BackboneConfig, *, parts: int) -> TrainingPlan:
    return TrainingPlan(
        max_epochs=config.max_epochs,
        learning_rate=config.learning_rate,
        weight_decay=config.weight_decay,
        patience=config.patience,
        accelerator=config.accelerator,
        devices=config.devices,
        accumulate=parts,
        precision=config.precision,
        message="stage 1",
    )


def _loss(model: Backbone, batch: HiddenBatch) -> torch.Tensor:
    return batch.weight * negative_log_likelihood(model, batch)
