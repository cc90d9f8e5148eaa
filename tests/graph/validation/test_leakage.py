import numpy as np
import pytest

from graph.errors import ConflictError
from graph.validation.leakage import overlap, refuse_circular


def test_a_source_cannot_judge_a_run_that_read_it():
    with pytest.raises(ConflictError, match="found dorothea, trrust on both sides"):
        refuse_circular(["trrust", "dorothea", "encode"], {"dorothea", "trrust"})


def test_other_sources_may_judge():
    refuse_circular(["dorothea"], ["trrust"])
    refuse_circular([], ["trrust"])


def test_shared_pairs_are_counted_once():
    shared = overlap(np.array([1, 2, 2, 3]), np.array([2, 3, 3, 4, 5]))
    assert (shared.num_train, shared.num_test, shared.num_shared) == (3, 4, 2)
    assert shared.test_rate == 0.5


def test_no_judged_pairs_have_no_rate():
    assert np.isnan(overlap(np.array([1]), np.array([], dtype=int)).test_rate)
