import numpy as np
import pytest

from graph.errors import InputError
from graph.store import GraphStore
from model.link_regions import PeakRegions, read_start_distance, start_distance

PEAK_IDS = np.array(["X:chr1:100-200", "X:chr1:900-1000", "X:HLA:A:5-7"], dtype=object)
LOCATE = """
CREATE (a:Assembly {assembly_id: 'GRCh38', species: 'human'})
CREATE (old:Assembly {assembly_id: 'GRCh37', species: 'human'})
CREATE (s:Source {source_id: 'ensembl', load_id: 'now'})
WITH a, old
UNWIND $rows AS row
CREATE (g:Gene {gene_id: row.gene_id, species: 'human'})
CREATE (g)-[:LOCATED_ON {source_id: 'ensembl', load_id: row.load_id, chrom: row.chrom, start: row.tss,
  end: row.tss + 400, strand: 1, tss: row.tss}]->(a)
CREATE (g)-[:LOCATED_ON {source_id: 'ensembl', load_id: 'now', chrom: 'chr1', start: 1, end: 2, strand: 1,
  tss: 1}]->(old)
"""


def test_an_identifier_says_where_a_peak_lies():
    regions = PeakRegions.of(PEAK_IDS)
    assert regions.chroms[regions.chrom].tolist() == ["chr1", "chr1", "HLA:A"]
    assert regions.start.tolist() == [100, 900, 5]
    assert regions.end.tolist() == [200, 1000, 7]
    assert regions.span_bp == 900 + 2


def test_an_identifier_of_another_form_is_refused():
    with pytest.raises(InputError, match=r"1 peak ids .* 'peak_7' at 1"):
        PeakRegions.of(np.array(["X:chr1:1-2", "peak_7"], dtype=object))


def test_distance_counts_from_the_start_site_and_is_zero_on_it():
    near = np.array([[0, 0, 1, 2], [0, 1, 0, 2]])
    found = start_distance(
        near, np.float32([0, 0, 0, 33]), PeakRegions.of(PEAK_IDS),
        chrom=np.array([1, 1, -1]), site=np.array([199, 50, -1]),
    )  # fmt: skip
    assert found.tolist() == [0, 900 - 199, 100 - 50, 33]


def test_start_sites_come_from_the_data_sets_assembly_and_the_load_that_counts(empty_graph, make_hoods):
    rows = [
        {"gene_id": "g0", "chrom": "chr1", "tss": 500, "load_id": "now"},
        {"gene_id": "g1", "chrom": "chr1", "tss": 150, "load_id": "before"},
    ]
    hoods = make_hoods([[0, 0, 1], [0, 1, 0]], [7, 8, 9], PEAK_IDS)
    with GraphStore.connect(empty_graph.uri, user=empty_graph.user, password=empty_graph.password) as store:
        store.write(LOCATE, rows=rows)
        assert read_start_distance(store, hoods).tolist() == [500 - 199, 400, 9]
