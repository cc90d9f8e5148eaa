"""Statements of loading: what is there, what is taken away before it is written anew, what was written."""

SOURCES = """
MATCH (s:Source)
RETURN s.source_id AS source_id, s.state AS state, s.fingerprint AS fingerprint,
       s.rows_read AS rows_read, s.rows_kept AS rows_kept, s.rejected AS rejected, s.notes AS notes,
       s.num_written AS num_written
ORDER BY source_id LIMIT 10000
"""

DATASETS = """
MATCH (d:Dataset)
RETURN d.dataset_id AS dataset_id, d.state AS state, d.fingerprint AS fingerprint,
       d.report AS report, d.num_near AS num_near, d.num_detections AS num_detections
ORDER BY dataset_id LIMIT 10000
"""

MARK_SOURCE = """
MATCH (s:Source {source_id: $source_id})
SET s.fingerprint = $fingerprint, s.num_written = $num_written, s.notes = $notes
"""

MARK_DATASET = """
MATCH (d:Dataset {dataset_id: $dataset_id})
SET d.report = $report, d.num_near = $num_near, d.num_detections = $num_detections,
    d.lifted_from = $lifted_from
"""

MARK_COMPLEX = """
MATCH (c:Complex {complex_id: $complex_id})
SET c.source_id = $source_id
"""

COUNT_LOCATIONS = """
MATCH (:Assembly {assembly_id: 'GRCh38'})<-[e:LOCATED_ON]-(:Gene)
RETURN count(e) AS num_written
"""

COUNT_HGNC = "MATCH (g:Gene) WHERE g.hgnc_id IS NOT NULL RETURN count(g) AS num_written"

COUNT_REGULATORS = """
MATCH (g:Regulator)
WHERE any(claim IN g.regulator_sources WHERE claim ENDS WITH '/' + $source_id)
RETURN count(g) AS num_written
"""

COUNT_PRIORS = """
MATCH ()-[e:PRIOR {source_id: $source_id}]->()
RETURN count(e) AS num_written
"""

COUNT_CHIP_TARGETS = """
MATCH ()-[e:CHIP_TARGET {source_id: $source_id}]->()
RETURN count(e) AS num_written
"""

COUNT_NEAR = """
MATCH ()-[e:NEAR {dataset_id: $dataset_id}]->()
RETURN count(e) AS num_written
"""

COUNT_DETECTIONS = """
MATCH (:Dataset {dataset_id: $dataset_id})<-[:PART_OF]-(:Context)<-[e:DETECTED_IN]-(:Gene)
RETURN count(e) AS num_written
"""

DELETE_LOCATIONS = """
MATCH (:Assembly {assembly_id: 'GRCh38'})<-[e:LOCATED_ON]-(:Gene)
CALL (e) { DELETE e } IN TRANSACTIONS OF 10000 ROWS
"""

DELETE_PRIORS = """
MATCH ()-[e:PRIOR {source_id: $source_id}]->()
CALL (e) { DELETE e } IN TRANSACTIONS OF 10000 ROWS
"""

DELETE_CHIP_TARGETS = """
MATCH ()-[e:CHIP_TARGET {source_id: $source_id}]->()
CALL (e) { DELETE e } IN TRANSACTIONS OF 10000 ROWS
"""

DELETE_COMPLEXES = """
MATCH (c:Complex {source_id: $source_id})
DETACH DELETE c
"""

DELETE_FAMILIES = """
MATCH (g:Regulator)
WHERE any(claim IN g.regulator_sources WHERE claim ENDS WITH '/' + $source_id)
SET g.tf_family = null
"""

DELETE_CLAIMS = """
MATCH (g:Regulator)
WHERE any(claim IN g.regulator_sources WHERE claim ENDS WITH '/' + $source_id)
SET g.regulator_sources = [claim IN g.regulator_sources WHERE NOT claim ENDS WITH '/' + $source_id]
WITH g, [claim IN g.regulator_sources | split(claim, '/')[0]] AS classes
SET g.regulator_classes = reduce(seen = [], name IN classes |
                                 CASE WHEN name IN seen THEN seen ELSE seen + name END)
WITH g WHERE size(g.regulator_sources) = 0
REMOVE g:Regulator
"""

DELETE_NEAR = """
MATCH ()-[e:NEAR {dataset_id: $dataset_id}]->()
CALL (e) { DELETE e } IN TRANSACTIONS OF 10000 ROWS
"""

DELETE_DETECTIONS = """
MATCH (:Dataset {dataset_id: $dataset_id})<-[:PART_OF]-(:Context)<-[e:DETECTED_IN]-(:Gene)
CALL (e) { DELETE e } IN TRANSACTIONS OF 10000 ROWS
"""

DELETE_OTHER_CONTEXTS = """
MATCH (:Dataset {dataset_id: $dataset_id})<-[:PART_OF]-(c:Context)
WHERE NOT c.context_id IN $context_ids
DETACH DELETE c
"""

GENE_NAMES = """
MATCH (g:Gene)
RETURN g.gene_id AS gene_id, g.symbol AS symbol, g.aliases AS aliases,
       g.previous_symbols AS previous_symbols, g.hgnc_id AS hgnc_id
ORDER BY gene_id
"""

LISTED_REGULATORS = """
MATCH (g:Regulator)
WHERE any(name IN g.regulator_classes WHERE name IN $listed_classes)
RETURN g.gene_id AS gene_id
ORDER BY gene_id
"""

GENE_LOCATIONS = """
MATCH (a:Assembly {assembly_id: $assembly_id})<-[e:LOCATED_ON]-(g:Gene)
RETURN g.gene_id AS gene_id, g.biotype AS biotype, e.chrom AS chrom, e.start AS start, e.end AS end,
       e.strand AS strand, e.tss AS tss
ORDER BY gene_id
"""

ASSEMBLIES = """
MATCH (a:Assembly)
RETURN a.assembly_id AS assembly_id, a.species AS species, a.aliases AS aliases,
       a.chroms AS chroms, a.chrom_sizes AS chrom_sizes
ORDER BY assembly_id LIMIT 1000
"""
