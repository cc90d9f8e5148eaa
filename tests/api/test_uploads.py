"""Networks that users upload: judged in a process of its own, private to their key, gone when they expire."""

import asyncio
import gzip
import time
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from api import uploads
from api.app import create_app
from api.jobs import JobBook
from api.keys import new_key
from api.settings import ApiSettings
from graph.errors import InputError, NotFoundError
from graph.migrations import migrate
from graph.store import GraphStore
from graph.tables import GENES, PRIORS, REGULATORS
from graph.validation.graph_names import names_of

T, G = 10, 90
SYMBOLS = [f"GENE{i}" for i in range(G)]
IDS = [f"ENSG{i:011d}" for i in range(G)]
PATH = "/v1/validation"


@pytest.fixture(scope="module")
def judged_graph(neo4j_connection, wipe, write_source):
    c = neo4j_connection
    rng = np.random.default_rng(1)
    codes = rng.choice([t * G + g for t in range(T) for g in range(G) if t != g], 200, replace=False)
    with GraphStore.connect(c.uri, user=c.user, password=c.password, database=c.database) as store:
        wipe(store)
        migrate(store)
        aliases = [[f"ALIAS{i}"] for i in range(G)]
        genes = {"gene_id": IDS, "symbol": SYMBOLS, "aliases": aliases, "previous_symbols": [[]] * G}
        store.write_table(GENES, pd.DataFrame(genes | {"species": "human", "biotype": "protein_coding"}))
        classes = {"regulator_class": "transcription_factor", "source_id": "list"}
        store.write_table(REGULATORS, pd.DataFrame({"gene_id": IDS[:T]} | classes))
        pairs = pd.DataFrame({"source": np.array(IDS)[codes // G], "target": np.array(IDS)[codes % G]})
        for name in ("trrust", "collectri"):
            write_source(store, name)
            part = pairs if name == "trrust" else pairs[::2]
            more = {"source_id": name, "load_id": name, "sign": 1, "pmids": [["1"]] * len(part)}
            store.write_table(PRIORS, part.assign(**more))
        yield c
        wipe(store)


@pytest.fixture(scope="module")
def network():
    """A network of symbols, one alias and one name that nobody knows, as text."""
    rng = np.random.default_rng(2)
    codes = rng.choice([t * G + g for t in range(T) for g in range(G) if t != g], 300, replace=False)
    table = pd.DataFrame(
        {
            "source": np.array(SYMBOLS)[codes // G],
            "target": np.array(SYMBOLS)[codes % G],
            "weight": rng.random(len(codes)),
        }
    )
    table.loc[0, "target"], table.loc[1, "target"] = "ALIAS89", "NOBODY"
    return table


@pytest.fixture
def keyed(judged_graph, asking, tmp_path):
    """Asks an application with the keys of two people; returns it and the folder of uploads."""
    made = [new_key(name) for name in ("ann", "bob")]
    (tmp_path / "keys").write_text("\n".join(line for _, line in made))
    settings = ApiSettings(
        neo4j_uri=judged_graph.uri,
        neo4j_user=judged_graph.user,
        neo4j_password=judged_graph.password,
        keys_file=tmp_path / "keys",
        uploads_dir=tmp_path / "uploads",
    )
    headers = [{"Authorization": f"Bearer {key}"} for key, _ in made]
    with asking(create_app(settings)) as ask:
        yield ask, *headers, tmp_path / "uploads"


def finished(ask, job, headers):
    until = time.monotonic() + 100
    while job["state"] in {"waiting", "running"} and time.monotonic() < until:
        job = ask(f"/v1/jobs/{job['job_id']}", headers=headers, wait=20).json()
    return job


def test_an_upload_is_judged_with_a_report_of_what_was_not_understood(keyed, network):
    ask, ann, bob, folder = keyed
    text = gzip.compress(network.to_csv(sep="\t", index=False).encode())
    begun = ask(PATH, method="POST", content=text, headers=ann, against="trrust")
    assert begun.status_code in {200, 202}, begun.text
    address = f"/v1/jobs/{begun.json()['job_id']}"
    if begun.status_code == 202:
        assert begun.headers["Location"] == address
        assert [ask(address, headers=bob).status_code, ask(address).status_code] == [404, 404]
    job = finished(ask, begun.json(), ann)
    assert job["state"] == "done", job
    names = job["report"]["names"]
    assert names["target"]["not_understood"] == ["NOBODY"]
    assert names["target"]["how"]["alias"] == 1
    (table,) = job["report"]["figures"]["validation"]
    assert table["judge"] == "trrust"
    assert {"network", "random", "degree"} <= {row["name"] for row in table["rows"]}
    assert list(folder.rglob("network*")) == []
    assert ask(address, method="DELETE", headers=bob).status_code == 404
    assert ask(address, method="DELETE", headers=ann).status_code == 204
    assert ask(address, headers=ann).status_code == 404


def test_a_file_that_is_no_network_fails_with_the_reason(keyed):
    ask, ann, _, _ = keyed
    begun = ask(PATH, method="POST", content=b"a,b\n1,2\n", headers=ann).json()
    job = finished(ask, begun, ann)
    assert (job["state"], job["problem"]["status"]) == ("failed", 422)
    assert "expected columns source, target, weight" in job["problem"]["detail"]


def test_uploads_need_a_key_a_body_and_known_parameters(keyed):
    ask, ann, _, folder = keyed
    assert ask(PATH, method="POST", content=b"x").status_code == 401
    assert ask(PATH, method="POST", headers=ann).status_code == 422
    assert ask(PATH, method="POST", content=b"x", headers=ann, colour="red").status_code == 422
    assert list(folder.rglob("network*")) == []


def test_the_folder_of_uploads_goes_with_the_service(judged_graph, asking, tmp_path):
    settings = ApiSettings(neo4j_uri=judged_graph.uri, neo4j_password="x", uploads_dir=tmp_path / "uploads")
    with asking(create_app(settings)):
        assert len(list((tmp_path / "uploads").iterdir())) == 1
    assert list((tmp_path / "uploads").iterdir()) == []


def test_an_upload_that_is_too_long_is_refused_while_it_comes_and_leaves_nothing(asking, tmp_path):
    async def parts():
        for _ in range(100):
            yield b"x" * 1000

    folder = tmp_path / "uploads"
    settings = ApiSettings(
        neo4j_uri="bolt://127.0.0.1:1", neo4j_password="x", uploads_dir=folder, max_upload=5000
    )
    with asking(create_app(settings)) as ask:
        assert ask(PATH, method="POST", content=parts()).status_code == 413
        assert list(folder.rglob("network*")) == []


def test_a_job_expires_with_its_file(tmp_path):
    now = [datetime(2026, 1, 1, tzinfo=UTC)]
    settings = ApiSettings(neo4j_uri="bolt://127.0.0.1:1", neo4j_password="x", upload_hours=1)

    async def story():
        book = JobBook(settings, tmp_path, now=lambda: now[0])
        path = book.new_path()
        path.write_bytes(b"x")
        job_id = book.begin(path, {}, owner="ann")
        assert book.job(job_id, owner="ann").state == "waiting"
        with pytest.raises(NotFoundError):
            book.job(job_id, owner=None)
        now[0] += timedelta(hours=1)
        with pytest.raises(NotFoundError):
            book.job(job_id, owner="ann")
        assert not path.exists()

    asyncio.run(story())


@pytest.mark.parametrize(
    ("content", "suffix"), [(b"PAR1..", ".parquet"), (b"\x1f\x8b..", ".gz"), (b"source", ".tsv")]
)
def test_an_upload_is_written_part_by_part_under_a_name_that_tells_its_kind(tmp_path, content, suffix):
    async def parts():
        for letter in (content, b"", b"rest"):
            yield letter

    path = asyncio.run(uploads.save(parts(), tmp_path / "network"))
    assert (path.suffix, path.read_bytes()) == (suffix, content + b"rest")


def test_a_body_that_breaks_off_leaves_nothing(tmp_path):
    async def parts():
        yield b"source"
        raise InputError("gone")

    (tmp_path / "own").mkdir()
    with pytest.raises(InputError):
        asyncio.run(uploads.save(parts(), tmp_path / "own" / "network"))
    assert list(tmp_path.iterdir()) == []


def test_names_mean_what_the_graph_says(judged_graph):
    c = judged_graph
    names = pd.Series(["GENE1", "ENSG00000000002.4", "gene3", "ALIAS4", "NO", " GENE1 "])
    with GraphStore.connect(c.uri, user=c.user, password=c.password, database=c.database) as store:
        told = names_of(store, "human")(names)
        of_mouse = names_of(store, "mouse")(names)
    assert told["gene_id"].tolist() == [IDS[1], IDS[2], IDS[3], IDS[4], None, IDS[1]]
    assert told["how"].tolist() == ["matched", "matched", "matched", "alias", "not_found", "matched"]
    assert of_mouse["gene_id"].isna().all()
