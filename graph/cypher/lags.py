"""What lags read of the graph; none of these statements writes."""

LINK_WEIGHTS = """
MATCH (run:Run {dataset_id: $dataset_id, state: 'complete', kind: 'prediction'})
WHERE run.run_id = $run_id OR ($run_id IS NULL AND run.is_default)
WITH run ORDER BY run.run_id LIMIT 1
MATCH (g:Gene)-[l:LINKED {run_id: run.run_id}]->(p:Peak)
WHERE l.context_id = $context_id
RETURN run.run_id AS run_id, g.gene_id AS gene_id, collect(p.peak_id) AS peak_ids,
       collect(l.weight) AS weights
ORDER BY gene_id LIMIT 200000
"""

BOUND_GENES = """
MATCH (source:Source) WHERE source.load_id IS NOT NULL AND source.species = $species
WITH collect(source.load_id) AS load_ids
MATCH (r:Regulator)-[e:CHIP_TARGET]->(g:Gene)
WHERE r.symbol IN $symbols AND e.load_id IN load_ids
RETURN r.symbol AS symbol, collect(DISTINCT e.cell_type) AS cell_types,
       collect(DISTINCT g.gene_id) AS gene_ids
ORDER BY symbol LIMIT 1000
"""
