import numpy as np
import pytest

from graph.errors import InputError
from model.lags.time_points import TimePoints


def points(time):
    return TimePoints.from_cells(time, num_cells=len(time))


def test_times_are_sorted_and_cells_labelled():
    found = points([3, 0, 1, 3])
    assert found.times.tolist() == [0, 1, 3]
    assert found.label.tolist() == [2, 0, 1, 2]
    assert found.midpoints.tolist() == [0.5, 2.0]
    assert found.members(2).tolist() == [0, 3]


def test_the_order_of_first_cells_does_not_depend_on_the_direction_of_time():
    time = np.array([3, 0, 1, 3])
    forward, backward = points(time), points(-time)
    members = [[p.members(k).tolist() for k in p.by_first_cell()] for p in (forward, backward)]
    assert members[0] == members[1] == [[0, 3], [1], [2]]


@pytest.mark.parametrize(
    ("time", "reason"),
    [
        ([1] * 50, "1 time points, an order needs 3"),
        ([0] * 50 + [1] * 50, "2 time points, an order needs 3"),
        ([0] * 50 + [1] * 5 + [3] * 50, "5 cells at time 1, expected 20"),
        ([0] * 50 + [1] * 50 + [3] * 50, ""),
    ],
)
def test_the_obstacle_says_what_is_missing(time, reason):
    assert points(time).obstacle(min_cells=20) == reason


def test_a_cell_without_time_is_refused():
    with pytest.raises(InputError, match="2 of 4 have none"):
        points([0, np.nan, 1, np.nan])
