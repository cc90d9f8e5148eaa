from dataclasses import replace
from itertools import chain

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score

from graph.errors import InputError
from graph.validation.universe import Universe
from model.paper.embeddings import pca_embeddings
from model.paper.head import PairBatches, PaperHead, PaperHeadConfig, bce_risk, fit_paper_head, nnpu_risk

NUM_REGULATORS, NUM_TARGETS, WIDTH = 40, 400, 8
UNIVERSE = Universe.of([f"g{i}" for i in range(NUM_REGULATORS)], [f"g{i}" for i in range(NUM_TARGETS)])
REGULATOR_GENE = np.arange(NUM_REGULATORS)
CONFIG = PaperHeadConfig(batch=110, learning_rate=1e-3, epochs=8)


@pytest.fixture(scope="module")
def planted():
    """Embeddings, training edges and hidden edges; an edge is a pair of a high product of rank two."""
    rng = np.random.default_rng(0)
    z = rng.normal(size=(NUM_TARGETS, WIDTH)).astype(np.float32)
    product = z[:NUM_REGULATORS, :2] @ z[:, :2].T
    product.ravel()[UNIVERSE.self_codes()] = -np.inf
    edges = rng.permutation(np.flatnonzero(product.ravel() > np.quantile(product, 0.92)))
    return z, np.sort(edges[250:]), edges[:250]


def held_out_auroc(scores, *, train, hidden):
    asked = UNIVERSE.candidates(train)
    return roc_auc_score(UNIVERSE.mask(hidden)[asked], scores[asked])


@pytest.mark.parametrize("loss", ["bce", "nnpu"])
def test_planted_low_rank_structure_is_learned(planted, loss):
    z, train, hidden = planted
    scores = fit_paper_head(z, REGULATOR_GENE, train, universe=UNIVERSE, config=replace(CONFIG, loss=loss))
    assert scores.shape == UNIVERSE.shape
    assert scores.dtype == np.float32
    assert held_out_auroc(scores, train=train, hidden=hidden) > 0.8


def test_shuffled_labels_teach_nothing(planted):
    z, train, hidden = planted
    rng = np.random.default_rng(1)
    pairs = rng.permutation(np.flatnonzero(UNIVERSE.candidates(np.array([], dtype=np.int64))))
    train, hidden = np.split(pairs[: train.size + hidden.size], [train.size])
    scores = fit_paper_head(z, REGULATOR_GENE, train, universe=UNIVERSE, config=CONFIG)
    assert held_out_auroc(scores, train=train, hidden=hidden) == pytest.approx(0.5, abs=0.08)


def test_a_seed_decides_the_scores_and_leaves_torch_as_it_was(planted):
    z, train, _ = planted
    config = replace(CONFIG, epochs=2)
    found = []
    for seed in (3, 3, 4):
        torch.rand(1)  # the caller's torch is never twice in the same state
        before = torch.get_rng_state()
        found.append(fit_paper_head(z, REGULATOR_GENE, train, universe=UNIVERSE, config=config, seed=seed))
        assert torch.equal(before, torch.get_rng_state())
    first, again, other = found
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_the_threads_of_torch_are_given_back(planted):
    z, train, _ = planted
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(3)
        fit_paper_head(z, REGULATOR_GENE, train, universe=UNIVERSE, config=replace(CONFIG, epochs=1))
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)


def test_the_scale_of_the_embeddings_is_no_matter(planted):
    z, train, _ = planted
    config = replace(CONFIG, epochs=2)
    scaled = (z * 2.0 ** np.arange(WIDTH) + 3).astype(np.float32)
    first, second = (
        fit_paper_head(x, REGULATOR_GENE, train, universe=UNIVERSE, config=config) for x in (z, scaled)
    )
    assert np.allclose(first, second, atol=1e-3)


def test_unlabelled_draws_never_hold_a_training_edge_or_a_self_pair():
    universe = Universe.of("ABC", "ABCDEF")
    train = np.array([3, 4, 5, 9, 10])
    batches = PairBatches(train, universe=universe, config=PaperHeadConfig(batch=22), seed=0)
    assert len(batches) == 3
    passes = [list(batches) for _ in range(20)]
    codes = [[(x[0] * 6 + x[1]).tolist() for x in batch] for batch in chain(*passes)]
    assert all(len(unlabelled) == 10 * len(positive) for positive, unlabelled in codes)
    assert all(len(one) == len(batches) for one in passes)
    drawn = set(chain(*(unlabelled for _, unlabelled in codes)))
    assert drawn == set(range(18)) - set(train.tolist()) - {0, 7, 14}
    first, second = (torch.cat([batch.unlabelled for batch in one], dim=1) for one in passes[:2])
    assert not torch.equal(first, second)
    for one in passes:
        assert sorted((torch.cat([b.positive for b in one], dim=1).T @ torch.tensor([6, 1])).tolist()) == [
            3,
            4,
            5,
            9,
            10,
        ]


def test_the_nnpu_risk_is_the_one_computed_by_hand():
    positive = torch.tensor([0.5, -1.0])  # l(+1): 0.5, 2; l(-1): 1.5, 0
    unlabelled = torch.tensor([0.0, -2.0, 1.0])  # l(-1): 1, 0, 2
    risk = nnpu_risk(positive, unlabelled, class_prior=0.2)
    assert risk.item() == pytest.approx(0.2 * 1.25 + 1.0 - 0.2 * 0.75)


def test_a_negative_risk_is_clamped_and_teaches_nothing():
    positive = torch.tensor([3.0, 0.0], requires_grad=True)  # l(+1): 0, 1; l(-1): 4, 1
    unlabelled = torch.tensor([-0.9, -3.0], requires_grad=True)  # l(-1): 0.1, 0
    risk = nnpu_risk(positive, unlabelled, class_prior=0.4)
    assert risk.item() == pytest.approx(0.4 * 0.5)
    risk.backward()
    assert unlabelled.grad.tolist() == [0, 0]
    assert positive.grad.tolist() == pytest.approx([0, -0.2])


def test_the_cross_entropy_is_the_mean_over_all_pairs():
    risk = bce_risk(torch.tensor([0.0]), torch.tensor([0.0, np.log(3.0)]))
    assert risk.item() == pytest.approx((2 * np.log(2) + np.log(4)) / 3)


def test_a_regulator_that_the_cells_do_not_show_gets_finite_scores(planted):
    z, train, _ = planted
    unseen = REGULATOR_GENE.copy()
    unseen[[0, 7]] = -1
    config = replace(CONFIG, epochs=2)
    as_last_gene = np.where(unseen < 0, NUM_TARGETS - 1, unseen)
    scores, other = (
        fit_paper_head(z, genes, train, universe=UNIVERSE, config=config) for genes in (unseen, as_last_gene)
    )
    assert np.isfinite(scores).all()
    assert np.array_equal(scores[0], scores[7])  # nothing tells them apart
    assert not np.array_equal(scores[0], scores[1])
    assert not np.array_equal(scores[0], other[0])  # -1 is no row of z


def test_a_column_without_variation_gives_finite_scores(planted):
    z, train, _ = planted
    flat = np.column_stack([z, np.full(len(z), 0.1, dtype=np.float32)])
    scores = fit_paper_head(flat, REGULATOR_GENE, train, universe=UNIVERSE, config=replace(CONFIG, epochs=1))
    assert np.isfinite(scores).all()


def test_blockwise_scores_are_those_of_the_forward_pass():
    generator = torch.Generator().manual_seed(0)
    regulators, targets = (torch.randn(n, 5, generator=generator) for n in (7, 11))
    head = PaperHead(regulators, targets, config=PaperHeadConfig(hidden=16)).eval()
    pairs = torch.cartesian_prod(torch.arange(7), torch.arange(11)).T
    assert torch.allclose(head.score_all(), head(pairs).reshape(7, 11), atol=1e-6)


@pytest.mark.parametrize("prior", [0.0, 1.0, -0.1, float("nan")])
def test_a_class_prior_outside_0_and_1_is_refused(prior):
    with pytest.raises(InputError, match="class_prior"):
        PaperHeadConfig(loss="nnpu", class_prior=prior)


def test_the_class_prior_left_open_is_the_share_of_training_edges():
    universe = Universe.of("ABC", "ABCDEF")
    batches = PairBatches(np.array([3, 4, 9]), universe=universe, config=PaperHeadConfig(), seed=0)
    assert batches.class_prior == pytest.approx(3 / 15)


@pytest.mark.parametrize(
    ("train", "message"),
    [
        ([], "expected training edges"),
        ([0, 3], "to itself"),
        (sorted({*range(18)} - {0, 7, 14}), "unlabelled"),
    ],
)
def test_edges_that_cannot_be_learnt_from_are_refused(train, message):
    universe = Universe.of("ABC", "ABCDEF")
    with pytest.raises(InputError, match=message):
        PairBatches(np.array(train, dtype=np.int64), universe=universe, config=PaperHeadConfig(), seed=0)


def test_embeddings_of_other_genes_are_refused(planted):
    z, train, _ = planted
    with pytest.raises(InputError, match=r"z: expected \(400, 1 or more\), found \(399, 8\)"):
        fit_paper_head(z[1:], REGULATOR_GENE, train, universe=UNIVERSE)
    with pytest.raises(InputError, match="regulator_gene: expected rows"):
        fit_paper_head(z, REGULATOR_GENE + 399, train, universe=UNIVERSE)


def test_components_hold_the_distances_between_genes():
    rng = np.random.default_rng(0)
    expression = (rng.normal(size=(30, 3)) @ rng.normal(size=(3, 50))).astype(np.float32)
    z = pca_embeddings(expression, dimensions=3, seed=0)
    distance = np.linalg.norm(z[:, None] - z[None], axis=-1)
    wanted = np.linalg.norm(expression.T[:, None] - expression.T[None], axis=-1)
    assert z.shape == (50, 3)
    assert z.dtype == np.float32
    assert np.allclose(distance, wanted, atol=1e-3)


def test_there_are_no_more_components_than_the_data_has():
    expression = np.outer([1.0, 2.0, 4.0], np.arange(20.0)) + np.outer([1.0, 0.0, 0.0], np.arange(20.0) ** 2)
    assert pca_embeddings(expression, dimensions=16, seed=0).shape == (20, 2)
    with pytest.raises(InputError, match="no gene differs"):
        pca_embeddings(np.ones((3, 20)), dimensions=2, seed=0)
    with pytest.raises(InputError, match="dimensions"):
        pca_embeddings(expression, dimensions=0, seed=0)
