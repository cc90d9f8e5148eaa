import numpy as np
import pytest

from model.edges.features import CENTRED, PairFeatures
from model.edges.inputs import Bound, Cells, Content, Kinship, PairInputs, unit_rows
from model.edges.label_free import FAME, LabelFree

T, G, MEASURED = 7, 30, 25


def adjacency(seed: int = 0) -> np.ndarray:
    return (np.random.default_rng(seed).random((T, G)) < 0.2).astype(np.float32)


def made_inputs(**changes) -> PairInputs:
    rng = np.random.default_rng(1)
    family = np.zeros((T, T), np.float32)
    family[:3, :3] = 1 - np.eye(3)
    expression = rng.normal(size=(12, MEASURED)).astype(np.float32)
    unit = unit_rows((expression - expression.mean(0)).T).T
    given = {
        "gene": np.array([0, -1, 2, 3, 4, 5, 6]),
        "num_genes": G,
        "num_measured": MEASURED,
        "contents": (
            Content(
                "go",
                unit_rows(rng.normal(size=(G, 4)).astype(np.float32)),
                unit_rows(rng.normal(size=(T, 4)).astype(np.float32)),
            ),
        ),
        "kinships": (Kinship("family", family),),
        "bound": Bound(
            share=(rng.random((T, MEASURED)) < 0.3).astype(np.float32),
            popularity=np.full(MEASURED, 0.3, np.float32),
            shown=np.arange(T) != 5,
        ),
        "cells": Cells(unit, unit, expression.mean(0), expression.mean(0), expression.mean(0)),
    }
    return PairInputs(**{**given, **changes})


def planes(inputs: PairInputs, a: np.ndarray) -> dict[str, np.ndarray]:
    features = PairFeatures(LabelFree(inputs), np.stack(np.nonzero(a)))
    whole = np.concatenate([block for _, block in features.blocks()])
    return {name: whole[..., number] for number, name in enumerate(features.names)}


def test_neighbours_count_shared_targets_by_rarity():
    a = adjacency()
    in_degree, out_degree = a.sum(0), a.sum(1)
    weighted = a / np.sqrt(np.maximum(in_degree, 1))
    shared = weighted @ weighted.T
    np.fill_diagonal(shared, 0)
    alike = shared / np.sqrt(np.maximum(out_degree, 1))[:, None] / np.sqrt(np.maximum(out_degree, 1))
    found = planes(made_inputs(), a)
    expected = np.log(alike @ a[:, :MEASURED] + 1e-3)
    np.testing.assert_allclose(found["shared_targets"], expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(found["log_in_degree"][0], np.log1p(in_degree[:MEASURED]), rtol=1e-6)
    np.testing.assert_allclose(found["log_out_degree"][:, 0], np.log1p(out_degree), rtol=1e-6)


def test_kin_share_is_the_share_of_the_family_that_has_the_target():
    a = np.zeros((T, G), dtype=np.float32)
    a[1, 3] = a[2, 4] = a[1, 4] = 1
    share = np.exp(planes(made_inputs(), a)["kin_targets"]) - 0.02
    np.testing.assert_allclose(share[0, [3, 4, 5]], [0.5, 1.0, 0.0], atol=1e-6)
    np.testing.assert_allclose(share[1, 3], 0.0, atol=1e-6)  # the own edge says nothing


def test_the_ridge_is_that_of_scikit_learn():
    from sklearn.linear_model import Ridge

    a, inputs = adjacency(), made_inputs()
    out, fame = a.sum(1), a.sum(0) / a.sum()
    surplus = (a - np.outer(out, fame)) / np.sqrt(np.maximum(out, 1))[:, None]
    content = inputs.contents[0]
    fitted = Ridge(alpha=100.0, fit_intercept=False).fit(content.genes, surplus.T)
    expected = fitted.predict(content.genes[:MEASURED]).T
    np.testing.assert_allclose(planes(inputs, a)["ridge:go"], expected, atol=1e-5)


def test_a_centred_feature_has_no_mean_over_targets_or_regulators_weighted_by_degree():
    a = adjacency()
    found = planes(made_inputs(), a)
    in_degree = a[:, :MEASURED].sum(0)
    for name in ("ridge:go", "shared_targets", "bound"):
        centred = found[CENTRED + name]
        out = a.sum(1) + 0.1
        np.testing.assert_allclose((out / out.sum()) @ centred, 0, atol=1e-5)
        by_regulator = centred @ (in_degree / in_degree.sum())
        np.testing.assert_allclose(by_regulator, by_regulator[0], atol=1e-5)


def test_the_fame_proof_reading_sees_no_feature_of_one_end_alone():
    """Whatever is equal along a row or a column is gone when it is centred, or is not centred at all."""
    a, inputs = adjacency(), made_inputs()
    names = PairFeatures(LabelFree(inputs), np.stack(np.nonzero(a))).names
    assert not {name.removeprefix(CENTRED) for name in names if name.startswith(CENTRED)} & FAME
    for name, plane in planes(inputs, a).items():
        one_end = np.ptp(plane, axis=0).max() == 0 or np.ptp(plane, axis=1).max() == 0
        assert not (one_end and name.startswith(CENTRED))
        assert not (one_end and name not in FAME), name


def test_a_regulator_that_neither_cells_nor_chip_show_gets_zeros_there():
    found = planes(made_inputs(), adjacency())
    assert (found["correlation"][1] == 0).all()
    assert (found["bound_lift"][5] == 0).all()
    np.testing.assert_allclose(found["correlation"][0, 0], 1, atol=1e-5)


def test_features_do_not_depend_on_the_order_of_the_edges_or_on_the_size_of_the_blocks(monkeypatch):
    edges = np.stack(np.nonzero(adjacency()))
    pairs = np.stack([np.arange(T), np.arange(T) * 3])
    first = PairFeatures(LabelFree(made_inputs()), edges).of(pairs)
    monkeypatch.setattr("model.edges.features.BLOCK_BYTES", 1)
    turned = edges[:, np.random.default_rng(1).permutation(edges.shape[1])]
    np.testing.assert_allclose(PairFeatures(LabelFree(made_inputs()), turned).of(pairs), first, atol=1e-4)


@pytest.mark.parametrize("missing", ["bound", "cells"])
def test_features_of_what_the_graph_lacks_are_absent(missing):
    names = planes(made_inputs(**{missing: None}), adjacency())
    gone = {"bound": "bound", "cells": "correlation"}[missing]
    assert gone not in names
    assert "ridge:go" in names


def test_a_graph_with_labels_only_still_has_features():
    bare = made_inputs(contents=(), kinships=(), bound=None, cells=None)
    found = planes(bare, adjacency())
    assert {"log_in_degree", "shared_targets", CENTRED + "shared_targets"} <= set(found)
    assert all(np.isfinite(plane).all() for plane in found.values())
