import numpy as np
import pandas as pd
import pytest
from anndata.io import read_h5ad
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import InputError, ResourceError
from ingest.multiome.barcodes import match_barcodes
from ingest.multiome.contexts import contexts_of
from ingest.multiome.memory import expected_bytes, require_memory
from ingest.multiome.modalities import read_inputs
from ingest.multiome.quality import CellStatistics, Thresholds, judge_cells, judge_features
from ingest.multiome.spec import DatasetSpec


def cells(num_genes, shares=None, num_peaks=None) -> CellStatistics:
    shares = np.zeros(len(num_genes)) if shares is None else np.array(shares)
    return CellStatistics(np.array(num_genes), shares, None if num_peaks is None else np.array(num_peaks))


def test_each_cell_is_counted_for_the_first_reason_that_holds():
    found = judge_cells(
        cells([0, 5, 9, 20, 7], [0, 0.5, 0.1, 0, 0], [3, 0, 4, 5, 90]),
        Thresholds(
            min_genes_per_cell=3,
            max_genes_per_cell=10,
            min_peaks_per_cell=1,
            max_peaks_per_cell=50,
            max_mitochondrial_share=0.2,
        ),
    )
    assert found.kept.tolist() == [False, False, True, False, False]
    assert found.dropped == {
        "cells with fewer than 3 genes": 1,
        "cells with more than 10 genes": 1,
        "cells with fewer than 1 peaks": 1,
        "cells with more than 50 peaks": 1,
    }


def test_a_high_mitochondrial_share_is_a_reason_of_its_own():
    found = judge_cells(cells([5, 5], [0.05, 0.5]), Thresholds(max_mitochondrial_share=0.2))
    assert found.dropped == {"cells with more than 20% mitochondrial counts": 1}


@given(st.lists(st.tuples(st.integers(1, 9), st.floats(0, 1), st.integers(1, 9)), min_size=1, max_size=20))
def test_the_defaults_keep_every_cell_that_has_a_count(rows):
    found = judge_cells(cells(*(list(column) for column in zip(*rows, strict=True))), Thresholds())
    assert found.kept.all()
    assert found.dropped == {}


def test_thresholds_that_leave_nothing_are_refused_with_what_each_took():
    with pytest.raises(InputError, match="leaves no cell of 2") as caught:
        judge_cells(cells([1, 2]), Thresholds(min_genes_per_cell=5))
    assert "2 cells with fewer than 5 genes" in str(caught.value)
    with pytest.raises(InputError, match="leaves no peak of 3"):
        judge_features(np.zeros(3, dtype=np.int64), minimum=1, what="peak")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"min_genes_per_cell": -1}, "min_genes_per_cell = -1"),
        ({"max_mitochondrial_share": 20.0}, "a share is 0 to 1"),
        ({"min_peaks_per_cell": 9, "max_peaks_per_cell": 3}, "is below min_peaks_per_cell = 9"),
    ],
)
def test_thresholds_out_of_range_are_refused(said, told):
    with pytest.raises(InputError, match=told):
        Thresholds(**said)


def test_what_quality_control_takes_is_gone_from_all_matrices_and_counted(
    write_as, tiny, tiny_spec, small_prepare, counts_of, tmp_path
):
    files = write_as["three"](tiny, tmp_path)
    num_genes = (tiny.rna > 0).sum(axis=1)
    kept = num_genes >= 5
    least = int(np.sort((tiny.atac[kept] > 0).sum(axis=0))[3])
    thresholds = Thresholds(min_genes_per_cell=5, min_cells_per_peak=least)
    prepared = small_prepare(tiny_spec(**files, thresholds=thresholds))
    seen = (tiny.atac[kept] > 0).sum(axis=0) >= least
    assert 0 < kept.sum() < 12
    assert 0 < seen.sum() < 8
    assert np.array_equal(counts_of(prepared, "rna").toarray(), tiny.rna[kept])
    assert np.array_equal(counts_of(prepared, "atac").toarray(), tiny.atac[kept][:, seen])
    assert np.array_equal(counts_of(prepared, "protein").toarray(), tiny.protein[kept])
    assert prepared.counts["cells with fewer than 5 genes"] == (~kept).sum()
    assert prepared.counts[f"peaks in fewer than {least} cells"] == (~seen).sum()
    assert set(prepared.near["target"]) <= set(prepared.matrices["atac"].var.index)
    assert "min_genes_per_cell 5" in prepared.notes["thresholds"]


def test_mitochondrial_genes_are_those_on_their_chromosome(
    write_as, tiny, tiny_spec, small_prepare, tmp_path
):
    files = write_as["three"](tiny, tmp_path)
    share = tiny.rna[:, 5] / tiny.rna.sum(axis=1)
    bound = float(np.median(share))
    prepared = small_prepare(tiny_spec(**files, thresholds=Thresholds(max_mitochondrial_share=bound)))
    assert prepared.counts["cells"] == (share <= bound).sum() < 12


def test_suffixes_and_samples_that_differ_are_matched_when_that_is_allowed(
    write_as, tiny, tiny_spec, small_prepare, counts_of, tmp_path
):
    files = write_as["three"](tiny, tmp_path)
    data = read_h5ad(files["atac"])
    data.obs_names = [f"sampleA#{name.removesuffix('-1')}-2" for name in data.obs_names]
    data.write_h5ad(files["atac"])
    with pytest.raises(InputError, match="share no barcode") as caught:
        small_prepare(tiny_spec(**files))
    assert "12 agree without suffixes" in caught.value.hint
    assert "--ignore-suffix" in caught.value.hint
    prepared = small_prepare(tiny_spec(**files, ignore_suffix=True))
    assert np.array_equal(counts_of(prepared, "atac").toarray(), tiny.atac)
    assert prepared.obs.index[0].endswith("-1")


def test_barcodes_that_are_one_without_their_suffix_are_never_guessed():
    twice = pd.Index(["AAACAGCCAAGG-1", "AAACAGCCAAGG-2", "AAACATGCACGT-1"])
    other = pd.Index(["AAACAGCCAAGG", "AAACATGCACGT", "TTTTTTTTTTTT"])
    with pytest.raises(InputError, match=r"rna\.h5ad: 2 barcodes are the same") as caught:
        match_barcodes([twice, other], ["rna.h5ad", "atac.h5ad"], ignore_suffix=True)
    assert "row 1, barcode 'AAACAGCCAAGG-2' is 'AAACAGCCAAGG'" in str(caught.value)
    with pytest.raises(InputError) as caught:
        match_barcodes([twice, other], ["rna.h5ad", "atac.h5ad"])
    assert "several cells share a barcode" in caught.value.hint


def test_cells_that_one_of_three_matrices_lacks_are_left_out():
    rna, atac, protein = (pd.Index(list(text)) for text in ("abcdef", "fedcb", "xbcf"))
    shared = match_barcodes([rna, atac, protein], ["r", "a", "p"])
    assert [list(index[rows]) for index, rows in zip((rna, atac, protein), shared.rows, strict=True)] == [
        ["b", "c", "f"]
    ] * 3
    assert shared.num_only == (3, 2, 1)


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ([0, 3, 1, 1], ["0", "1", "3"]),
        (["T", "B", None, "B"], ["B", "T"]),
        (pd.Categorical(["x", "y", "y", "x"]), ["x", "y"]),
        ([0.0, 1.0, 3.0, np.nan], ["0.0", "1.0", "3.0"]),
        ([True, False, True, True], ["False", "True"]),
    ],
)
def test_contexts_are_called_what_the_column_says_as_text(values, names):
    obs = pd.DataFrame({"kind": values}, index=list("abcd"))
    contexts = contexts_of(obs, dataset_id="d", column="kind")
    assert [record.name for record in contexts.records] == ["all", *names]
    written = obs["kind"].astype(str).to_numpy()
    for record, row in zip(contexts.records[1:], contexts.membership.toarray()[1:], strict=True):
        assert (written == record.name).tolist() == row.astype(bool).tolist()


def test_a_missing_column_names_the_file_the_columns_and_the_nearest(
    write_as, tiny, tiny_spec, small_prepare, tmp_path
):
    spec = tiny_spec(**write_as["three"](tiny, tmp_path), context_column="celltype")
    with pytest.raises(InputError) as caught:
        small_prepare(spec)
    assert str(spec.rna) in str(caught.value)
    assert "found ['cell_type', 'batch']" in str(caught.value)
    assert "did you mean 'cell_type'" in caught.value.hint


def test_memory_is_said_before_it_is_taken_and_refused_where_there_is_less(
    write_as, tiny, tiny_spec, tmp_path
):
    inputs = read_inputs(tiny_spec(**write_as["three"](tiny, tmp_path)))
    assert "12 cells x 6 features" in require_memory(inputs, limit=1_000)
    assert expected_bytes(inputs, limit=2_000_000) > expected_bytes(inputs, limit=1_000_000)
    with pytest.raises(ResourceError, match="GB are free") as caught:
        require_memory(inputs, limit=10**12)
    assert "--memory-mb" in caught.value.hint


def test_a_kind_of_modality_that_is_not_known_is_refused(tmp_path):
    with pytest.raises(InputError, match="expected"):
        DatasetSpec("d", "d", tmp_path, modalities={"methylation": "x"})
