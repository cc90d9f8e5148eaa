import numpy as np
import pandas as pd
import pytest

from graph.errors import InputError, NotFoundError
from graph.schema import Label
from graph.store import GraphStore
from graph.tables import CHIP_TARGETS, GENE_SETS, GENES, MEMBERSHIPS, PRIORS, REGULATORS
from graph.validation.evidence import (
    Evidence,
    chip_sources,
    curated_sources,
    parse_judges,
    read_claims,
    read_evidence,
    read_gene_sets,
)
from graph.validation.universe import Universe

UNIVERSE = Universe(("t1", "t2"), ("a", "b", "c", "t1"))
SOURCE = f"""
UNWIND $rows AS row
CREATE (:{Label.SOURCE} {{source_id: row.id, name: row.id, species: row.species, load_id: row.load,
                          state: row.state}})
"""


def prior(source, target, source_id, load_id, **more):
    told = {"sign": 1, "confidence": "A", "pmids": ["p1"]} | more
    return {"source": source, "target": target, "source_id": source_id, "load_id": load_id} | told


@pytest.fixture
def store(empty_graph):
    c = empty_graph
    with GraphStore.connect(c.uri, user=c.user, password=c.password, database=c.database) as store:
        genes = ["t1", "t2", "a", "b", "c", "z"]
        empty = [[] for _ in genes]
        store.write_table(
            GENES,
            pd.DataFrame(
                {"gene_id": genes, "symbol": genes, "aliases": empty, "previous_symbols": empty,
                 "species": "human", "biotype": "protein_coding"}
            ),
        )  # fmt: skip
        store.write_table(
            REGULATORS,
            pd.DataFrame(
                {"gene_id": ["t1", "t2"], "regulator_class": "transcription_factor", "source_id": "l"}
            ),
        )
        rows = [
            {"id": "dorothea", "species": "human", "load": "dorothea@2", "state": "complete"},
            {"id": "trrust", "species": "human", "load": "trrust@1", "state": "complete"},
            {"id": "other_mouse", "species": "mouse", "load": "mouse@1", "state": "complete"},
            {"id": "encode", "species": "human", "load": "encode@1", "state": "complete"},
            {"id": "sets", "species": "human", "load": "sets@1", "state": "complete"},
        ]
        store.write(SOURCE, rows=rows)
        priors = [
            prior("t1", "a", "dorothea", "dorothea@2"),
            prior("t1", "t1", "dorothea", "dorothea@2"),
            prior("t1", "b", "dorothea", "dorothea@2", confidence="D"),
            prior("t2", "c", "dorothea", "dorothea@1"),  # an older load
            prior("t1", "a", "trrust", "trrust@1", sign=-1, pmids=["p1", "p2"]),
            prior("t1", "a", "trrust", "trrust@1", sign=1, pmids=[]),
            prior("t2", "b", "trrust", "trrust@1", sign=-1, confidence=None),
            prior("t2", "z", "other_mouse", "mouse@1"),
        ]
        store.write_table(PRIORS, pd.DataFrame(priors))
        chip = [
            ("t1", "a", "e1", "K562"), ("t1", "a", "e2", "H1"), ("t2", "a", "e3", "K562"),
        ]  # fmt: skip
        frame = pd.DataFrame(chip, columns=["source", "target", "experiment", "cell_type"])
        store.write_table(CHIP_TARGETS, frame.assign(source_id="encode", load_id="encode@1"))
        sets = pd.DataFrame(
            {"set_id": ["cycle", "GATA1_targets"], "name": ["c", "g"], "collection": "x",
             "derived_from_regulators": [False, True], "species": "human", "source_id": "sets"}
        )  # fmt: skip
        store.write_table(GENE_SETS, sets)
        members = pd.DataFrame({"source": ["a", "b", "a"], "target": ["cycle", "cycle", "GATA1_targets"]})
        store.write_table(MEMBERSHIPS, members.assign(source_id="sets", load_id="sets@1"))
        yield store


def test_evidence_is_what_complete_sources_say_now_of_the_universe(store):
    evidence = read_evidence(store, UNIVERSE)
    assert sorted(evidence.claims) == ["dorothea", "trrust"]  # the mouse says nothing of this universe
    assert evidence.codes("dorothea").tolist() == [
        0
    ]  # level D, the self pair and the old load are not counted
    assert evidence.codes("trrust").tolist() == [0, 5]
    assert evidence.signs("trrust").tolist() == [0, -1]  # the first contradicts itself
    assert evidence.known().tolist() == [0, 5]
    assert evidence.known(without=["trrust"]).tolist() == [0]
    assert evidence.chip["encode"].codes.tolist() == [0, 4]
    assert evidence.chip["encode"].num_experiments.tolist() == [2, 1]
    assert sorted(map(tuple, evidence.claims["trrust"]["pmids"])) == [(), ("p1",), ("p1", "p2")]


def test_levels_can_be_asked_for(store):
    assert len(read_claims(store, "dorothea")) == 3
    assert len(read_claims(store, "dorothea", levels=["D"])) == 1
    with pytest.raises(NotFoundError, match=r"of the levels \['E'\]"):
        read_claims(store, "dorothea", levels=["E"])
    with pytest.raises(NotFoundError, match="source 'none' has no regulator-target pairs"):
        read_claims(store, "none")


def test_sources_are_told_by_species_and_kind(store):
    assert curated_sources(store) == ["dorothea", "other_mouse", "trrust"]
    assert curated_sources(store, species="mouse") == ["other_mouse"]
    assert chip_sources(store, species="human") == ["encode"]
    assert chip_sources(store, species="mouse") == []


def test_gene_sets_that_were_derived_from_regulators_are_left_out(store):
    assert read_gene_sets(store) == {"cycle": ["a", "b"]} or read_gene_sets(store) == {"cycle": ["b", "a"]}


def some_evidence():
    frame = pd.DataFrame({"code": [1, 1, 2], "sign": np.array([1, 0, -1], np.int8), "pmids": [[], [], []]})
    return Evidence(UNIVERSE, {"x": frame})


def test_an_unknown_sign_beside_a_known_one_does_not_contradict_it():
    assert some_evidence().signs("x").tolist() == [1, -1]


def test_hidden_pairs_are_gone_and_the_rest_stays():
    less = some_evidence().without(np.array([1, 7]))
    assert less.codes("x").tolist() == [2]
    with pytest.raises(NotFoundError, match="no evidence of source 'y'"):
        less.codes("y")


def test_judges_are_parsed_with_their_levels():
    known = ["trrust", "dorothea"]
    assert parse_judges(["trrust"], known=known) == {"trrust": None}
    assert parse_judges(["dorothea", "trrust"], known=known)["dorothea"] == ("A", "B")
    assert parse_judges(["dorothea:ABC"], known=known) == {"dorothea": ("A", "B", "C")}
    with pytest.raises(NotFoundError, match="no source 'regnet'"):
        parse_judges(["regnet"], known=known)
    with pytest.raises(InputError, match="named twice"):
        parse_judges(["trrust", "trrust"], known=known)
    with pytest.raises(InputError, match="at least one judge"):
        parse_judges([], known=known)
