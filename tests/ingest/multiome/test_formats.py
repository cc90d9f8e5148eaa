import gzip
from dataclasses import replace
from pathlib import Path

import anndata as ad
import h5py
import numpy as np
import pandas as pd
import pytest
from anndata.io import read_h5ad
from scipy import sparse

from graph.errors import InputError
from ingest.multiome.formats.recognise import read_matrices
from ingest.multiome.modalities import read_inputs
from ingest.multiome.prepared import write_matrices

FORMATS = [
    "three", "csc", "dense", "one_h5ad", "h5mu", "mudata_zarr", "three_zarr", "zarr_2",
    "tenx_h5", "old_tenx_h5", "mtx", "old_mtx",
]  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_matrices(name, write_as, tiny, tiny_spec, small_prepare, tmp_path):
    prepared = small_prepare(tiny_spec(**write_as[name](tiny, tmp_path)))
    paths = write_matrices(prepared, tmp_path / "out")
    for kind, expected in (("rna", tiny.rna), ("atac", tiny.atac), ("protein", tiny.protein)):
        found = read_h5ad(paths[kind])
        assert np.array_equal(found.X.toarray(), expected), kind
        assert found.X.dtype == np.float32
        assert found.X.has_sorted_indices
        assert found.obs_names.equals(prepared.obs.index)
    assert prepared.counts["cells"] == 12
    assert prepared.counts["proteins"] == 3


def test_contexts_come_from_the_obs_of_any_modality_or_of_all(
    write_as, tiny, tiny_spec, small_prepare, tmp_path
):
    spec = tiny_spec(**write_as["h5mu"](tiny, tmp_path), context_column="batch")
    names = [(record.name, record.num_cells) for record in small_prepare(spec).contexts.records]
    assert names == [("all", 12), ("0", 6), ("1", 6)]


def largest_part(path: Path) -> Path:
    """Return a file, or the file of a folder that holds the values of genes."""
    if path.is_file():
        return path
    files = [
        each for each in path.rglob("*") if each.is_file() and "json" not in each.name and each.name[0] != "."
    ]
    values = [each for each in files if "matrix.mtx" in each.name or "X/data/" in each.as_posix()]
    return min(values, key=lambda each: ("rna" not in each.as_posix(), -each.stat().st_size))


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_that_was_cut_short_is_named(name, write_as, tiny, tiny_spec, small_prepare, tmp_path):
    spec = tiny_spec(**write_as[name](tiny, tmp_path))
    path = largest_part(spec.rna)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError) as caught:
        write_matrices(small_prepare(spec), tmp_path / "out")
    assert str(tmp_path) in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize("name", ["mudata_zarr", "three_zarr", "zarr_2"])
def test_a_zarr_store_that_lacks_a_chunk_is_not_read_as_zeros(
    name, write_as, tiny, tiny_spec, small_prepare, tmp_path
):
    spec = tiny_spec(**write_as[name](tiny, tmp_path))
    largest_part(spec.rna).unlink()
    with pytest.raises(InputError, match="1 of 1 chunks are not there"):
        small_prepare(spec)


def test_an_empty_file_a_missing_one_and_a_folder_of_nothing_are_told_apart(tmp_path):
    (tmp_path / "empty.h5ad").touch()
    (tmp_path / "nothing").mkdir()
    for name, told in (
        ("empty.h5ad", "is empty"),
        ("gone.h5ad", "no such file"),
        ("nothing", "without matrix.mtx"),
    ):
        with pytest.raises(InputError, match=told):
            read_matrices(tmp_path / name)


@pytest.mark.parametrize(
    ("start", "told"),
    [
        (b"PK\x03\x04 and more", "a zip archive"),
        (b"gene,cell1,cell2\n", "not HDF5, it starts with b'gene,cell1,cell2'"),
        (b"%%MatrixMarket matrix coordinate", "a matrix without names"),
        (gzip.compress(b"%%MatrixMarket matrix coordinate"), "a matrix without names"),
        (b"\x89HDF\r\n\x1a\n" + b"\0" * 200, "not a whole HDF5 file"),
        (b"\x1f\x8b\x08 no gzip", "not a whole HDF5 file"),
    ],
)
def test_other_formats_are_recognised_and_the_known_ones_named(start, told, tmp_path):
    path = tmp_path / "data.h5ad"
    path.write_bytes(start)
    with pytest.raises(InputError, match=told) as caught:
        read_matrices(path)
    assert caught.value.hint


def test_an_hdf5_file_of_another_kind_is_refused_with_what_it_has(tmp_path):
    with h5py.File(tmp_path / "other.h5", "w") as root:
        root["table"] = np.arange(5)
    with pytest.raises(InputError, match=r"no AnnData: it has \['table'\]"):
        read_matrices(tmp_path / "other.h5")


def spoil(path: Path, change) -> Path:
    with h5py.File(path, "r+") as root:
        change(root)
    return path


def replaced(node, name: str, values) -> None:
    del node[name]
    node[name] = values


@pytest.mark.parametrize(
    "change",
    [
        lambda root: replaced(root["X"], "indices", np.full(root["X/indices"].shape, 99, dtype=np.int32)),
        lambda root: replaced(root["X"], "indptr", root["X/indptr"][:][::-1]),
        lambda root: replaced(root["X"], "data", root["X/data"][:-3]),
        lambda root: replaced(root["X"], "indptr", root["X/indptr"][:-1]),
        lambda root: root["X"].attrs.__setitem__("shape", np.array([12, 99])),
        lambda root: root.__delitem__("var"),
        lambda root: root.__delitem__("X"),
        lambda root: replaced(root["X"], "data", np.array([b"x"] * len(root["X/data"]))),
    ],
)
def test_a_matrix_that_does_not_hold_together_is_refused(
    change, write_as, tiny, tiny_spec, small_prepare, tmp_path
):
    spec = tiny_spec(**write_as["three"](tiny, tmp_path))
    spoil(spec.rna, change)
    with pytest.raises(InputError) as caught:
        small_prepare(spec)
    assert str(spec.rna) in str(caught.value)


@pytest.fixture
def mtx_spec(write_as, tiny, tiny_spec, tmp_path):
    return tiny_spec(**write_as["mtx"](tiny, tmp_path))


@pytest.mark.parametrize(
    ("file", "change", "told"),
    [
        ("barcodes.tsv.gz", lambda lines: lines[:-1], "11 barcodes beside it"),
        ("features.tsv.gz", lambda lines: lines[1:], "16 lines of features"),
        ("matrix.mtx.gz", lambda lines: lines[:-1], "are announced"),
        ("matrix.mtx.gz", lambda lines: [*lines[:-1], "99 1 3"], "outside 17 features x 12 cells"),
        ("matrix.mtx.gz", lambda lines: [*lines[:-1], "1 1 x"], "no text|not a whole"),
        ("matrix.mtx.gz", lambda lines: ["no banner", *lines[1:]], "expected '%%MatrixMarket"),
        ("matrix.mtx.gz", lambda lines: [*lines[:-1], "1 1 0.5"], "no raw counts"),
    ],
)
def test_a_folder_whose_files_do_not_fit_is_refused(file, change, told, mtx_spec, small_prepare):
    spec = mtx_spec
    path = spec.rna / file
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    path.write_bytes(gzip.compress("\n".join([*change(lines), ""]).encode()))
    with pytest.raises(InputError, match=told):
        small_prepare(spec)


def test_a_folder_that_lacks_a_file_says_which(write_as, tiny, tiny_spec, tmp_path):
    spec = tiny_spec(**write_as["mtx"](tiny, tmp_path))
    (spec.rna / "barcodes.tsv.gz").unlink()
    with pytest.raises(InputError, match=r"none of barcodes\.tsv, barcodes\.tsv\.gz"):
        read_inputs(spec)


def put(path: Path, *, change) -> None:
    data = read_h5ad(path)
    change(data)
    data.write_h5ad(path)


def normalised(data: ad.AnnData) -> None:
    data.X = data.X * 0.3


@pytest.mark.parametrize("name", ["counts", "raw_counts", "umi_counts"])
def test_counts_are_found_in_a_layer_by_its_name(
    name, write_as, tiny, tiny_spec, small_prepare, counts_of, tmp_path
):
    spec = tiny_spec(**write_as["three"](tiny, tmp_path))

    def move(data: ad.AnnData) -> None:
        data.layers[name] = data.X.copy()
        normalised(data)

    put(spec.rna, change=move)
    prepared = small_prepare(spec)
    assert prepared.notes["RNA counts"] == f"layers/{name} of {spec.rna}"
    assert np.array_equal(counts_of(prepared, "rna").toarray(), tiny.rna)


def test_counts_are_found_in_raw_with_features_of_its_own(
    write_as, tiny, tiny_spec, small_prepare, counts_of, tmp_path
):
    spec = tiny_spec(**write_as["three"](tiny, tmp_path))
    data = read_h5ad(spec.rna)
    chosen = data[:, :3].copy()
    chosen.raw = data
    normalised(chosen)
    chosen.write_h5ad(spec.rna)
    prepared = small_prepare(spec)
    assert prepared.notes["RNA counts"] == f"raw/X of {spec.rna}"
    assert np.array_equal(counts_of(prepared, "rna").toarray(), tiny.rna)


def test_a_layer_that_is_named_is_taken_and_one_that_is_not_there_is_refused(
    write_as, tiny, tiny_spec, small_prepare, counts_of, tmp_path
):
    spec = tiny_spec(**write_as["one_h5ad"](tiny, tmp_path), layer="mine")
    put(spec.rna, change=lambda data: data.layers.__setitem__("mine", data.X * 2))
    assert np.array_equal(counts_of(small_prepare(spec), "rna").toarray(), tiny.rna * 2)
    with pytest.raises(InputError, match=r"no layer 'other', found \['mine', 'X'\]"):
        small_prepare(replace(spec, layer="other"))


@pytest.mark.parametrize("value", [0.5, -1.0, np.nan, np.inf])
@pytest.mark.parametrize("name", ["three", "csc", "dense"])
def test_a_value_that_is_no_count_is_named_in_every_layout(
    name, value, write_as, tiny, tiny_spec, small_prepare, tmp_path
):
    spec = tiny_spec(**write_as[name](tiny, tmp_path))

    def spoil_one(data: ad.AnnData) -> None:
        counts = sparse.lil_matrix(data.X)
        counts[4, 0] = value
        data.X = counts.toarray() if name == "dense" else type(data.X)(counts)

    put(spec.atac, change=spoil_one)
    with pytest.raises(InputError) as caught:
        small_prepare(spec)
    assert "row 4, cell 'AAACCAACACAG-1', feature 'chr1:50-150'" in str(caught.value)


def test_names_that_repeat_are_refused_unless_ids_tell_them_apart(
    write_as, tiny, tiny_spec, small_prepare, counts_of, tmp_path
):
    spec = tiny_spec(**write_as["three"](tiny, tmp_path))

    def repeat(data: ad.AnnData) -> None:
        ids = [f"ENSG{number:011d}" for number in range(1, 7)]
        data.var = pd.DataFrame({"gene_ids": ids}, index=["AAA1", "AAA1", *data.var_names[2:]])

    data = read_h5ad(spec.rna)
    repeat(data)
    data.write_h5ad(spec.rna)
    prepared = small_prepare(spec)
    assert np.array_equal(counts_of(prepared, "rna").toarray(), tiny.rna)
    assert prepared.matrices["rna"].var["symbol"].tolist()[:2] == ["AAA1", "AAA1"]
    spoil(
        spec.rna,
        lambda root: root["var"].__delitem__("gene_ids") or root["var"].attrs.__setitem__("column-order", []),
    )
    with pytest.raises(InputError, match="feature 'AAA1' at row 0 occurs 2 times"):
        small_prepare(spec)


def test_a_modality_of_an_unknown_name_is_taken_when_it_is_said(
    write_as, tiny, tiny_spec, small_prepare, counts_of, tmp_path
):
    spec = tiny_spec(**write_as["h5mu"](tiny, tmp_path))
    spoil(spec.rna, lambda root: root["mod"].move("rna", "first") or root["mod"].move("atac", "second"))
    with pytest.raises(InputError, match="no genes"):
        small_prepare(spec)
    prepared = small_prepare(replace(spec, modalities={"rna": "first", "atac": "second"}))
    assert np.array_equal(counts_of(prepared, "atac").toarray(), tiny.atac)
    with pytest.raises(InputError, match=r"no modality 'third', found \['first', 'prot', 'second'\]"):
        small_prepare(replace(spec, modalities={"rna": "third"}))


def test_genes_alone_are_refused_with_the_remedy(write_as, tiny, tiny_spec, tmp_path):
    spec = tiny_spec(rna=write_as["three"](tiny, tmp_path)["rna"])
    with pytest.raises(InputError, match="neither peaks nor proteins") as caught:
        read_inputs(spec)
    assert "--atac" in caught.value.hint


def test_genes_and_proteins_without_peaks_have_no_candidates(
    write_as, tiny, tiny_spec, small_prepare, tmp_path
):
    files = write_as["three"](tiny, tmp_path)
    prepared = small_prepare(tiny_spec(rna=files["rna"], protein=files["protein"]))
    paths = write_matrices(prepared, tmp_path / "out")
    assert sorted(paths) == ["protein", "rna"]
    assert len(prepared.near) == 0
    assert prepared.assembly == ""
    assert prepared.counts["proteins"] == 3
