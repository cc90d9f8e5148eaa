import json

from typer.testing import CliRunner

from cisgraph.cli.app import app


def test_simulate_tells_the_four_figures_and_why_five_cells_have_no_lags():
    given = ["lags", "simulate", "--cells", "5", "--counts", "1", "--genes", "8", "--seed", "1", "--json"]
    result = CliRunner().invoke(app, given)
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert {"spearman", "sign_accuracy", "recall", "false_calls"} <= set(told)
    assert told["obstacle"] == "5 cells, a trajectory needs 200"
    assert told["recall"] == 0
