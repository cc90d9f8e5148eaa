"""Stage 1 on counts whose truth is known: peaks drive genes, one candidate each."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import scipy.sparse as sp
import torch

from graph.errors import InputError, NotFoundError
from model.epiaware.backbone import Backbone
from model.epiaware.config import BackboneConfig
from model.epiaware.fit import fit_backbone
from model.epiaware.masking import Measurements, TrainingBatches, hidden_folds
from model.epiaware.neighbours import AttentionGraph, nearest_genes
from model.epiaware.split import split_metacells
from model.epiaware.tokens import Normalisation, TokenValues
from model.metacells import Metacells, make_metacells

NUM_METACELLS, NUM_GENES, PEAKS_EACH = 160, 40, 3
CONFIG = BackboneConfig(d=16, num_heads=2, num_neighbours=4, learning_rate=5e-3, max_epochs=25, patience=25)


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Threads cost more than they save on forty genes."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def as_metacells(rna, atac, labels=None):
    num = rna.shape[0]
    labels = np.where(np.arange(num) % 2, "odd", "even") if labels is None else labels
    ones = np.ones(num, dtype=np.int64)
    return Metacells(sp.csr_matrix(rna), sp.csr_matrix(atac), labels, np.arange(num), ones)


def driven_cells(seed=0):
    """Each gene follows the first of its three peaks; nothing else is shared."""
    generator = np.random.default_rng(seed)
    openness = generator.normal(size=(NUM_METACELLS, NUM_GENES * PEAKS_EACH))
    atac = generator.poisson(np.exp(2 + openness))
    mean = np.exp(2 + 0.9 * openness[:, ::PEAKS_EACH])
    rna = generator.negative_binomial(8, 8 / (8 + mean))
    gene = np.repeat(np.arange(NUM_GENES), PEAKS_EACH)
    near = np.stack([gene, np.arange(gene.size)])
    distance = np.tile([500, 20_000, 60_000], NUM_GENES)
    return rna, atac, SimpleNamespace(near_index=near, near_distance=distance)


@pytest.fixture(scope="module")
def fitted():
    rna, atac, data = driven_cells()
    return fit_backbone(data, as_metacells(rna, atac), config=CONFIG, seed=1)


def small_network(num_blocks=2, *, top_k=None):
    """A backbone with random weights, decoder included, over 12 genes and 9 peaks."""
    generator = np.random.default_rng(3)
    rna, atac = generator.poisson(3, (6, 12)), generator.poisson(2, (6, 9))
    near = np.stack([np.repeat(np.arange(12), 2), generator.integers(0, 9, 24)])
    config = replace(CONFIG, num_blocks=num_blocks, top_k=top_k, d=8)
    torch.manual_seed(5)
    identity = torch.randn(12, 8), torch.randn(9, 8)
    model = Backbone(
        config,
        gene_identity=identity[0],
        peak_identity=identity[1],
        log_proportions=torch.full((12,), -np.log(12)),
        log_theta=torch.zeros(12),
        log_distance=torch.rand(24),
    ).eval()
    torch.nn.init.normal_(model.decoder[2].weight)
    graph = AttentionGraph(nearest_genes(identity[0].numpy(), k=4), near, 9)
    return model, graph, rna, atac


def log_means(model, graph, rna, atac, *, targets):
    rna, atac = sp.csr_matrix(rna), sp.csr_matrix(atac)
    norms = Normalisation(30, np.ones(12), np.ones(12)), Normalisation(20, np.ones(9), np.ones(9))
    measurements = Measurements(rna, atac, *norms, np.full(12, 1 / 12))
    field = graph.receptive_field(targets, num_blocks=len(model.blocks))
    batch = measurements.batch(np.arange(rna.shape[0]), targets=targets, field=field)
    with torch.inference_mode():
        return model.log_mean(model(batch.inputs).genes, targets=batch.targets, log_size=batch.log_size)


def test_stage_1_beats_its_baseline_where_peaks_drive_genes(fitted):
    assert fitted.held_out_nll < fitted.baseline_nll - 0.05


def test_stage_1_cannot_beat_its_baseline_on_shuffled_cells():
    rna, atac, data = driven_cells()
    shuffled = atac[np.random.default_rng(0).permutation(NUM_METACELLS)]
    fitted = fit_backbone(data, as_metacells(rna, shuffled), config=CONFIG, seed=1)
    assert fitted.held_out_nll > fitted.baseline_nll - 0.01


def test_attention_finds_the_peak_that_drives_the_gene(fitted):
    weights = fitted.link_weights().reshape(NUM_GENES, PEAKS_EACH)
    assert (weights.argmax(1) == 0).mean() > 0.6


def test_link_weights_of_a_gene_sum_to_one_in_each_context(fitted):
    for label in (None, "odd", "even"):
        sums = fitted.link_weights(label).reshape(NUM_GENES, PEAKS_EACH).sum(1)
        np.testing.assert_allclose(sums, 1, atol=1e-5)


def test_all_cells_are_the_mean_of_equal_contexts(fitted):
    assert fitted.embed().shape == (NUM_GENES, CONFIG.d)
    assert fitted.embed().dtype == np.float32
    assert fitted.peak_embeddings.shape == (NUM_GENES * PEAKS_EACH, CONFIG.d)
    mean = (fitted.embed("odd") + fitted.embed("even")) / 2
    np.testing.assert_allclose(fitted.embed(), mean, atol=1e-5)


def test_the_history_has_every_pass_and_its_best_is_kept(fitted):
    assert 1 <= len(fitted.history) <= CONFIG.max_epochs
    assert min(epoch.held_out for epoch in fitted.history) < fitted.history[0].held_out


def test_an_unknown_context_is_named(fitted):
    with pytest.raises(NotFoundError, match="K562"):
        fitted.embed("K562")


def test_the_same_seed_gives_the_same_figures_whatever_was_drawn_before():
    rna, atac, data = driven_cells()
    config = replace(CONFIG, max_epochs=2)
    runs = []
    for draws in (0, 5):
        torch.rand(draws)
        runs.append(fit_backbone(data, as_metacells(rna, atac), config=config, seed=7))
    assert runs[0].held_out_nll == runs[1].held_out_nll
    assert runs[0].history == runs[1].history
    assert (runs[0].embed() == runs[1].embed()).all()


def test_without_any_candidate_the_genes_still_train():
    rna, atac, _ = driven_cells()
    data = SimpleNamespace(near_index=np.zeros((2, 0), dtype=np.int64), near_distance=np.zeros(0))
    fitted = fit_backbone(data, as_metacells(rna, atac), config=replace(CONFIG, max_epochs=2), seed=1)
    assert np.isfinite(fitted.held_out_nll)
    assert not fitted.peak_embeddings.any()


@pytest.mark.parametrize("num_blocks", [1, 2])
def test_a_hidden_count_never_reaches_any_prediction(num_blocks):
    model, graph, rna, atac = small_network(num_blocks)
    targets = np.array([1, 4, 7])
    before = log_means(model, graph, rna, atac, targets=targets)
    changed = rna.copy()
    changed[:, targets] += np.array([1, 50, 1000])
    after = log_means(model, graph, changed, atac, targets=targets)
    assert (before == after).all()


def test_visible_counts_and_candidate_peaks_do_reach_the_prediction():
    model, graph, rna, atac = small_network()
    targets = np.array([1])
    before = log_means(model, graph, rna, atac, targets=targets)
    neighbour = graph.neighbours[1][1]
    louder, opener = rna.copy(), atac.copy()
    louder[:, neighbour] += 5
    opener[:, graph.near_index[1][graph.near_index[0] == 1]] += 5
    assert (log_means(model, graph, louder, atac, targets=targets) != before).all()
    assert (log_means(model, graph, rna, opener, targets=targets) != before).all()


@pytest.mark.parametrize("top_k", [None, 1])
def test_the_receptive_field_gives_what_the_whole_graph_gives(top_k):
    model, graph, rna, atac = small_network(top_k=top_k)
    targets = np.array([0, 5, 11])
    norms = Normalisation(30, np.zeros(12), np.ones(12)), Normalisation(20, np.zeros(9), np.ones(9))
    measurements = Measurements(sp.csr_matrix(rna), sp.csr_matrix(atac), *norms, np.full(12, 1 / 12))
    part, whole = (
        measurements.batch(
            np.arange(6), targets=genes, field=graph.receptive_field(genes, num_blocks=2), hide=False
        )
        for genes in (targets, np.arange(12))
    )
    with torch.inference_mode():
        torch.testing.assert_close(model(part.inputs).genes, model(whole.inputs).genes[targets])


def test_genes_and_peaks_in_another_order_give_the_same_predictions_in_that_order():
    model, graph, rna, atac = small_network()
    generator = np.random.default_rng(0)
    genes, peaks = generator.permutation(12), generator.permutation(9)
    new_gene, new_peak = np.argsort(genes), np.argsort(peaks)
    rows = np.argsort(new_gene[graph.near_index[0]], kind="stable")
    near = np.stack([new_gene[graph.near_index[0]], new_peak[graph.near_index[1]]])[:, rows]
    moved_graph = AttentionGraph(new_gene[graph.neighbours[genes]], near, 9)
    before = log_means(model, graph, rna, atac, targets=np.arange(0, 12, 5))
    moved, *_ = small_network()
    with torch.no_grad():
        moved.gene_tokens.identity.copy_(model.gene_tokens.identity[genes])
        moved.peak_tokens.identity.copy_(model.peak_tokens.identity[peaks])
        moved.log_distance.copy_(model.log_distance[rows])
    targets = new_gene[np.arange(0, 12, 5)]
    after = log_means(moved, moved_graph, rna[:, genes], atac[:, peaks], targets=np.sort(targets))
    torch.testing.assert_close(after[np.argsort(np.argsort(targets))], before)


def test_distinct_tokens_stand_for_the_values_of_all_features():
    counts = sp.csr_matrix(np.random.default_rng(0).poisson(0.4, (5, 12)))
    norm = Normalisation.fit(counts)
    features, hidden, totals = np.array([1, 2, 5, 7, 11]), np.zeros(12, dtype=bool), np.arange(3.0, 8.0)
    hidden[[2, 9]] = True
    found = TokenValues.of(counts, norm, totals=totals, features=features, hidden=hidden)
    dense = norm.values(counts.toarray()[:, features], totals=totals[:, None], features=features)
    shown = found.hidden[found.place].numpy()
    assert (shown == hidden[features][:, None]).all()
    visible = ~hidden[features]
    np.testing.assert_allclose(found.values[found.place].numpy()[visible], dense.T[visible], rtol=1e-6)
    assert found.values.shape[0] == features.size + (counts[:, features[~hidden[features]]] > 0).sum()
    assert (found.features[found.place].numpy() == features[:, None]).all()


def test_nearest_genes_are_those_of_the_full_cosine_matrix():
    z = np.random.default_rng(0).normal(size=(50, 6)).astype(np.float32)
    unit = z / np.linalg.norm(z, axis=1, keepdims=True)
    expected = np.argsort(-(unit @ unit.T), axis=1)[:, :5]
    found = nearest_genes(z, k=5, chunk=7)
    assert (found == expected).all()
    assert (nearest_genes(np.zeros((4, 2), dtype=np.float32), k=9)[:, 0] == np.arange(4)).all()


def test_the_search_among_many_genes_finds_most_of_the_nearest():
    generator = np.random.default_rng(0)
    programmes = generator.normal(size=(60, 16))
    z = programmes[generator.integers(60, size=11_000)] + generator.normal(size=(11_000, 16))
    exact, found = (
        nearest_genes(z.astype(np.float32), k=10, exact_below=limit) for limit in (11_000, 10_000)
    )
    assert (found[:, 0] == np.arange(11_000)).all()
    assert all(np.unique(row).size == 10 for row in found)
    shared = [np.intersect1d(a, b).size for a, b in zip(exact, found, strict=True)]
    assert 0.85 < np.mean(shared) / 10 < 1


def test_every_gene_is_hidden_exactly_once():
    folds = hidden_folds(101, mask_rate=0.15, seed=0)
    assert (np.sort(np.concatenate(folds)) == np.arange(101)).all()
    assert max(fold.size for fold in folds) - min(fold.size for fold in folds) <= 1


def test_every_label_has_a_share_of_each_part():
    labels = np.repeat(["a", "b"], [60, 30])
    split = split_metacells(labels, config=CONFIG, seed=0)
    assert (np.sort(np.concatenate(split)) == np.arange(90)).all()
    for part, rate in zip(split, (0.7, 0.15, 0.15), strict=True):
        assert np.mean(labels[part] == "b") == pytest.approx(1 / 3, abs=0.12)
        assert part.size == pytest.approx(90 * rate, abs=2)


@pytest.mark.parametrize(
    ("near", "message"),
    [
        (np.array([[1, 0], [0, 0]]), "not sorted"),
        (np.array([[0, 99], [0, 0]]), "gene index 99"),
        (np.array([[0, 1], [0, 999]]), "peak index 999"),
        (np.array([[0], [0]]), "near_distance"),
    ],
)
def test_candidates_that_do_not_fit_are_refused(near, message):
    rna, atac, _ = driven_cells()
    data = SimpleNamespace(near_index=near, near_distance=np.zeros(2))
    with pytest.raises(InputError, match=message):
        fit_backbone(data, as_metacells(rna, atac), config=CONFIG)


def test_parts_of_a_step_add_up_to_the_step():
    model, graph, rna, atac = small_network()
    norms = Normalisation(30, np.zeros(12), np.ones(12)), Normalisation(20, np.zeros(9), np.ones(9))
    measurements = Measurements(sp.csr_matrix(rna), sp.csr_matrix(atac), *norms, np.full(12, 1 / 12))

    def gradient(parts):
        batches = TrainingBatches(
            measurements, graph, np.arange(6), 6, mask_rate=0.2, num_blocks=2,
            generator=np.random.default_rng(0), parts=parts,
        )  # fmt: skip
        model.zero_grad()
        for batch in batches:
            nll = model.negative_log_likelihood(
                batch.inputs, targets=batch.targets, counts=batch.counts, log_size=batch.log_size
            )
            (batch.weight * nll / parts).backward()
        return [x.grad.clone() for x in model.parameters()]

    for parts in (4, 8):
        for found, whole in zip(gradient(parts), gradient(1), strict=True):
            torch.testing.assert_close(found, whole, rtol=1e-3, atol=1e-5)


def test_single_cells_train_as_well():
    rna, atac, data = driven_cells()
    cells = make_metacells(sp.csr_matrix(rna), sp.csr_matrix(atac), cells_each=1)
    assert (np.sort(cells.membership) == np.arange(NUM_METACELLS)).all()
    fitted = fit_backbone(data, cells, config=replace(CONFIG, max_epochs=1), seed=1)
    assert fitted.held_out_nll < fitted.baseline_nll


def test_too_few_metacells_are_refused():
    rna, atac, data = driven_cells()
    with pytest.raises(InputError, match="too few"):
        fit_backbone(data, as_metacells(rna[:2], atac[:2]), config=CONFIG)


def test_all_faults_of_a_configuration_are_told_at_once():
    with pytest.raises(InputError, match="mask_rate") as error:
        BackboneConfig(d=30, num_heads=4, mask_rate=0)
    assert len(error.value.faults) == 2
    assert BackboneConfig.paper().num_blocks == 6
    assert BackboneConfig.cpu() == BackboneConfig()
