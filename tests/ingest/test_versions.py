"""Versions of a source on a real Neo4j: what readers see, what a kill leaves, what a removal leaves."""

import hashlib
import json
from collections.abc import Iterator

import pandas as pd
import pytest

from graph.cypher import training, validate
from graph.errors import ConflictError, DatabaseError, InputError, NotFoundError
from graph.progress import silent
from graph.schema import Source
from graph.store import GraphStore
from ingest.plan import Plan, ingest
from ingest.releases import differences, release_named, releases
from ingest.removal import remove_source
from ingest.sources import annotation, user_table

NODES = """
MATCH (n) WHERE NOT n:Release AND NOT n:SchemaVersion
RETURN labels(n) AS labels, properties(n) AS properties
"""
EDGES = """
MATCH (a)-[e]->(b)
RETURN coalesce(a.gene_id, a.source_id) AS a, type(e) AS kind, coalesce(b.gene_id, b.assembly_id) AS b,
       properties(e) AS properties
"""
VOLATILE = {"ingested_at", "changes"}
GENES = [f"ENSFLYG{number:011d}" for number in range(1, 9)]


class KilledError(Exception):
    """Stands for the end of the process at one of its steps."""


def content(store: GraphStore) -> str:
    """Return a hash over every node and relationship, in any order, without times."""
    rows = [*store.read(NODES), *store.read(EDGES)]
    for row in rows:
        row["properties"] = {key: value for key, value in row["properties"].items() if key not in VOLATILE}
    texts = sorted(json.dumps(row, sort_keys=True, default=str) for row in rows)
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def seen(store: GraphStore, source_id: str = "mine") -> dict[str, list[str]]:
    """Return what a training would read of a source."""
    rows = store.read(training.PRIOR_TARGETS, source_id=source_id, confidences=None)
    return {row["symbol"]: sorted(row["target_ids"]) for row in rows}


@pytest.fixture
def store(empty_graph) -> Iterator[GraphStore]:
    c = empty_graph
    with GraphStore.connect(c.uri, user=c.user, password=c.password) as opened:
        yield opened


@pytest.fixture
def genes(tmp_path):
    """A GTF file of eight genes of the fly, A to H, and its source."""
    lines = [
        f"2L\tx\tgene\t{1000 * number}\t{1000 * number + 500}\t.\t+\t.\t"
        f'gene_id "{gene}"; gene_name "{chr(64 + number)}"; gene_biotype "protein_coding";'
        for number, gene in enumerate(GENES, start=1)
    ]
    path = tmp_path / "genes.gtf"
    path.write_text("\n".join(lines) + "\n")
    spec = annotation.gtf_spec(species="fly", assembly_id="BDGP6", source_id="fly_genes", release=109)
    return spec, [path]


@pytest.fixture
def network(tmp_path):
    """Return a source of priors with some pairs of letters."""

    def made(pairs: str, *, source_id: str = "mine"):
        record = Source(source_id, source_id, "1", "mine", "open", "", "fly")
        path = tmp_path / f"{source_id}.tsv"
        rows = [f"{pair[0]}\t{pair[1]}\t{pair[2:] or 1}" for pair in pairs.split()]
        path.write_text("\n".join(["source\ttarget\tweight", *rows]) + "\n")
        return user_table.spec(record), [path]

    return made


@pytest.fixture
def load(store, tmp_path):
    def run(*sources, progress=silent, **options):
        return ingest(store, Plan(tuple(sources)), home=tmp_path / "home", progress=progress, **options)

    return run


def test_a_new_version_replaces_the_old_one_and_the_report_says_what_changed(store, load, genes, network):
    load(genes, network("AB AC BC"))
    report = load(network("AB AC7 BD CD"))
    change = report.sources[0].changes["PRIOR"]
    assert (change.num_added, change.num_removed, change.num_changed) == (2, 1, 1)
    assert change.examples["removed"] == [f"B ({GENES[1]}) C ({GENES[2]}) mine 0"]
    assert seen(store) == {"A": GENES[1:3], "B": [GENES[3]], "C": [GENES[3]]}
    assert store.read("MATCH ()-[e:PRIOR]->() RETURN count(e) AS n") == [{"n": 4}]
    assert not store.read("MATCH (g:Regulator {symbol: 'D'}) RETURN g.symbol AS s")


def test_the_same_files_change_nothing_and_a_damaged_source_is_repaired(store, load, genes, network):
    mine = network("AB AC BC")
    first = load(genes, mine)
    before = content(store)
    second = load(genes, mine)
    assert not any(each.is_changed for each in second.sources)
    assert (content(store), second.release_id) == (before, first.release_id)

    store.write("MATCH ()-[e:PRIOR]->() WITH e LIMIT 2 DELETE e")
    assert load(genes, mine).sources[1].is_changed
    assert seen(store) == {"A": GENES[1:3], "B": [GENES[2]]}
    assert not load(genes, mine).sources[1].is_changed


def test_a_version_that_is_not_accepted_leaves_the_graph_as_it_was(store, load, genes, network):
    load(genes, network("AB AC"))
    before, asked = content(store), []

    def refuse(source_id, changes):
        asked.append((source_id, changes["PRIOR"].num_removed))
        return False

    with pytest.raises(ConflictError, match="mine: the new version was not accepted"):
        load(network("AD"), accept=refuse)
    assert asked == [("mine", 2)]
    assert content(store) == before


class MortalStore(GraphStore):
    """A store whose process ends before one of its writes.

    Parameters
    ----------
    num_writes
        Writes that happen before the end.
    """

    num_writes = 10**9

    def _live(self) -> None:
        if self.num_writes == 0:
            raise KilledError
        self.num_writes -= 1

    def write(self, statement, **parameters):
        self._live()
        return super().write(statement, **parameters)

    def write_autocommit(self, statement, **parameters):
        self._live()
        super().write_autocommit(statement, **parameters)

    def write_atomic(self, steps):
        self._live()
        return super().write_atomic(steps)


@pytest.mark.parametrize("old", ["", "AB AC BC"])
def test_killed_before_any_of_its_writes_readers_see_one_version_and_the_same_command_finishes(
    empty_graph, load, genes, network, old, wipe, tmp_path
):
    c = empty_graph
    with MortalStore.connect(c.uri, user=c.user, password=c.password) as store:

        def prepare():
            store.num_writes = 10**9
            wipe(store)
            load(genes, *([network(old)] if old else []))
            return seen(store)

        prepare()
        load(network("AB AD9 CE"))
        expected, shown = content(store), seen(store)
        is_dead, writes = True, 0
        while is_dead:
            before, new = prepare(), network("AB AD9 CE")
            store.num_writes = writes
            try:
                ingest(store, Plan((new,)), home=tmp_path / "home")
                is_dead = False
            except KilledError:
                assert seen(store) in (before, shown)
                store.num_writes = 10**9
                assert load(new).sources[0].num_written == 3
                assert (content(store), seen(store)) == (expected, shown)
                writes += 1
        assert writes >= 8


def test_edges_that_a_killed_load_left_are_read_by_nobody(store, load, genes, network):
    load(genes, network("AB"))
    store.write(
        "MATCH (a:Regulator {symbol: 'A'}), (b:Gene {symbol: 'F'}) "
        "CREATE (a)-[:PRIOR {source_id: 'mine', load_id: 'mine@dead', sign: 1, pmids: []}]->(b)"
    )
    assert seen(store) == {"A": [GENES[1]]}
    rows = store.read(training.EVIDENCE, regulator_ids=GENES)
    assert [row["target_ids"] for row in rows] == [[GENES[1]]]
    pairs = store.read(validate.PRIOR_CLAIMS, source_id="mine", confidences=None)
    assert [row["target"] for row in pairs] == [[GENES[1]]]
    load(network("AB"))
    assert store.read("MATCH ()-[e:PRIOR]->() RETURN count(e) AS n") == [{"n": 1}]


def test_a_removed_source_leaves_nothing_behind(store, load, genes, network):
    load(genes, network("AB BC", source_id="other"))
    before = content(store)
    load(network("AB CD DE"))
    assert content(store) != before
    removal = remove_source(store, "mine")
    assert removal.num_removed == 3
    assert content(store) == before
    with pytest.raises(NotFoundError, match="no source 'mine'"):
        remove_source(store, "mine")


def test_genes_that_others_need_are_not_removed_before_them(store, load, genes, network):
    load(genes, network("AB"))
    with pytest.raises(ConflictError, match="needed by mine"):
        remove_source(store, "fly_genes")
    remove_source(store, "mine")
    remove_source(store, "fly_genes")
    assert store.read("MATCH (n) WHERE NOT n:Release AND NOT n:SchemaVersion RETURN n") == []


def test_an_annotation_beside_another_is_needed_only_by_data_on_its_assembly(
    store, load, genes, network, tmp_path
):
    load(genes, network("AB"))
    before = seen(store)
    path = tmp_path / "older.gtf"
    path.write_text(genes[1][0].read_text())
    older = annotation.gtf_spec(species="fly", assembly_id="BDGP5", source_id="older", release=70)
    load((older, [path]))
    dataset = "CREATE (:Dataset {dataset_id: $id, species: 'fly', assembly: $assembly, state: 'complete'})"
    store.write(dataset, id="new cells", assembly="BDGP6")
    store.write(dataset, id="old cells", assembly="BDGP5")
    with pytest.raises(ConflictError, match="are needed by old cells\n"):
        remove_source(store, "older")
    store.write("MATCH (d:Dataset {dataset_id: 'old cells'}) DELETE d")
    remove_source(store, "older")
    assert seen(store) == before
    assert store.read("MATCH ()-[e:LOCATED_ON]->(a) RETURN DISTINCT a.assembly_id AS a") == [{"a": "BDGP6"}]
    with pytest.raises(ConflictError, match="needed by mine, new cells"):
        remove_source(store, "fly_genes")


def test_a_second_annotation_of_an_assembly_is_refused(store, load, genes):
    load(genes)
    before = content(store)
    spec = annotation.gtf_spec(species="fly", assembly_id="BDGP6", source_id="twice", release=110)
    with pytest.raises(ConflictError, match="fly_genes already says where genes lie on BDGP6"):
        load((spec, genes[1]))
    assert content(store) == before


def test_a_killed_removal_is_finished_by_the_next(store, load, genes, network):
    load(genes, network("AB BC", source_id="other"))
    before = content(store)
    load(network("AB CD"))
    store.write("MATCH (s:Source {source_id: 'mine'}) SET s.state = 'removing' REMOVE s.load_id")
    store.write("MATCH ()-[e:PRIOR {source_id: 'mine'}]->() WITH e LIMIT 1 DELETE e")
    assert seen(store) == {}
    remove_source(store, "mine")
    assert content(store) == before


def test_an_annotation_that_lost_a_gene_takes_it_out_unless_something_points_at_it(
    store, load, genes, network
):
    load(genes, network("AB"))
    spec, (path,) = genes
    path.write_text("\n".join(path.read_text().splitlines()[2:]) + "\n")
    load((spec, [path]))
    symbols = [row["s"] for row in store.read("MATCH (g:Gene) RETURN g.symbol AS s ORDER BY s")]
    assert symbols == list("ABCDEFGH")
    places = store.read("MATCH (g:Gene)-[:LOCATED_ON]->() RETURN count(g) AS n")
    assert places == [{"n": 6}]
    remove_source(store, "mine")
    assert len(store.read("MATCH (g:Gene) RETURN g.symbol AS s")) == 6


def test_releases_tell_what_changed_between_them(store, load, genes, network):
    first = load(genes, network("AB AC"))
    second = load(network("AB AD"))
    load(network("AB", source_id="other"))
    newest, middle, oldest = releases(store)
    assert (oldest.release_id, middle.release_id) == (first.release_id, second.release_id)
    (change,) = differences(oldest, middle)
    assert change.identifier == "mine"
    assert change.after["changes"]["PRIOR"]["num_added"] == 1
    assert [each.identifier for each in differences(oldest, newest)] == ["mine", "other"]
    assert release_named(store, newest.release_id[:9]).release_id == newest.release_id
    with pytest.raises(NotFoundError, match="releases begin with"):
        release_named(store, "zzz")


def test_names_of_one_species_never_reach_the_genes_of_another(store, load, genes, network, tmp_path):
    spec = annotation.gtf_spec(species="worm", assembly_id="WBcel", source_id="worm_genes", release=109)
    path = tmp_path / "worm.gtf"
    path.write_text(genes[1][0].read_text().replace("ENSFLYG", "ENSCELG"))
    load(genes, (spec, [path]), network("AB BC"))
    rows = store.read("MATCH (a)-[:PRIOR]->(b) RETURN DISTINCT a.species AS a, b.species AS b")
    assert rows == [{"a": "fly", "b": "fly"}]


@pytest.mark.parametrize("source_id", ["../mine", "lab/trrust", "", "a b", "x" * 65])
def test_an_id_that_cannot_name_a_file_or_ends_like_another_source_is_refused(source_id):
    with pytest.raises(InputError, match="the id of a source names its folder or file"):
        user_table.spec(Source(source_id, "n", "1", "l", "open", "", "fly"))


def test_a_source_of_a_species_without_genes_is_refused(load, network):
    with pytest.raises(NotFoundError, match="no genes of the species 'fly'"):
        load(network("AB"))


def test_an_edge_whose_end_is_missing_stops_the_load_before_it_is_shown(store, load, genes, network):
    load(genes, network("AB"))
    spec, paths = network("AB AC")

    def parse(files, reference):
        checked = spec.parse(files, reference)
        table, frame = checked.tables[-1]
        wrong = frame.assign(target=[*frame["target"].iloc[:-1], "ENSNOG00000000001"])
        return type(checked)((*checked.tables[:-1], (table, wrong)), checked.rejected, 2, 2)

    with pytest.raises(DatabaseError, match="an end node is not in the graph"):
        load((type(spec)(spec.record, spec.stage, (), (), parse, spec.writes, settings={"x": 1}), paths))
    assert seen(store) == {"A": [GENES[1]]}


def test_a_frame_is_told_apart_by_key_and_by_content():
    from graph.tables import MEMBERSHIPS, PRIORS
    from ingest.changes import compared

    rows = pd.DataFrame(
        {"source": ["a", "a"], "target": ["b", "c"], "source_id": "s", "sign": 1, "pmids": [["1"], []]}
    )
    same = compared(PRIORS, rows, rows.iloc[::-1].assign(load_id="other"))
    assert same.num_all == 0
    papers = compared(PRIORS, rows, rows.assign(pmids=[["1"], ["2"]]))
    assert (papers.num_added, papers.num_removed, papers.num_changed) == (0, 0, 1)
    empty = pd.DataFrame(columns=pd.Index(MEMBERSHIPS.columns))
    assert compared(MEMBERSHIPS, empty, empty).num_all == 0
