"""Data sets as the model reads them; and one small enough to be seen whole, in every format."""

import gzip
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import anndata as ad
import h5py
import numpy as np
import pandas as pd
import pytest
from anndata.io import read_h5ad
from scipy import sparse

from graph.schema import Assembly
from ingest.multiome import prepare as preparation
from ingest.multiome.annotation import Annotation
from ingest.multiome.modalities import read_inputs
from ingest.multiome.prepared import Prepared, write_matrices
from ingest.multiome.spec import DatasetSpec
from ingest.names import Names

Prepare = Callable[[DatasetSpec], Prepared]
CountsOf = Callable[[Prepared, str], sparse.csr_matrix]


GENES = [f"ENSG{number:011d}" for number in range(1, 7)]
SYMBOLS = ["AAA1", "BBB1", "CCC1", "DDD1", "EEE1", "MT-FF1"]
PEAKS = [
    f"chr1:{start}-{start + 100}" for start in (50, 1_000, 5_000, 20_000, 60_000, 99_000, 150_000, 190_000)
]
PROTEINS = ["CD3", "CD4", "IgG1"]
BARCODES = [f"{word}-1" for word in (
    "AAACAGCCAAGG", "AAACAGCCATTT", "AAACATGCAAAA", "AAACATGCACGT", "AAACCAACACAG", "AAACCGAAGGTT",
    "AAACCGCGTCCC", "AAACGGATCGTT", "AAACGTACATCC", "AAACTTGGAGGG", "AAAGCAAGTAGC", "AAAGCACCAGTT",
)]  # fmt: skip
KINDS = ["Gene Expression"] * len(GENES) + ["Peaks"] * len(PEAKS) + ["Antibody Capture"] * len(PROTEINS)
CELL_TYPES = ["B", "T", "T"] * 4


@dataclass(frozen=True)
class Tiny:
    """Counts of twelve cells, cells x features; each cell has a count of each kind."""

    rna: np.ndarray
    atac: np.ndarray
    protein: np.ndarray

    @property
    def whole(self) -> np.ndarray:
        return np.hstack([self.rna, self.atac, self.protein])


def make_tiny(seed: int = 0) -> Tiny:
    rng = np.random.default_rng(seed)
    parts = [rng.poisson(1.2, (len(BARCODES), size)) for size in (len(GENES), len(PEAKS), len(PROTEINS))]
    for part in parts:
        part[:, 0] += 1
    return Tiny(*(part.astype(np.float32) for part in parts))


def obs() -> pd.DataFrame:
    return pd.DataFrame({"cell_type": CELL_TYPES, "batch": np.arange(12) % 2}, index=BARCODES)


def anndata_of(counts: np.ndarray, names: list[str], *, layout=sparse.csr_matrix) -> ad.AnnData:
    return ad.AnnData(X=layout(counts), obs=obs(), var=pd.DataFrame(index=names))


def modalities(data: Tiny, *, layout=sparse.csr_matrix) -> dict[str, ad.AnnData]:
    return {
        "rna": anndata_of(data.rna, SYMBOLS, layout=layout),
        "atac": anndata_of(data.atac, PEAKS, layout=layout),
        "protein": anndata_of(data.protein, PROTEINS, layout=layout),
    }


def one_anndata(data: Tiny) -> ad.AnnData:
    whole = anndata_of(data.whole, SYMBOLS + PEAKS + PROTEINS)
    whole.var["feature_types"] = KINDS
    return whole


def write_three(data: Tiny, folder: Path, *, layout=sparse.csr_matrix) -> dict[str, Path]:
    """Write .h5ad files; return what a spec calls them."""
    paths = {kind: folder / f"{kind}.h5ad" for kind in ("rna", "atac", "protein")}
    for kind, each in modalities(data, layout=layout).items():
        each.write_h5ad(paths[kind])
    return paths


def write_csc(data: Tiny, folder: Path) -> dict[str, Path]:
    return write_three(data, folder, layout=sparse.csc_matrix)


def write_dense(data: Tiny, folder: Path) -> dict[str, Path]:
    return write_three(data, folder, layout=np.asarray)


def write_one_h5ad(data: Tiny, folder: Path) -> dict[str, Path]:
    one_anndata(data).write_h5ad(folder / "whole.h5ad")
    return {"rna": folder / "whole.h5ad"}


def write_h5mu(data: Tiny, folder: Path) -> dict[str, Path]:
    _mudata(data).write(folder / "whole.h5mu")
    return {"rna": folder / "whole.h5mu"}


def write_mudata_zarr(data: Tiny, folder: Path) -> dict[str, Path]:
    _mudata(data).write_zarr(folder / "whole.zarr")
    return {"rna": folder / "whole.zarr"}


def write_three_zarr(data: Tiny, folder: Path, *, version: int = 3) -> dict[str, Path]:
    paths = {kind: folder / f"{kind}.zarr" for kind in ("rna", "atac", "protein")}
    with ad.settings.override(zarr_write_format=version), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zarr 2 will not be written for ever, but is what files are
        for kind, each in modalities(data).items():
            each.write_zarr(paths[kind])
    return paths


def write_zarr_2(data: Tiny, folder: Path) -> dict[str, Path]:
    return write_three_zarr(data, folder, version=2)


def write_tenx_h5(data: Tiny, folder: Path) -> dict[str, Path]:
    """Write as Cell Ranger 3 and later do: features x cells, by column."""
    counts = sparse.csc_matrix(data.whole.T.astype(np.int32))
    with h5py.File(folder / "filtered.h5", "w") as root:
        group = root.create_group("matrix")
        _write_tenx_counts(group, counts)
        features = group.create_group("features")
        features["id"] = np.array(GENES + PEAKS + PROTEINS, dtype="S")
        features["name"] = np.array(SYMBOLS + PEAKS + PROTEINS, dtype="S")
        features["feature_type"] = np.array(KINDS, dtype="S")
    return {"rna": folder / "filtered.h5"}


def write_old_tenx_h5(data: Tiny, folder: Path) -> dict[str, Path]:
    """Write RNA as Cell Ranger 2 did, and the others beside it."""
    with h5py.File(folder / "old.h5", "w") as root:
        group = root.create_group("GRCh38")
        _write_tenx_counts(group, sparse.csc_matrix(data.rna.T.astype(np.int32)))
        group["genes"] = np.array(GENES, dtype="S")
        group["gene_names"] = np.array(SYMBOLS, dtype="S")
    return {**write_three(data, folder), "rna": folder / "old.h5"}


def write_mtx(data: Tiny, folder: Path) -> dict[str, Path]:
    """Write as Cell Ranger ARC does."""
    features = zip(GENES + PEAKS + PROTEINS, SYMBOLS + PEAKS + PROTEINS, KINDS, strict=True)
    where = folder / "filtered_feature_bc_matrix"
    where.mkdir()
    _write_lines(where / "features.tsv.gz", ["\t".join(row) for row in features])
    _write_lines(where / "barcodes.tsv.gz", BARCODES)
    _write_lines(where / "matrix.mtx.gz", mtx_lines(data.whole))
    return {"rna": where}


def write_old_mtx(data: Tiny, folder: Path) -> dict[str, Path]:
    """Write RNA as Cell Ranger 2 did, peaks as Cell Ranger ATAC does, plain and with a prefix as GEO has."""
    rna, atac = folder / "rna", folder / "atac"
    for where, names, lines, counts in (
        (rna, "genes.tsv", [f"{a}\t{b}" for a, b in zip(GENES, SYMBOLS, strict=True)], data.rna),
        (atac, "peaks.bed", [name.replace(":", "\t").replace("-", "\t") for name in PEAKS], data.atac),
    ):
        where.mkdir()
        _write_lines(where / f"GSM1_{names}", lines)
        _write_lines(where / "GSM1_barcodes.tsv", BARCODES)
        _write_lines(where / "GSM1_matrix.mtx", mtx_lines(counts))
    return {**write_three(data, folder), "rna": rna, "atac": atac}


def mtx_lines(counts: np.ndarray) -> list[str]:
    """Return the lines of features x cells, in an order that is neither by cell nor by feature."""
    features, cells = np.nonzero(counts.T)
    order = np.random.default_rng(3).permutation(len(cells))
    entries = [f"{features[i] + 1} {cells[i] + 1} {int(counts[cells[i], features[i]])}" for i in order]
    head = "%%MatrixMarket matrix coordinate integer general\n%metadata_json: {}"
    return [head, f"{counts.shape[1]} {counts.shape[0]} {len(entries)}", *entries]


WRITERS = {
    writer.__name__.removeprefix("write_"): writer
    for writer in (
        write_three, write_csc, write_dense, write_one_h5ad, write_h5mu, write_mudata_zarr, write_three_zarr,
        write_zarr_2, write_tenx_h5, write_old_tenx_h5, write_mtx, write_old_mtx,
    )
}  # fmt: skip


def _mudata(data: Tiny):
    import mudata

    mudata.set_options(pull_on_update=False)
    return mudata.MuData({"prot" if k == "protein" else k: each for k, each in modalities(data).items()})


def _write_tenx_counts(group: h5py.Group, counts: sparse.csc_matrix) -> None:
    for name in ("data", "indices", "indptr"):
        group[name] = getattr(counts, name)
    group["shape"] = np.array(counts.shape, dtype=np.int32)
    group["barcodes"] = np.array(BARCODES, dtype="S")


def _write_lines(path: Path, lines: list[str]) -> None:
    text = "\n".join(lines) + "\n"
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())


@pytest.fixture
def prepare(annotation: Annotation, tmp_path: Path) -> Prepare:
    """Return the checked data set of a spec, with the shipped human annotation."""

    def prepare_spec(spec: DatasetSpec) -> Prepared:
        scratch = tmp_path / "scratch"
        return preparation.prepare(spec, read_inputs(spec), annotation, scratch=scratch)

    return prepare_spec


@pytest.fixture
def counts_of(tmp_path: Path) -> CountsOf:
    """Return the counts of one kind as they are written."""

    def written_counts(prepared: Prepared, kind: str) -> sparse.csr_matrix:
        return read_h5ad(write_matrices(prepared, tmp_path / "written")[kind]).X

    return written_counts


@pytest.fixture(scope="session")
def small_annotation() -> Annotation:
    """Six genes on one chromosome of 200 kb, the last of them mitochondrial."""
    start = [0, 3_000, 40_000, 90_000, 180_000, 100]
    genes = pd.DataFrame(
        {
            "gene_id": GENES, "symbol": SYMBOLS, "biotype": "protein_coding", "assembly_id": "GRCh38",
            "chrom": ["chr1"] * 5 + ["chrM"], "start": start, "tss": start,
            "end": [each + 500 for each in start],
        }
    )  # fmt: skip
    none = pd.Series([[]] * len(genes), dtype=object)
    names = Names(genes[["gene_id", "symbol"]].assign(aliases=none, previous_symbols=none))
    sizes = {"chr1": 200_000, "chrM": 16_569}
    return Annotation("human", genes, names, {"GRCh38": Assembly("GRCh38", "human", ("hg38",), sizes)})


@pytest.fixture
def tiny_spec(tmp_path: Path) -> Callable[..., DatasetSpec]:
    """Return a spec of the small data set; keyword arguments as those of `DatasetSpec`."""
    return lambda **said: DatasetSpec(
        **{"dataset_id": "tiny", "name": "tiny", "assembly": "GRCh38", "context_column": "", **said}
    )


@pytest.fixture
def small_prepare(small_annotation: Annotation, tmp_path: Path) -> Prepare:
    """Return the checked data set of a spec, with the small annotation."""

    def prepare_spec(spec: DatasetSpec) -> Prepared:
        scratch = tmp_path / "scratch"
        return preparation.prepare(spec, read_inputs(spec), small_annotation, scratch=scratch)

    return prepare_spec


@pytest.fixture(scope="session")
def tiny() -> Tiny:
    return make_tiny()


@pytest.fixture(scope="session")
def write_as() -> Mapping[str, Callable[[Tiny, Path], dict[str, Path]]]:
    """Writers of the small data set by format; each returns what a spec calls its files."""
    return WRITERS
