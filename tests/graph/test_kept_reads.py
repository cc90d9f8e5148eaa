import os

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from graph.cypher.training import PRIOR_TARGETS
from graph.kept_reads import MAX_STATES, KeptReads
from graph.store import GraphStore
from graph.tables import GENES, PRIORS, REGULATORS

ANSWER = pd.DataFrame({"gene_id": ["a", "b"], "near": [[1, 2], []], "family": ["x", None]})


class Asked:
    """A graph that counts how often it is asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> pd.DataFrame:
        self.times += 1
        return ANSWER


@pytest.fixture
def asked():
    return Asked()


@pytest.fixture
def kept(tmp_path):
    return KeptReads(tmp_path / "reads")


def recall(kept, asked, *, state="s", **parameters):
    return kept.recall(state, "MATCH", parameters, read=asked)


def test_a_question_is_asked_once_and_answered_alike(kept, asked):
    first, second = recall(kept, asked, a=1), recall(kept, asked, a=1)
    assert asked.times == 1
    assert_frame_equal(first, second)
    assert [list(near) for near in first["near"]] == [[1, 2], []]
    assert first["family"].isna().tolist() == [False, True]


@pytest.mark.parametrize("other", [{"a": 2}, {"a": 1, "state": "t"}, {}])
def test_another_question_or_state_is_asked_anew(kept, asked, other):
    recall(kept, asked, a=1)
    recall(kept, asked, **other)
    assert asked.times == 2


def test_a_file_that_was_cut_off_is_read_anew(kept, asked, tmp_path):
    recall(kept, asked)
    (path,) = tmp_path.glob("reads/s/*.arrow")
    path.write_bytes(path.read_bytes()[:100])
    assert len(recall(kept, asked)) == 2
    assert asked.times == 2


def test_answers_of_old_states_go(kept, asked, tmp_path):
    for number in range(MAX_STATES + 2):
        recall(kept, asked, state=f"s{number}")
        os.utime(tmp_path / f"reads/s{number}", (number, number))
    left = sorted(path.name for path in (tmp_path / "reads").iterdir())
    assert left == [f"s{number}" for number in range(2, MAX_STATES + 2)]


def test_a_change_of_a_source_is_seen_and_a_run_asks_nothing_anew(empty_graph, write_source, tmp_path):
    c = empty_graph
    auth = {"user": c.user, "password": c.password, "database": c.database}
    names = ["t", "a", "b"]
    empty = [[] for _ in names]

    def targets(store: GraphStore) -> list[str]:
        frame = store.read_evidence(PRIOR_TARGETS, source_id="d", confidences=None)
        return [] if frame.empty else sorted(frame["target_ids"].iloc[0])

    def claim(store: GraphStore, target: str, load_id: str) -> None:
        row = {"source": ["t"], "target": [target], "source_id": ["d"], "sign": [1], "load_id": [load_id]}
        store.write_table(PRIORS, pd.DataFrame(row).assign(pmids=[[]], confidence="A"))

    with GraphStore.connect(c.uri, **auth, kept=KeptReads(tmp_path)) as store:
        about = {"species": "human", "biotype": "protein_coding", "symbol": names, "gene_id": names}
        store.write_table(GENES, pd.DataFrame(about).assign(aliases=empty, previous_symbols=empty))
        regulator = {"gene_id": ["t"], "regulator_class": ["transcription_factor"], "source_id": ["l"]}
        store.write_table(REGULATORS, pd.DataFrame(regulator))
        write_source(store, "d", load_id="d@1")
        claim(store, "a", "d@1")
        assert targets(store) == ["a"]
        store.write("CREATE (:Run {run_id: 'r', state: 'complete'})")
        claim(store, "b", "d@2")  # of a load that is not shown yet
        assert targets(store) == ["a"]
        store.write("MATCH (s:Source {source_id: 'd'}) SET s.load_id = 'd@2'")
        assert targets(store) == ["b"]
        assert len({path.parent for path in tmp_path.glob("*/*.arrow")}) == 2
