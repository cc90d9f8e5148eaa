"""What judges a run: pairs of databases and ChIP-seq sets that it did not read."""

PRIOR_JUDGES = """
MATCH ()-[e:PRIOR]->()
WITH DISTINCT e.source_id AS source_id
MATCH (s:Source {source_id: source_id, state: 'complete'})
RETURN source_id, s.name AS name
ORDER BY source_id LIMIT 1000
"""

CHIP_JUDGES = """
MATCH (r:Regulator)-[e:CHIP_TARGET]->(:Gene)
WHERE r.gene_id IN $regulator_ids
WITH e.source_id AS source_id, e.cell_type AS cell_type, count(DISTINCT r) AS num_regulators
MATCH (:Source {source_id: source_id, state: 'complete'})
RETURN source_id, cell_type, num_regulators
ORDER BY source_id, cell_type LIMIT 1000
"""

PRIOR_PAIRS = """
MATCH (r:Regulator)-[e:PRIOR {source_id: $source_id}]->(g:Gene)
WHERE r.gene_id IN $regulator_ids
RETURN r.gene_id AS source, collect(DISTINCT g.gene_id) AS targets
ORDER BY source
"""

CHIP_PAIRS = """
MATCH (r:Regulator)-[e:CHIP_TARGET {source_id: $source_id}]->(g:Gene)
WHERE r.gene_id IN $regulator_ids AND ($cell_type IS NULL OR e.cell_type = $cell_type)
WITH r, g, count(*) AS num_experiments
RETURN r.gene_id AS source, collect(g.gene_id) AS targets, collect(num_experiments) AS num_experiments
ORDER BY source
"""
