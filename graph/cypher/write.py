"""Statements that write rows; each takes `$rows` and can be repeated.

One relationship type a statement; both ends are matched on a constrained key, so a row whose end is not in
the graph writes nothing: every statement returns how many rows it `wrote`, and the store compares.
"""

from typing import Final, LiteralString

from graph.schema import Label, RelationshipType

GENES = """
UNWIND $rows AS row
MERGE (g:Gene {gene_id: row.gene_id})
SET g.symbol = row.symbol, g.aliases = row.aliases, g.previous_symbols = row.previous_symbols,
    g.species = row.species, g.biotype = row.biotype, g.name = row.name, g.hgnc_id = row.hgnc_id
RETURN count(*) AS wrote
"""

REGULATORS = """
UNWIND $rows AS row
MATCH (g:Gene {gene_id: row.gene_id})
SET g:Regulator,
    g.regulator_classes = CASE WHEN row.regulator_class IN coalesce(g.regulator_classes, [])
                               THEN g.regulator_classes
                               ELSE coalesce(g.regulator_classes, []) + row.regulator_class END,
    g.regulator_sources = [claim IN coalesce(g.regulator_sources, [])
                           WHERE claim <> row.regulator_class + '/' + row.source_id]
                          + (row.regulator_class + '/' + row.source_id),
    g.tf_family = coalesce(row.tf_family, g.tf_family)
RETURN count(*) AS wrote
"""

PEAKS = """
UNWIND $rows AS row
MERGE (p:Peak {peak_id: row.peak_id})
SET p.assembly = row.assembly, p.chrom = row.chrom, p.start = row.start, p.end = row.end
RETURN count(*) AS wrote
"""

LOCATIONS = """
UNWIND $rows AS row
MATCH (g:Gene {gene_id: row.source})
MATCH (a:Assembly {assembly_id: row.target})
MERGE (g)-[e:LOCATED_ON]->(a)
SET e.chrom = row.chrom, e.start = row.start, e.end = row.end, e.strand = row.strand, e.tss = row.tss
RETURN count(*) AS wrote
"""

PRIORS = """
UNWIND $rows AS row
MATCH (r:Regulator {gene_id: row.source})
MATCH (g:Gene {gene_id: row.target})
MERGE (r)-[e:PRIOR {source_id: row.source_id, sign: row.sign}]->(g)
SET e.confidence = row.confidence, e.pmids = row.pmids, e.complex = row.complex
RETURN count(*) AS wrote
"""

CHIP_TARGETS = """
UNWIND $rows AS row
MATCH (r:Regulator {gene_id: row.source})
MATCH (g:Gene {gene_id: row.target})
MERGE (r)-[e:CHIP_TARGET {source_id: row.source_id, experiment: row.experiment}]->(g)
SET e.cell_type = row.cell_type, e.score = row.score
RETURN count(*) AS wrote
"""

NEAR = """
UNWIND $rows AS row
MATCH (g:Gene {gene_id: row.source})
MATCH (p:Peak {peak_id: row.target})
MERGE (g)-[e:NEAR {dataset_id: row.dataset_id}]->(p)
SET e.distance_bp = row.distance_bp, e.rank = row.rank
RETURN count(*) AS wrote
"""

DETECTIONS = """
UNWIND $rows AS row
MATCH (g:Gene {gene_id: row.source})
MATCH (c:Context {context_id: row.target})
MERGE (g)-[e:DETECTED_IN]->(c)
SET e.num_cells = row.num_cells, e.detection_rate = row.detection_rate, e.mean_count = row.mean_count
RETURN count(*) AS wrote
"""

STATEMENTS: Final[dict[str, LiteralString]] = {
    Label.GENE: GENES,
    Label.REGULATOR: REGULATORS,
    Label.PEAK: PEAKS,
    RelationshipType.LOCATED_ON: LOCATIONS,
    RelationshipType.PRIOR: PRIORS,
    RelationshipType.CHIP_TARGET: CHIP_TARGETS,
    RelationshipType.NEAR: NEAR,
    RelationshipType.DETECTED_IN: DETECTIONS,
}
"""Statement by the name of its table."""

ASSEMBLY = """
MERGE (a:Assembly {assembly_id: $assembly_id})
SET a.species = $species, a.aliases = $aliases, a.chroms = $chroms, a.chrom_sizes = $chrom_sizes
"""

COMPLEX = """
MERGE (c:Complex {complex_id: $complex_id})
WITH c
UNWIND $gene_ids AS gene_id
MATCH (g:Gene {gene_id: gene_id})
MERGE (c)-[:HAS_MEMBER]->(g)
"""

BEGIN_SOURCE = """
MERGE (s:Source {source_id: $source_id})
SET s.name = $name, s.version = $version, s.licence = $licence, s.licence_class = $licence_class,
    s.citation = $citation, s.species = $species, s.sha256 = $sha256, s.state = 'writing'
"""

COMPLETE_SOURCE = """
MATCH (s:Source {source_id: $source_id})
SET s.rows_read = $rows_read, s.rows_kept = $rows_kept, s.rows_rejected = $rows_rejected,
    s.rejected = $rejected, s.state = 'complete', s.ingested_at = datetime()
"""

BEGIN_DATASET = """
MERGE (d:Dataset {dataset_id: $dataset_id})
SET d.name = $name, d.species = $species, d.assembly = $assembly, d.num_cells = $num_cells,
    d.num_genes = $num_genes, d.num_peaks = $num_peaks, d.rna_path = $rna_path, d.rna_sha256 = $rna_sha256,
    d.atac_path = $atac_path, d.atac_sha256 = $atac_sha256, d.licence = $licence,
    d.licence_class = $licence_class, d.citation = $citation, d.time_column = $time_column,
    d.time_unit = $time_unit, d.state = 'writing'
"""

COMPLETE_DATASET = """
MATCH (d:Dataset {dataset_id: $dataset_id})
SET d.state = 'complete', d.fingerprint = $fingerprint, d.ingested_at = datetime()
"""

CONTEXT = """
MATCH (d:Dataset {dataset_id: $dataset_id})
MERGE (c:Context {context_id: $context_id})
SET c.dataset_id = $dataset_id, c.name = $name, c.obs_column = $obs_column, c.num_cells = $num_cells
MERGE (c)-[:PART_OF]->(d)
"""

RELEASE = """
MERGE (r:Release {release_id: $release_id})
ON CREATE SET r.created_at = datetime()
SET r.counts = $counts, r.seen_at = datetime()
"""
