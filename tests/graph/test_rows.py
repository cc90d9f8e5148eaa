"""Lists of numbers as Bolt carries them."""

import numpy as np
import pandas as pd
import pytest

from graph.errors import InputError
from graph.rows import batches, by_source
from graph.tables import GENE_LAGS

LAG = {"source": "g", "target": "d/all", "run_id": "r", "lag_unit": "h", "lag_sign": 0, "fdr": 1.0}


def told(**changes):
    (columns,) = batches(GENE_LAGS, pd.DataFrame([{**LAG, **changes}]))
    return columns


def test_lists_of_numbers_are_plain_floats_and_a_missing_list_is_null():
    (lags,) = told(window_lags=np.array([0.25, -1]).tolist())["window_lags"]
    assert [type(each) for each in lags] == [float, float]
    assert lags == [0.25, -1.0]
    assert by_source(told())["window_lags"] == [None]


def test_a_number_that_is_missing_never_reaches_the_graph():
    assert told(lag=np.nan)["lag"] == [None]
    with pytest.raises(InputError, match="column window_lags: a list holds numbers that are missing"):
        told(window_lags=[0.1, np.nan])
