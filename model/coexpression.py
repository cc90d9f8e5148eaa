"""Co-variation of regulators and genes over metacells."""

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy import stats

Floats = npt.NDArray[np.float32]
SIGN_P = 0.001
"""Two-sided p value below which a co-variation has a sign."""


def pearson(rna: sp.csr_matrix, regulator_gene: npt.NDArray[np.int64]) -> Floats:
    """Return Pearson r of log-normalised expression, `(num_regulators, num_genes)`.

    Parameters
    ----------
    rna
        Raw counts `(num_metacells, num_genes)`.
    regulator_gene
        `(num_regulators,)` column of each regulator, -1 for none: its row is 0, as are constant genes.
    """
    size = np.asarray(rna.sum(axis=1), dtype=np.float64).clip(min=1)
    x = np.log1p(rna.toarray() / size.reshape(-1, 1) * 1e4)  # (metacells, genes)
    x -= x.mean(axis=0)
    norm = np.linalg.norm(x, axis=0)
    # What is left of a constant column is rounding.
    unit = (x / np.where(norm > 1e-9, norm, np.inf)).astype(np.float32)
    r = unit[:, regulator_gene].T @ unit
    r[regulator_gene < 0] = 0.0
    return np.asarray(r, dtype=np.float32)


def pearson_sign(r: Floats, *, num_metacells: int) -> npt.NDArray[np.int8]:
    """Return the sign of each r whose Fisher z is beyond chance (p < .001), else 0."""
    threshold = stats.norm.isf(SIGN_P / 2) / np.sqrt(max(num_metacells - 3, 1))
    z = np.arctanh(np.clip(r, -0.999999, 0.999999))
    return np.where(np.abs(z) > threshold, np.sign(r), 0).astype(np.int8)
