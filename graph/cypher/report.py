"""What a report shows of a complete run; none of these statements writes."""

CHIP_CELL_TYPES = """
MATCH (:Regulator)-[e:CHIP_TARGET]->(:Gene)
RETURN DISTINCT e.cell_type AS cell_type
ORDER BY cell_type LIMIT 10000
"""

CONTEXT_EDGES = """
MATCH (r:Regulator)-[e:REGULATES {run_id: $run_id}]->(g:Gene)
MATCH (c:Context {context_id: e.context_id})
RETURN c.name AS context, c.num_cells AS num_cells, count(e) AS num_edges,
       count(DISTINCT r) AS num_regulators, count(DISTINCT g) AS num_targets,
       sum(CASE WHEN e.novel THEN 1 ELSE 0 END) AS num_novel
ORDER BY context LIMIT 1000
"""

KEPT_SCORES = """
MATCH (:Regulator)-[e:REGULATES {run_id: $run_id}]->(:Gene)
WHERE e.context_id = $context_id
RETURN e.score AS score ORDER BY score DESC LIMIT 100000
"""

BEST_DETECTED_REGULATOR = """
MATCH (r:Regulator)-[e:REGULATES {run_id: $run_id}]->(:Gene)
WHERE e.context_id = $context_id
WITH r, count(e) AS num_edges
WHERE num_edges >= $min_edges
  AND ($cell_type IS NULL OR EXISTS { MATCH (r)-[:CHIP_TARGET {cell_type: $cell_type}]->(:Gene) })
MATCH (r)-[d:DETECTED_IN]->(:Context {context_id: $context_id})
RETURN r.gene_id AS regulator_id, coalesce(r.symbol, r.gene_id) AS symbol, num_edges,
       d.detection_rate AS detection_rate
ORDER BY detection_rate DESC, num_edges DESC, regulator_id LIMIT 1
"""

BEST_TARGETS = """
MATCH (r:Regulator {gene_id: $regulator_id})-[e:REGULATES {run_id: $run_id}]->(g:Gene)
WHERE e.context_id = $context_id
RETURN g.gene_id AS target_id, coalesce(g.symbol, g.gene_id) AS symbol, e.score AS score, e.sign AS sign,
       e.novel AS novel, EXISTS { MATCH (r)-[:CHIP_TARGET {cell_type: $cell_type}]->(g) } AS bound
ORDER BY score DESC, target_id LIMIT $limit
"""

NOVEL_BOUND_EDGES = """
MATCH (r:Regulator)-[e:REGULATES {run_id: $run_id}]->(g:Gene)
WHERE e.context_id = $context_id AND e.novel
  AND EXISTS { MATCH (r)-[:CHIP_TARGET {cell_type: $cell_type}]->(g) }
WITH r, e, g ORDER BY e.score DESC, r.gene_id, g.gene_id LIMIT $limit
RETURN coalesce(r.symbol, r.gene_id) AS regulator, coalesce(g.symbol, g.gene_id) AS target,
       e.score AS score, e.uncertainty AS uncertainty, e.rank AS rank, e.sign AS sign,
       COUNT { MATCH (r)-[:CHIP_TARGET {cell_type: $cell_type}]->(g) } AS num_experiments
ORDER BY score DESC, regulator, target
"""

NUM_NOVEL_BOUND_EDGES = """
MATCH (r:Regulator)-[e:REGULATES {run_id: $run_id}]->(g:Gene)
WHERE e.context_id = $context_id AND e.novel
RETURN count(e) AS num_novel,
       sum(CASE WHEN EXISTS { MATCH (r)-[:CHIP_TARGET {cell_type: $cell_type}]->(g) } THEN 1 ELSE 0 END)
         AS num_bound
ORDER BY num_novel LIMIT 1
"""

EDGE_LAGS = """
MATCH (r:Regulator)-[e:REGULATES {run_id: $run_id}]->(g:Gene)
WHERE e.lag_sign IS NOT NULL AND e.lag IS NOT NULL AND e.lag_fdr IS NOT NULL
RETURN coalesce(r.symbol, r.gene_id) AS regulator, coalesce(g.symbol, g.gene_id) AS target,
       e.score AS score, e.lag AS lag, e.lag_unit AS lag_unit, e.lag_sign AS lag_sign, e.lag_fdr AS fdr
ORDER BY fdr, score DESC, r.gene_id, g.gene_id LIMIT 200000
"""

GENE_LAGS = """
MATCH (g:Gene)-[e:HAS_LAG {run_id: $run_id}]->(:Context {name: 'all'})
WHERE e.lag IS NOT NULL
RETURN coalesce(g.symbol, g.gene_id) AS gene, e.lag AS lag, e.lag_unit AS lag_unit,
       e.lag_sign AS lag_sign, e.fdr AS fdr
ORDER BY fdr, g.gene_id LIMIT 200000
"""
