"""Statements that find what a question names, and tell what is in the graph; none of them writes.

Only runs that are complete are ever seen.
"""

GENE = """
CALL () {
  MATCH (g:Gene {gene_id: $gene_id}) RETURN g, 'gene_id' AS matched_by
  UNION
  MATCH (g:Gene {symbol: $name}) RETURN g, 'symbol' AS matched_by
}
RETURN g {.gene_id, .symbol, .name, .species, .biotype, .tf_family, aliases: coalesce(g.aliases, []),
          previous_symbols: coalesce(g.previous_symbols, []), is_regulator: g:Regulator,
          regulator_classes: coalesce(g.regulator_classes, []), matched_by: matched_by,
          detections: COLLECT {
            MATCH (g)-[d:DETECTED_IN]->(c:Context)
            RETURN d {.num_cells, .detection_rate, .mean_count, context_id: c.context_id, context: c.name,
                      dataset_id: c.dataset_id, context_num_cells: c.num_cells}
            ORDER BY c.context_id LIMIT 1000},
          locations: COLLECT {
            MATCH (g)-[l:LOCATED_ON]->(a:Assembly)
            MATCH (s:Source {source_id: l.source_id}) USING INDEX SEEK s:Source(source_id)
            WHERE s.load_id = l.load_id
            RETURN l {.chrom, .start, .end, .strand, .tss, assembly: a.assembly_id}
            ORDER BY a.assembly_id LIMIT 100}} AS gene
ORDER BY gene.gene_id LIMIT 50
"""
"""At most one gene by its id, and those with exactly this symbol."""

GENE_IDS_BY_OTHER_NAME = """
CALL db.index.fulltext.queryNodes('gene_names', $phrase) YIELD node AS g
WITH g, toLower($name) AS asked
WITH g, CASE
  WHEN asked IN [a IN coalesce(g.previous_symbols, []) | toLower(a)] THEN 'previous_symbol'
  WHEN asked IN [a IN coalesce(g.aliases, []) | toLower(a)] THEN 'alias'
  WHEN toLower(g.symbol) = asked THEN 'symbol_in_other_case' END AS matched_by
WHERE matched_by IS NOT NULL
RETURN g.gene_id AS gene_id, g.symbol AS symbol, g.species AS species, matched_by
ORDER BY gene_id LIMIT 50
"""
"""Genes that have, in any case of letters, exactly this alias, previous symbol or symbol."""

NEAREST_NAMES = """
CALL db.index.fulltext.queryNodes('gene_names', $fuzzy, {limit: 50}) YIELD node AS g, score
WHERE g.symbol IS NOT NULL
RETURN g.symbol AS symbol, max(score) AS score
ORDER BY score DESC, symbol LIMIT 50
"""

RUN_AND_CONTEXTS = """
MATCH (r:Run {run_id: $run_id})-[:USED]->(d:Dataset)
WHERE r.state = 'complete'
RETURN r {.run_id, .kind, .dataset_id, .licence_class, .is_default,
          finished_at: toString(r.finished_at)} AS run,
       COLLECT { MATCH (c:Context)-[:PART_OF]->(d)
                 RETURN c {.context_id, .name, .num_cells} ORDER BY c.context_id LIMIT 1000} AS contexts
ORDER BY d.dataset_id LIMIT 1
"""

DEFAULT_RUNS_OF_CONTEXT = """
MATCH (named:Context) WHERE named.name = $context OR named.context_id = $context
MATCH (named)-[:PART_OF]->(d:Dataset)
WHERE $dataset_id IS NULL OR d.dataset_id = $dataset_id
MATCH (d)<-[:USED]-(r:Run {kind: 'prediction', state: 'complete'})
WHERE CASE WHEN $licence_classes IS NULL THEN r.is_default ELSE r.licence_class IN $licence_classes END
WITH d, r ORDER BY r.is_default DESC, r.finished_at DESC
WITH d, collect(r)[0] AS r
RETURN r {.run_id, .kind, .dataset_id, .licence_class, .is_default,
          finished_at: toString(r.finished_at)} AS run,
       COLLECT { MATCH (c:Context)-[:PART_OF]->(d)
                 RETURN c {.context_id, .name, .num_cells} ORDER BY c.context_id LIMIT 1000} AS contexts
ORDER BY run.dataset_id LIMIT 100
"""

DEFAULT_RUNS = """
MATCH (d:Dataset)<-[:USED]-(r:Run {kind: 'prediction', state: 'complete'})
WHERE ($dataset_id IS NULL OR d.dataset_id = $dataset_id)
  AND CASE WHEN $licence_classes IS NULL THEN r.is_default ELSE r.licence_class IN $licence_classes END
WITH d, r ORDER BY r.is_default DESC, r.finished_at DESC
WITH d, collect(r)[0] AS r
RETURN r {.run_id, .kind, .dataset_id, .licence_class, .is_default,
          finished_at: toString(r.finished_at)} AS run,
       COLLECT { MATCH (c:Context)-[:PART_OF]->(d)
                 RETURN c {.context_id, .name, .num_cells} ORDER BY c.context_id LIMIT 1000} AS contexts
ORDER BY run.dataset_id LIMIT 100
"""

RUN = """
MATCH (r:Run {run_id: $run_id})
WHERE r.state = 'complete'
RETURN r {.run_id, .kind, .dataset_id, .state, .is_default, .seed, .code_version, .licence_class, .num_edges,
          .num_links, .metrics, .config, finished_at: toString(r.finished_at),
          source_ids: COLLECT {
            MATCH (r)-[:USED]->(s:Source) RETURN s.source_id ORDER BY s.source_id LIMIT 1000}} AS run
LIMIT 1
"""

RUN_IDS = """
MATCH (r:Run) WHERE r.state = 'complete'
RETURN r.run_id AS run_id ORDER BY r.finished_at DESC, run_id LIMIT 1000
"""

CONTEXTS = """
MATCH (c:Context)-[:PART_OF]->(d:Dataset)
RETURN c {.context_id, .name, .obs_column, .num_cells, dataset_id: d.dataset_id, species: d.species,
          default_run_ids: COLLECT {
            MATCH (d)<-[:USED]-(r:Run {kind: 'prediction', state: 'complete', is_default: true})
            RETURN r.run_id ORDER BY r.run_id LIMIT 10}} AS context
ORDER BY context.context_id LIMIT 1000
"""

DATASETS = """
MATCH (d:Dataset)
RETURN d {.dataset_id, .name, .species, .assembly, .num_cells, .num_genes, .num_peaks,
          num_proteins: coalesce(d.num_proteins, 0), .licence, .licence_class, .citation,
          .time_column, .time_unit, .rna_sha256, .atac_sha256,
          contexts: COLLECT { MATCH (c:Context)-[:PART_OF]->(d) RETURN c.name ORDER BY c.name LIMIT 1000},
          default_run_ids: COLLECT {
            MATCH (d)<-[:USED]-(r:Run {kind: 'prediction', state: 'complete', is_default: true})
            RETURN r.run_id ORDER BY r.run_id LIMIT 10}} AS dataset
ORDER BY dataset.dataset_id LIMIT 1000
"""
"""Where the matrices lie on the server's disk is nobody's business; their hashes are."""

SOURCES = """
MATCH (s:Source)
WHERE s.state = 'complete'
RETURN s {.source_id, .name, .version, .licence, .licence_class, .citation, .species, .sha256,
          .rows_read, .rows_kept, .rows_rejected, .rejected, ingested_at: toString(s.ingested_at)} AS source
ORDER BY source.source_id LIMIT 1000
"""
