"""How much memory the training of stage 1 takes, known before it starts, and how it is made to fit."""

import math
from dataclasses import dataclass

import numpy as np

from graph.errors import ResourceError
from model.epiaware.config import BackboneConfig
from model.epiaware.neighbours import AttentionGraph
from model.epiaware.pooling import EMBED_BATCH
from model.memory import USABLE

FLOAT_BYTES, INDEX_BYTES = 4, 8
PARAMETER_COPIES = 6
"""Weights, gradients, two moments of AdamW, the best weights, and what a step needs in passing."""

SMALLER = "take fewer candidates (a smaller window), a smaller d or num_blocks, or fewer genes"

KERNEL_BYTES = 55 * 2**20
"""The compiled attention and its compiler, once a process; measured."""

GENE_STATES, FEED_FORWARD_STATES, DISTINCT_STATES = 22, 8, 14
"""Tensors of width d that a block keeps for its backward pass, for a gene in a metacell (attention, then
feed-forward) and for a distinct token (key, value, and the feed-forward of peaks); gradients included.
Measured growth of four trainings (MiB; foreseen in brackets): 76 (74), 104 (122), 94 (101), 273 (267)."""

HOLES = 3
"""What the C library holds for what was in use at once: between batches of many sizes it keeps holes."""

POOLING_STATES = 6
"""Tensors of width d for a token of a metacell whose genes all are embedded at once."""


@dataclass(frozen=True)
class TrainingMemory:
    """What training needs, in bytes.

    Parameters
    ----------
    fixed
        Whatever the batch.
    per_batch
        For a batch of any size: the tokens without counts, which all its metacells share.
    per_metacell
        For each of its metacells.
    """

    fixed: int
    per_batch: int
    per_metacell: int

    def of(self, batch: int) -> int:
        """Bytes with so many metacells at a time."""
        return self.fixed + self.per_batch + batch * self.per_metacell


def foresee_memory(
    graph: AttentionGraph, *, config: BackboneConfig, densities: tuple[float, float]
) -> TrainingMemory:
    """What one process needs, from the receptive field of a typical batch.

    Parameters
    ----------
    densities
        Share of the genes, and of the peaks, that have counts in a metacell.
    """
    generator = np.random.default_rng(0)
    num_hidden = max(1, round(config.mask_rate * graph.num_genes))
    targets = np.sort(generator.choice(graph.num_genes, size=num_hidden, replace=False))
    field = graph.receptive_field(targets, num_blocks=config.num_blocks)
    num_inputs, num_peaks = field.genes.numel(), field.peaks.numel()
    shared = (num_inputs + num_peaks) * DISTINCT_STATES * config.d
    own = (num_inputs * densities[0] + num_peaks * densities[1]) * DISTINCT_STATES * config.d
    places = num_inputs + num_peaks
    for number, block in enumerate(field.blocks):
        num_genes, num_peaks = block.kept_genes.numel(), block.kept_peaks.numel()
        num_edges = block.gene_edges.shape[1] + block.near_edges.shape[1]
        own += num_genes * (GENE_STATES + FEED_FORWARD_STATES) * config.d + 2 * num_edges * config.num_heads
        if number > 0:
            own += num_inputs * 4 * config.d + num_peaks * densities[1] * DISTINCT_STATES * config.d
            shared += num_peaks * DISTINCT_STATES * config.d
        num_inputs, places = num_genes, places + num_genes + num_peaks
    num_parameters = (graph.num_genes + graph.num_peaks) * config.d + config.num_blocks * 24 * config.d**2
    return TrainingMemory(
        fixed=KERNEL_BYTES + FLOAT_BYTES * PARAMETER_COPIES * num_parameters,
        per_batch=FLOAT_BYTES * shared,
        per_metacell=int(FLOAT_BYTES * own + INDEX_BYTES * places),
    )


def whole_memory(
    need: TrainingMemory, graph: AttentionGraph, *, config: BackboneConfig, batch: int, num_contexts: int
) -> int:
    """Return the bytes that this process takes from the system to train, and to embed the contexts then.

    Measured (foreseen in brackets): .98 GB (1.5) for 11,254 genes and their peaks in 5 contexts, .46 GB (1.0)
    for 5,608.
    """
    tokens = (graph.num_genes + graph.num_peaks) * config.d
    return HOLES * need.of(batch) + FLOAT_BYTES * tokens * (EMBED_BATCH * POOLING_STATES + num_contexts)


def fit_parts(need: TrainingMemory, *, batch: int, available: int) -> int:
    """Parts that a step of `batch` metacells is computed in, one after the other, to stay within memory.

    The parts change neither the steps nor, but for rounding and dropout, the figures.

    Parameters
    ----------
    available
        Bytes.

    Raises
    ------
    ResourceError
        Not even one metacell at a time fits.
    """
    room = USABLE * available - need.of(0)
    at_once = math.floor(room / need.per_metacell)
    if at_once < 1:
        raise ResourceError(
            f"stage 1 needs {need.of(1) / 1e9:.2f} GB with one metacell at a time (weights and kernels "
            f"{need.fixed / 1e9:.2f} GB, tokens {(need.per_batch + need.per_metacell) / 1e9:.2f} GB); "
            f"{USABLE * available / 1e9:.2f} GB of {available / 1e9:.2f} GB free may be used",
            hint=SMALLER,
        )
    return math.ceil(batch / min(batch, at_once))
