from dataclasses import replace
from pathlib import Path

import anndata as ad
import numpy as np
import pandas as pd
import pytest
from anndata.io import read_h5ad

from graph.errors import InputError
from ingest.demo import scicar_a549
from ingest.multiome import prepare as preparation
from ingest.multiome.assembly import assembly_rates
from ingest.multiome.chain import read_chain
from ingest.multiome.contexts import contexts_of
from ingest.multiome.genes import by_gene
from ingest.multiome.lift import lift_peaks
from ingest.multiome.modalities import read_inputs
from ingest.multiome.peaks import read_peaks
from ingest.multiome.prepared import write_matrices


def changed(path: Path, change) -> Path:
    data = read_h5ad(path)
    data = change(data) or data
    data.write_h5ad(path)
    return path


def test_a_pair_becomes_matrices_of_the_same_cells_by_gene_and_peak_id(pair, prepare, tmp_path):
    prepared = prepare(pair)
    paths = write_matrices(prepared, tmp_path / "out")
    rna, atac, given = read_h5ad(paths["rna"]), read_h5ad(paths["atac"]), read_h5ad(pair.atac)
    assert rna.obs_names.equals(atac.obs_names)
    assert rna.var_names.str.startswith("ENSG").all()
    assert atac.var_names[0] == "GRCh38:{}:{}-{}".format(*given.var.iloc[0][["chrom", "start", "end"]])
    assert rna.X.dtype == np.float32
    assert rna.X.indices.dtype == np.int32
    assert (atac.X != given[atac.obs_names].X).nnz == 0
    backed = read_h5ad(paths["atac"], backed="r")
    assert (atac.X[[2, 5]] != backed[[2, 5]].to_memory().X).nnz == 0
    backed.file.close()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["atac.h5ad", "rna.h5ad"]
    assert rna.n_vars + prepared.counts["gene columns summed"] + len(prepared.rejected) == 200


@pytest.mark.parametrize(("value", "told"), [(0.5, "0.5"), (-1.0, "-1"), (np.nan, "nan")])
def test_a_value_that_is_no_count_is_named_with_its_cell_and_feature(pair, prepare, value, told):
    def spoil(data: ad.AnnData) -> None:
        data.X.data[7] = value

    changed(pair.rna, spoil)
    data = read_h5ad(pair.rna)
    row = int(np.searchsorted(data.X.indptr, 7, side="right") - 1)
    with pytest.raises(InputError) as caught:
        prepare(pair)
    gene = data.var_names[data.X.indices[7]]
    assert f"row {row}, cell {data.obs_names[row]!r}, feature {gene!r}: {told}" in str(caught.value)


def test_the_layer_counts_is_used_before_x(pair, prepare, counts_of):
    def normalise(data: ad.AnnData) -> None:
        data.layers["counts"] = data.X.copy()
        data.X = data.X * 0.1

    before = counts_of(prepare(pair), "rna")
    changed(pair.rna, normalise)
    prepared = prepare(pair)
    assert abs(counts_of(prepared, "rna") - before).nnz == 0
    assert prepared.notes["RNA counts"] == f"layers/counts of {pair.rna}"


def test_every_step_of_the_progress_says_what_is_done_before_its_colon(pair, annotation, tmp_path):
    steps: list[str] = []
    said = lambda message, fraction=None: steps.append(message.partition(":")[0])  # noqa: E731
    preparation.prepare(pair, read_inputs(pair), annotation, scratch=tmp_path / "scratch", progress=said)
    assert steps == ["matching the files of small", "checking the counts of small"]


def test_matrices_with_other_barcodes_are_refused_with_an_example_of_both(pair, prepare):
    def rename(data: ad.AnnData) -> None:
        data.obs_names = "other_" + data.obs_names

    changed(pair.atac, rename)
    with pytest.raises(
        InputError, match=r"share no barcode: the first has 60 such as .*, the other 60 such as 'other_"
    ):
        prepare(pair)


def test_a_suffix_of_barcodes_is_recognised_and_offered(pair, prepare):
    def rename(data: ad.AnnData) -> None:
        data.obs_names = data.obs_names + "-1"

    changed(pair.atac, rename)
    with pytest.raises(InputError, match=r"60 agree without suffixes .* `--ignore-suffix`"):
        prepare(pair)


def test_cells_of_one_matrix_only_are_left_out_and_counted(pair, prepare, counts_of):
    kept = read_h5ad(pair.atac).obs_names[10:][::-1]
    original = read_h5ad(pair.atac)
    changed(pair.atac, lambda data: data[kept].copy())
    prepared = prepare(pair)
    assert prepared.counts["cells"] + prepared.counts["cells with fewer than 1 genes"] == 50
    assert prepared.counts["cells with RNA only"] == 10
    assert (counts_of(prepared, "atac") != original[prepared.obs.index].X).nnz == 0


@pytest.mark.parametrize(("assembly", "lift"), [("hg38", False), ("GRCh37", False), ("", False)])
def test_peaks_of_another_assembly_are_refused_with_both_rates_and_the_lift(demo, prepare, assembly, lift):
    spec = replace(scicar_a549(demo), assembly=assembly, lift_over=lift)
    with pytest.raises(InputError, match=r"2\.5% on GRCh38, 28\.8% on GRCh37") as caught:
        prepare(spec)
    assert "--lift-over" in caught.value.hint


def test_peaks_said_to_be_on_hg19_that_are_not_are_refused(pair, prepare):
    with pytest.raises(InputError, match="said to be on GRCh37, but look like GRCh38"):
        prepare(replace(pair, assembly="hg19", lift_over=True))


def test_lifted_a549_lies_on_grch38_and_its_loss_adds_up(demo, annotation, prepare):
    prepared = prepare(scicar_a549(demo))
    counts = prepared.counts
    lost = sum(number for name, number in counts.items() if name.startswith("peaks "))
    assert counts["peaks"] + lost == 52_761
    peaks = prepared.matrices["atac"].var.reset_index(drop=True)
    chain = read_chain(scicar_a549(demo).chain, annotation.assemblies)
    assert (chain.source, chain.target) == ("GRCh37", "GRCh38")
    assert assembly_rates(peaks, annotation, chain=chain)["GRCh38"] > 0.25
    assert prepared.lifted_from == "GRCh37"


def test_a_known_position_is_lifted_to_its_known_place_and_bad_peaks_are_counted(demo):
    peaks = pd.DataFrame(
        {"chrom": ["chr1", "chr1", "chrNone"], "start": [20_000_000, 1, 5], "end": [20_000_200, 50, 9]}
    )
    lifted = lift_peaks(peaks, scicar_a549(demo).chain)
    assert lifted.peaks.to_numpy().tolist() == [["chr1", 19_673_507, 19_673_707]]
    assert lifted.num_unmapped == 2


@pytest.mark.parametrize(
    ("var", "told"),
    [
        ({"chrom": ["chr1", "chr1"], "start": [5, 9], "end": [5, 20]}, "row 0, peak a"),
        ({"chrom": ["chr1", "chr1"], "start": [-5, 9], "end": [5, 20]}, "row 0, peak a"),
        ({"chrom": ["chr1", "chr1"], "start": [5, "x"], "end": [9, 20]}, "row 1, peak b: no interval"),
        ({"chrom": ["chr1", "1"], "start": [5, 5], "end": [9, 9]}, "row 1, peak b .*twice"),
        ({"chrom": ["chr1", "chr1"], "start": [5, 9]}, r"lacks \['end'\]"),
        ({"score": [1, 2]}, "row 0, peak a: no interval"),
    ],
)
def test_peaks_that_are_no_intervals_are_named_with_their_row(var, told):
    with pytest.raises(InputError, match=told) as caught:
        read_peaks(pd.DataFrame(var, index=["a", "b"]), Path("atac.h5ad"))
    assert "chr1:9963-10665" in caught.value.hint


def test_peaks_without_a_chromosome_are_left_out_and_counted(pair, prepare):
    def forget(data: ad.AnnData) -> None:
        data.var["chrom"] = ["NA", "NA", *data.var["chrom"].astype(str)[2:]]
        data.var.loc[data.var_names[:2], ["start", "end"]] = 0

    changed(pair.atac, forget)
    prepared = prepare(pair)
    assert prepared.counts["peaks without a chromosome"] == 2
    assert prepared.counts["peaks"] == read_h5ad(pair.atac).n_vars - 2
    with pytest.raises(InputError, match="no peak has a chromosome"):
        read_peaks(pd.DataFrame({"chrom": [None, ""], "start": 0, "end": 0}), Path("atac.h5ad"))


def test_names_of_peaks_serve_where_var_has_no_coordinates():
    var = pd.DataFrame(index=["chr1:10-20", "chrX_5_9", "2-3-4"])
    assert read_peaks(var, Path("atac.h5ad")).to_numpy().tolist() == [
        ["chr1", 10, 20],
        ["chrX", 5, 9],
        ["chr2", 3, 4],
    ]


def test_unknown_symbols_are_refused_with_examples(pair, prepare):
    def rename(data: ad.AnnData) -> None:
        data.var_names = [f"thing{i}" for i in range(data.n_vars)]

    changed(pair.rna, rename)
    with pytest.raises(InputError, match="none of the 200 features is a known gene, such as thing0"):
        prepare(pair)


def test_an_empty_file_and_a_truncated_one_are_told_apart(pair, prepare):
    whole = pair.atac.read_bytes()
    pair.atac.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="not a whole HDF5 file") as caught:
        prepare(pair)
    assert str(pair.atac) in str(caught.value)
    pair.atac.write_bytes(b"")
    with pytest.raises(InputError, match="the file is empty"):
        prepare(pair)


def test_a_missing_context_or_time_column_is_refused_with_those_there_are(pair, prepare):
    with pytest.raises(InputError, match=r"no column 'cluster', found \['cell_type'\]"):
        prepare(replace(pair, context_column="cluster"))
    with pytest.raises(InputError, match="time column 'cell_type' of obs is category, expected numbers"):
        prepare(replace(pair, time_column="cell_type", time_unit="h"))


def test_columns_of_one_gene_are_summed_and_counted(names):
    var = pd.DataFrame(index=["KMT2A", "MLL", "TP53", "thing"])
    known = names.resolve(["KMT2A", "TP53"])["gene_id"]
    genes = by_gene(var, names, file="rna.h5ad", known=pd.Index(known))
    assert genes.places.tolist() == [0, 0, 1, -1]
    assert genes.var.index.tolist() == known.tolist()
    assert genes.var["symbol"].tolist() == ["KMT2A;MLL", "TP53"]
    assert genes.num_summed == 1
    assert genes.rejected[["row", "identifier", "reason"]].to_numpy().tolist() == [
        [3, "thing", "unknown gene"]
    ]


def test_cells_without_a_label_are_in_all_only_and_counted():
    obs = pd.DataFrame({"kind": ["a", "a", None]}, index=list("xyz"))
    contexts = contexts_of(obs, dataset_id="d", column="kind")
    assert [(record.name, record.num_cells) for record in contexts.records] == [("all", 3), ("a", 2)]
    assert contexts.num_unlabelled == 1


def test_two_matrices_that_share_hardly_a_cell_are_refused(pair, prepare):
    def renamed(data: ad.AnnData) -> None:
        data.obs_names = [*data.obs_names[:3], *(f"other_{name}" for name in data.obs_names[3:])]

    changed(pair.atac, renamed)
    with pytest.raises(InputError, match=r"atac\.h5ad share 3 of their barcodes"):
        prepare(pair)


@pytest.mark.parametrize("dataset_id", ["", "../escaped", "/absolute", "a/b", "."])
def test_an_id_that_cannot_name_a_folder_is_refused(pair, dataset_id):
    with pytest.raises(InputError, match="names its folder"):
        replace(pair, dataset_id=dataset_id)


def test_time_points_without_a_unit_are_refused(pair):
    with pytest.raises(InputError, match="have no unit"):
        replace(pair, time_column="time_h")
