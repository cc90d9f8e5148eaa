import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import InputError
from graph.validation import swap
from graph.validation.swap import score_swaps, swap_auroc, swap_pairs
from graph.validation.universe import Universe

T, G = 30, 60
# The first regulators are targets as well, so that there are self pairs.
UNIVERSE = Universe.of([f"g{i}" for i in range(T)], [f"g{i}" for i in range(G)])


def truth(seed, *, size=260, universe=UNIVERSE):
    """Codes of training and held-out edges with famous regulators and famous targets."""
    rng = np.random.default_rng(seed)
    fame = np.outer(rng.pareto(1.5, universe.num_regulators), rng.pareto(1.5, universe.num_targets)).ravel()
    fame[universe.self_codes()] = 0
    codes = rng.choice(universe.num_codes, size=size, replace=False, p=fame / fame.sum())
    return np.sort(codes[: size // 2]), np.sort(codes[size // 2 :])


def oracle(scores, positives, *, universe, known):
    """Swap AUROC by its definition, and its macro average, by loops."""
    taken = {*known.tolist(), *positives.tolist(), *universe.self_codes().tolist()}
    edges = [divmod(int(code), universe.num_targets) for code in positives]
    values, by_regulator = [], {}
    for index, (t, g) in enumerate(edges):
        for t_other, g_other in edges[index + 1 :]:
            swapped = [(t, g_other), (t_other, g)]
            if t == t_other or g == g_other or any(a * universe.num_targets + b in taken for a, b in swapped):
                continue
            wins = [
                1.0 if scores[p] > scores[n] else 0.5 if scores[p] == scores[n] else 0.0
                for p in ((t, g), (t_other, g_other))
                for n in swapped
            ]
            values.append(np.mean(wins))
            for end in (t, t_other):
                by_regulator.setdefault(end, []).append(values[-1])
    counts = np.bincount([t for t, _ in edges], minlength=universe.num_regulators)
    macro = [np.mean(own) for t, own in by_regulator.items() if counts[t] >= 5]
    return np.mean(values), np.mean(macro), len(values)


@given(st.integers(0, 10_000), st.integers(2, 50))
@settings(max_examples=15, deadline=None)
def test_swap_auroc_is_its_definition(seed, num_levels):
    train, test = truth(seed)
    scores = np.random.default_rng(seed).integers(num_levels, size=(T, G)).astype(np.float32)
    result = swap_auroc(scores, test, universe=UNIVERSE, known=train, seed=1)
    pooled, macro, num_pairs = oracle(scores, test, universe=UNIVERSE, known=train)
    assert result.num_pairs == num_pairs
    assert result.pooled == pytest.approx(pooled, abs=1e-12)
    assert result.macro == pytest.approx(macro, abs=1e-12)


def degrees(codes):
    known = UNIVERSE.mask(codes)
    return known.sum(axis=1).astype(float)[:, None], known.sum(axis=0).astype(float)[None, :]


FAME = {
    "degree": lambda train, test: np.log1p(degrees(train)[0]) + 3 * np.log1p(degrees(train)[1]),
    "product of degrees": lambda train, test: (1 + degrees(train)[0]) * (1 + degrees(train)[1]),
    "minus the degree": lambda train, test: -degrees(train)[0] - degrees(train)[1],
    "in-degree of the test edges": lambda train, test: np.zeros((T, 1)) + degrees(test)[1],
    "degree in the whole database": lambda train, test: sum(degrees(np.union1d(train, test))),
    "any fame": lambda train, test: (
        np.random.default_rng(5).normal(size=(T, 1)) + np.random.default_rng(6).normal(size=(1, G))
    ),
}


@pytest.mark.parametrize("name", FAME)
@pytest.mark.parametrize("num_samples", [300_000, 500])
def test_a_score_that_knows_only_fame_gets_exactly_one_half(name, num_samples):
    train, test = truth(3, size=400)
    scores = FAME[name](train, test)
    result = swap_auroc(scores, test, universe=UNIVERSE, known=train, seed=1, num_samples=num_samples)
    for figure in (result.pooled, result.macro, *result.interval):
        assert figure == pytest.approx(0.5, abs=1e-9)
    assert 100 < result.num_pairs <= num_samples


def test_the_degree_baseline_is_exactly_one_half_in_float32_too():
    train, test = truth(4, size=400)
    scores = FAME["degree"](train, test).astype(np.float32)
    assert swap_auroc(scores, test, universe=UNIVERSE, known=train, seed=1).pooled == 0.5


def test_a_product_with_a_factor_0_ties_a_whole_row_and_so_is_not_fame_alone():
    # Row 0 is all ties, so the order of the targets in row 1 has nothing to cancel it.
    scores = np.outer([0, 1], [1, 2])
    two = Universe(("a", "b"), ("x", "y"))
    assert swap_auroc(scores, np.array([0, 3]), universe=two, known=np.array([0]), seed=1).pooled == 0.625
    assert swap_auroc(scores, np.array([1, 2]), universe=two, known=np.array([1]), seed=1).pooled == 0.375


def test_the_truth_is_1_and_its_opposite_0():
    train, test = truth(5)
    scores = UNIVERSE.mask(test).astype(np.float32)
    right = swap_auroc(scores, test, universe=UNIVERSE, known=train, seed=1)
    wrong = swap_auroc(-scores, test, universe=UNIVERSE, known=train, seed=1)
    assert (right.pooled, right.macro, *right.interval) == (1, 1, 1, 1)
    assert (wrong.pooled, wrong.macro) == (0, 0)


def test_random_scores_are_within_the_interval_about_19_times_in_20():
    wide = Universe.of([f"t{i}" for i in range(60)], [f"g{i}" for i in range(300)])
    train, test = truth(6, size=1200, universe=wide)
    pairs = swap_pairs(test, universe=wide, known=train, seed=1, num_samples=20_000)
    held = 0
    for seed in range(100):
        scores = np.random.default_rng(seed).random(wide.shape)
        low, high = score_swaps(scores, pairs, seed=seed, num_bootstraps=300).interval
        held += low <= 0.5 <= high
    assert held >= 88


def test_a_model_of_shuffled_labels_is_at_one_half_while_that_of_the_truth_is_not():
    wide = Universe.of([f"t{i}" for i in range(60)], [f"g{i}" for i in range(300)])
    train, test = truth(7, size=1200, universe=wide)
    noise = np.random.default_rng(7).normal(size=wide.shape)
    shuffled = np.random.default_rng(8).permuted(wide.mask(test), axis=1)
    real = swap_auroc(wide.mask(test) + noise, test, universe=wide, known=train, seed=1)
    fake = swap_auroc(shuffled + noise, test, universe=wide, known=train, seed=1)
    assert real.pooled > 0.7
    assert fake.pooled == pytest.approx(0.5, abs=0.05)


def test_swapped_pairs_are_never_known_self_or_positive():
    train, test = truth(8)
    pairs = swap_pairs(test, universe=UNIVERSE, known=train, seed=1)
    (t, g), (t_other, g_other) = np.divmod(pairs.first, G), np.divmod(pairs.second, G)
    taken = np.concatenate([train, test, UNIVERSE.self_codes()])
    assert not np.isin(np.concatenate([t * G + g_other, t_other * G + g]), taken).any()
    assert (t != t_other).all()
    assert (g != g_other).all()


def test_drawn_pairs_are_some_of_the_listed_ones_without_repeats(monkeypatch):
    train, test = truth(9, size=400)
    listed = swap_pairs(test, universe=UNIVERSE, known=train, seed=1)
    monkeypatch.setattr(swap, "ENUMERATED_PAIRS", 0)
    drawn = swap_pairs(test, universe=UNIVERSE, known=train, seed=1, num_samples=1000)
    everything = set(zip(listed.first.tolist(), listed.second.tolist(), strict=True))
    some = list(zip(drawn.first.tolist(), drawn.second.tolist(), strict=True))
    assert len(some) == len(set(some)) == 1000
    assert set(some) < everything
    every = swap_pairs(test, universe=UNIVERSE, known=train, seed=1, num_samples=20_000)
    assert set(zip(every.first.tolist(), every.second.tolist(), strict=True)) == everything


def test_a_sample_is_near_the_whole_and_the_same_for_a_seed():
    train, test = truth(10, size=500)
    scores = UNIVERSE.mask(test) + np.random.default_rng(1).normal(size=(T, G))
    whole, some, again = (
        swap_auroc(scores, test, universe=UNIVERSE, known=train, seed=1, num_samples=num)
        for num in (300_000, 4000, 4000)
    )
    assert some == again
    assert some.num_pairs == 4000 < whole.num_pairs
    assert some.pooled == pytest.approx(whole.pooled, abs=0.02)


def test_a_function_of_codes_serves_as_well_as_a_matrix():
    train, test = truth(11)
    scores = np.random.default_rng(1).random((T, G))
    by_matrix = swap_auroc(scores, test, universe=UNIVERSE, known=train, seed=1)
    by_function = swap_auroc(lambda c: scores.ravel()[c], test, universe=UNIVERSE, known=train, seed=1)
    assert by_matrix == by_function


def test_positives_of_one_regulator_cannot_be_swapped_and_give_nan():
    result = swap_auroc(np.zeros((T, G)), np.array([1, 2, 3]), universe=UNIVERSE, known=np.array([1]), seed=1)
    assert (result.num_pairs, result.num_macro_regulators) == (0, 0)
    assert np.isnan([result.pooled, result.macro, *result.interval]).all()


def test_scores_that_cannot_be_compared_are_refused():
    train, test = truth(12)
    with pytest.raises(InputError, match="expected finite scores"):
        swap_auroc(np.full((T, G), np.nan), test, universe=UNIVERSE, known=train, seed=1)
    with pytest.raises(InputError, match="expected scores of shape"):
        swap_auroc(np.zeros((G, T)), test, universe=UNIVERSE, known=train, seed=1)
    with pytest.raises(InputError, match="no self pair"):
        swap_auroc(np.zeros((T, G)), UNIVERSE.self_codes(), universe=UNIVERSE, known=train, seed=1)
