import json

import pytest
from typer.testing import CliRunner

from cisgraph.cli.app import app


@pytest.mark.parametrize("estimator", ["likelihood", "cross-correlation", "attention"])
def test_simulate_tells_the_four_figures_and_why_five_cells_have_no_lags(estimator):
    given = ["lags", "simulate", "--cells", "5", "--counts", "1", "--genes", "8", "--seed", "1", "--json"]
    result = CliRunner().invoke(app, [*given, "--estimator", estimator])
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert {"spearman", "sign_accuracy", "recall", "false_calls"} <= set(told)
    assert told["obstacle"] == "5 cells, a trajectory needs 200"
    assert told["recall"] == 0


def test_simulate_tries_the_estimate_that_is_asked_for():
    given = ["lags", "simulate", "--cells", "500", "--counts", "2", "--genes", "20", "--seed", "1", "--json"]
    told = {
        name: json.loads(CliRunner().invoke(app, [*given, "--estimator", name]).stdout)["spearman"]
        for name in ("likelihood", "cross-correlation", "attention")
    }
    assert told["likelihood"] > 0.6
    assert told["attention"] > 0.6
    assert len(set(told.values())) == 3
