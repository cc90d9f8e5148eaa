"""Grouped reads for training and judging: one row a node, its neighbours as lists."""

DATASET = """
MATCH (d:Dataset {dataset_id: $dataset_id, state: 'complete'})
OPTIONAL MATCH (c:Context)-[:PART_OF]->(d)
WITH d, c ORDER BY c.name
RETURN d {.*} AS dataset, collect(c {.*}) AS contexts
"""

DATASET_IDS = """
MATCH (d:Dataset {state: 'complete'})
RETURN d.dataset_id AS dataset_id ORDER BY dataset_id LIMIT 1000
"""

DETECTED_GENES = """
MATCH (c:Context {context_id: $context_id})<-[e:DETECTED_IN]-(g:Gene)
WHERE e.num_cells >= $min_cells
RETURN g.gene_id AS gene_id, g.symbol AS symbol, e.num_cells AS num_cells, e.detection_rate AS detection_rate
ORDER BY gene_id
"""

NEAR_PEAKS = """
MATCH (c:Context {context_id: $context_id})<-[d:DETECTED_IN]-(g:Gene)
WHERE d.num_cells >= $min_cells
MATCH (g)-[n:NEAR {dataset_id: $dataset_id}]->(p:Peak)
WITH g, n, p ORDER BY n.rank
RETURN g.gene_id AS gene_id, collect(p.peak_id) AS peak_ids, collect(n.distance_bp) AS distances_bp
ORDER BY gene_id
"""

PRIOR_TARGETS = """
MATCH (s:Source {source_id: $source_id})
MATCH (r:Regulator)-[e:PRIOR {load_id: s.load_id}]->(g:Gene)
WHERE ($confidences IS NULL OR e.confidence IN $confidences) AND g.gene_id <> r.gene_id
WITH r, g, CASE WHEN count(DISTINCT e.sign) = 1 THEN min(e.sign) ELSE 0 END AS sign
RETURN r.gene_id AS regulator_id, r.symbol AS symbol, r.tf_family AS tf_family,
       collect(g.gene_id) AS target_ids, collect(sign) AS signs
ORDER BY regulator_id
"""

CHIP_TARGETS = """
MATCH (s:Source {source_id: $source_id})
MATCH (r:Regulator)-[e:CHIP_TARGET {load_id: s.load_id}]->(g:Gene)
WHERE ($cell_type IS NULL OR e.cell_type = $cell_type) AND g.gene_id <> r.gene_id
RETURN r.gene_id AS regulator_id, r.symbol AS symbol, collect(DISTINCT g.gene_id) AS target_ids
ORDER BY regulator_id
"""

EVIDENCE = """
MATCH (s:Source) WHERE s.load_id IS NOT NULL
WITH collect(s.load_id) AS load_ids
MATCH (r:Regulator)-[e:PRIOR|CHIP_TARGET]->(g:Gene)
WHERE r.gene_id IN $regulator_ids AND e.load_id IN load_ids
RETURN r.gene_id AS regulator_id, e.source_id AS source_id, type(e) AS kind,
       collect(DISTINCT g.gene_id) AS target_ids
ORDER BY regulator_id, source_id
"""

SOURCES = """
MATCH (s:Source {state: 'complete'})
RETURN s.source_id AS source_id, s.name AS name, s.version AS version, s.licence AS licence,
       s.licence_class AS licence_class, s.sha256 AS sha256, s.rows_read AS rows_read,
       s.rows_kept AS rows_kept, s.rows_rejected AS rows_rejected
ORDER BY source_id LIMIT 1000
"""

GENE_SETS = """
MATCH (source:Source) WHERE source.load_id IS NOT NULL AND source.species = $species
WITH collect(source.load_id) AS load_ids, collect(source.source_id) AS source_ids
MATCH (s:GeneSet)
WHERE s.derived_from_regulators = false AND s.source_id IN source_ids
MATCH (g:Gene)-[e:MEMBER_OF]->(s)
WHERE e.load_id IN load_ids
RETURN s.collection AS collection, s.source_id AS source_id, s.set_id AS set_id,
       collect(DISTINCT g.gene_id) AS gene_ids
ORDER BY source_id, set_id
"""
"""Sets that were derived from regulators are copies of labels, and never inputs."""

CHIP_EXPERIMENTS = """
MATCH (source:Source) WHERE source.load_id IS NOT NULL AND source.species = $species
WITH collect(source.load_id) AS load_ids
MATCH (r:Regulator)-[e:CHIP_TARGET]->(g:Gene)
WHERE e.load_id IN load_ids
RETURN e.source_id AS source_id, r.gene_id AS regulator_id, e.experiment AS experiment,
       collect(DISTINCT g.gene_id) AS gene_ids
ORDER BY source_id, regulator_id, experiment
"""

GENE_NAMES = """
MATCH (g:Gene) WHERE g.gene_id IN $gene_ids
RETURN g.gene_id AS gene_id, coalesce(g.name, '') AS name
ORDER BY gene_id
"""

GENE_SET_SOURCES = """
MATCH (g:GeneSet) WHERE g.derived_from_regulators = false
WITH DISTINCT g.source_id AS source_id
MATCH (s:Source {source_id: source_id, state: 'complete', species: $species})
RETURN source_id ORDER BY source_id LIMIT 1000
"""

ORTHOLOGS = """
MATCH (s:Source) WHERE s.load_id IS NOT NULL
WITH collect(s.load_id) AS load_ids
MATCH (mine:Gene {species: $species})-[e:ORTHOLOG_OF]-(other:Gene {species: $model_species})
WHERE e.kind = 'one2one' AND e.load_id IN load_ids
RETURN DISTINCT mine.gene_id AS gene_id, other.gene_id AS model_gene_id, e.source_id AS source_id
ORDER BY gene_id, model_gene_id, source_id
"""

KNOWN_REGULATORS = """
MATCH (r:Regulator) WHERE r.gene_id IN $gene_ids
RETURN r.gene_id AS gene_id, r.symbol AS symbol ORDER BY gene_id
"""

CURRENT_RELEASE = """
MATCH (r:Release)
RETURN r.release_id AS release_id ORDER BY r.created_at DESC, release_id LIMIT 1
"""
