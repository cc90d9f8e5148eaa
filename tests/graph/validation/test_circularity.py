import pandas as pd

from graph.validation.circularity import circularity_table


def claims(*rows):
    return pd.DataFrame(rows, columns=["code", "pmids"])


def test_a_copy_shares_everything_and_rates_are_those_of_the_judge():
    small = claims((1, ["p1"]), (2, ["p2"]))
    large = claims((1, ["p1"]), (2, ["p2"]), (3, ["p3"]), (3, ["p4"]), (4, []))
    table = circularity_table({"small": small, "large": large}).set_index(["source_id", "judge"])
    by_large, by_small = table.loc[("small", "large")], table.loc[("large", "small")]
    assert (by_large["num_shared"], by_large["shared_rate"], by_large["shared_pmid_rate"]) == (2, 0.5, 0.5)
    assert (by_small["num_shared"], by_small["shared_rate"], by_small["shared_pmid_rate"]) == (2, 1, 1)


def test_papers_can_be_shared_where_pairs_are_not():
    table = circularity_table({"a": claims((1, ["p1", "p2"])), "b": claims((9, ["p2"]))})
    assert table["num_shared"].tolist() == [0, 0]
    assert table["num_shared_pmids"].tolist() == [1, 1]


def test_a_database_without_papers_has_no_rate_of_them():
    table = circularity_table({"a": claims((1, ["p1"])), "b": claims((1, []))}).set_index("judge")
    assert table["shared_pmid_rate"].isna()["b"]
    assert table.loc["a", "shared_pmid_rate"] == 0
    assert circularity_table({"a": claims((1, []))}).empty
