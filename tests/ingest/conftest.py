"""Small inputs, cut from the shipped data at run time."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from anndata.io import read_h5ad

from graph.local import Connection
from graph.store import GraphStore
from ingest.chromosomes import read_assembly
from ingest.demo import CHAIN_FILE
from ingest.genes import read_genes
from ingest.multiome.annotation import Annotation
from ingest.multiome.spec import DatasetSpec
from ingest.names import Names
from ingest.source import Reference, SourceSpec
from ingest.sources import annotation as annotations
from ingest.sources import hgnc, mgi
from ingest.sources.annotation import GENES_FILE

DEMO = Path(__file__).parents[2] / "demo"


@pytest.fixture(scope="session")
def demo() -> Path:
    return DEMO


@pytest.fixture(scope="session")
def genes() -> pd.DataFrame:
    return read_genes(DEMO / GENES_FILE)


def parsed(spec: SourceSpec, reference: Reference, folder: Path = DEMO):
    """Return what a source reads in its files below a folder."""
    return spec.parse([folder / name for name in spec.files], reference)


def named_genes(genes_spec: SourceSpec, names_spec: SourceSpec) -> pd.DataFrame:
    """Return the genes of a species as the graph has them once annotation and names are loaded."""
    nothing = Names(pd.DataFrame(columns=["gene_id", "symbol", "aliases", "previous_symbols"]))
    genes = parsed(genes_spec, Reference(nothing)).tables[0][1]
    genes = genes.assign(annotated_symbol=genes["symbol"], name_id=None).set_index("gene_id")
    named = parsed(names_spec, Reference(nothing, genes=genes.reset_index())).tables[0][1]
    named = named.set_index("gene_id")[["symbol", "aliases", "previous_symbols", "name_id"]]
    genes.loc[named.index, named.columns] = named
    return genes.reset_index()


@pytest.fixture(scope="session")
def nodes() -> pd.DataFrame:
    return named_genes(annotations.ENSEMBL_SPEC, hgnc.SPEC)


@pytest.fixture(scope="session")
def mouse_nodes() -> pd.DataFrame:
    return named_genes(annotations.ENSEMBL_MOUSE_SPEC, mgi.SPEC)


@pytest.fixture(scope="session")
def names(nodes) -> Names:
    return Names(nodes)


@pytest.fixture(scope="session")
def reference(names, nodes) -> Reference:
    listed = (DEMO / "regulators" / "lambert2018.txt").read_text().split()
    regulators = frozenset(names.resolve(listed)["gene_id"].dropna())
    return Reference(names, regulators, genes=nodes)


@pytest.fixture(scope="session")
def mouse_reference(mouse_nodes) -> Reference:
    names = Names(mouse_nodes)
    listed = (DEMO / "regulators" / "mm_mgi_tfs.txt").read_text().split()
    regulators = frozenset(names.resolve(listed)["gene_id"].dropna())
    return Reference(names, regulators, genes=mouse_nodes)


@pytest.fixture(scope="session")
def reference_of(reference, mouse_reference) -> Callable[[SourceSpec], Reference]:
    """Return what a shipped source is read with."""
    of = {"human": reference, "mouse": mouse_reference}
    names = {species: each.names for species, each in of.items()}
    return lambda spec: replace(of[spec.record.species], other_names=names)


@pytest.fixture(scope="session")
def annotation(genes, names) -> Annotation:
    sizes = {"GRCh38": "hg38.chrom.sizes", "GRCh37": "hg19.chrom.sizes"}
    assemblies = {
        name: read_assembly(DEMO / "annotation" / file, assembly_id=name, species="human")
        for name, file in sizes.items()
    }
    located = genes.reset_index(drop=True).assign(assembly_id="GRCh38")
    return Annotation("human", located, names, assemblies)


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
