"""Features that training edges carry: neighbours, kin, profiles of known targets, kernel ridge.

Every pair that supervises is absent from the edges that made its features (see `folds`). The edges are
propagated once, before training (SIGN: Rossi et al. 2020, arXiv:2004.11198), as matrix products.
"""

from collections.abc import Mapping

import numpy as np

from model.edges.inputs import Content, Integers, PairInputs, Planes, unit_rows

_SHRINK = np.float32(3.0)
"""Targets' worth of the average gene that the profile of a regulator starts with."""
_SMOOTH = np.float32(0.02)
_RANK = 16
HAS_TARGETS = "has_targets"
"""The last feature: whether the regulator has any edge; both readings see it."""
SUPPORT = "shared_targets"
"""The feature that is the support of a pair: see `model.edges.blend`."""
_RIDGE_OF_KIN = 3.0


class Structure:
    """Planes `(num_rows, num_measured)` of some regulators against all measured genes, by name.

    Parameters
    ----------
    edges
        `(2, num_edges)` regulator and gene that carry the messages; never a pair that is to be scored.
    """

    def __init__(self, inputs: PairInputs, edges: Integers) -> None:
        self._inputs = inputs
        listed = np.zeros((inputs.num_regulators, inputs.num_genes), dtype=np.float32)
        listed[tuple(edges)] = 1
        self._targets = listed[:, : inputs.num_measured]
        self.out_degree: Planes = listed.sum(axis=1)
        in_degree = listed.sum(axis=0)
        self.in_degree: Planes = in_degree[: inputs.num_measured]
        self._by_fame = 1 / np.sqrt(in_degree.clip(min=1))
        self._scale = 1 / np.sqrt(self.out_degree.clip(min=1))
        self._alike = self._neighbours(listed)
        self._basis, self._coordinates = self._low_rank(listed)
        surplus = listed - np.outer(self.out_degree, in_degree / max(float(in_degree.sum()), 1.0))
        surplus *= self._scale[:, None]
        self._profiles = [_Profile(each, listed, inputs.num_measured) for each in inputs.contents]
        self._ridges = self._ridge_planes(surplus)

    def planes(self, rows: Integers) -> Mapping[str, Planes]:
        """Return the features of some regulators."""
        shape = (len(rows), self._inputs.num_measured)
        found: dict[str, Planes] = {
            "log_in_degree": np.broadcast_to(np.log1p(self.in_degree), shape),
            "log_out_degree": np.broadcast_to(np.log1p(self.out_degree[rows])[:, None], shape),
        }
        found |= self._collaborative(rows) | self._kin(rows)
        for profile in self._profiles:
            found |= profile.planes(rows)
        found |= {name: plane[rows] for name, plane in self._ridges.items()}
        has_targets = (self.out_degree[rows] > 0).astype(np.float32)
        return found | {HAS_TARGETS: np.broadcast_to(has_targets[:, None], shape)}

    def _neighbours(self, listed: Planes) -> Planes:
        """Likeness of regulators by the targets that they share, rare ones counting most."""
        weighted = listed * self._by_fame
        alike = weighted @ weighted.T
        np.fill_diagonal(alike, 0)
        return np.asarray(self._scale[:, None] * alike * self._scale, dtype=np.float32)

    def _low_rank(self, listed: Planes) -> tuple[Planes, Planes]:
        """The 16 leading directions of the regulators, and the normalised edges along them."""
        normalised = self._scale[:, None] * listed * self._by_fame
        basis = np.linalg.eigh(normalised @ normalised.T)[1][:, -_RANK:].astype(np.float32)
        return basis, (basis.T @ normalised)[:, : self._inputs.num_measured]

    def _collaborative(self, rows: Integers) -> dict[str, Planes]:
        alike, fame = self._alike[rows], self.in_degree
        shared = alike @ self._targets
        rare = alike @ (self._targets * self._by_fame[: len(fame)])
        expected = alike.sum(axis=1, keepdims=True) * fame / max(float(fame.sum()), 1.0)
        low_rank = self._basis[rows] @ self._coordinates
        return {
            SUPPORT: np.log(shared + 1e-3),
            "shared_rare_targets": np.log(rare + 1e-3),
            "shared_targets_lift": np.log((shared + 1e-2) / (expected + 1e-2)),
            "low_rank": low_rank * np.sqrt(self.out_degree[rows].clip(min=1))[:, None],
        }

    def _kin(self, rows: Integers) -> dict[str, Planes]:
        found: dict[str, Planes] = {}
        base_rate = (self.in_degree + 1) / self._inputs.num_regulators
        for kin in self._inputs.kinships:
            alike = kin.alike[rows]
            share = (alike / alike.sum(axis=1, keepdims=True).clip(min=1e-6)) @ self._targets
            found[f"kin_lift:{kin.name}"] = np.log((share + _SMOOTH) / (base_rate + _SMOOTH))
            if kin.name == "family":
                found["kin_targets"] = np.log(share + _SMOOTH)
        return found

    def _ridge_planes(self, surplus: Planes) -> dict[str, Planes]:
        """What a regulator's targets have beyond the average regulator's, smoothed over content and kin."""
        smoothers, measured = self._inputs.smoothers, self._inputs.num_measured
        planes = {name: each.fitted(surplus, num=measured) for name, each in smoothers.items()}
        strong = planes.get("ridge")
        if strong is not None and self._inputs.kinships:
            with_self, kin_only = self._kin_smoothers()
            planes |= {"ridge_over_kin": with_self @ strong, "ridge_of_kin": kin_only @ strong}
        return planes

    def _kin_smoothers(self) -> tuple[Planes, Planes]:
        """From the regulators that have edges to all of them: with a regulator's own ones, and without."""
        kin = np.sum([np.float32(each.weight) * each.alike for each in self._inputs.kinships], axis=0)
        active = self.out_degree > 0
        number = len(active)
        kernel = kin + np.eye(number, dtype=np.float32)
        with_self = np.zeros((number, number), dtype=np.float32)
        inside = kernel[np.ix_(active, active)] + _RIDGE_OF_KIN * np.eye(int(active.sum()))
        with_self[:, active] = np.linalg.solve(inside.T, kernel[:, active].T).T
        kin_only = kin * active
        return with_self, np.asarray(
            kin_only / kin_only.sum(axis=1, keepdims=True).clip(min=1e-6), dtype=np.float32
        )


class _Profile:
    """What a regulator's known targets have in common, and what a gene's known regulators have."""

    def __init__(self, content: Content, listed: Planes, num_measured: int) -> None:
        self._name = content.name
        self._genes = content.genes[:num_measured]
        out, total = listed.sum(axis=1, keepdims=True), max(float(listed.sum()), 1.0)
        everyone = (listed.sum(axis=0) / total) @ content.genes
        centroid = (listed @ content.genes - out * everyone) / (out + _SHRINK)
        self._centroids = unit_rows(np.where(out > 0, centroid, 0).astype(np.float32))
        typical = content.regulators.mean(axis=0)
        targets = listed[:, :num_measured]
        known = targets.sum(axis=0)[:, None]
        regulators = (targets.T @ content.regulators - known * typical) / (known + 1)
        self._regulators = unit_rows(regulators.astype(np.float32))
        self._own = unit_rows(content.regulators - typical)

    def planes(self, rows: Integers) -> dict[str, Planes]:
        return {
            f"profile:{self._name}": self._centroids[rows] @ self._genes.T,
            f"regulator_profile:{self._name}": self._own[rows] @ self._regulators.T,
        }
