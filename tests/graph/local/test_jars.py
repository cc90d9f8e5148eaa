import gc
import hashlib
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from jgo.maven import MavenContext

from graph.errors import LocalServerError
from graph.local.artifacts import COORDINATES, LIST_PATH, Jar, read_jars, write_jars
from graph.local.jars import download_jars, missing_jars
from graph.local.ports import choose_ports
from graph.progress import silent

CONTENT = b"not really a jar" * 1000


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def repository(tmp_path):
    """A Maven repository on the loopback address with two jars: yields its address and the jars."""
    jars = []
    for coordinate in ("org.example:one:1.0", "org.example:two:2.0:linux-x86_64"):
        group, name, version, *_ = coordinate.split(":")
        folder = tmp_path / "maven" / group.replace(".", "/") / name / version
        folder.mkdir(parents=True)
        jar = Jar(coordinate, len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
        (folder / jar.filename).write_bytes(CONTENT)
        jars.append(jar)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=tmp_path / "maven")) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", jars
        server.shutdown()
        thread.join()


@pytest.fixture
def cache(tmp_path):
    folder = tmp_path / "cache"
    folder.mkdir()
    return folder


def context(tmp_path, url):
    return MavenContext(repo_cache=tmp_path / "staging", remote_repos={"test": url})


def test_jars_arrive_whole_and_progress_ends_at_one(tmp_path, cache, repository):
    url, jars = repository
    fractions = []
    download_jars(
        jars,
        cache=cache,
        context=context(tmp_path, url),
        progress=lambda _, fraction: fractions.append(fraction),
    )
    assert {path.name: path.read_bytes() for path in cache.iterdir()} == {
        jar.filename: CONTENT for jar in jars
    }
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0


def test_a_half_file_in_the_staging_folder_is_not_trusted(tmp_path, cache, repository):
    url, jars = repository
    maven = context(tmp_path, url)
    half = maven.repo_cache / "org/example/one/1.0/one-1.0.jar"
    half.parent.mkdir(parents=True)
    half.write_bytes(CONTENT[:100])
    download_jars(jars[:1], cache=cache, context=maven, progress=silent)
    assert (cache / "one-1.0.jar").read_bytes() == CONTENT


@pytest.mark.filterwarnings("ignore")
def test_a_jar_with_another_hash_never_reaches_the_cache(tmp_path, cache, repository):
    url, jars = repository
    pinned = Jar(jars[0].coordinate, jars[0].size, "0" * 64)
    with pytest.raises(LocalServerError, match=r"org\.example:one.*SHA-256"):
        download_jars([pinned], cache=cache, context=context(tmp_path, url), progress=silent)
    assert not list(cache.iterdir())


def test_a_repository_that_does_not_answer_is_named(tmp_path, cache, repository):
    _, jars = repository
    url = f"http://127.0.0.1:{choose_ports((None, None))[0]}"
    with pytest.raises(LocalServerError, match="cannot be downloaded") as caught:
        download_jars(jars, cache=cache, context=context(tmp_path, url), progress=silent)
    assert url in caught.value.message
    assert "NEO4J_URI" in caught.value.hint


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_jar_that_the_repository_lacks_is_named(tmp_path, cache, repository):
    url, _ = repository
    with pytest.raises(LocalServerError, match=r"org\.example:three:1\.0 cannot be downloaded"):
        download_jars(
            [Jar("org.example:three:1.0", 1, "0" * 64)],
            cache=cache,
            context=context(tmp_path, url),
            progress=silent,
        )
    gc.collect()  # jgo leaves the answer "not found" unread and open; its warning belongs to this test


def test_an_empty_cache_lacks_all_jars_and_a_truncated_jar_is_missing(tmp_path):
    jars = read_jars()
    assert missing_jars(tmp_path) == jars
    (tmp_path / jars[0].filename).write_bytes(b"x")
    assert jars[0] in missing_jars(tmp_path)


def test_the_list_pins_both_coordinates_with_unique_file_names():
    jars = read_jars()
    assert set(COORDINATES) <= {jar.coordinate for jar in jars}
    assert len({jar.filename for jar in jars}) == len(jars) > 200
    assert all(len(jar.sha256) == 64 and jar.size > 0 for jar in jars)


def test_writing_and_reading_the_list_is_a_round_trip(tmp_path):
    write_jars(read_jars(), tmp_path / "list.txt")
    assert (tmp_path / "list.txt").read_text() == LIST_PATH.read_text()
