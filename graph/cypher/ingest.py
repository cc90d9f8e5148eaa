"""Statements of loading: what is there, what a source or data set wrote, what is taken away."""

from typing import Final, LiteralString

from graph.schema import Label, RelationshipType

SOURCES = """
MATCH (s:Source)
RETURN s.source_id AS source_id, s.name AS name, s.version AS version, s.species AS species,
       s.stage AS stage, s.state AS state, s.fingerprint AS fingerprint, s.load_id AS load_id,
       s.loading_id AS loading_id, s.tables AS tables, s.sha256 AS sha256, s.licence AS licence,
       s.licence_class AS licence_class, s.rows_read AS rows_read, s.rows_kept AS rows_kept,
       s.rejected AS rejected, s.notes AS notes, s.num_written AS num_written, s.changes AS changes,
       toString(s.ingested_at) AS ingested_at
ORDER BY source_id LIMIT 10000
"""

DATASETS = """
MATCH (d:Dataset)
RETURN d.dataset_id AS dataset_id, d.state AS state, d.fingerprint AS fingerprint, d.species AS species,
       d.assembly AS assembly, d.report AS report, d.num_near AS num_near, d.num_detections AS num_detections
ORDER BY dataset_id LIMIT 10000
"""

MARK_DATASET = """
MATCH (d:Dataset {dataset_id: $dataset_id}) SET d.report = $report, d.lifted_from = $lifted_from,
    d.num_near = $num_near, d.num_detections = $num_detections, d.num_proteins = $num_proteins,
    d.protein_path = $protein_path, d.protein_sha256 = $protein_sha256
"""

_COUNT_PRIORS = "MATCH ()-[e:PRIOR {source_id: $source_id}]->() RETURN count(e) AS num_written"
_COUNT_CHIP = "MATCH ()-[e:CHIP_TARGET {source_id: $source_id}]->() RETURN count(e) AS num_written"
_COUNT_BINDS = "MATCH ()-[e:BINDS {source_id: $source_id}]->() RETURN count(e) AS num_written"
_COUNT_MEMBERS = "MATCH ()-[e:MEMBER_OF {source_id: $source_id}]->() RETURN count(e) AS num_written"
_COUNT_ORTHOLOGS = "MATCH ()-[e:ORTHOLOG_OF {source_id: $source_id}]->() RETURN count(e) AS num_written"
_COUNT_LOCATIONS = "MATCH ()-[e:LOCATED_ON {source_id: $source_id}]->() RETURN count(e) AS num_written"
_COUNT_NAMES = "MATCH (g:Gene {names_source: $source_id}) RETURN count(g) AS num_written"
_COUNT_REGULATORS = """
MATCH (g:Regulator)
WHERE any(claim IN g.regulator_sources WHERE claim ENDS WITH '/' + $source_id)
RETURN count(g) AS num_written
"""

COUNT: Final[dict[str, LiteralString]] = {
    RelationshipType.PRIOR: _COUNT_PRIORS,
    RelationshipType.CHIP_TARGET: _COUNT_CHIP,
    RelationshipType.BINDS: _COUNT_BINDS,
    RelationshipType.MEMBER_OF: _COUNT_MEMBERS,
    RelationshipType.ORTHOLOG_OF: _COUNT_ORTHOLOGS,
    RelationshipType.LOCATED_ON: _COUNT_LOCATIONS,
    Label.REGULATOR: _COUNT_REGULATORS,
    "GeneNames": _COUNT_NAMES,
}
"""What a source wrote, by table, with the leftovers of a killed load."""

_OTHER_PRIORS = """
MATCH ()-[e:PRIOR {source_id: $source_id}]->()
WHERE $load_id IS NULL OR coalesce(e.load_id, '') <> $load_id
CALL (e) { DELETE e } IN TRANSACTIONS OF 10000 ROWS
"""
_OTHER_CHIP = """
MATCH ()-[e:CHIP_TARGET {source_id: $source_id}]->()
WHERE $load_id IS NULL OR coalesce(e.load_id, '') <> $load_id
CALL (e) { DELETE e } IN TRANSACTIONS OF 10000 ROWS
"""
_OTHER_BINDS = """
MATCH ()-[e:BINDS {source_id: $source_id}]->()
WHERE $load_id IS NULL OR coalesce(e.load_id, '') <> $load_id
CALL (e) { DELETE e } IN TRANSACTIONS OF 10000 ROWS
"""
_OTHER_MEMBERS = """
MATCH ()-[e:MEMBER_OF {source_id: $source_id}]->()
WHERE $load_id IS NULL OR coalesce(e.load_id, '') <> $load_id
CALL (e) { DELETE e } IN TRANSACTIONS OF 10000 ROWS
"""
_OTHER_ORTHOLOGS = """
MATCH ()-[e:ORTHOLOG_OF {source_id: $source_id}]->()
WHERE $load_id IS NULL OR coalesce(e.load_id, '') <> $load_id
CALL (e) { DELETE e } IN TRANSACTIONS OF 10000 ROWS
"""
_OTHER_LOCATIONS = """
MATCH ()-[e:LOCATED_ON {source_id: $source_id}]->()
WHERE $load_id IS NULL OR coalesce(e.load_id, '') <> $load_id
CALL (e) { DELETE e } IN TRANSACTIONS OF 10000 ROWS
"""

DELETE_OTHER_LOADS: Final[dict[str, LiteralString]] = {
    RelationshipType.PRIOR: _OTHER_PRIORS,
    RelationshipType.CHIP_TARGET: _OTHER_CHIP,
    RelationshipType.BINDS: _OTHER_BINDS,
    RelationshipType.MEMBER_OF: _OTHER_MEMBERS,
    RelationshipType.ORTHOLOG_OF: _OTHER_ORTHOLOGS,
    RelationshipType.LOCATED_ON: _OTHER_LOCATIONS,
}
"""Takes away what a source wrote in any load but `$load_id`; in all of them if that is null."""

_EDGES_PRIORS = """
MATCH (a:Regulator)-[e:PRIOR {load_id: $load_id}]->(b:Gene)
RETURN a.gene_id AS source, collect(b.gene_id) AS targets, collect(e {.*}) AS edges ORDER BY source
"""
_EDGES_CHIP = """
MATCH (a:Regulator)-[e:CHIP_TARGET {load_id: $load_id}]->(b:Gene)
RETURN a.gene_id AS source, collect(b.gene_id) AS targets, collect(e {.*}) AS edges ORDER BY source
"""
_EDGES_BINDS = """
MATCH (a:Regulator)-[e:BINDS {load_id: $load_id}]->(b:Peak)
RETURN a.gene_id AS source, collect(b.peak_id) AS targets, collect(e {.*}) AS edges ORDER BY source
"""
_EDGES_MEMBERS = """
MATCH (a:Gene)-[e:MEMBER_OF {load_id: $load_id}]->(b:GeneSet)
RETURN a.gene_id AS source, collect(b.set_id) AS targets, collect(e {.*}) AS edges ORDER BY source
"""
_EDGES_ORTHOLOGS = """
MATCH (a:Gene)-[e:ORTHOLOG_OF {load_id: $load_id}]->(b:Gene)
RETURN a.gene_id AS source, collect(b.gene_id) AS targets, collect(e {.*}) AS edges ORDER BY source
"""
_EDGES_LOCATIONS = """
MATCH (a:Gene)-[e:LOCATED_ON {load_id: $load_id}]->(b:Assembly)
RETURN a.gene_id AS source, collect(b.assembly_id) AS targets, collect(e {.*}) AS edges ORDER BY source
"""

EDGES: Final[dict[str, LiteralString]] = {
    RelationshipType.PRIOR: _EDGES_PRIORS,
    RelationshipType.CHIP_TARGET: _EDGES_CHIP,
    RelationshipType.BINDS: _EDGES_BINDS,
    RelationshipType.MEMBER_OF: _EDGES_MEMBERS,
    RelationshipType.ORTHOLOG_OF: _EDGES_ORTHOLOGS,
    RelationshipType.LOCATED_ON: _EDGES_LOCATIONS,
}
"""What one load wrote, one row a start node, its properties with it."""

DELETE_CLAIMS = """
MATCH (g:Regulator)
WHERE any(claim IN g.regulator_sources WHERE claim ENDS WITH '/' + $source_id)
SET g.regulator_sources = [claim IN g.regulator_sources WHERE NOT claim ENDS WITH '/' + $source_id]
WITH g, [claim IN g.regulator_sources | split(claim, '/')[0]] AS classes
SET g.regulator_classes = reduce(seen = [], name IN classes |
                                 CASE WHEN name IN seen THEN seen ELSE seen + name END)
WITH g WHERE size(g.regulator_sources) = 0
REMOVE g:Regulator, g.regulator_sources, g.regulator_classes
"""

DELETE_FAMILIES = """
MATCH (g:Gene {tf_family_source: $source_id})
REMOVE g.tf_family, g.tf_family_source
"""

DELETE_COMPLEXES = """
MATCH (c:Complex {source_id: $source_id})
DETACH DELETE c
"""

UNDO_NAMES = """
MATCH (g:Gene {names_source: $source_id})
SET g.symbol = g.annotated_symbol, g.aliases = [], g.previous_symbols = []
REMOVE g.name_id, g.names_source
"""

UNDO_ANNOTATION = """
MATCH (g:Gene {annotation: $source_id})
REMOVE g.annotation, g.annotation_release
"""
"""What genes are called stays until an annotation is loaded: any may then say it."""

UNDO: Final[tuple[LiteralString, ...]] = (
    DELETE_CLAIMS,
    DELETE_FAMILIES,
    DELETE_COMPLEXES,
    UNDO_NAMES,
    UNDO_ANNOTATION,
)
"""Takes back what a source `$source_id` said about nodes."""

DELETE_EMPTY_SETS = """
MATCH (s:GeneSet {source_id: $source_id})
WHERE NOT EXISTS { MATCH (s)<-[:MEMBER_OF]-() }
DELETE s
"""

DELETE_UNLOCATED_GENES = """
MATCH (g:Gene)
WHERE NOT EXISTS { MATCH (g)--() }
CALL (g) { DELETE g } IN TRANSACTIONS OF 10000 ROWS
"""
"""Genes on which nothing is left: no place, no evidence, no data, no prediction."""

DELETE_UNUSED_ASSEMBLIES = """
MATCH (a:Assembly {species: $species})
WHERE NOT EXISTS { MATCH (:Assembly {species: $species})<-[:LOCATED_ON]-() }
DELETE a
"""
"""Those of a species without an annotation; one that only coordinates are lifted from is kept till then."""

ASSEMBLIES_OF = """
MATCH (a:Assembly)
WHERE EXISTS { MATCH (a)<-[:LOCATED_ON {source_id: $source_id}]-() }
RETURN a.assembly_id AS assembly_id ORDER BY assembly_id LIMIT 1000
"""
"""Assemblies on which an annotation says where genes lie; no two annotations do so on one."""

ANNOTATIONS_OF = """
MATCH (s:Source {stage: 'annotation', state: 'complete'})
WHERE s.source_id <> $source_id
  AND EXISTS { MATCH (:Assembly {assembly_id: $assembly_id})<-[:LOCATED_ON {source_id: s.source_id}]-() }
RETURN s.source_id AS source_id ORDER BY source_id LIMIT 1
"""

OUTDATE_ANNOTATIONS = """
MATCH (s:Source {stage: 'annotation'})
WHERE s.species = $species AND s.source_id <> $source_id
SET s.fingerprint = null
"""
"""The next load of the others says again what genes are called, which the removed one may have said last."""

DELETE_SOURCE = "MATCH (s:Source {source_id: $source_id}) DETACH DELETE s"

RUNS_OF_SOURCE = """
MATCH (r:Run)-[:USED]->(:Source {source_id: $source_id})
RETURN r.run_id AS run_id ORDER BY run_id LIMIT 1000
"""

RELEASES = """
MATCH (r:Release)
RETURN r.release_id AS release_id, toString(r.created_at) AS created_at, r.contents AS contents
ORDER BY r.created_at DESC, release_id LIMIT $limit
"""

COUNT_NEAR = """
MATCH ()-[e:NEAR {dataset_id: $dataset_id}]->()
RETURN count(e) AS num_written
"""

COUNT_DETECTIONS = """
MATCH (:Dataset {dataset_id: $dataset_id})<-[:PART_OF]-(:Context)<-[e:DETECTED_IN]-(:Gene)
RETURN count(e) AS num_written
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

GENE_IDS = "MATCH (g:Gene) RETURN g.gene_id AS gene_id ORDER BY gene_id"

SYMBOLS = """
MATCH (g:Gene) WHERE g.gene_id IN $gene_ids AND g.symbol IS NOT NULL
RETURN g.gene_id AS gene_id, g.symbol AS symbol
ORDER BY gene_id
"""
