"""A training that is killed, or spread over processes, comes to the figures of one that is not."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import scipy.sparse as sp
import torch

from model.epiaware import fit
from model.epiaware.config import BackboneConfig
from model.epiaware.fit import fit_backbone
from model.metacells import Metacells

CONFIG = BackboneConfig(d=8, num_heads=2, num_neighbours=4, learning_rate=1e-2, max_epochs=4, patience=4)
UNDROPPED = replace(CONFIG, dropout=0.0, max_epochs=2)


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Sums in the same order in every process."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def tiny_cells():
    generator = np.random.default_rng(0)
    openness = generator.normal(size=(44, 24))
    atac, rna = generator.poisson(np.exp(openness)), generator.poisson(np.exp(1 + openness[:, ::2]))
    labels, ones = np.repeat(["a", "b"], 22), np.ones(44, dtype=np.int64)
    metacells = Metacells(sp.csr_matrix(rna), sp.csr_matrix(atac), labels, np.arange(44), ones)
    near = np.stack([np.repeat(np.arange(12), 2), np.arange(24)])
    return SimpleNamespace(near_index=near, near_distance=np.tile([500, 9000], 12)), metacells


RUN = """
import json, os, signal, sys
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
import torch
spec = spec_from_file_location("resuming", sys.argv[1])
resuming = module_from_spec(spec)
sys.modules["resuming"] = resuming
spec.loader.exec_module(resuming)
if __name__ == "__main__":
    getattr(resuming, sys.argv[2])(*map(Path, sys.argv[3:]))
"""


def run(tmp_path, name, *arguments):
    script = tmp_path / "run.py"
    script.write_text(RUN)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-W", "ignore", script, __file__, name, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def fit_and_die(folder):
    """Kill this process without a word in the third pass."""
    told = []

    def kill(message, fraction=None):
        told.append(message)
        if sum("loss" in line for line in told) == 3:
            os.kill(os.getpid(), signal.SIGKILL)

    fit_backbone(*tiny_cells(), config=CONFIG, seed=3, progress=kill, resume_dir=folder)


def assert_same(found, expected):
    assert found.history == expected.history
    assert (found.held_out_nll, found.baseline_nll) == (expected.held_out_nll, expected.baseline_nll)
    assert all(torch.equal(found.parameters[name], x) for name, x in expected.parameters.items())
    assert (found.embed() == expected.embed()).all()


@pytest.mark.slow
def test_a_killed_training_goes_on_to_the_same_figures_and_weights(tmp_path):
    folder, told = tmp_path / "state", []
    killed = run(tmp_path, "fit_and_die", folder)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert len(list(folder.glob("*.ckpt"))) == 1

    def tell(message, fraction=None):
        told.append(message)

    data, metacells = tiny_cells()
    resumed = fit_backbone(data, metacells, config=CONFIG, seed=3, progress=tell, resume_dir=folder)
    assert sum("loss" in message for message in told) == 2  # the third pass again, and the fourth
    assert_same(resumed, fit_backbone(data, metacells, config=CONFIG, seed=3))
    assert list(folder.iterdir()) == []


def test_what_another_training_left_is_not_gone_on_with(tmp_path):
    data, metacells = tiny_cells()
    config = replace(CONFIG, max_epochs=2)

    def stop(message, fraction=None):
        if fraction == 1:
            raise KeyboardInterrupt

    with pytest.raises((KeyboardInterrupt, SystemExit)):
        fit_backbone(data, metacells, config=config, seed=1, progress=stop, resume_dir=tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    found = fit_backbone(data, metacells, config=config, seed=2, resume_dir=tmp_path)
    assert_same(found, fit_backbone(data, metacells, config=config, seed=2))
    assert len(list(tmp_path.iterdir())) == 1  # the other's


class SpyingBatches:
    """Writes the weights that each process has at the start of each held-out pass."""

    def __init__(self, batches, model, folder, rank=0):
        self.batches, self.model, self.folder, self.rank = batches, model, folder, rank

    def __len__(self):
        return len(self.batches)

    def __iter__(self):
        weights = [x.detach().ravel().tolist() for x in self.model.parameters()]
        path = self.folder / f"{self.rank}-{os.getpid()}-{len(list(self.folder.iterdir()))}.json"
        path.write_text(json.dumps(weights))
        yield from self.batches

    def shard(self, rank, num_ranks):
        return SpyingBatches(self.batches.shard(rank, num_ranks), self.model, self.folder, rank)


def fit_on_two(folder):
    """Figures of two processes as JSON; their weights on the way, by process."""
    made = fit.held_out_batches

    def spy(start, rows, **asked):
        return SpyingBatches(made(start, rows, **asked), start.model, folder)

    fit.held_out_batches = spy
    fitted = fit_backbone(*tiny_cells(), config=replace(UNDROPPED, devices=2), seed=3)
    figures = [fitted.held_out_nll, *(x for epoch in fitted.history for x in vars(epoch).values())]
    sys.stdout.write(json.dumps(figures))


@pytest.mark.slow
def test_two_processes_train_as_one_and_end_with_the_same_weights(tmp_path):
    folder = tmp_path / "weights"
    folder.mkdir()
    both = run(tmp_path, "fit_on_two", folder)
    assert both.returncode == 0, both.stderr
    figures = json.loads(both.stdout.splitlines()[-1])
    data, metacells = tiny_cells()
    one = fit_backbone(data, metacells, config=UNDROPPED, seed=3)
    expected = [one.held_out_nll, *(x for epoch in one.history for x in vars(epoch).values())]
    assert figures == pytest.approx(expected, abs=2e-4)
    by_rank = {rank: _weights_of(folder, rank) for rank in (0, 1)}
    assert len(by_rank[0]) == len(by_rank[1]) == 1 + UNDROPPED.max_epochs
    assert by_rank[0] == by_rank[1]
    assert by_rank[0][0] != by_rank[0][-1]


def _weights_of(folder: Path, rank: int):
    files = sorted(folder.glob(f"{rank}-*.json"), key=lambda path: path.stat().st_mtime_ns)
    return [json.loads(path.read_text()) for path in files]
