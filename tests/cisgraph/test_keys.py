import stat

from typer.testing import CliRunner

from api.keys import KeyRing
from cisgraph.cli.app import app


def make(file, name):
    return CliRunner().invoke(app, ["keys", "new", name, "--file", str(file)])


def test_a_new_key_opens_and_only_its_hash_is_kept(tmp_path):
    file = tmp_path / "keys"
    first, second = (make(file, name).stdout.strip() for name in ("ada", "grace"))
    ring = KeyRing.read(file)
    assert (ring.owner(first), ring.owner(second), ring.owner(first + "x")) == ("ada", "grace", None)
    assert first not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_broken_file_is_told_and_left_as_it_is(tmp_path):
    file = tmp_path / "keys"
    file.write_text("no hash here\n")
    told = make(file, "ada")
    assert told.exit_code != 0
    assert "line 1" in str(told.exception)
    assert file.read_text() == "no hash here\n"
