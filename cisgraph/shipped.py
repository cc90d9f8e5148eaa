"""What holds for the data that cisgraph ships."""

from collections.abc import Mapping
from pathlib import Path

from graph.validation.seeds import REPORTED_SEED

DEMO_DIR = Path(__file__).resolve().parents[1] / "demo"
DATASETS = ("snareseq_celllines", "scicar_a549")
SEED = REPORTED_SEED

_CHIP_CONTEXTS: Mapping[str, Mapping[str, str]] = {"scicar_a549": {"A549": "all"}}


def chip_contexts(dataset_id: str) -> Mapping[str, str]:
    """Return which context ChIP-seq of a cell type judges, where the two have different names.

    The A549 cells are one line at three times: ChIP-seq of the line judges them all.
    """
    return _CHIP_CONTEXTS.get(dataset_id, {})
