"""Whole data sets on a real Neo4j."""

import shutil
from pathlib import Path

import pytest
from anndata.io import read_h5ad

from graph.errors import InputError, NotFoundError
from graph.migrations import migrate
from graph.store import GraphStore
from graph.tables import GENES, LOCATIONS
from ingest.multiome.spec import DatasetSpec
from ingest.plan import Plan, ingest
from ingest.versions import write_assembly

STATE = "MATCH (n) WHERE NOT n:Release RETURN labels(n) AS labels, count(*) AS number ORDER BY labels"


@pytest.fixture
def graph(store, write_source, small_annotation) -> GraphStore:
    """The six genes of the small annotation."""
    migrate(store)
    write_source(store, "genes", stage="annotation", load_id="one")
    for assembly in small_annotation.assemblies.values():
        write_assembly(store, assembly)
    genes = small_annotation.genes
    none = [[] for _ in range(len(genes))]
    nodes = genes[["gene_id", "symbol", "biotype"]].assign(
        species="human", aliases=none, previous_symbols=none, annotation="genes", annotation_release=1
    )
    store.write_table(GENES, nodes)
    places = genes.rename(columns={"gene_id": "source", "assembly_id": "target"})[
        ["source", "target", "chrom", "start", "end", "tss"]
    ]
    store.write_table(LOCATIONS, places.assign(strand="+", source_id="genes", load_id="one"))
    return store


def load(store: GraphStore, spec: DatasetSpec, home: Path):
    (report,) = ingest(store, Plan(datasets=(spec,)), home=home).datasets
    return report


def node(store: GraphStore) -> dict:
    return store.read("MATCH (d:Dataset {dataset_id: 'tiny'}) RETURN d {.*} AS d")[0]["d"]


@pytest.mark.parametrize("name", ["h5mu", "mtx", "tenx_h5", "three_zarr"])
def test_a_data_set_with_proteins_is_loaded_and_repeated_without_change(
    name, graph, write_as, tiny, tiny_spec, tmp_path
):
    spec = tiny_spec(**write_as[name](tiny, tmp_path))
    first = load(graph, spec, tmp_path / "home")
    state, found = graph.read(STATE), node(graph)
    assert first.is_changed
    assert (found["num_cells"], found["num_genes"], found["num_peaks"], found["num_proteins"]) == (
        12,
        6,
        8,
        3,
    )
    assert (found["species"], found["assembly"], found["state"]) == ("human", "GRCh38", "complete")
    assert read_h5ad(found["protein_path"]).shape == (12, 3)
    assert "thresholds" in first.notes
    again = load(graph, spec, tmp_path / "home")
    assert not again.is_changed
    assert again.notes == first.notes
    assert graph.read(STATE) == state
    assert not any((tmp_path / "home" / "scratch").glob("*"))


def test_peaks_that_are_no_longer_given_leave_neither_a_file_nor_a_candidate(
    graph, write_as, tiny, tiny_spec, tmp_path
):
    files = write_as["three"](tiny, tmp_path)
    load(graph, tiny_spec(**files), tmp_path / "home")
    assert graph.read("MATCH ()-[e:NEAR]->() RETURN count(e) AS number")[0]["number"] > 0
    load(graph, tiny_spec(rna=files["rna"], protein=files["protein"]), tmp_path / "home")
    assert graph.read("MATCH ()-[e:NEAR]->() RETURN count(e) AS number")[0]["number"] == 0
    found = node(graph)
    assert (found["num_peaks"], found["assembly"], found["atac_path"]) == (0, "", "")
    folder = tmp_path / "home" / "datasets" / "tiny"
    assert sorted(path.name for path in folder.iterdir()) == ["protein.h5ad", "rna.h5ad"]


def test_a_changed_file_in_a_folder_or_a_threshold_is_another_data_set_but_memory_is_not(
    graph, write_as, tiny, tiny_spec, tmp_path
):
    files = write_as["three_zarr"](tiny, tmp_path)
    load(graph, tiny_spec(**files), tmp_path / "home")
    assert not load(graph, tiny_spec(**files, memory_mb=7), tmp_path / "home").is_changed
    shutil.copy(files["rna"] / "zarr.json", files["rna"] / "copy.json")
    assert load(graph, tiny_spec(**files), tmp_path / "home").is_changed


def test_a_matrix_that_somebody_deleted_is_prepared_again(graph, write_as, tiny, tiny_spec, tmp_path):
    spec = tiny_spec(**write_as["three"](tiny, tmp_path))
    load(graph, spec, tmp_path / "home")
    Path(node(graph)["protein_path"]).unlink()
    assert load(graph, spec, tmp_path / "home").is_changed
    assert Path(node(graph)["protein_path"]).is_file()


def test_a_fault_writes_neither_nodes_nor_files(graph, write_as, tiny, tiny_spec, tmp_path):
    files = write_as["csc"](tiny, tmp_path)
    data = read_h5ad(files["protein"])
    data.X = data.X * 0.5
    data.write_h5ad(files["protein"])
    state = graph.read(STATE)
    with pytest.raises(InputError, match="no raw counts"):
        load(graph, tiny_spec(**files), tmp_path / "home")
    assert graph.read(STATE) == state
    assert not (tmp_path / "home" / "datasets").exists()
    assert not any((tmp_path / "home" / "scratch").glob("*"))


def test_a_species_that_the_graph_lacks_is_not_found(graph, write_as, tiny, tiny_spec, tmp_path):
    with pytest.raises(NotFoundError, match="no genes of the species 'mouse'"):
        load(graph, tiny_spec(**write_as["three"](tiny, tmp_path), species="mouse"), tmp_path / "home")
