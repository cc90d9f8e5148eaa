"""What judges a run: pairs of databases and ChIP-seq sets that it did not read."""

PRIOR_JUDGES = """
MATCH ()-[e:PRIOR]->()
WITH DISTINCT e.source_id AS source_id, e.load_id AS load_id
MATCH (s:Source {source_id: source_id, load_id: load_id, state: 'complete'})
RETURN source_id, s.name AS name, s.species AS species
ORDER BY source_id LIMIT 1000
"""

CHIP_JUDGES = """
MATCH (r:Regulator)-[e:CHIP_TARGET]->(:Gene)
WHERE r.gene_id IN $regulator_ids
WITH e.source_id AS source_id, e.load_id AS load_id, e.cell_type AS cell_type,
     count(DISTINCT r) AS num_regulators
MATCH (:Source {source_id: source_id, load_id: load_id, state: 'complete'})
RETURN source_id, cell_type, num_regulators
ORDER BY source_id, cell_type LIMIT 1000
"""

CHIP_PAIRS = """
MATCH (s:Source {source_id: $source_id})
MATCH (r:Regulator)-[e:CHIP_TARGET {load_id: s.load_id}]->(g:Gene)
WHERE r.gene_id IN $regulator_ids AND ($cell_type IS NULL OR e.cell_type = $cell_type)
WITH r, g, count(*) AS num_experiments
RETURN r.gene_id AS source, collect(g.gene_id) AS targets, collect(num_experiments) AS num_experiments
ORDER BY source
"""

PRIOR_CLAIMS = """
MATCH (s:Source {source_id: $source_id})
MATCH (r:Regulator)-[e:PRIOR {load_id: s.load_id}]->(g:Gene)
WHERE $confidences IS NULL OR e.confidence IN $confidences
RETURN r.gene_id AS source, collect(g.gene_id) AS target, collect(coalesce(e.sign, 0)) AS sign,
       collect(coalesce(e.pmids, [])) AS pmids
ORDER BY source
"""

CHIP_SOURCES = """
MATCH ()-[e:CHIP_TARGET]->()
WITH DISTINCT e.source_id AS source_id, e.load_id AS load_id
MATCH (s:Source {source_id: source_id, load_id: load_id, state: 'complete'})
RETURN source_id, s.name AS name, s.species AS species
ORDER BY source_id LIMIT 1000
"""

BOUND_NEAREST_PEAKS = """
MATCH (s:Source) WHERE s.load_id IS NOT NULL
WITH collect(s.load_id) AS load_ids
MATCH (g:Gene)-[n:NEAR {dataset_id: $dataset_id}]->(p:Peak)
WHERE n.rank = 1
MATCH (r:Regulator)-[e:BINDS]->(p)
WHERE r.gene_id IN $regulator_ids AND e.load_id IN load_ids
WITH r, g, max(coalesce(e.score, 1.0)) AS score, collect(DISTINCT e.source_id) AS source_ids
RETURN r.gene_id AS source, collect(g.gene_id) AS target, collect(score) AS score,
       collect(source_ids) AS source_ids
ORDER BY source
"""

GENE_SET_MEMBERS = """
MATCH (source:Source) WHERE source.load_id IS NOT NULL
WITH collect(source.load_id) AS load_ids
MATCH (s:GeneSet)
WHERE s.derived_from_regulators = false
MATCH (g:Gene)-[e:MEMBER_OF]->(s)
WHERE e.load_id IN load_ids
RETURN s.set_id AS set_id, collect(DISTINCT g.gene_id) AS gene_ids
ORDER BY set_id
"""
"""Sets that were derived from regulators would be judged by themselves."""

SYMBOLS = """
MATCH (g:Gene)
WHERE g.gene_id IN $gene_ids
RETURN g.gene_id AS gene_id, coalesce(g.symbol, g.gene_id) AS symbol
ORDER BY gene_id
"""
