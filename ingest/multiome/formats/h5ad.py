"""AnnData's .h5ad: one matrix, of one or of several kinds of features."""

from collections.abc import Sequence
from pathlib import Path

from ingest.multiome.formats.anndata_group import read_group
from ingest.multiome.formats.stored import opened, reading
from ingest.multiome.matrix import Matrix


def read_h5ad(path: Path, *, layer: str = "") -> Sequence[Matrix]:
    """Return the one matrix of the file.

    Raises
    ------
    InputError
        If the file is damaged, or has no such layer.
    """
    with reading(path), opened(path) as root:
        return [read_group(root, path, layer=layer)]
