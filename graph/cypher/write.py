"""Statements that write rows; each takes `$rows` and can be repeated.

One relationship type a statement; both ends are matched on a constrained key, so a row whose end is not in
the graph writes nothing: every statement returns how many rows it `wrote`, and the store compares.
"""

from typing import Final, LiteralString

from graph.schema import Label

GENES = """
UNWIND $rows AS row
MERGE (g:Gene {gene_id: row.gene_id})
WITH g, row, coalesce(g.annotation_release, -1) <= coalesce(row.annotation_release, -1) AS is_newest
FOREACH (_ IN CASE WHEN is_newest THEN [1] ELSE [] END |
  SET g.annotated_symbol = row.symbol, g.species = row.species, g.biotype = row.biotype, g.name = row.name,
      g.annotation = row.annotation, g.annotation_release = row.annotation_release)
FOREACH (_ IN CASE WHEN is_newest AND g.names_source IS NULL THEN [1] ELSE [] END |
  SET g.symbol = row.symbol, g.aliases = row.aliases, g.previous_symbols = row.previous_symbols)
RETURN count(*) AS wrote
"""
"""An annotation of an older release says nothing of a gene that a newer one has, whichever came first."""

GENE_NAMES = """
UNWIND $rows AS row
MATCH (g:Gene {gene_id: row.gene_id})
SET g.symbol = row.symbol, g.aliases = row.aliases, g.previous_symbols = row.previous_symbols,
    g.name_id = row.name_id, g.names_source = row.source_id
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
    g.tf_family_source = CASE WHEN row.tf_family IS NULL THEN g.tf_family_source ELSE row.source_id END,
    g.tf_family = coalesce(row.tf_family, g.tf_family)
RETURN count(*) AS wrote
"""

PEAKS = """
UNWIND $rows AS row
MERGE (p:Peak {peak_id: row.peak_id})
SET p.assembly = row.assembly, p.chrom = row.chrom, p.start = row.start, p.end = row.end
RETURN count(*) AS wrote
"""

GENE_SETS = """
UNWIND $rows AS row
MERGE (s:GeneSet {set_id: row.set_id})
SET s.name = row.name, s.collection = row.collection, s.species = row.species,
    s.derived_from_regulators = row.derived_from_regulators, s.source_id = row.source_id
RETURN count(*) AS wrote
"""

STATEMENTS: Final[dict[str, LiteralString]] = {
    Label.GENE: GENES,
    "GeneNames": GENE_NAMES,
    Label.REGULATOR: REGULATORS,
    Label.PEAK: PEAKS,
    Label.GENE_SET: GENE_SETS,
}
"""Statement by the name of its table."""

ASSEMBLY = """
MERGE (a:Assembly {assembly_id: $assembly_id})
SET a.species = $species, a.aliases = $aliases, a.chroms = $chroms, a.chrom_sizes = $chrom_sizes
"""

COMPLEX = """
MERGE (c:Complex {complex_id: $complex_id})
SET c.source_id = $source_id
WITH c
UNWIND $gene_ids AS gene_id
MATCH (g:Gene {gene_id: gene_id})
MERGE (c)-[:HAS_MEMBER]->(g)
"""

BEGIN_LOAD = """
MERGE (s:Source {source_id: $source_id})
ON CREATE SET s.state = 'writing'
SET s.loading_id = $load_id
"""
"""A source that is there already keeps what it says and shows until `FINISH_LOAD`."""

FINISH_LOAD = """
MATCH (s:Source {source_id: $source_id})
SET s.name = $name, s.version = $version, s.licence = $licence, s.licence_class = $licence_class,
    s.citation = $citation, s.species = $species, s.sha256 = $sha256, s.load_id = $load_id,
    s.fingerprint = $fingerprint, s.rows_read = $rows_read, s.rows_kept = $rows_kept,
    s.rows_rejected = $rows_rejected, s.rejected = $rejected, s.num_written = $num_written,
    s.notes = $notes, s.changes = $changes, s.stage = $stage, s.tables = $tables,
    s.state = 'complete', s.ingested_at = datetime()
"""
"""The moment at which readers see the new version of a source and no longer the old one."""

END_LOAD = """
MATCH (s:Source {source_id: $source_id})
REMOVE s.loading_id
"""

HIDE_SOURCE = """
MATCH (s:Source {source_id: $source_id})
SET s.state = 'removing', s.loading_id = 'removal'
REMOVE s.load_id
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
SET r.contents = $contents, r.seen_at = datetime()
"""
