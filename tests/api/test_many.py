"""Names, several regulators, pictures and comparisons over HTTP."""

GATA1, SPI1, HBG1, HBB, KLF1, TAL1 = (f"ENSG0000000000{n}" for n in range(1, 7))


def post(ask, path, body, **params):
    return ask(path, method="POST", json=body, **params)


def test_each_name_is_resolved_with_how_it_was_understood(ask):
    names = ["GATA1", f"{GATA1}.14", "gata1", "ERYF1", "GF1", "TWICE", "GATTA1", " HBB ", "GATA1"]
    answer = post(ask, "/v1/genes:resolve", {"names": names}).json()
    told = [(row["name"], row["status"], row["gene_id"]) for row in answer["results"]]
    assert told == [
        ("GATA1", "matched", GATA1),
        (f"{GATA1}.14", "matched", GATA1),
        ("gata1", "matched", GATA1),
        ("ERYF1", "alias", GATA1),
        ("GF1", "previous", GATA1),
        ("TWICE", "ambiguous", None),
        ("GATTA1", "not_found", None),
        (" HBB ", "matched", HBB),
        ("GATA1", "matched", GATA1),
    ]
    assert [c["gene_id"] for c in answer["results"][5]["candidates"]] == [HBB, KLF1]
    assert answer["counts"] == {"matched": 5, "alias": 1, "previous": 1, "ambiguous": 1, "not_found": 1}


def test_a_species_settles_a_name_of_two_of_them(ask):
    both = post(ask, "/v1/genes:resolve", {"names": ["tal1"]}).json()["results"][0]
    human = post(ask, "/v1/genes:resolve", {"names": ["tal1"], "species": "human"}).json()["results"][0]
    assert (both["status"], human["gene_id"]) == ("ambiguous", TAL1)


def test_a_thousand_names_are_one_question_and_more_are_refused(ask):
    names = ["GATA1", "alias OR *:*", *(f"no{n}" for n in range(998))]
    answer = post(ask, "/v1/genes:resolve", {"names": names})
    assert answer.json()["counts"] == {"matched": 1, "not_found": 999}
    refused = post(ask, "/v1/genes:resolve", {"names": [*names, "one more"]})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/body/names")


def test_several_regulators_are_answered_as_each_alone_and_one_unknown_spoils_none(ask):
    asked = {"regulators": ["GATA1", "GATTA1", "SPI1", "HBB"], "context": "K562", "limit": 2}
    results = post(ask, "/v1/regulators:targets", asked).json()["results"]
    alone = ask("/v1/regulators/GATA1/targets", context="K562", limit=2).json()
    assert results[0] == {"name": "GATA1", "answer": alone, "problem": None}
    assert [row["problem"] and row["problem"]["status"] for row in results] == [None, 404, None, 404]
    assert "GATA1" in results[1]["problem"]["suggestions"]


def test_a_picture_holds_the_best_edges_of_its_genes_and_says_when_it_is_capped(ask):
    whole = ask("/v1/network", regulators="GATA1,SPI1", context="K562").json()
    assert {n["data"]["label"] for n in whole["elements"]["nodes"]} == {
        "GATA1", "SPI1", "HBG1", "KLF1", "HBB", "TAL1",
    }  # fmt: skip
    assert (len(whole["elements"]["edges"]), whole["capped"]) == (5, False)
    small = ask("/v1/network", regulators="GATA1,SPI1", context="K562", max_nodes=3).json()
    edges = [(e["data"]["source"], e["data"]["target"]) for e in small["elements"]["edges"]]
    assert (edges, small["capped"]) == ([(GATA1, HBG1), (SPI1, HBG1)], True)
    assert ask("/v1/network", regulators="GATTA1").status_code == 404
    assert ask("/v1/network", regulators=" , ").status_code == 422


def test_two_runs_are_compared_by_context_with_what_only_one_has(ask):
    answer = ask("/v1/runs/run-new:compare/run-old", context="K562").json()
    assert answer["contexts"] == [
        {"context": "K562", "num_a": 5, "num_b": 1, "num_common": 1, "num_same_sign": 0,
         "num_opposite_sign": 1, "jaccard": 0.2},
    ]  # fmt: skip
    assert [edge["target"] for edge in answer["only_a"]] == [HBB, KLF1, TAL1, HBG1]
    assert answer["only_b"] == []
    assert ask("/v1/runs/run-new:compare/run-now").status_code == 404
    (shared,) = ask("/v1/runs/run-new:compare/run-times").json()["contexts"]
    assert (shared["context"], shared["num_a"], shared["num_b"]) == ("A549", 0, 1)
    assert ask("/v1/runs/run-new:compare/degree").status_code == 409
    assert ask("/v1/runs/run-new:compare/run-old", context="H1").status_code == 404


def test_releases_and_numbers_are_told(ask):
    assert ask("/v1/releases").json() == {"releases": []}
    stats = ask("/v1/stats").json()
    assert (stats["nodes"]["genes"], stats["nodes"]["regulators"], stats["nodes"]["runs"]) == (9, 3, 5)
    assert (stats["relationships"]["links"], stats["relationships"]["baselines"]) == (2, 1)
