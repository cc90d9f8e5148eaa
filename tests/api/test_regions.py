"""Peaks, lags, regulons and triplets over HTTP, and what licence filters leave out."""

GATA1, SPI1, HBG1, HBB, KLF1, TAL1 = (f"ENSG0000000000{n}" for n in range(1, 7))
PEAK, FAR = "GRCh38:chr11:1-6", "GRCh38:chr11:900-950"


def test_peaks_of_a_gene_come_nearest_first_with_links_and_what_binds_them(ask):
    answer = ask("/v1/genes/HBG1/peaks", context="K562").json()
    near, far = answer["peaks"]
    assert (near["peak_id"], near["distance_bp"], near["links"][0]["weight"]) == (PEAK, 2, 0.6)
    assert [(b["symbol"], b["kind"], b["source_id"]) for b in near["bound_by"]] == [
        ("GATA1", "chip", "encode")
    ]
    assert [(b["symbol"], b["kind"]) for b in far["bound_by"]] == [("SPI1", "motif")]
    assert (answer["run"]["run_id"], answer["has_more"]) == ("run-new", False)
    assert ask("/v1/genes/HBG1/peaks", context="K562", limit=1).json()["has_more"] is True


def test_lags_of_a_gene_are_told_by_run_and_context(ask):
    (lag,) = ask("/v1/genes/HBG1/lags").json()["lags"]
    assert (lag["run_id"], lag["context"], lag["lag"], lag["lag_sign"], lag["fdr"]) == (
        "run-times", "A549", 0.4, 1, 0.02,
    )  # fmt: skip
    assert (lag["low"], lag["high"], lag["biphasic"]) == (0.1, 0.7, False)
    assert (lag["window_centres"], lag["window_lags"]) == ([0.25, 0.75], [0.3, 0.5])
    assert lag["window_signs"] == [0, 1]
    assert ask("/v1/genes/HBG1/lags", context="K562").json()["lags"] == []


def test_a_gene_tells_its_regulons_and_the_peaks_that_speak_for_them(ask):
    regulons = ask("/v1/genes/HBG1/regulons", context="K562").json()["regulons"]
    told = [(r["symbol"], r["sign"], r["num_targets"], r["peak_ids"]) for r in regulons]
    assert told == [("GATA1", 1, 2, [PEAK]), ("SPI1", 1, 1, [FAR])]


def test_triplets_need_a_link_and_a_binding_of_the_present_load(ask):
    of_gene = ask("/v1/triplets", target="HBG1", context="K562").json()["triplets"]
    assert [(t["source_symbol"], t["peak_id"], t["bound_by"]) for t in of_gene] == [
        ("GATA1", PEAK, ["encode"]),
        ("SPI1", FAR, ["dorothea"]),
    ]
    of_regulator = ask("/v1/triplets", regulator="GATA1", dataset="lines").json()["triplets"]
    assert [(t["target_symbol"], t["link_weight"]) for t in of_regulator] == [("HBG1", 0.6)]
    assert ask("/v1/triplets", regulator="GATA1", target="KLF1", context="K562").json()["triplets"] == []
    assert ask("/v1/triplets", context="K562").status_code == 422
    assert ask("/v1/triplets", regulator="HBB", context="K562").status_code == 404


def test_a_pair_tells_the_peaks_between_its_ends(ask):
    (peak,) = ask("/v1/edges/GATA1/HBG1").json()["peaks"]
    assert (peak["peak_id"], peak["distance_bp"], peak["dataset_id"]) == (PEAK, 2, "lines")


def test_an_open_licence_leaves_out_runs_and_evidence_of_academic_sources(ask):
    answer = ask("/v1/regulators/SPI1/targets", context="K562", licence="open").json()
    assert (answer["run"]["run_id"], answer["licence_class"]) == ("run-open", "open")
    told = [(edge["target"], edge["novel"], edge["evidence_count"]) for edge in answer["edges"]]
    assert told == [(TAL1, True, 0), (HBG1, True, 0)]  # dorothea's edge is not told, and not counted
    named = ask("/v1/regulators/SPI1/targets", run="run-open").json()["edges"]
    assert [(edge["novel"], edge["evidence_count"]) for edge in named] == [(True, 0), (False, 1)]
    novel = ask("/v1/regulators/SPI1/targets", context="K562", licence="open", novel="false").json()
    assert novel["edges"] == []
    for more, known in ({}, [(True, 0), (False, 1)]), ({"licence": "open"}, [(True, 0), (True, 0)]):
        exported = ask("/v1/exports/run-open", **more).json()["edges"]
        assert [(edge["novel"], edge["evidence_count"]) for edge in exported] == known
        drawn = ask("/v1/network", regulators="SPI1", run="run-open", **more).json()["elements"]["edges"]
        assert [edge["data"]["novel"] for edge in drawn] == [novel for novel, _ in known]
    none = ask("/v1/exports/run-open", licence="open", novel="false", format="sif")
    assert none.text == ""
    assert ask("/v1/regulators/SPI1/targets", run="run-new", licence="open").status_code == 409
    none = ask("/v1/regulators/GATA1/targets", dataset="times", licence="open")
    assert (none.status_code, "licence" in none.json()["hint"]) == (404, True)
    pair = ask("/v1/edges/GATA1/HBG1", licence="share-alike").json()
    assert pair["predictions"] == []
    assert [prior["source_id"] for prior in pair["priors"]] == ["trrust"]
    assert pair["licence_class"] == "share-alike"


def test_an_unknown_source_in_a_filter_is_404_with_the_nearest(ask):
    response = ask("/v1/regulators/GATA1/targets", context="K562", source="dorthea")
    assert (response.status_code, response.json()["suggestions"][0]) == (404, "dorothea")
