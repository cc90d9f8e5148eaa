"""Matrix factorisation of the training edges: a low-rank guess of who else regulates whom."""

import numpy as np
import scipy.sparse as sp
from sklearn.decomposition import TruncatedSVD

from model.baselines.contract import Baseline, Given, Scores, training_source

RANK = 16


def score(given: Given, seed: int) -> Scores:
    """Return the low-rank reconstruction of the degree-normalised training edges.

    Rank 16, or a quarter of the smaller side: more would repeat the training edges, not complete them.

    Both sides are scaled by one over the root of their degree, so that the first factors are not fame alone.

    References
    ----------
    Koren et al. 2009, doi:10.1109/MC.2009.263
    """
    known = sp.csr_array(given.universe.mask(given.view.train), dtype=np.float64)
    outward, inward = (np.maximum(known.sum(axis=axis), 1) for axis in (1, 0))
    scaled = sp.csr_matrix(sp.diags(outward**-0.5) @ known @ sp.diags(inward**-0.5))
    rank = min(RANK, max(min(known.shape) // 4, 1))
    if rank >= min(known.shape) or known.nnz == 0:
        return np.zeros(known.shape, dtype=np.float32)
    svd = TruncatedSVD(rank, random_state=seed)
    return np.asarray(svd.fit_transform(scaled) @ svd.components_, dtype=np.float32)


BASELINE = Baseline(name="factorisation", score=score, learns=True, sources=training_source)
