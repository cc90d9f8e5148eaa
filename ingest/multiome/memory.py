"""How much memory a data set takes while it is loaded: reckoned, said and compared before it is taken."""

import psutil

from graph.errors import ResourceError
from ingest.multiome.modalities import Inputs
from ingest.multiome.selection import BYTES_PER_ENTRY

_BYTES_PER_CELL = 1_500
_BYTES_PER_FEATURE = 2_500
"""Measured: names, `var`, intervals, the candidates of a gene and their way to the database."""
_BASE_BYTES = 400_000_000
"""The interpreter, its libraries, and what the names of genes mean."""


def expected_bytes(inputs: Inputs, *, limit: int) -> int:
    """Return what a load takes at most, with blocks of `limit` entries."""
    num_cells = sum(len(part.matrix.obs) for part in inputs.parts.values())
    num_features = sum(len(part.columns) for part in inputs.parts.values())
    longest = max(len(part.columns) for part in inputs.parts.values())
    block = max(limit, longest) * BYTES_PER_ENTRY
    return _BASE_BYTES + num_cells * _BYTES_PER_CELL + num_features * _BYTES_PER_FEATURE + block


def require_memory(inputs: Inputs, *, limit: int) -> str:
    """Return how much memory is taken for what, in words.

    Raises
    ------
    ResourceError
        If the machine has less than that left.
    """
    expected, available = expected_bytes(inputs, limit=limit), psutil.virtual_memory().available
    parts = ", ".join(
        f"{len(part.matrix.obs):,} cells x {len(part.columns):,} features with {part.matrix.num_stored:,} "
        "stored values"
        for part in inputs.parts.values()
    )
    said = f"{parts}, in blocks of {limit:,}: at most about {expected / 1e9:.1f} GB of memory"
    if expected > available:
        raise ResourceError(
            f"{said}, of which {available / 1e9:.1f} GB are free",
            hint="free memory, or take smaller blocks with `--memory-mb`",
        )
    return said
