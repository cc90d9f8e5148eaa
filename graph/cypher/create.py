"""Statements that create relationships without a look at those that are there.

For a run or a load, whose id is new, and for a data set whose relationships were just deleted. Each column is
a list parameter of its own; `$rows` says which positions of the lists belong to a start node: `[{source,
first, last}, ...]`, both included. There is one look-up a start node, and no map a row. Each returns how many
it `wrote`.
"""

from typing import Final, LiteralString

from graph.schema import RelationshipType

PRIORS = """
UNWIND $rows AS row
MATCH (r:Regulator {gene_id: row.source})
UNWIND range(row.first, row.last) AS i
MATCH (g:Gene {gene_id: $target[i]})
CREATE (r)-[:PRIOR {source_id: $source_id[i], sign: $sign[i], confidence: $confidence[i],
  pmids: $pmids[i], complex: $complex[i], weight: $weight[i], load_id: $load_id[i]}]->(g)
RETURN count(*) AS wrote
"""

CHIP_TARGETS = """
UNWIND $rows AS row
MATCH (r:Regulator {gene_id: row.source})
UNWIND range(row.first, row.last) AS i
MATCH (g:Gene {gene_id: $target[i]})
CREATE (r)-[:CHIP_TARGET {source_id: $source_id[i], experiment: $experiment[i],
  cell_type: $cell_type[i], score: $score[i], load_id: $load_id[i]}]->(g)
RETURN count(*) AS wrote
"""

LOCATIONS = """
UNWIND $rows AS row
MATCH (g:Gene {gene_id: row.source})
UNWIND range(row.first, row.last) AS i
MATCH (a:Assembly {assembly_id: $target[i]})
CREATE (g)-[:LOCATED_ON {chrom: $chrom[i], start: $start[i], end: $end[i], strand: $strand[i],
  tss: $tss[i], source_id: $source_id[i], load_id: $load_id[i]}]->(a)
RETURN count(*) AS wrote
"""

BINDINGS = """
UNWIND $rows AS row
MATCH (r:Regulator {gene_id: row.source})
UNWIND range(row.first, row.last) AS i
MATCH (p:Peak {peak_id: $target[i]})
CREATE (r)-[:BINDS {source_id: $source_id[i], kind: $kind[i], experiment: $experiment[i],
  cell_type: $cell_type[i], score: $score[i], load_id: $load_id[i]}]->(p)
RETURN count(*) AS wrote
"""

MEMBERSHIPS = """
UNWIND $rows AS row
MATCH (g:Gene {gene_id: row.source})
UNWIND range(row.first, row.last) AS i
MATCH (s:GeneSet {set_id: $target[i]})
CREATE (g)-[:MEMBER_OF {source_id: $source_id[i], load_id: $load_id[i]}]->(s)
RETURN count(*) AS wrote
"""

ORTHOLOGS = """
UNWIND $rows AS row
MATCH (g:Gene {gene_id: row.source})
UNWIND range(row.first, row.last) AS i
MATCH (other:Gene {gene_id: $target[i]})
CREATE (g)-[:ORTHOLOG_OF {source_id: $source_id[i], kind: $kind[i], confidence: $confidence[i],
  load_id: $load_id[i]}]->(other)
RETURN count(*) AS wrote
"""

NEAR = """
UNWIND $rows AS row
MATCH (g:Gene {gene_id: row.source})
UNWIND range(row.first, row.last) AS i
MATCH (p:Peak {peak_id: $target[i]})
CREATE (g)-[:NEAR {dataset_id: $dataset_id[i], distance_bp: $distance_bp[i], rank: $rank[i]}]->(p)
RETURN count(*) AS wrote
"""

DETECTIONS = """
UNWIND $rows AS row
MATCH (g:Gene {gene_id: row.source})
UNWIND range(row.first, row.last) AS i
MATCH (c:Context {context_id: $target[i]})
CREATE (g)-[:DETECTED_IN {num_cells: $num_cells[i], detection_rate: $detection_rate[i],
  mean_count: $mean_count[i]}]->(c)
RETURN count(*) AS wrote
"""

LINKS = """
UNWIND $rows AS row
MATCH (g:Gene {gene_id: row.source})
UNWIND range(row.first, row.last) AS i
MATCH (p:Peak {peak_id: $target[i]})
CREATE (g)-[:LINKED {run_id: $run_id[i], context_id: $context_id[i], weight: $weight[i],
  activity_share: $activity_share[i], attention: $attention[i], correlation: $correlation[i]}]->(p)
RETURN count(*) AS wrote
"""

REGULATIONS = """
UNWIND $rows AS row
MATCH (r:Regulator {gene_id: row.source})
UNWIND range(row.first, row.last) AS i
MATCH (g:Gene {gene_id: $target[i]})
CREATE (r)-[:REGULATES {
  run_id: $run_id[i], context_id: $context_id[i], score: $score[i], uncertainty: $uncertainty[i],
  rank: $rank[i], sign: $sign[i], lag: $lag[i], lag_unit: $lag_unit[i], lag_sign: $lag_sign[i],
  lag_fdr: $lag_fdr[i], chromatin_lag: $chromatin_lag[i],
  evidence_count: $evidence_count[i], novel: $novel[i]}]->(g)
RETURN count(*) AS wrote
"""

BASELINES = """
UNWIND $rows AS row
MATCH (r:Regulator {gene_id: row.source})
UNWIND range(row.first, row.last) AS i
MATCH (g:Gene {gene_id: $target[i]})
CREATE (r)-[:BASELINE {
  run_id: $run_id[i], context_id: $context_id[i], score: $score[i], uncertainty: $uncertainty[i],
  rank: $rank[i], sign: $sign[i], lag: $lag[i], lag_unit: $lag_unit[i], lag_sign: $lag_sign[i],
  lag_fdr: $lag_fdr[i], chromatin_lag: $chromatin_lag[i],
  evidence_count: $evidence_count[i], novel: $novel[i]}]->(g)
RETURN count(*) AS wrote
"""

GENE_LAGS = """
UNWIND $rows AS row
MATCH (g:Gene {gene_id: row.source})
UNWIND range(row.first, row.last) AS i
MATCH (c:Context {context_id: $target[i]})
CREATE (g)-[:HAS_LAG {run_id: $run_id[i], lag: $lag[i], lag_unit: $lag_unit[i],
  lag_sign: $lag_sign[i], fdr: $fdr[i], low: $low[i], high: $high[i], biphasic: $biphasic[i],
  window_centres: $window_centres[i], window_lags: $window_lags[i], window_signs: $window_signs[i]}]->(c)
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
