"""All features of a pair: as they are, and less what each of its two ends has on average.

The averages are weighted by degree. A centred feature says what is special about the pair, which is all that
swapping targets between regulators leaves; on seed 42 centring alone raised single features by up to .06 of
swap AUROC.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from model.edges.inputs import Integers, Planes
from model.edges.label_free import FAME, LabelFree
from model.edges.structure import Structure

BLOCK_BYTES = 256 * 2**20
"""Features that are held at once."""
CENTRED = "centred:"


class PairFeatures:
    """Features of ordered pairs, given the edges that carry messages.

    Parameters
    ----------
    label_free
        Features that no label enters; shared by all sets of edges.
    edges
        `(2, num_edges)`; never a pair that is to be scored.
    without
        Beginnings of the names of features to leave out, such as ``ridge`` or ``likeness:go``.
    """

    def __init__(self, label_free: LabelFree, edges: Integers, *, without: Sequence[str] = ()) -> None:
        self._label_free = label_free
        self._structure = Structure(label_free.inputs, edges)
        self._without = tuple(without)
        self._gene_weight = _shares(self._structure.in_degree)
        self._regulator_weight = _shares(self._structure.out_degree + np.float32(0.1))
        self.raw = tuple(self._planes(np.zeros(1, dtype=np.int64)))
        self._to_centre = [number for number, name in enumerate(self.raw) if name not in FAME]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features, the centred ones last."""
        return (*self.raw, *(CENTRED + self.raw[number] for number in self._to_centre))

    def of(self, pairs: Integers) -> Planes:
        """Return the features of chosen pairs `(2, n)`, as `(n, num_features)`; a plane at a time."""
        number = len(self.raw)
        chosen = np.empty((pairs.shape[1], len(self.names)), dtype=np.float32)
        for rows in self._rows():
            inside = np.flatnonzero((pairs[0] >= rows[0]) & (pairs[0] <= rows[-1]))
            place = pairs[0, inside] - rows[0], pairs[1, inside]
            for column, plane in enumerate(self._planes(rows).values()):
                chosen[inside, column] = plane[place]
        by_regulator, by_gene = self._means
        kept = chosen[:, self._to_centre]
        chosen[:, number:] = kept - by_regulator[pairs[0]] - by_gene[pairs[1]]
        return chosen

    def blocks(self) -> Iterator[tuple[Integers, Planes]]:
        """Yield regulators, and the features of all their pairs `(num_rows, num_measured, num_features)`."""
        by_regulator, by_gene = self._means
        number = len(self.raw)
        for rows in self._rows():
            features = np.empty((len(rows), len(by_gene), len(self.names)), dtype=np.float32)
            for column, plane in enumerate(self._planes(rows).values()):
                features[..., column] = plane
            for column, raw in enumerate(self._to_centre):
                centred = features[..., raw] - by_regulator[rows, column, None] - by_gene[:, column]
                features[..., number + column] = centred
            yield rows, features

    def _rows(self) -> list[Integers]:
        """Blocks of regulators that fit the memory."""
        inputs = self._label_free.inputs
        size = max(1, BLOCK_BYTES // (inputs.num_measured * len(self.raw) * 4 * 2))
        return np.array_split(np.arange(inputs.num_regulators), -(-inputs.num_regulators // size))

    def _planes(self, rows: Integers) -> dict[str, Planes]:
        found = {**self._label_free.planes(rows), **self._structure.planes(rows)}
        return {name: plane for name, plane in found.items() if not name.startswith(self._without or "\0")}

    @cached_property
    def _means(self) -> tuple[Planes, Planes]:
        """Return what is taken off: of each regulator `(T, num_centred)`, then of each gene `(G, ...)`."""
        inputs, number = self._label_free.inputs, len(self._to_centre)
        by_regulator = np.empty((inputs.num_regulators, number), dtype=np.float32)
        by_gene = np.zeros((inputs.num_measured, number), dtype=np.float32)
        for rows in self._rows():
            planes = list(self._planes(rows).values())
            for column, raw in enumerate(self._to_centre):
                by_regulator[rows, column] = planes[raw] @ self._gene_weight
                by_gene[:, column] += self._regulator_weight[rows] @ planes[raw]
        return by_regulator, by_gene - self._regulator_weight @ by_regulator


def _shares(x: Planes) -> Planes:
    return np.asarray(x / max(float(x.sum()), 1.0), dtype=np.float32)
