"""The asynchronous reader: names of genes, which run answers, plans of the statements, time limits."""

import asyncio
from collections.abc import Iterator

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from neo4j import GraphDatabase

from graph.cypher import comparison, edges, exports, read, regions
from graph.errors import ConflictError, DatabaseAwayError, DatabaseError, InputError, NotFoundError
from graph.gene_names import lucene_fuzzy, lucene_phrase, nearest, only_gene, stable_gene_id
from graph.migrations import migrate
from graph.questions import EdgeQuestion, no_answer, scope_of_defaults, scope_of_run
from graph.reader import GraphReader
from graph.store import GraphStore
from graph.tables import GENES

SYNTAX = '+-&|!(){}[]^"~*?:\\/'


def row(dataset_id, *names, kind="prediction"):
    """A run of a data set and its contexts."""
    run = {"run_id": f"run-{dataset_id}", "dataset_id": dataset_id, "kind": kind}
    return {"run": run, "contexts": [{"name": n, "context_id": f"{dataset_id}/{n}"} for n in names]}


@given(st.text(st.one_of(st.sampled_from(SYNTAX), st.characters()), max_size=100))
@example("a OR b AND NOT c")
def test_a_fuzzy_query_is_made_of_lower_case_words_and_nothing_else(name):
    for term in lucene_fuzzy(name).split():
        word = term.removesuffix("~2")
        assert term == f"{word}~2"
        assert word == word.lower()
        assert not set(word) & set(SYNTAX)


@given(st.text(st.one_of(st.sampled_from(SYNTAX), st.characters()), max_size=100))
def test_a_phrase_query_is_one_quoted_string(name):
    phrase = lucene_phrase(name)
    inside, escaped = phrase[1:-1], False
    for character in inside:
        assert escaped or character != '"'
        escaped = character == "\\" and not escaped
    assert phrase[0] == phrase[-1] == '"'
    assert not escaped
    assert inside.replace("\\\\", "\0\0").replace('\\"', '"').replace("\0\0", "\\") == name or "\0" in name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ENSG00000102145.14", "ENSG00000102145"),
        ("ensg00000102145.1", "ENSG00000102145"),
        ("ENSMUSG00000031162.9", "ENSMUSG00000031162"),
        ("PU.1", "PU.1"),
        ("ENSG00000102145", "ENSG00000102145"),
    ],
)
def test_only_the_version_of_an_ensembl_id_is_dropped(name, expected):
    assert stable_gene_id(name) == expected


def test_the_nearest_name_comes_first_whatever_its_case():
    assert nearest("gatta1", ["GATA2", "TAL1", "GATA1", "KLF1", "HBB", "MYC"])[0] == "GATA1"
    assert len(nearest("x", ["a", "b", "c", "d", "e", "f"])) == 5


def test_a_gene_found_twice_is_one_gene_and_two_genes_are_a_conflict():
    found = {"gene_id": "g1", "symbol": "A", "species": "human"}
    assert only_gene("A", [found, found]) == found
    assert only_gene("A", []) is None
    with pytest.raises(ConflictError, match="2 genes") as raised:
        only_gene("A", [found, {**found, "gene_id": "g2"}])
    assert raised.value.candidates == ("g1", "g2")


def test_a_context_is_named_by_name_or_id_and_none_means_all():
    answer = row("d", "K562", "H1")
    picked = {
        context: [c["name"] for c in scope_of_run(EdgeQuestion("g", context=context), answer).contexts]
        for context in ("K562", "d/H1", None)
    }
    assert picked == {"K562": ["K562"], "d/H1": ["H1"], None: ["K562", "H1"]}


def test_an_unknown_context_of_a_run_is_answered_with_the_nearest():
    with pytest.raises(NotFoundError) as raised:
        scope_of_run(EdgeQuestion("g", context="K652"), row("d", "K562", "H1"))
    assert raised.value.suggestions[0] == "K562"


def test_baselines_and_runs_of_other_data_sets_contradict_the_question():
    with pytest.raises(ConflictError, match="baseline"):
        scope_of_run(EdgeQuestion("g"), row("d", "K562", kind="baseline"))
    with pytest.raises(ConflictError, match="not of other"):
        scope_of_run(EdgeQuestion("g", dataset_id="other"), row("d", "K562"))


def test_several_default_runs_are_a_conflict_and_none_is_no_answer():
    with pytest.raises(ConflictError) as raised:
        scope_of_defaults(EdgeQuestion("g", context="K562"), [row("b", "K562"), row("a", "K562")])
    assert raised.value.candidates == ("a", "b")
    assert scope_of_defaults(EdgeQuestion("g", context="K562"), []) is None


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (EdgeQuestion("g", context="K562"), "no complete prediction run"),
        (EdgeQuestion("g", context="d/K562"), "no complete prediction run"),
        (EdgeQuestion("g"), "no complete prediction run"),
        (EdgeQuestion("g", context="K5"), "no context 'K5'"),
        (EdgeQuestion("g", dataset_id="e"), "no data set 'e'"),
    ],
)
def test_no_answer_tells_whether_the_name_or_the_run_is_missing(question, message):
    contexts = [{"name": "K562", "context_id": "d/K562", "dataset_id": "d"}]
    assert message in no_answer(question, contexts).message


@pytest.mark.parametrize("limit", [0, -1, 1001])
def test_a_page_holds_one_to_a_thousand_edges(limit):
    with pytest.raises(InputError, match="1 to 1,000"):
        EdgeQuestion("g", limit=limit)


@pytest.fixture(scope="module")
def genes_only(neo4j_connection) -> Iterator:
    """A graph of a thousand genes and nothing else."""
    auth = {"user": neo4j_connection.user, "password": neo4j_connection.password}
    ids = [f"ENSG{number:011d}" for number in range(1000)]
    named = {"symbol": [f"SYM{number}" for number in range(1000)], "name": "a gene"}
    of_all = {"species": "human", "biotype": "protein_coding"}
    frame = pd.DataFrame({"gene_id": ids, **named, **of_all})
    empty = [[] for _ in ids]
    with GraphStore.connect(neo4j_connection.uri, **auth) as store:
        store.write_autocommit("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS")
        migrate(store)
        store.write_table(GENES, frame.assign(aliases=empty, previous_symbols=empty))
        yield neo4j_connection
        store.write_autocommit("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS")


def asked(connection, work, *, timeout_s=10.0):
    """What a reader of this database answers."""

    async def ask():
        auth = {"user": connection.user, "password": connection.password}
        async with GraphReader.connect(connection.uri, timeout_s=timeout_s, **auth) as reader:
            return await work(reader)

    return asyncio.run(ask())


def test_a_graph_without_runs_says_so_and_not_that_the_gene_is_missing(genes_only):
    assert asked(genes_only, lambda reader: reader.gene("SYM7"))["gene_id"] == "ENSG00000000007"
    with pytest.raises(NotFoundError, match="no complete prediction run"):
        asked(genes_only, lambda reader: reader.regulators(EdgeQuestion("SYM7")))


def test_questions_can_be_asked_at_the_same_time(genes_only):
    async def many(reader):
        return await asyncio.gather(*(reader.gene(f"SYM{number}") for number in range(50)))

    assert [gene["symbol"] for gene in asked(genes_only, many)] == [f"SYM{number}" for number in range(50)]


def test_a_question_that_takes_too_long_is_given_up(genes_only):
    slow = "UNWIND range(1, 100000000) AS i RETURN max(toString(i)) AS longest ORDER BY longest LIMIT 1"
    with pytest.raises(DatabaseAwayError, match=r"within 0\.3 s"):
        asked(genes_only, lambda reader: reader.rows(slow), timeout_s=0.3)


def test_a_reader_cannot_write(genes_only):
    statement = "CREATE (n:Gene {gene_id: 'x'}) RETURN n.gene_id AS gene_id"
    with pytest.raises(DatabaseError):
        asked(genes_only, lambda reader: reader.rows(statement))
    assert (
        asked(genes_only, lambda reader: reader.rows("MATCH (n:Gene) RETURN count(n) AS n"))[0]["n"] == 1000
    )


def test_an_address_of_no_scheme_is_an_error_of_the_database():
    with pytest.raises(DatabaseError):
        GraphReader.connect("nowhere://127.0.0.1", user="neo4j", password="x")


EDGE = {
    "gene_id": "g",
    "run_id": "r",
    "context_ids": ["c"],
    "limit": 51,
    **dict.fromkeys(("min_score", "novel", "lag_sign", "after")),
    **dict.fromkeys(("source_load_id", "licence_classes", "bound_in", "min_chromatin_lag")),
}


@pytest.mark.parametrize(
    ("statement", "parameters"),
    [
        (edges.TARGETS, EDGE),
        (edges.REGULATORS, EDGE),
        (read.GENE, {"gene_id": "g", "name": "g"}),
        (edges.PAIR, {"source": "g", "target": "h", "licence_classes": None}),
        (read.RUN_AND_CONTEXTS, {"run_id": "r"}),
        (comparison.GROUPS, {"gene_ids": ["g"], "run_ids": ["r", "s"], "context_ids": ["c"]}),
        (exports.EDGES, {**EDGE, "gene_ids": ["g"], "one_a_pair": False, "part": 1000}),
        (comparison.SHARED_REGULATORS, {**EDGE, "gene_ids": ["g"], "min_shared": 2}),
        (regions.REGULONS, EDGE),
        (regions.PEAKS, {**EDGE, "dataset_id": "d"}),
        (regions.TRIPLETS_OF_REGULATOR, {**EDGE, "source": "g", "target": None}),
        (regions.TRIPLETS_OF_TARGET, {**EDGE, "target": "g"}),
        (exports.REGIONS, {**EDGE, "source": "g", "pairs": [{"target": "t", "context_id": "c"}]}),
        (read.DEFAULT_RUNS_OF_CONTEXT, {"context": "c", "dataset_id": None, "licence_classes": None}),
    ],
    ids=[
        "targets",
        "regulators",
        "gene",
        "pair",
        "run",
        "groups",
        "export",
        "shared",
        "regulons",
        "peaks",
        "triplets",
        "triplets of target",
        "regions",
        "context",
    ],
)
def test_statements_begin_at_a_node_by_its_key_and_scan_nothing(genes_only, statement, parameters):
    auth = (genes_only.user, genes_only.password)
    with GraphDatabase.driver(genes_only.uri, auth=auth, notifications_min_severity="OFF") as driver:
        plan = driver.execute_query("EXPLAIN " + statement, parameters).summary.plan
    steps = list(_steps(plan))
    assert any("NodeUniqueIndexSeek" in step for step in steps)
    assert not [step for step in steps if "Scan" in step or "RelationshipIndex" in step]


def _steps(plan):
    yield plan["operatorType"].partition("@")[0]
    for child in plan.get("children", []):
        yield from _steps(child)
