"""Small inputs, cut from the shipped data at run time."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from anndata.io import read_h5ad

from graph.local import Connection
from graph.store import GraphStore
from ingest.demo import CHAIN_FILE
from ingest.genes import gene_nodes, read_genes, read_hgnc
from ingest.multiome.prepare import Annotation
from ingest.multiome.spec import DatasetSpec
from ingest.names import Names
from ingest.source import Reference
from ingest.sources.annotation import GENES_FILE, HGNC_FILE

DEMO = Path(__file__).parents[2] / "demo"


@pytest.fixture(scope="session")
def demo() -> Path:
    return DEMO


@pytest.fixture(scope="session")
def genes() -> pd.DataFrame:
    return read_genes(DEMO / GENES_FILE)


@pytest.fixture(scope="session")
def nodes(genes) -> pd.DataFrame:
    return gene_nodes(genes, read_hgnc(DEMO / HGNC_FILE), species="human")


@pytest.fixture(scope="session")
def names(nodes) -> Names:
    return Names(nodes)


@pytest.fixture(scope="session")
def reference(names) -> Reference:
    listed = (DEMO / "regulators" / "lambert2018.txt").read_text().split()
    return Reference(names, frozenset(names.resolve(listed)["gene_id"].dropna()))


@pytest.fixture(scope="session")
def annotation(genes, names) -> Annotation:
    sizes = pd.read_csv(DEMO / "annotation" / "hg38.chrom.sizes", sep="\t", header=None, index_col=0)[1]
    return Annotation(genes.reset_index(drop=True), names, sizes.to_dict())


@pytest.fixture
def store(neo4j_connection: Connection, wipe: Callable[[GraphStore], None]) -> Iterator[GraphStore]:
    c = neo4j_connection
    with GraphStore.connect(c.uri, user=c.user, password=c.password) as open_store:
        wipe(open_store)
        yield open_store
        wipe(open_store)


@pytest.fixture
def pair(tmp_path) -> DatasetSpec:
    """Sixty cells of the cell lines, 200 genes, all peaks of chromosomes 1 and 2."""
    folder = DEMO / "snareseq_celllines"
    rna, atac = read_h5ad(folder / "rna.h5ad"), read_h5ad(folder / "atac.h5ad")
    near = atac.var["chrom"].isin(["chr1", "chr2"]).to_numpy()
    rna[:60, :200].copy().write_h5ad(tmp_path / "rna.h5ad")
    atac[:60, near].copy().write_h5ad(tmp_path / "atac.h5ad")
    return DatasetSpec(
        dataset_id="small",
        name="small",
        rna=tmp_path / "rna.h5ad",
        atac=tmp_path / "atac.h5ad",
        chain=DEMO / CHAIN_FILE,
        context_column="cell_type",
        assembly="hg38",
    )
