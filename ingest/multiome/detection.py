"""In how many cells of a context a gene is seen."""

import numpy as np
import pandas as pd

from graph.tables import DETECTIONS
from ingest.multiome.contexts import Contexts
from ingest.multiome.selection import Selection


def detections(counts: Selection, gene_ids: pd.Index, contexts: Contexts, *, limit: int) -> pd.DataFrame:
    """Return `DETECTIONS` rows for each gene and context with at least one count.

    Parameters
    ----------
    counts
        (num_cells, num_genes), raw counts, in the order of the contexts' cells.
    limit
        How many entries are in memory at once; besides 12 bytes for each pair of a context and a gene.

    Notes
    -----
    `detection_rate` is the share of the context's cells with a count (0 to 1], `mean_count` counts a cell.
    """
    shape = (len(contexts.records), len(gene_ids))
    totals, num_cells = np.zeros(shape, dtype=np.float64), np.zeros(shape, dtype=np.int32)
    membership = contexts.membership.astype(np.float64).tocsc()
    first = 0
    for part in counts.blocks(limit):
        members = membership[:, first : first + part.shape[0]]
        totals += (members @ part).toarray()
        part.data = np.ones_like(part.data)
        num_cells += (members @ part).toarray().astype(np.int32)
        first += part.shape[0]
    rows, columns = np.nonzero(totals)
    sizes = np.array([record.num_cells for record in contexts.records])
    context_ids = np.array([record.context_id for record in contexts.records], dtype=object)
    seen = num_cells[rows, columns].astype(np.int64)
    table = pd.DataFrame(
        {
            "source": gene_ids.to_numpy()[columns],
            "target": context_ids[rows],
            "num_cells": seen,
            "detection_rate": seen / sizes[rows],
            "mean_count": totals[rows, columns] / sizes[rows],
        }
    )
    return table[list(DETECTIONS.columns)]
