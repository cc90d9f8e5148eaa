import gzip
import lzma

import pytest

from graph.errors import InputError
from ingest.tables import read_table, read_text

TEXT = "a\tb\nx\t1\n y \t2\n"


def write(path, text):
    openers = {".gz": gzip.compress, ".xz": lzma.compress}
    path.write_bytes(openers.get(path.suffix, bytes)(text.encode()))
    return path


@pytest.mark.parametrize("name", ["rows.tsv", "rows.tsv.gz", "rows.tsv.xz"])
def test_plain_and_compressed_tables_are_the_same(tmp_path, name):
    rows = read_table(write(tmp_path / name, TEXT), columns=["b", "a"])
    assert rows.to_dict("list") == {"b": ["1", "2"], "a": ["x", "y"]}
    assert rows.index.tolist() == [2, 3]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a\tb\nx\t1\n\ny\t2\n", {2: ("x", "1"), 4: ("y", "2")}),
        ("a\tb\r\nx\t1\r\ny\t2", {2: ("x", "1"), 3: ("y", "2")}),
        ("a\tb\nx\ny\t2\n", {2: ("x", ""), 3: ("y", "2")}),
        ("a\tb\nx\u2028z\t1\n", {2: ("x\u2028z", "1")}),
        ("a\tb\n\t\nx\x0bz\t1\n", {3: ("x\x0bz", "1")}),
        ("a\tb\n\"x\t5'\n", {2: ('"x', "5'")}),
        ("a\tb\nx\ty\rz\n", {2: ("x", "y\rz")}),
        ("a\tb\nNA\tnan\n", {2: ("NA", "nan")}),
        ("\ufeffa\tb\nx\t1\n", {2: ("x", "1")}),
    ],
)
def test_rows_go_by_their_line_and_only_line_ends_end_them(tmp_path, text, rows):
    frame = read_table(write(tmp_path / "rows.tsv", text), columns=["a", "b"])
    found = {line: (row.a, row.b) for line, row in zip(frame.index, frame.itertuples(), strict=True)}
    assert found == rows


def test_a_column_that_may_be_missing_is_empty(tmp_path):
    rows = read_table(write(tmp_path / "rows.tsv", TEXT), columns=["a"], optional=["b", "c"])
    assert rows["c"].tolist() == ["", ""]
    assert rows["b"].tolist() == ["1", "2"]


def test_quoted_values_hold_separators_and_line_ends(tmp_path):
    path = write(tmp_path / "rows.csv", 'a,b\n"x, y","1\n2"\nz,3\n')
    rows = read_table(path, columns=["a", "b"], separator=",", quoted=True)
    assert rows["a"].tolist() == ["x, y", "z"]
    assert rows["b"].tolist() == ["1\n2", "3"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\tb\n", "has a header and no rows"),
        ("a\tb\n\n \n", "has a header and no rows"),
        ("a\ta\tb\nx\ty\tz\n", r"columns \['a'\] stand twice"),
        ("a\tb\nx\t1\t2\ny\nz\t1\t2\t3\n", r"line 2: 3 columns, the header has 2\n.*line 4: 4 columns"),
        ("", "the file is empty"),
        ("\n \n", "holds no text"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path, text, said):
    with pytest.raises(InputError, match=said):
        read_table(write(tmp_path / "rows.tsv", text), columns=["a", "b"])


def test_a_quote_that_is_not_closed_is_refused(tmp_path):
    path = write(tmp_path / "rows.csv", 'a,b\n"x,1\ny,2\n')
    with pytest.raises(InputError, match="a double quote is opened and not closed"):
        read_table(path, columns=["a", "b"], separator=",", quoted=True)


def test_a_folder_and_a_damaged_file_are_refused(tmp_path):
    with pytest.raises(InputError, match="a folder, expected a file"):
        read_text(tmp_path)
    for suffix in ("gz", "xz"):
        path = write(tmp_path / f"rows.tsv.{suffix}", TEXT * 50)
        path.write_bytes(path.read_bytes()[:-20])
        with pytest.raises(InputError, match=f"the {suffix} file is cut short or damaged"):
            read_text(path)
