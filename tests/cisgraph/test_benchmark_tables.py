"""What `cisgraph benchmark` and `cisgraph validate` print beside their grids."""

import io

import pytest
from rich.console import Console

from cisgraph.cli.benchmark import _enrichment_table
from cisgraph.cli.figures import not_judged_words, print_exams
from cisgraph.cli.validate import _matched_words, _print_network

TOLD = {"hits": 20.0, "expected": 10.0, "fold": 2.0, "p": 0.01, "num_regulators": 24, "num_enriched": 3}


def printed(thing):
    console = Console(file=io.StringIO(), width=200)
    console.print(thing)
    return console.file.getvalue()


def test_enrichment_of_unseen_regulators_is_the_mean_of_seeds_with_the_largest_p():
    rows = [{"name": "degree", "unseen_enrichment": TOLD}]
    again = [{"name": "degree", "unseen_enrichment": TOLD | {"hits": 40.0, "p": 0.04, "num_enriched": 4}}]
    line = next(
        line for line in printed(_enrichment_table([{"rows": rows}, {"rows": again}])).splitlines()
        if "degree" in line and "fame" not in line.lower()
    )  # fmt: skip
    assert [cell.strip() for cell in line.split("│")[1:-1]] == [
        "degree", "30.0", "10.0", "3.00", "0.04", "3.5 of 24",
    ]  # fmt: skip


def test_other_splits_have_no_such_table():
    assert _enrichment_table([{"rows": [{"name": "degree"}]}]) is None


def test_an_exam_that_is_left_out_is_named_with_what_it_lacks():
    exam = {"name": "ChIP-seq of encode in BJ", "num_positives": 12, "min_positives": 20}
    assert not_judged_words(exam) == "ChIP-seq of encode in BJ (12 positives, expected at least 20)"


def test_expression_matched_means_are_told_with_their_intervals():
    told = {"num_regulators": 6, "auroc": 0.543, "auroc_low": 0.5, "auroc_high": 0.6}
    told |= {"matched_auroc": 0.53, "matched_auroc_low": None, "matched_auroc_high": None}
    words = _matched_words({"exam": "ChIP-seq of encode in K562", "matched": told})
    assert "6 regulators 0.543 (0.500-0.600); against targets of the same expression 0.530" in words


@pytest.mark.parametrize(("context", "title"), [("all", "made"), ("K562", "made (scores of context K562)")])
def test_a_context_is_named_where_there_is_one_and_auprc_has_its_interval(context, title):
    row = {"name": "mine", "is_baseline": False, "best_baseline_in": [], "ratio": 9.0}
    row |= dict.fromkeys(("swap_auroc", "auroc", "precision_at_100", "top100_enrichment"), 0.6)
    row |= {"ratio_interval_low": 8.0, "ratio_interval_high": 11.0}
    exam = {"name": "made", "context": context, "universe": "u", "num_positives": 30, "num_regulators": 3}
    exam |= {"prevalence": 0.1, "num_shared": 0, "rows": [row]}
    console = Console(file=io.StringIO(), width=200)
    print_exams(console, [exam])
    lines = console.file.getvalue().splitlines()
    assert lines[0].strip() == title
    assert any("9.0 (8.0-11.0)" in line for line in lines)


def test_a_file_is_told_how_it_was_read_what_was_dropped_and_whose_copy_it_may_be():
    side = {"num_names": 3, "num_found": 2, "not_understood": ["[odd]"]}
    judge = {"judge": "trrust", "num_returned": 59, "num_pairs": 300, "num_regulators": 2}
    about = {"format": "grnboost2", "notes": ["weight = importance"], "num_rows": 70, "num_returned": 60}
    about |= {"num_repeated": 4, "num_self": 0, "num_outside": 6, "warnings": ["few"], "judges": [judge]}
    console = Console(file=io.StringIO(), width=200)
    _print_network(console, about | {"names": {"source": side, "target": side}})
    told = console.file.getvalue()
    assert "read as grnboost2; weight = importance" in told
    assert "rows that repeat a pair (its highest weight counts): 4" in told
    assert "self pairs" not in told
    assert "98% of the network's pairs are in trrust" in told
    assert "source names not understood, such as: [odd]" in told
