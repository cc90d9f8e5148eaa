"""A small copy of the shipped data: rows and columns are left out, none is changed."""

import gzip
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData
from anndata.io import read_h5ad

DEMO = Path(__file__).parents[2] / "demo"
CELLS_EACH = 100
MIN_CELLS = 60
CHROMS = ("chr1", "chr2", "chr6", "chr11", "chr17", "chr19")


def table(path: str) -> pd.DataFrame:
    return pd.read_csv(DEMO / path, sep="\t", dtype=str, keep_default_na=False)


def thin(data: AnnData, groups: pd.Series) -> np.ndarray:
    """The first hundred cells of each group."""
    return (groups.groupby(groups, observed=True).cumcount() < CELLS_EACH).to_numpy()


@pytest.fixture(scope="session")
def small_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """400 + 300 cells, about 2,500 genes, the peaks of six chromosomes, and the edges between them."""
    folder = tmp_path_factory.mktemp("small") / "demo"
    shutil.copytree(DEMO, folder, ignore=shutil.ignore_patterns("*.h5ad", "*.gmt.gz"))
    dorothea = table("dorothea/dorothea_hs.tsv.gz")
    trains = dorothea[dorothea["confidence"].isin(["A", "B"])]
    rna = read_h5ad(DEMO / "snareseq_celllines" / "rna.h5ad")
    a549 = read_h5ad(DEMO / "scicar_a549" / "rna.h5ad")
    detected = rna.var_names[np.asarray((rna.X > 0).sum(axis=0)).ravel() >= MIN_CELLS]
    kept = {*detected, *a549.var_names, *trains["tf"], "GATA1"}
    _write_cells(folder / "snareseq_celllines", rna, kept)
    _write_cells(folder / "scicar_a549", a549, kept)
    _write_rows(folder, kept, dorothea[dorothea["confidence"].isin(["A", "B", "C"])])
    _write_sets(folder, kept)
    return folder


def _write_cells(folder: Path, rna: AnnData, kept: set[str]) -> None:
    folder.mkdir(exist_ok=True)
    cells = thin(rna, rna.obs["cell_type"])
    atac = read_h5ad(DEMO / folder.name / "atac.h5ad")
    near = atac.var["chrom"].isin(CHROMS).to_numpy()
    rna[cells, rna.var_names.isin(kept)].copy().write_h5ad(folder / "rna.h5ad")
    atac[cells, near].copy().write_h5ad(folder / "atac.h5ad")


def _write_rows(folder: Path, kept: set[str], dorothea: pd.DataFrame) -> None:
    genes = table("annotation/genes_GRCh38_ensembl109.tsv.gz")
    hgnc = table("annotation/hgnc_entries.tsv.gz")
    trrust, collectri = table("trrust/trrust_v2_human.tsv.gz"), table("collectri/collectri_human.tsv.gz")
    frames = {
        "annotation/genes_GRCh38_ensembl109.tsv.gz": genes[genes["symbol"].isin(kept)],
        "annotation/hgnc_entries.tsv.gz": hgnc[hgnc["Approved symbol"].isin(kept)],
        "dorothea/dorothea_hs.tsv.gz": dorothea[dorothea["target"].isin(kept) & dorothea["tf"].isin(kept)],
        "trrust/trrust_v2_human.tsv.gz": trrust[trrust["target"].isin(kept) & trrust["tf"].isin(kept)],
        "collectri/collectri_human.tsv.gz": collectri[
            collectri["target"].isin(kept) & collectri["source"].isin(kept)
        ],
    }
    for name, frame in frames.items():
        frame.to_csv(folder / name, sep="\t", index=False)


def _write_sets(folder: Path, kept: set[str]) -> None:
    name = "chip_targets/ENCODE_TF_ChIP-seq_2015_chea3.gmt.gz"
    with gzip.open(DEMO / name, "rt") as source, gzip.open(folder / name, "wt") as target:
        for line in source:
            set_id, empty, *genes = line.rstrip("\n").split("\t")
            if set_id.split("_")[0] in kept:
                target.write("\t".join([set_id, empty, *(gene for gene in genes if gene in kept)]) + "\n")
