"""In how many cells of a context a gene is seen."""

import numpy as np
import pandas as pd
from scipy import sparse

from graph.tables import DETECTIONS
from ingest.multiome.contexts import Contexts


def detections(counts: sparse.csr_matrix, gene_ids: pd.Index, contexts: Contexts) -> pd.DataFrame:
    """Return `DETECTIONS` rows for each gene and context with at least one count.

    Parameters
    ----------
    counts
        (num_cells, num_genes), raw counts.

    Notes
    -----
    `detection_rate` is the share of the context's cells with a count (0 to 1], `mean_count` counts a cell.
    """
    seen = counts.copy()
    seen.eliminate_zeros()
    totals = (contexts.membership.astype(np.float64) @ seen.astype(np.float64)).tocoo()
    seen.data = np.ones_like(seen.data)
    num_cells = (contexts.membership @ seen).tocsr()
    sizes = np.array([record.num_cells for record in contexts.records])
    context_ids = np.array([record.context_id for record in contexts.records], dtype=object)
    cells = np.asarray(num_cells[totals.row, totals.col]).ravel().astype(np.int64)
    rows = pd.DataFrame(
        {
            "source": gene_ids.to_numpy()[totals.col],
            "target": context_ids[totals.row],
            "num_cells": cells,
            "detection_rate": cells / sizes[totals.row],
            "mean_count": totals.data / sizes[totals.row],
        }
    )
    return rows[list(DETECTIONS.columns)]
