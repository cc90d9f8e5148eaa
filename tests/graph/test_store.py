import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import DatabaseAwayError, DatabaseError, InputError
from graph.local import Connection
from graph.rows import as_rows, batches, by_source
from graph.store import GraphStore
from graph.tables import GENES, PRIORS, REGULATORS


def genes(num_genes: int) -> pd.DataFrame:
    ids = [f"ENSG{number:011d}" for number in range(num_genes)]
    return pd.DataFrame(
        {
            "gene_id": ids,
            "symbol": [f"G{number}" for number in range(num_genes)],
            "aliases": [[] for _ in ids],
            "previous_symbols": [["OLD"] for _ in ids],
            "species": "human",
            "biotype": "protein_coding",
        }
    )


def priors(targets: list[int]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "source": "ENSG00000000000",
            "target": [f"ENSG{number:011d}" for number in targets],
            "source_id": "a",
            "sign": 1,
            "pmids": [[] for _ in targets],
            "load_id": "a",
        }
    )


@pytest.fixture
def store(empty_graph: Connection):
    c = empty_graph
    with GraphStore.connect(c.uri, user=c.user, password=c.password) as store:
        store.write_table(GENES, genes(5))
        regulator = {"gene_id": ["ENSG00000000000"], "regulator_class": ["transcription_factor"]}
        store.write_table(REGULATORS, pd.DataFrame({**regulator, "source_id": "list"}))
        yield store


def count_priors(store: GraphStore) -> int:
    return store.read("MATCH ()-[e:PRIOR]->() RETURN count(e) AS n")[0]["n"]


def test_writing_the_same_nodes_twice_changes_nothing(store):
    before = store.read("MATCH (g:Gene) RETURN g {.*} AS gene ORDER BY gene.gene_id")
    assert len(before) == 5
    store.write_table(GENES, genes(5))
    assert store.read("MATCH (g:Gene) RETURN g {.*} AS gene ORDER BY gene.gene_id") == before


def test_a_statement_and_a_table_can_share_one_transaction(store):
    store.write_table(PRIORS, priors([1, 2]))
    forget = "MATCH ()-[e:PRIOR {source_id: $source_id}]->() DELETE e"
    assert store.write_atomic([(forget, {"source_id": "a"}), (PRIORS, priors([3]))]) == 1
    assert count_priors(store) == 1
    with pytest.raises(DatabaseError):
        store.write_atomic([(forget, {"source_id": "a"}), (PRIORS, priors([99]))])
    assert count_priors(store) == 1


def test_an_edge_to_a_gene_that_is_not_there_is_refused_and_its_batch_not_written(store):
    with pytest.raises(DatabaseError, match="wrote 1 of 2 rows"):
        store.write_table(PRIORS, priors([1, 99]))
    # The statement ran in its own transaction before the rows were compared.
    with pytest.raises(DatabaseError, match="wrote 1 of 2 rows"):
        store.write_atomic([(PRIORS, priors([2, 99]))])
    assert store.read("MATCH ()-[:PRIOR]->(g) RETURN g.symbol AS s") in ([], [{"s": "G1"}])


def test_an_atomic_write_that_fails_leaves_nothing(store):
    with pytest.raises(DatabaseError):
        store.write_atomic([(PRIORS, priors([1, 2])), (PRIORS, priors([99]))])
    assert count_priors(store) == 0


def test_an_empty_list_is_a_property_of_a_node_but_not_of_a_relationship(store):
    frame = priors([1, 2])
    frame["pmids"] = [["1"], []]
    store.write_table(PRIORS, frame)
    found = store.read("MATCH ()-[e:PRIOR]->(g) RETURN e.pmids AS pmids ORDER BY g.gene_id")
    assert found == [{"pmids": ["1"]}, {"pmids": None}]
    assert store.read("MATCH (g:Gene) RETURN DISTINCT g.aliases AS a") == [{"a": []}]


def test_many_batches_to_one_target_are_all_written_and_told_in_order(store):
    frame = pd.concat([priors([1])] * 23_000, ignore_index=True)
    told = []
    assert store.write_table(PRIORS, frame, on_batch=told.append) == 23_000
    assert told == [5_000] * 4 + [3_000]
    assert count_priors(store) == 23_000


def test_a_frame_without_rows_keeps_its_columns(store):
    frame = store.read_frame("MATCH (g:Gene {gene_id: 'none'}) RETURN g.gene_id AS a, g.symbol AS b")
    assert frame.empty
    assert list(frame.columns) == ["a", "b"]


def test_missing_columns_and_nulls_are_named_before_anything_is_sent():
    with pytest.raises(InputError, match=r"missing \['target'\]"):
        next(batches(PRIORS, priors([1]).drop(columns="target")))
    holed = priors([1, 2]).assign(sign=[1, None])
    with pytest.raises(InputError, match="sign"):
        next(batches(PRIORS, holed))


@given(st.lists(st.floats(width=32, allow_nan=True), max_size=30), st.integers(1, 7))
def test_batches_hold_every_row_once_as_plain_values(numbers, size):
    frame = pd.DataFrame(
        {
            "source": [f"s{n:03d}" for n in range(len(numbers))],
            "target": "t",
            "source_id": "a",
            "experiment": "x",
            "cell_type": "K562",
            "score": np.array(numbers, dtype=np.float32),
            "load_id": "a",
        }
    )
    from graph.tables import CHIP_TARGETS

    parts = list(batches(CHIP_TARGETS, frame, size=size))
    assert all(len(values) <= size for part in parts for values in part.values())
    rows = [row for part in parts for row in as_rows(part)["rows"]]
    assert [row["source"] for row in rows] == sorted(frame["source"])
    for row, number in zip(rows, numbers, strict=True):
        assert row["score"] is None if not np.isfinite(number) else row["score"] == number
        assert type(row["score"]) in {float, type(None)}


@given(st.lists(st.integers(0, 4), min_size=1, max_size=30).map(sorted))
def test_columns_by_source_name_every_position_once(sources):
    told = by_source({"source": sources, "target": list(range(len(sources)))})
    places = [(row["source"], i) for row in told["rows"] for i in range(row["first"], row["last"] + 1)]
    assert [i for _, i in places] == told["target"]
    assert [source for source, _ in places] == sources
    assert len({row["source"] for row in told["rows"]}) == len(told["rows"])


def test_a_closed_port_is_a_database_that_is_away():
    with pytest.raises(DatabaseAwayError, match="no Neo4j answers"):
        GraphStore.connect("bolt://127.0.0.1:1", user="neo4j", password="x")


def test_a_wrong_password_is_told_apart_from_a_server_that_is_away(neo4j_connection):
    with pytest.raises(DatabaseError, match="refused the user name or the password"):
        GraphStore.connect(neo4j_connection.uri, user="neo4j", password="wrong")
