import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from graph.validation.contrasts import contrasts
from graph.validation.exams import Exam

T, G = 6, 300


def exam(context, positives, excluded=(), *, judge="encode"):
    none = np.empty(0, dtype=np.int64)
    return Exam(
        name=context, judge=judge, cell_type=context, context=context, universe="",
        positives=np.sort(np.asarray(positives, dtype=np.int64)),
        excluded=np.asarray(excluded, dtype=np.int64) if len(excluded) else none, known=none, num_shared=0,
    )  # fmt: skip


@pytest.fixture
def world():
    rng = np.random.default_rng(1)
    codes = rng.permutation(T * G)
    shared, first, second = codes[:200], codes[200:600], codes[600:1000]
    return rng, np.union1d(shared, first), np.union1d(shared, second), first, second


def test_it_is_the_auroc_within_regulators_of_the_difference(world):
    rng, one, other, first, second = world
    scores = {"K562": rng.normal(size=(T, G)), "H1": rng.normal(size=(T, G))}
    scores["K562"].ravel()[first] += 1
    (found,) = contrasts(scores, [exam("K562", one), exam("H1", other)], seed=0)
    wins = compared = 0.0
    for regulator in range(T):
        mine, theirs = (part[part // G == regulator] for part in (first, second))
        difference = (scores["K562"] - scores["H1"]).ravel()
        labels = np.repeat([1, 0], [len(mine), len(theirs)])
        area = roc_auc_score(labels, difference[np.concatenate([mine, theirs])])
        wins += area * len(mine) * len(theirs)
        compared += len(mine) * len(theirs)
    assert found.auroc == pytest.approx(wins / compared, abs=1e-12)
    assert (found.num_regulators, found.num_first, found.num_second) == (T, 400, 400)
    assert found.interval.low > 0.6


def test_scores_that_do_not_differ_or_differ_by_gene_fame_alone_give_one_half(world):
    rng, one, other, *_ = world
    same = rng.normal(size=(T, G))
    exams = [exam("K562", one), exam("H1", other)]
    assert contrasts({"K562": same, "H1": same}, exams, seed=0)[0].auroc == 0.5
    fame = rng.pareto(1, size=G)
    found = []
    for _ in range(60):
        noise = {name: fame + rng.normal(size=(T, G)) for name in ("K562", "H1")}
        found.append(contrasts(noise, exams, seed=0)[0].auroc)
    assert np.mean(found) == pytest.approx(0.5, abs=3 * np.std(found) / np.sqrt(60))


def test_the_order_of_the_contexts_changes_nothing(world):
    rng, one, other, first, _ = world
    scores = {"K562": rng.normal(size=(T, G)), "H1": rng.normal(size=(T, G))}
    scores["K562"].ravel()[first] += 1
    a, b = exam("K562", one), exam("H1", other)
    (forth,), (back,) = contrasts(scores, [a, b], seed=0), contrasts(scores, [b, a], seed=0)
    assert forth.auroc == pytest.approx(back.auroc, abs=1e-12)
    turned = {"K562": scores["H1"], "H1": scores["K562"]}  # the scores of the wrong context
    assert contrasts(turned, [a, b], seed=0)[0].auroc == pytest.approx(1 - forth.auroc, abs=1e-12)


def test_pairs_that_trained_other_judges_and_small_regulators_take_no_part(world):
    rng, one, other, first, _ = world
    scores = {"K562": rng.normal(size=(T, G)), "H1": rng.normal(size=(T, G))}
    hidden = first[first // G == 2]
    (found,) = contrasts(scores, [exam("K562", one), exam("H1", other, excluded=hidden)], seed=0)
    assert found.num_regulators == T - 1
    assert contrasts(scores, [exam("K562", one), exam("H1", other, judge="chea")], seed=0) == []
    assert contrasts(scores, [exam("K562", one[:20]), exam("H1", other[:20])], seed=0) == []
