"""Features of a pair that no label enters: shared sets, likeness, ChIP-seq, co-variation."""

from collections.abc import Mapping

import numpy as np

from model.edges.inputs import Bound, Cells, Integers, Kinship, PairInputs, Planes, SharedSets

FAME = frozenset(
    {
        "log_in_degree",
        "log_out_degree",
        "has_targets",
        "kin_targets",
        "regulator_expression",
        "gene_expression",
        "promoter",
        "num_peaks",
        "bound_popularity",
        "bound_shown",
    }
)
"""Features of one end alone, or that grow with how often a gene is listed: for the ranking reading only."""

_SMOOTH = np.float32(0.05)
KEPT_BYTES = 512 * 2**20
"""Features that are kept rather than made anew for every set of edges."""
FAMILY = "family"
"""Name of the kinship by DNA-binding family."""


class LabelFree:
    """Planes `(num_rows, num_measured)` of some regulators against all measured genes, by name."""

    def __init__(self, inputs: PairInputs) -> None:
        self.inputs = inputs
        self._lift: Planes | None = None
        self._family_lift: dict[str, Planes] = {}
        if inputs.bound is not None:
            self._lift = _lift(inputs.bound)
            for kin in inputs.kinships:
                if kin.name == FAMILY:
                    self._family_lift[kin.name] = _over_kin(kin, inputs.bound, self._lift)
        self._kept: dict[str, Planes] | None = None
        one = self._made(np.zeros(1, dtype=np.int64))
        if inputs.num_regulators * sum(plane.nbytes for plane in one.values()) <= KEPT_BYTES:
            self._kept = self._made(np.arange(inputs.num_regulators))

    def planes(self, rows: Integers) -> Mapping[str, Planes]:
        """Return the features of some regulators."""
        if self._kept is None:
            return self._made(rows)
        return {name: plane[rows[0] : rows[-1] + 1] for name, plane in self._kept.items()}

    def _made(self, rows: Integers) -> dict[str, Planes]:
        inputs = self.inputs
        found: dict[str, Planes] = {}
        for sets in inputs.sets:
            found |= _shared(sets, rows)
        for content in inputs.contents:
            genes = content.genes[: inputs.num_measured]
            found[f"likeness:{content.name}"] = content.regulators[rows] @ genes.T
        if inputs.bound is not None and self._lift is not None:
            found |= _bound(inputs.bound, self._lift, rows)
            found |= {f"bound_lift_of_{name}": lift[rows] for name, lift in self._family_lift.items()}
        if inputs.cells is not None:
            found |= _covariation(inputs.cells, inputs.gene[rows])
        return found


def _shared(sets: SharedSets, rows: Integers) -> dict[str, Planes]:
    mine = sets.regulators[rows]
    shared = np.asarray((mine @ sets.genes.T).todense(), dtype=np.float32)
    lengths = [np.sqrt(np.asarray(x.multiply(x).sum(axis=1))).ravel() for x in (mine, sets.genes)]
    scale = np.outer(*lengths).clip(min=1e-6)
    return {
        f"shared:{sets.name}": np.log1p(shared),
        f"cosine:{sets.name}": np.asarray(shared / scale, dtype=np.float32),
    }


def _lift(bound: Bound) -> Planes:
    """Log of a regulator's share over what the gene's popularity and its own number of targets predict."""
    own = bound.share.mean(axis=1, keepdims=True) / max(float(bound.popularity.mean()), 1e-9)
    lift = np.log((bound.share + _SMOOTH) / (bound.popularity * own + _SMOOTH))
    return np.where(bound.shown[:, None], lift, 0).astype(np.float32)


def _over_kin(kin: Kinship, bound: Bound, lift: Planes) -> Planes:
    alike = kin.alike * bound.shown
    return np.asarray(alike @ lift / alike.sum(axis=1, keepdims=True).clip(min=1), dtype=np.float32)


def _bound(bound: Bound, lift: Planes, rows: Integers) -> dict[str, Planes]:
    shape = (len(rows), len(bound.popularity))
    return {
        "bound": bound.share[rows],
        "bound_lift": lift[rows],
        "bound_shown": np.broadcast_to(bound.shown[rows, None].astype(np.float32), shape),
        "bound_popularity": np.broadcast_to(bound.popularity, shape),
    }


def _covariation(cells: Cells, gene: Integers) -> dict[str, Planes]:
    """Correlations are 0 for a regulator that the cells do not show."""
    shown = (gene >= 0).astype(np.float32)
    own = cells.expression[:, gene] * shown  # (num_metacells, num_rows)
    correlation = own.T @ cells.expression
    shape = correlation.shape
    return {
        "correlation": correlation,
        "absolute_correlation": np.abs(correlation),
        "activity_correlation": own.T @ cells.activity,
        "regulator_expression": np.broadcast_to((cells.mean_expression[gene] * shown)[:, None], shape),
        "gene_expression": np.broadcast_to(cells.mean_expression, shape),
        "promoter": np.broadcast_to(cells.promoter, shape),
        "num_peaks": np.broadcast_to(cells.num_peaks, shape),
    }
