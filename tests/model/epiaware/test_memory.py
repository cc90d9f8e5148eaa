import gc
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import psutil
import pytest
import scipy.sparse as sp
import torch

from graph.errors import ResourceError
from model.epiaware.ablation import CandidateSet
from model.epiaware.config import BackboneConfig
from model.epiaware.judging import held_out_batches, negative_log_likelihood
from model.epiaware.memory import KERNEL_BYTES, TrainingMemory, fit_parts, foresee_memory, whole_memory
from model.epiaware.neighbours import AttentionGraph
from model.epiaware.start import begin
from model.metacells import Metacells

NEED = TrainingMemory(fixed=300, per_batch=100, per_metacell=50)


def graph(num_genes, peaks_each):
    neighbours = (np.arange(num_genes)[:, None] + np.arange(4)) % num_genes
    gene = np.repeat(np.arange(num_genes), peaks_each)
    return AttentionGraph(neighbours, np.stack([gene, np.arange(gene.size)]), gene.size)


@pytest.mark.parametrize(("available", "parts"), [(1_000, 1), (999, 2), (750, 2), (625, 4), (563, 8)])
def test_a_batch_is_computed_in_as_few_parts_as_fit(available, parts):
    assert fit_parts(NEED, batch=8, available=available) == parts


def test_what_does_not_fit_one_by_one_is_refused_with_the_numbers():
    with pytest.raises(ResourceError, match=r"0\.00 GB.*free") as error:
        fit_parts(NEED, batch=8, available=500)
    assert "fewer candidates" in error.value.hint


@pytest.mark.parametrize("change", [{"d": 64}, {"num_blocks": 2}])
def test_a_larger_model_needs_more(change):
    small, large = (
        foresee_memory(graph(200, 5), config=BackboneConfig(**asked), densities=(0.2, 0.05))
        for asked in ({}, change)
    )
    assert small.fixed < large.fixed
    assert small.per_metacell < large.per_metacell


def test_memory_grows_no_faster_than_genes_and_peaks():
    sizes = [
        foresee_memory(graph(genes, 5), config=BackboneConfig(), densities=(0.2, 0.05)).of(8) - KERNEL_BYTES
        for genes in (400, 800)
    ]
    assert sizes[1] / sizes[0] == pytest.approx(2, rel=0.1)


def test_the_whole_of_stage_1_needs_more_than_a_step_and_grows_with_the_contexts():
    one, five = (
        whole_memory(NEED, graph(200, 5), config=BackboneConfig(), batch=4, num_contexts=number)
        for number in (1, 5)
    )
    assert NEED.of(4) < one < five


def made_counts(num_metacells, num_features, rate, *, seed):
    return sp.random(
        num_metacells, num_features, rate, format="csr", dtype=np.float32, random_state=seed,
        data_rvs=lambda size: np.ones(size, dtype=np.float32),
    )  # fmt: skip


def train_and_tell(num_genes, peaks_each, d, num_blocks, batch):
    """Print what was foreseen of a few steps, and by how much they let this process grow."""
    torch.set_num_threads(1)
    config = BackboneConfig(d=d, num_blocks=num_blocks, batch=batch)
    rows = np.arange(4 * batch)
    near = graph(num_genes, peaks_each).near_index
    data = CandidateSet(near, np.ones(near.shape[1]))
    rna = made_counts(rows.size, num_genes, 0.2, seed=0)
    atac = made_counts(rows.size, num_genes * peaks_each, 0.05, seed=1)
    cells = Metacells(rna, atac, np.full(rows.size, "a"), rows, np.ones_like(rows))
    start = begin(data, cells, train=rows, config=config, seed=0)
    need = foresee_memory(start.graph, config=config, densities=(0.2, 0.05)).of(batch)
    gc.collect()
    before = psutil.Process().memory_info().rss
    optimizer = torch.optim.AdamW(start.model.parameters())
    for hidden in held_out_batches(start, rows, config=config, seed=0, num_folds=2):
        optimizer.zero_grad()
        negative_log_likelihood(start.model, hidden).backward()
        optimizer.step()
    best = [x.detach().clone() for x in start.model.parameters()]
    # The peak of this process; what getrusage tells begins with the parent's.
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    highest = int(status.split("VmHWM:")[1].split()[0]) * 1024
    sys.stdout.write(f"{need} {highest - before} {len(best)}")


@pytest.mark.slow
@pytest.mark.parametrize("size", [(1_000, 8, 32, 1, 8), (2_000, 12, 32, 1, 16), (1_000, 18, 64, 2, 8)])
def test_what_is_foreseen_is_what_training_takes(size):
    code = f"import runpy; runpy.run_path({__file__!r}, run_name='measured')['train_and_tell'](*{size!r})"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-W", "ignore", "-c", code]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    foreseen, measured = (int(x) for x in told.stdout.split()[-3:-1])
    assert measured / 2 < foreseen < 2 * measured
