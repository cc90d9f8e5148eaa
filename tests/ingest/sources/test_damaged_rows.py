"""Damaged files for every source: a clear refusal of the file, or read = kept + rejected; never a crash."""

import gzip
import lzma
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from graph.errors import InputError
from graph.schema import Source
from ingest.catalogue import SOURCES
from ingest.names import Names
from ingest.rejections import COLUMNS
from ingest.source import Reference, SourceSpec
from ingest.sources import regulators, user_table
from ingest.sources.annotation import gtf_spec

NUM_LINES = 12
USER = Source("mine", "mine", "1", "CC0", "open", "", "human")
GTF = "\n".join(
    f'chr1\tx\tgene\t{n}\t{n + 5}\t.\t+\t.\tgene_id "ENSG0000000000{n}.1"; gene_name "G{n}";'
    for n in range(1, 9)
)
EDGES = "source\ttarget\tweight\tsign\nMYC\tTERT\t1\t1\nTP53\tMYC\t0.5\t-1\nSP1\tTERT\t-2\t0\n"
COLUMNS_OF_EDGES = user_table.EdgeColumns(sign="sign")

NASTY = [
    *[
        "",
        " ",
        "NaN",
        "nan",
        "None",
        "inf",
        "-1",
        "0",
        "1",
        "2",
        "1e400",
        "9" * 400,
        "-0.0",
        "TAZ",
        "MYC",
        "myc",
    ],
    *["Trp53", "ENSG00000136997", "ENSG00000136997.4_PAR_Y", "é\u0301", "\u2028", "\x1c", "\x0b", "\0", "\r"],
    *["😀", "'", '"', '"x', "a;b", "a,b", "::", "#", "\ufeff", "٣", "x" * 300, "|", "1 | 2", "HGNC:1"],
]
nasty = st.sampled_from(NASTY) | st.text(max_size=8).map(
    lambda text: text.replace("\t", " ").replace("\n", " ")
)
damage = st.tuples(
    st.sampled_from(["cell", "cell", "cell", "drop", "add", "swap", "repeat", "blank", "cut"]),
    st.integers(0, NUM_LINES),
    st.integers(0, 8),
    nasty,
)


@cache
def lines_of(path: Path) -> list[str]:
    opener = {".gz": gzip.open, ".xz": lzma.open}.get(path.suffix, open)
    with opener(path, "rt", encoding="utf-8") as stream:
        lines = stream.read().split("\n")
    step = max(1, len(lines) // NUM_LINES)
    return [lines[0], *lines[1:-1:step][: NUM_LINES - 1]]


def cut_sets(lines: list[str]) -> list[str]:
    return ["\t".join(line.split("\t")[:30]) for line in lines]


def write(path: Path, text: str) -> Path:
    packers = {".gz": gzip.compress, ".xz": lzma.compress}
    raw = text.encode("utf-8", "surrogatepass")
    path.write_bytes(packers.get(path.suffix, bytes)(raw))
    return path


def damaged(lines: list[str], wounds, separator: str) -> str:
    rows = [line.split(separator) for line in lines]
    for kind, line, column, value in wounds:
        row = rows[line % len(rows)]
        hurt(kind, rows, row, line=line, at=column % len(row), value=value)
        if not row:
            row.append("")
    return "\n".join(separator.join(row) for row in rows) + "\n"


def hurt(kind: str, rows: list[list[str]], row: list[str], *, line: int, at: int, value: str) -> None:
    match kind:
        case "cell":
            row[at] = value
        case "drop":
            del row[at:]
        case "add":
            row.insert(at, value)
        case "swap":
            row.reverse()
        case "repeat":
            rows.append(list(row))
        case "blank":
            rows.insert(line % len(rows), [""])
        case "cut":
            del rows[max(1, line) :]


class Case:
    """A source with whole files, one of which is damaged."""

    def __init__(self, spec: SourceSpec, files: list[tuple[str, list[str]]]) -> None:
        self.spec, self.files = spec, files


def shipped(spec: SourceSpec, demo: Path) -> Case:
    files = [(Path(name).name, lines_of(demo / name)) for name in spec.files]
    if "gmt" in files[0][0]:  # sets, and the lines of the index that speak of them
        sets = {line.split("\t")[0]: line for line in lines_of(demo / spec.files[0])}
        files = [(files[0][0], cut_sets(list(sets.values())))]
        for name in spec.files[1:]:
            index = [line for line in full(demo / name) if line.split("\t")[0] in {"set_id", *sets}]
            files.append((Path(name).name, index))
    return Case(spec, files)


def full(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


OTHERS = {
    "gtf": Case(
        gtf_spec(species="human", assembly_id="GRCh38", source_id="gtf", release=1),
        [("genes.gtf", GTF.split("\n")), ("sizes", ["chr1\t1000"])],
    ),
    "user tsv": Case(user_table.spec(USER, COLUMNS_OF_EDGES), [("net.tsv", EDGES.splitlines())]),
    "user csv": Case(
        user_table.spec(USER, COLUMNS_OF_EDGES), [("net.csv", EDGES.replace("\t", ",").splitlines())]
    ),
    "user list": Case(regulators.list_spec(USER), [("list.txt.gz", ["MYC", "TP53", "SP1"])]),
}


@pytest.fixture(scope="module")
def small(demo, nodes, mouse_nodes) -> dict[str, Reference]:
    """Genes that the lines name, so that many rows are kept, and few others."""
    said = {
        part
        for spec in SOURCES
        for _, lines in shipped(spec, demo).files
        for line in lines
        for part in line.replace(",", "\t").split("\t")
    } | {"MYC", "TERT", "TP53", "SP1", "TAZ"}
    some = {}
    for species, frame in (("human", nodes), ("mouse", mouse_nodes)):
        named = frame["symbol"].isin(said) | frame["symbol"].str.upper().isin(said)
        some[species] = frame[named | frame["gene_id"].isin(said)].reset_index(drop=True)
    names = {species: Names(frame) for species, frame in some.items()}
    return {
        species: Reference(names[species], genes=frame, other_names=names) for species, frame in some.items()
    }


def require_account(case: Case, paths: list[Path], reference: Reference) -> None:
    try:
        checked = case.spec.parse(paths, reference)
    except InputError:
        event("refused")
        return
    event("kept" if checked.num_kept else "nothing kept")
    assert checked.num_read == checked.num_kept + len(checked.rejected)
    assert list(checked.rejected.columns) == list(COLUMNS)
    assert checked.rejected["reason"].ne("").all()
    for table, frame in checked.tables:
        assert not frame.duplicated(list(table.key)).any()
        for column in set(table.columns) - table.optional - {"load_id"}:
            assert frame[column].notna().all(), column


@pytest.mark.parametrize("name", [*(spec.source_id for spec in SOURCES), *OTHERS])
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(wounds=st.lists(damage, max_size=6), which=st.integers(0, 3))
def test_a_damaged_file_is_refused_or_accounted_for(tmp_path, demo, small, name, wounds, which):
    by_id = {spec.source_id: spec for spec in SOURCES}
    case = OTHERS[name] if name in OTHERS else shipped(by_id[name], demo)
    paths = []
    for place, (file, lines) in enumerate(case.files):
        separator = "," if file.endswith("csv") else "\t"
        own = wounds if place == which % len(case.files) else []
        paths.append(write(tmp_path / file, damaged(lines, own, separator)))
    require_account(case, paths, small[case.spec.record.species])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["MYC", "TP53", "", "TAZ", "é", "x", None]) | nasty,
            st.sampled_from(["TERT", "MYC", None]) | nasty,
            st.floats(allow_nan=True, allow_infinity=True) | st.none(),
            st.sampled_from([-1, 0, 1, 7, None]),
        ),
        max_size=20,
    )
)
def test_a_damaged_parquet_table_is_refused_or_accounted_for(tmp_path, small, rows):
    frame = pd.DataFrame(rows, columns=["source", "target", "weight", "sign"])
    frame = frame.astype({"source": object, "target": object, "weight": float, "sign": "Int64"})
    frame.to_parquet(tmp_path / "net.parquet")
    case = Case(user_table.spec(USER, COLUMNS_OF_EDGES), [])
    require_account(case, [tmp_path / "net.parquet"], small["human"])


@pytest.mark.parametrize("name", [*(spec.source_id for spec in SOURCES), *OTHERS])
def test_the_undamaged_lines_are_kept(tmp_path, demo, small, name):
    by_id = {spec.source_id: spec for spec in SOURCES}
    case = OTHERS[name] if name in OTHERS else shipped(by_id[name], demo)
    paths = [write(tmp_path / file, "\n".join(lines) + "\n") for file, lines in case.files]
    checked = case.spec.parse(paths, small[case.spec.record.species])
    assert checked.num_kept > 0 or name == "epifactors_mouse"
