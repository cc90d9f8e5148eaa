import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose

from model.lags.order import coupling, direction_p, levy_area, order_z, rescale, response_time

MIDPOINTS = np.array([0.5, 2.0])
paths = hnp.arrays(np.float64, (1, 4, 1), elements=st.floats(-10, 10))


def series(*levels: float) -> np.ndarray:
    return np.array(levels, dtype=np.float64)[:, None]


def area_by_definition(leader: np.ndarray, follower: np.ndarray) -> float:
    first, second = np.diff(leader[0, :, 0]), np.diff(follower[0, :, 0])
    return 0.5 * sum(first[j] * second[k] - first[k] * second[j] for k in range(first.size) for j in range(k))


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ((0, 1, 1), 0.5),
        ((0, 0, 1), 2.0),
        ((0, 1, 2), 1.25),
        ((4, 1, 0), 0.875),
        ((0, 3, 1), 0.5),
        ((2, 2, 2), 1.25),
    ],
)
def test_the_response_time_is_the_mean_time_of_the_net_change(levels, expected):
    assert response_time(series(*levels), MIDPOINTS)[0] == pytest.approx(expected)


def test_the_area_of_an_early_and_a_late_step_is_half():
    assert levy_area(series(0, 1, 1), series(0, 0, 1))[0] == 0.5


@given(paths, paths)
def test_the_area_is_its_definition(leader, follower):
    assert_allclose(levy_area(leader, follower)[0, 0], area_by_definition(leader, follower), atol=1e-9)


@given(paths, paths)
def test_the_area_flips_when_swapped_reversed_or_inverted(leader, follower):
    area = levy_area(leader, follower)
    assert_allclose(levy_area(follower, leader), -area, atol=1e-9)
    assert_allclose(levy_area(leader[:, ::-1], follower[:, ::-1]), -area, atol=1e-9)
    assert_allclose(levy_area(leader, -follower), -area, atol=1e-9)


@given(paths, st.floats(-5, 5), st.floats(-5, 5))
def test_proportional_changes_have_no_area(leader, factor, offset):
    assert_allclose(levy_area(leader, offset + factor * leader), 0, atol=1e-9)


def test_the_area_is_unbiased_by_noise():
    rng = np.random.default_rng(0)
    leader, follower = series(0, 1, 1), series(0, 0, 1)
    noisy = levy_area(leader + rng.normal(size=(3, 100_000)), follower + rng.normal(size=(3, 100_000)))
    assert noisy.mean() == pytest.approx(0.5, abs=4 * noisy.std() / np.sqrt(100_000))


def test_the_coupling_of_a_repressor_is_negative():
    assert coupling(series(0, 1, 1), series(0, 0, 1))[0] > 0
    assert coupling(series(0, 1, 1), series(1, 1, 0))[0] < 0
    assert coupling(series(0, 3, 1), series(0, 0, 1))[0] > 0


def test_fold_changes_are_proportional_on_the_log_scale():
    levels = np.array([[[1.0], [4.0], [16.0]]]) * 1e6
    scaled = rescale(levels, scale="log", mean=np.full((1, 1, 1), 1.0))
    assert_allclose(np.diff(scaled[0, :, 0]), np.log(4), rtol=1e-6)


def test_an_unknown_coupling_leaves_the_order_unknown():
    rng = np.random.default_rng(0)
    pulse, late = np.array([0, 1.0, 0.0]), np.array([0, 0, 1.0])
    assert coupling(pulse[:, None], late[:, None])[0] == pytest.approx(0)
    noise = rng.normal(scale=0.05, size=(2, 1, 3, 201))
    noise[..., 0] = 0
    z = order_z(pulse[None, :, None] + noise[0], late[None, :, None] + noise[1])
    assert abs(z[0]) < 0.1


def test_scales_that_disagree_give_no_direction():
    p = direction_p(np.array([[4.0, 4.0, -3.0], [3.0, -4.0, -5.0]]))
    assert_allclose(p, [0.0026998, 1, 0.0026998], rtol=1e-4)
