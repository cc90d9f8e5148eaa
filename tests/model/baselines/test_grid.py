from dataclasses import dataclass

import numpy as np
import pytest

from graph.errors import ConflictError
from graph.validation.judge import JudgeSettings
from graph.validation.score_files import RunScores
from graph.validation.universe import Universe
from model.baselines.catalogue import by_name, chosen
from model.baselines.contract import Given
from model.baselines.grid import Grid, competitors, summary

QUICK = JudgeSettings(num_bootstraps=50, num_swaps=2000, top_k=10)


@dataclass
class MadeBench:
    """A bench without a graph."""

    evidence: object
    cells: object
    training_source: str = "main"

    @property
    def universe(self):
        return self.evidence.universe

    def given(self, view):
        return Given(view, self.cells, {})


@pytest.fixture(scope="module")
def grid(evidence, cells):
    methods = chosen(["random", "degree", "pearson", "chip", "database:other"], by_name(["other"]))
    return Grid(MadeBench(evidence, cells), methods, settings=QUICK)


@pytest.fixture(scope="module")
def tables(grid):
    return grid.tables(splits=["edge", "regulator", "target", "database"], seeds=[45, 46])


def test_there_is_a_table_for_every_split_and_seed(tables):
    asked = [(table["split"], table["seed"]) for table in tables]
    splits = ("edge", "regulator", "target", "novel other")
    assert asked == [(split, seed) for seed in (45, 46) for split in splits]


def test_a_database_does_not_sit_the_exam_that_it_judges(tables):
    for table in tables:
        names = {row["name"] for row in table["rows"]}
        assert ("database:other" in names) == (table["judge"] != "other")


def test_fame_is_at_one_half_and_the_best_baseline_is_marked(tables, grid):
    rows = summary(tables, baselines=competitors(grid.baselines))
    for split in ("edge", "regulator", "target", "novel other"):
        here = [row for row in rows if row["split"] == split]
        degree = next(row for row in here if row["method"] == "degree")
        assert degree["swap_auroc"] == pytest.approx(0.5, abs=1e-9)
        judged = [row for row in here if row["is_baseline"]]
        best = max(row["auroc"] for row in judged)
        assert [row["auroc"] for row in judged if "auroc" in row["best_baseline_in"]] == [best]
        references = [row for row in here if row["method"].startswith("database:")]
        assert all(not row["is_baseline"] and not row["best_baseline_in"] for row in references)


def test_means_are_over_seeds_and_intervals_hold_them(tables, grid):
    rows = summary(tables, baselines=competitors(grid.baselines))
    row = next(row for row in rows if row["split"] == "edge" and row["method"] == "pearson")
    assert row["num_seeds"] == 2
    assert row["auroc"] == pytest.approx(np.mean(row["auroc_by_seed"]))
    assert row["auroc_low"] < row["auroc"] < row["auroc_high"]


def test_cells_are_scored_once_a_seed_and_edges_for_every_exam(evidence, cells):
    asked = []

    def counted(baseline):
        def score(given, seed):
            asked.append((baseline.name, seed))
            return baseline.score(given, seed)

        return type(baseline)(baseline.name, score, baseline.learns, baseline.sources)

    methods = [counted(each) for each in chosen(["pearson", "degree"], by_name([]))]
    Grid(MadeBench(evidence, cells), methods, settings=QUICK).tables(
        splits=["edge", "target"], seeds=[45, 46]
    )
    assert asked.count(("pearson", 45)) == 1
    assert asked.count(("degree", 45)) == 2


def run_of(evidence, universe=None):
    codes = evidence.codes("main")
    scores = evidence.universe.mask(codes).astype(np.float32)
    return RunScores(
        universe or evidence.universe, {"all": scores}, None, codes[::2], codes[1::4], codes[3::4]
    )


def test_a_run_is_judged_by_its_own_split_with_baselines_that_saw_what_it_saw(grid, evidence):
    tables = grid.run_tables(run_of(evidence), run_id="r1", used_source_ids=["main"], seed=45)
    held_out, other = tables
    assert held_out["num_positives"] == len(evidence.codes("main")[3::4])
    assert other["judge"] == "other"
    mine = next(row for row in held_out["rows"] if row["name"] == "r1")
    assert (mine["auroc"], mine["is_baseline"]) == (1, False)
    assert all("r1" not in row["best_baseline_in"] for row in held_out["rows"])


def test_a_run_of_another_universe_is_refused(grid, evidence):
    with pytest.raises(ConflictError, match="another universe"):
        grid.run_tables(run_of(evidence, Universe(("a",), ("b",))), run_id="r1", used_source_ids=[], seed=45)
