"""Statements that create relationships without a look at those that are there.

For a run or a load, whose id is new, and for a data set whose relationships were just deleted. The rows come
grouped, `$rows` = `[{source, edges: [...]}, ...]`: one look-up a start node makes it a third faster than flat
rows. Each returns how many it `wrote`.
"""

from typing import Final, LiteralString

from graph.schema import RelationshipType

PRIORS = """
UNWIND $rows AS row
MATCH (r:Regulator {gene_id: row.source})
UNWIND row.edges AS edge
MATCH (g:Gene {gene_id: edge.target})
CREATE (r)-[:PRIOR {source_id: edge.source_id, sign: edge.sign, confidence: edge.confidence,
  pmids: edge.pmids, complex: edge.complex, weight: edge.weight, load_id: edge.load_id}]->(g)
RETURN count(*) AS wrote
"""

CHIP_TARGETS = """
UNWIND $rows AS row
MATCH (r:Regulator {gene_id: row.source})
UNWIND row.edges AS edge
MATCH (g:Gene {gene_id: edge.target})
CREATE (r)-[:CHIP_TARGET {source_id: edge.source_id, experiment: edge.experiment,
  cell_type: edge.cell_type, score: edge.score, load_id: edge.load_id}]->(g)
RETURN count(*) AS wrote
"""

LOCATIONS = """
UNWIND $rows AS row
MATCH (g:Gene {gene_id: row.source})
UNWIND row.edges AS edge
MATCH (a:Assembly {assembly_id: edge.target})
CREATE (g)-[:LOCATED_ON {chrom: edge.chrom, start: edge.start, end: edge.end, strand: edge.strand,
  tss: edge.tss, source_id: edge.source_id, load_id: edge.load_id}]->(a)
RETURN count(*) AS wrote
"""

BINDINGS = """
UNWIND $rows AS row
MATCH (r:Regulator {gene_id: row.source})
UNWIND row.edges AS edge
MATCH (p:Peak {peak_id: edge.target})
CREATE (r)-[:BINDS {source_id: edge.source_id, kind: edge.kind, experiment: edge.experiment,
  cell_type: edge.cell_type, score: edge.score, load_id: edge.load_id}]->(p)
RETURN count(*) AS wrote
"""

MEMBERSHIPS = """
UNWIND $rows AS row
MATCH (g:Gene {gene_id: row.source})
UNWIND row.edges AS edge
MATCH (s:GeneSet {set_id: edge.target})
CREATE (g)-[:MEMBER_OF {source_id: edge.source_id, load_id: edge.load_id}]->(s)
RETURN count(*) AS wrote
"""

ORTHOLOGS = """
UNWIND $rows AS row
MATCH (g:Gene {gene_id: row.source})
UNWIND row.edges AS edge
MATCH (other:Gene {gene_id: edge.target})
CREATE (g)-[:ORTHOLOG_OF {source_id: edge.source_id, kind: edge.kind, confidence: edge.confidence,
  load_id: edge.load_id}]->(other)
RETURN count(*) AS wrote
"""

NEAR = """
UNWIND $rows AS row
MATCH (g:Gene {gene_id: row.source})
UNWIND row.edges AS edge
MATCH (p:Peak {peak_id: edge.target})
CREATE (g)-[:NEAR {dataset_id: edge.dataset_id, distance_bp: edge.distance_bp, rank: edge.rank}]->(p)
RETURN count(*) AS wrote
"""

DETECTIONS = """
UNWIND $rows AS row
MATCH (g:Gene {gene_id: row.source})
UNWIND row.edges AS edge
MATCH (c:Context {context_id: edge.target})
CREATE (g)-[:DETECTED_IN {num_cells: edge.num_cells, detection_rate: edge.detection_rate,
  mean_count: edge.mean_count}]->(c)
RETURN count(*) AS wrote
"""

LINKS = """
UNWIND $rows AS row
MATCH (g:Gene {gene_id: row.source})
UNWIND row.edges AS edge
MATCH (p:Peak {peak_id: edge.target})
CREATE (g)-[:LINKED {run_id: edge.run_id, context_id: edge.context_id, weight: edge.weight}]->(p)
RETURN count(*) AS wrote
"""

REGULATIONS = """
UNWIND $rows AS row
MATCH (r:Regulator {gene_id: row.source})
UNWIND row.edges AS edge
MATCH (g:Gene {gene_id: edge.target})
CREATE (r)-[:REGULATES {
  run_id: edge.run_id, context_id: edge.context_id, score: edge.score, uncertainty: edge.uncertainty,
  rank: edge.rank, sign: edge.sign, lag: edge.lag, lag_unit: edge.lag_unit, lag_sign: edge.lag_sign,
  lag_fdr: edge.lag_fdr, chromatin_lag: edge.chromatin_lag,
  evidence_count: edge.evidence_count, novel: edge.novel}]->(g)
RETURN count(*) AS wrote
"""

BASELINES = """
UNWIND $rows AS row
MATCH (r:Regulator {gene_id: row.source})
UNWIND row.edges AS edge
MATCH (g:Gene {gene_id: edge.target})
CREATE (r)-[:BASELINE {
  run_id: edge.run_id, context_id: edge.context_id, score: edge.score, uncertainty: edge.uncertainty,
  rank: edge.rank, sign: edge.sign, lag: edge.lag, lag_unit: edge.lag_unit, lag_sign: edge.lag_sign,
  lag_fdr: edge.lag_fdr, chromatin_lag: edge.chromatin_lag,
  evidence_count: edge.evidence_count, novel: edge.novel}]->(g)
RETURN count(*) AS wrote
"""

GENE_LAGS = """
UNWIND $rows AS row
MATCH (g:Gene {gene_id: row.source})
UNWIND row.edges AS edge
MATCH (c:Context {context_id: edge.target})
CREATE (g)-[:HAS_LAG {run_id: edge.run_id, lag: edge.lag, lag_unit: edge.lag_unit,
  lag_sign: edge.lag_sign, fdr: edge.fdr}]->(c)
RETURN count(*) AS wrote
"""

STATEMENTS: Final[dict[str, LiteralString]] = {
    RelationshipType.PRIOR: PRIORS,
    RelationshipType.CHIP_TARGET: CHIP_TARGETS,
    RelationshipType.LOCATED_ON: LOCATIONS,
    RelationshipType.BINDS: BINDINGS,
    RelationshipType.MEMBER_OF: MEMBERSHIPS,
    RelationshipType.ORTHOLOG_OF: ORTHOLOGS,
    RelationshipType.NEAR: NEAR,
    RelationshipType.DETECTED_IN: DETECTIONS,
    RelationshipType.LINKED: LINKS,
    RelationshipType.REGULATES: REGULATIONS,
    RelationshipType.BASELINE: BASELINES,
    RelationshipType.HAS_LAG: GENE_LAGS,
}
"""Statement by the name of its table."""
