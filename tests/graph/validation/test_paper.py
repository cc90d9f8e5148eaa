import numpy as np
import pytest

from graph.errors import ConflictError, InputError
from graph.validation.judge import judge, judge_paper
from graph.validation.paper import exam_paper
from graph.validation.swap import swap_pairs
from graph.validation.universe import Universe

UNIVERSE = Universe.of([f"g{i}" for i in range(20)], [f"g{i}" for i in range(200)])
RNG = np.random.default_rng(1)
CODES = np.setdiff1d(RNG.choice(UNIVERSE.num_codes, 300, replace=False), UNIVERSE.self_codes())
POSITIVES, TRAIN, KNOWN = CODES[::3], CODES[1::3], CODES
ASKED = {"positives": POSITIVES, "excluded": TRAIN, "known_positives": KNOWN, "seed": 45}


def test_a_shared_paper_gives_the_verdict_of_a_paper_of_one():
    paper = exam_paper(UNIVERSE, **ASKED)
    for _ in range(2):
        scores = RNG.random(UNIVERSE.shape)
        assert judge_paper(scores, paper, seed=45) == judge(scores, UNIVERSE, **ASKED)


def test_swaps_avoid_known_excluded_and_self_pairs():
    paper = exam_paper(UNIVERSE, **ASKED)
    barred = np.concatenate([KNOWN, TRAIN, UNIVERSE.self_codes()])
    by_codes = swap_pairs(POSITIVES, universe=UNIVERSE, known=barred, seed=45)
    np.testing.assert_array_equal(paper.swaps.first, by_codes.first)
    np.testing.assert_array_equal(paper.swaps.second, by_codes.second)


def test_a_positive_that_trained_or_is_a_self_pair_is_refused():
    with pytest.raises(ConflictError, match=rf"found 1 of {len(POSITIVES)}"):
        exam_paper(UNIVERSE, **{**ASKED, "excluded": np.append(TRAIN, POSITIVES[0])})
    with pytest.raises(ConflictError, match=r"found 1 of"):
        exam_paper(UNIVERSE, **{**ASKED, "positives": np.append(POSITIVES, UNIVERSE.self_codes()[0])})


def test_codes_of_another_universe_are_refused():
    with pytest.raises(InputError, match="excluded: expected codes"):
        exam_paper(UNIVERSE, **{**ASKED, "excluded": np.array([UNIVERSE.num_codes])})
