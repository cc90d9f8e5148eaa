"""What the features of a pair may read besides the training edges: nothing here knows a label."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy import linalg

Planes = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
RIDGE_OF_ONE, RIDGE_OF_ALL = 100.0, 300.0
"""Strong penalties: on seeds 42-44 weaker ones lost up to .04 of swap AUROC."""


@dataclass(frozen=True)
class Content:
    """Vectors that say what genes are, of unit length or 0 where nothing is known.

    Parameters
    ----------
    genes
        `(num_genes, d)`, genes that the cells do not show included.
    regulators
        `(num_regulators, d)`, of the regulators' own genes.
    weight
        Its length beside the other contents, in (0, 1].
    """

    name: str
    genes: Planes
    regulators: Planes
    weight: float = 1.0


@dataclass(frozen=True)
class Kinship:
    """Which regulators are alike, `(num_regulators, num_regulators)`: at least 0, 0 on the diagonal.

    Parameters
    ----------
    weight
        Its share where all kinships are added up.
    """

    name: str
    alike: Planes
    weight: float = 0.5


@dataclass(frozen=True)
class SharedSets:
    """Membership in gene sets, weighted by how rare a set is.

    Parameters
    ----------
    regulators, genes
        csr `(num_regulators, num_sets)` and `(num_measured, num_sets)`.
    """

    name: str
    regulators: sp.csr_matrix
    genes: sp.csr_matrix


@dataclass(frozen=True)
class Bound:
    """ChIP-seq of the regulators themselves.

    Parameters
    ----------
    share
        `(num_regulators, num_measured)` share of a regulator's experiments that show the gene.
    popularity
        `(num_measured,)` mean share over all factors of the graph.
    shown
        `(num_regulators,)` whether a regulator has any experiment.
    """

    share: Planes
    popularity: Planes
    shown: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Cells:
    """What metacells show of the measured genes.

    Parameters
    ----------
    expression, activity
        `(num_metacells, num_measured)`, each column centred and of length 1: expression, and accessibility
        summed over the gene's candidate peaks.
    mean_expression, promoter, num_peaks
        `(num_measured,)` mean expression, accessibility within 5 kb, log number of candidate peaks.
    """

    expression: Planes
    activity: Planes
    mean_expression: Planes
    promoter: Planes
    num_peaks: Planes


class Smoother:
    """Ridge regression on vectors of genes, factorised once for all sets of edges.

    Parameters
    ----------
    x
        `(num_genes, d)`.
    """

    def __init__(self, x: Planes, *, penalty: float) -> None:
        self._x = x
        self._gram = linalg.cho_factor(x.T @ x + np.float32(penalty) * np.eye(x.shape[1], dtype=np.float32))

    def fitted(self, y: Planes, *, num: int) -> Planes:
        """Return the fitted values of y `(n, num_genes)` at the first `num` genes."""
        weights = linalg.cho_solve(self._gram, self._x.T @ y.T)  # (d, n)
        return np.asarray((self._x[:num] @ weights).T, dtype=np.float32)


@dataclass(frozen=True)
class PairInputs:
    """Everything that is known of regulators and genes without any label.

    Parameters
    ----------
    gene
        `(num_regulators,)` position of each regulator among the measured genes, -1 for none.
    num_genes, num_measured
        Genes that messages reach, and the first of them, which are scored.
    """

    gene: Integers
    num_genes: int
    num_measured: int
    contents: tuple[Content, ...] = ()
    kinships: tuple[Kinship, ...] = ()
    sets: tuple[SharedSets, ...] = ()
    bound: Bound | None = None
    cells: Cells | None = None

    @cached_property
    def smoothers(self) -> dict[str, Smoother]:
        """Ridge regression on each content, and on all of them, by the name of the feature."""
        if not self.contents:
            return {}
        joint = np.concatenate([each.genes * np.float32(each.weight) for each in self.contents], axis=1)
        return {
            **{f"ridge:{each.name}": Smoother(each.genes, penalty=RIDGE_OF_ONE) for each in self.contents},
            "ridge": Smoother(joint, penalty=RIDGE_OF_ALL),
            "ridge_weak": Smoother(joint, penalty=RIDGE_OF_ALL / 10),
        }

    @property
    def num_regulators(self) -> int:
        """Number of regulators."""
        return len(self.gene)


def unit_rows(x: Planes) -> Planes:
    """Return rows of length 1; a row of zeros stays one."""
    norm = np.linalg.norm(x, axis=1, keepdims=True)
    return np.asarray(np.divide(x, norm, out=np.zeros_like(x), where=norm > 1e-9), dtype=np.float32)
