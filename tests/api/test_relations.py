"""Disagreeing sources, shared regulators, two contexts side by side, and pages of regions, over HTTP."""

import pytest

from api.models.edges import EdgeAnswer

GATA1, SPI1, HBG1, HBB, KLF1, TAL1 = (f"ENSG0000000000{n}" for n in range(1, 7))


def test_a_conflict_names_who_says_activation_and_who_repression(ask):
    answer = ask("/v1/conflicts", regulator="GATA1").json()
    (conflict,) = answer["conflicts"]
    assert (conflict["source"], conflict["target"]) == (GATA1, HBG1)
    assert (conflict["activating"], conflict["repressing"]) == (["dorothea"], ["trrust"])
    assert (answer["has_more"], answer["next_cursor"]) == (False, None)


def test_conflicts_of_a_target_and_of_a_pair_are_the_same(ask):
    of_regulator = ask("/v1/conflicts", regulator="GATA1").json()
    assert ask("/v1/conflicts", target="HBG1").json() == of_regulator
    assert ask("/v1/conflicts", regulator="GATA1", target="HBG1").json() == of_regulator
    assert ask("/v1/conflicts", regulator="GATA1", target="KLF1").json()["conflicts"] == []


def test_a_source_of_a_stricter_licence_contradicts_nobody(ask):
    assert ask("/v1/conflicts", regulator="GATA1", licence="share-alike").json()["conflicts"] == []


def test_conflicts_of_nobody_and_of_no_regulator_are_refused(ask):
    assert ask("/v1/conflicts").status_code == 422
    assert ask("/v1/conflicts", regulator="HBB").status_code == 404


def test_shared_regulators_are_counted_over_the_genes_of_the_list(ask):
    answer = ask("/v1/regulators:shared", genes="HBG1,KLF1, HBB,HBG1", context="K562").json()
    (gata1,) = answer["regulators"]
    assert (gata1["symbol"], gata1["num_shared"], gata1["num_targets"]) == ("GATA1", 3, 4)
    assert gata1["targets"] == [HBG1, HBB, KLF1]
    assert gata1["mean_score"] == pytest.approx((0.9 + 0.8 + 0.8) / 3)
    some = ask("/v1/regulators:shared", genes="HBG1,KLF1", context="K562", min_shared=1).json()
    assert [row["symbol"] for row in some["regulators"]] == ["GATA1", "SPI1"]
    one = ask("/v1/regulators:shared", genes="HBG1,KLF1", context="K562", min_shared=1, limit=1).json()
    assert ([row["symbol"] for row in one["regulators"]], one["has_more"]) == (["GATA1"], True)


def test_one_gene_shares_nothing_and_an_unknown_one_is_told(ask):
    assert ask("/v1/regulators:shared", genes="HBG1,HBG1", context="K562").status_code == 422
    unknown = ask("/v1/regulators:shared", genes="HBG1,KLF11", context="K562")
    assert (unknown.status_code, unknown.json()["suggestions"][0]) == (404, "KLF1")


def test_two_contexts_differ_by_edges_of_one_only_and_by_scores(ask):
    answer = ask("/v1/contexts:compare", a="K562", b="GM12878").json()
    counts = {name: answer[name] for name in ("num_a", "num_b", "num_common", "num_same_sign", "jaccard")}
    assert counts == {"num_a": 5, "num_b": 1, "num_common": 1, "num_same_sign": 1, "jaccard": 0.2}
    assert [(edge["context"], edge["target"]) for edge in answer["only_a"]] == [
        ("K562", HBG1), ("K562", HBB), ("K562", TAL1), ("K562", HBG1),
    ]  # fmt: skip
    assert answer["only_b"] == []
    (changed,) = answer["changed"]
    assert (changed["target"], changed["score_a"], changed["score_b"]) == (KLF1, 0.8, 0.95)


def test_contexts_of_one_regulator_leave_the_others_out(ask):
    answer = ask("/v1/contexts:compare", a="K562", b="GM12878", regulator="SPI1").json()
    assert (answer["num_a"], answer["num_b"]) == (1, 0)
    assert ask("/v1/contexts:compare", a="K562", b="K562").status_code == 422
    assert ask("/v1/contexts:compare", a="K562", b="H1").status_code == 404
    assert ask("/v1/contexts:compare", a="K562", b="GM12878", regulator="HBB").status_code == 404


def test_a_data_set_names_its_default_run_in_a_comparison(ask):
    answer = ask("/v1/runs/lines:compare/run-old", context="K562").json()
    assert (answer["a"], answer["b"]) == ("run-new", "run-old")
    (changed,) = answer["changed"]
    assert (changed["target"], changed["sign_a"], changed["sign_b"]) == (HBG1, 1, -1)


@pytest.mark.parametrize(
    ("path", "rows", "asked"),
    [
        ("/v1/genes/HBG1/peaks", "peaks", {"context": "K562"}),
        ("/v1/genes/HBG1/regulons", "regulons", {"dataset": "lines"}),
        ("/v1/triplets", "triplets", {"target": "HBG1", "context": "K562"}),
        ("/v1/genes/HBG1/regulators", "edges", {"dataset": "lines"}),
    ],
)
def test_pages_of_one_row_are_the_whole_answer(ask, path, rows, asked):
    whole, paged, cursor = ask(path, **asked).json()[rows], [], {}
    assert len(whole) > 1
    for _ in whole:
        page = ask(path, limit=1, **asked, **cursor).json()
        paged += page[rows]
        cursor = {"cursor": page["next_cursor"]}
    assert (paged, page["next_cursor"]) == (whole, None)


def test_a_cursor_of_other_rows_is_refused(ask):
    of_peaks = ask("/v1/genes/HBG1/peaks", context="K562", limit=1).json()["next_cursor"]
    assert ask("/v1/genes/HBG1/regulons", context="K562", cursor=of_peaks).status_code == 422
    of_targets = ask("/v1/regulators/KLF1/targets", context="K562", limit=1)
    assert of_targets.json()["next_cursor"] is None
    of_targets = ask("/v1/regulators/GATA1/targets", context="K562", limit=1).json()["next_cursor"]
    assert ask("/v1/genes/GATA1/regulators", context="K562", cursor=of_targets).status_code == 422


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"bound_in": "k562"}, [HBG1]),
        ({"bound_in": "GM12878"}, [HBG1, KLF1]),
        ({"bound_in": "GM12878", "licence": "share-alike"}, []),
        ({"min_chromatin_lag": 0.5}, [HBG1, KLF1, TAL1]),
        ({"min_chromatin_lag": 0.6}, []),
    ],
)
def test_filters_of_binding_and_chromatin_keep_what_they_say(ask, filters, expected):
    answer = ask("/v1/regulators/GATA1/targets", **{"context": "K562", **filters})
    assert [edge["target"] for edge in answer.json().get("edges", [])] == expected


@pytest.mark.parametrize("path", ["/v1/regulators/GATA1/targets", "/v1/genes/HBG1/regulators"])
def test_answers_that_no_model_looked_at_conform_to_it(ask, path):
    for asked in ({"context": "K562"}, {"dataset": "lines", "limit": 1}, {"context": "K562", "min_score": 2}):
        told = ask(path, **asked).json()
        assert EdgeAnswer.model_validate(told).model_dump(mode="json") == told
