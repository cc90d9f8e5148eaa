"""What must not matter: the order of cells in a file, the size of blocks, the layout of the matrix."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from anndata.io import read_h5ad
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from ingest.multiome.contexts import contexts_of
from ingest.multiome.detection import detections
from ingest.multiome.matrix import Entries, Matrix, entry_ranges
from ingest.multiome.selection import Selection, places_of
from ingest.multiome.spool import in_order
from ingest.multiome.survey import cell_statistics, cells_with


def matrix_of(counts: np.ndarray, *, by_cell: bool) -> Matrix:
    """Return a matrix that is streamed as a file by cell (CSR) or by feature (CSC) is."""
    layout = sparse.csr_matrix(counts) if by_cell else sparse.csc_matrix(counts)

    def stream(limit: int):
        for first, last in entry_ranges(layout.indptr, limit):
            part = slice(layout.indptr[first], layout.indptr[last])
            major = np.repeat(np.arange(first, last), np.diff(layout.indptr[first : last + 1]))
            minor, values = layout.indices[part], layout.data[part]
            yield Entries(major, minor, values) if by_cell else Entries(minor, major, values)

    obs, var = (pd.DataFrame(index=pd.RangeIndex(size).astype(str)) for size in counts.shape)
    return Matrix("file", "", obs, var, "X", layout.nnz, by_cell, stream)


@st.composite
def selections(draw):
    """Return counts, which rows in which order, and where columns go (several may share a place)."""
    num_rows, num_columns = draw(st.integers(1, 9)), draw(st.integers(1, 7))
    seed = draw(st.integers(0, 10_000))
    counts = np.random.default_rng(seed).poisson(draw(st.sampled_from([0.1, 1.0])), (num_rows, num_columns))
    rows = draw(st.permutations(range(num_rows)))[: draw(st.integers(1, num_rows))]
    places = draw(st.lists(st.integers(-1, 3), min_size=num_columns, max_size=num_columns))
    return counts.astype(np.float32), np.array(rows), np.array(places)


def expected(counts: np.ndarray, rows: np.ndarray, places: np.ndarray) -> np.ndarray:
    result = np.zeros((len(rows), 4), dtype=np.float32)
    for i, row in enumerate(rows):
        for column, place in enumerate(places):
            if place >= 0:
                result[i, place] += counts[row, column]
    return result


@settings(max_examples=150, deadline=None)
@given(selections(), st.integers(1, 40), st.booleans())
def test_blocks_are_the_selected_cells_and_features_in_any_order_layout_and_size(
    tmp_path_factory, drawn, limit, by_cell
):
    counts, rows, places = drawn
    matrix = matrix_of(counts, by_cell=by_cell)
    selection = Selection(matrix, places_of(rows, len(counts)), places, (len(rows), 4))
    ordered = in_order(selection, tmp_path_factory.mktemp("spool"), limit=limit)
    blocks = list(ordered.blocks(limit))
    whole = expected(counts, rows, places)
    assert np.array_equal(sparse.vstack(blocks).toarray(), whole)
    assert cells_with(ordered, limit=limit).tolist() == (whole > 0).sum(axis=0).tolist()
    kept = np.arange(len(rows)) % 2 == 0
    some = ordered.with_cells(kept).with_features(np.array([True, False, True, True]))
    assert np.array_equal(sparse.vstack(list(some.blocks(limit))).toarray(), whole[kept][:, [0, 2, 3]])


@settings(max_examples=60, deadline=None)
@given(selections(), st.integers(1, 40))
def test_statistics_and_detections_are_those_of_the_whole_matrix(drawn, limit):
    counts = drawn[0]
    num_cells, num_genes = counts.shape
    matrix = matrix_of(counts, by_cell=True)
    selection = Selection(matrix, np.arange(num_cells), np.arange(num_genes), counts.shape)
    is_mitochondrial = np.arange(num_genes) % 2 == 0
    found = cell_statistics(selection, None, mitochondrial=is_mitochondrial, limit=limit)
    totals = counts.sum(axis=1)
    shares = np.divide(counts[:, is_mitochondrial].sum(axis=1), totals, out=totals * 0, where=totals > 0)
    assert found.num_genes.tolist() == (counts > 0).sum(axis=1).tolist()
    assert np.allclose(found.mitochondrial_share, shares)

    labels = pd.DataFrame({"kind": np.where(np.arange(num_cells) % 3, "a", "b")})
    contexts = contexts_of(labels, dataset_id="d", column="kind")
    gene_ids = pd.Index([f"g{i}" for i in range(num_genes)])
    rows = detections(selection, gene_ids, contexts, limit=limit)
    slow = {
        (gene_ids[gene], record.context_id, int((part[:, gene] > 0).sum()), float(part[:, gene].mean()))
        for record in contexts.records
        for part in [counts[(labels["kind"] == record.name) | (record.name == "all")]]
        for gene in range(num_genes)
        if (part[:, gene] > 0).any()
    }
    fast = {(r.source, r.target, r.num_cells, r.mean_count) for r in rows.itertuples()}
    assert {row[:3] for row in fast} == {row[:3] for row in slow}
    assert np.allclose(sorted(row[3] for row in fast), sorted(row[3] for row in slow))
    assert rows["detection_rate"].between(0, 1).all()


@pytest.fixture
def three(write_as, tiny, tiny_spec, tmp_path):
    return tiny_spec(**write_as["three"](tiny, tmp_path))


@pytest.mark.parametrize("memory_mb", [500, 1])
@pytest.mark.parametrize(
    "order", [list(range(12)), list(range(12))[::-1], [5, 0, 11, 3, 1, 2, 4, 10, 9, 8, 7, 6]]
)
def test_the_order_of_cells_in_the_second_file_does_not_matter(
    order, memory_mb, three, tiny, small_prepare, counts_of
):
    spec = replace(three, memory_mb=memory_mb)
    data = read_h5ad(spec.atac)
    data[order].copy().write_h5ad(spec.atac)
    prepared = small_prepare(spec)
    assert np.array_equal(counts_of(prepared, "atac").toarray(), tiny.atac)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=30), st.integers(1, 12))
def test_ranges_tile_the_rows_and_keep_to_the_limit_unless_one_row_is_longer(sizes, limit):
    starts = np.concatenate([[0], np.cumsum(sizes)])
    ranges = list(entry_ranges(starts, limit))
    assert [first for first, _ in ranges] == [0, *(last for _, last in ranges[:-1])]
    assert ranges[-1][1] == len(sizes)
    for first, last in ranges:
        assert last > first
        assert starts[last] - starts[first] <= limit or last == first + 1
