"""The guide's example is a real source, whole, small, and it runs."""

import re
from pathlib import Path

import pytest

from ingest.sources import trrust

ROOT = Path(__file__).parents[3]
GUIDE = ROOT / "docs" / "add_a_source.md"
FILE = ROOT / "ingest" / "sources" / "trrust.py"


@pytest.fixture(scope="module")
def code() -> str:
    (block,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    return block


def test_the_example_is_the_file_and_is_small(code):
    assert code == FILE.read_text(encoding="utf-8")
    assert len(code.splitlines()) < 60


def test_the_example_runs_and_gives_what_the_source_gives(code, demo, reference_of):
    namespace: dict = {}
    exec(compile(code, str(GUIDE), "exec"), namespace)
    spec = namespace["MOUSE_SPEC"]
    paths = [demo / name for name in spec.files]
    told, known = (each.parse(paths, reference_of(spec)) for each in (spec, trrust.MOUSE_SPEC))
    assert spec.record == trrust.MOUSE
    assert told.num_kept == known.num_kept > 6_000
    assert told.tables[-1][1].equals(known.tables[-1][1])


def test_what_the_guide_names_is_there(code):
    text = GUIDE.read_text(encoding="utf-8").replace(code, "")
    for path in re.findall(r"`((?:ingest|tests|demo|graph)/[\w/.]+\.\w+)`", text):
        assert (ROOT / path).is_file(), path
    for module, names in re.findall(r"`(ingest\.[\w.]+)\.(\w+)(?:\(\.\.\.\))?`", text):
        source = (ROOT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
        assert re.search(rf"^(?:def|class) {names}\b", source, re.MULTILINE), (module, names)
