"""Statements that answer questions; none of them writes.

An edge is told with all its evidence in one row: `COLLECT` sub-queries stay at one row an edge, however many
sources support it. Only runs that are complete are ever seen. Where edges are filtered by run, the start at
the gene is a hint: planned on a young graph, the index of the runs looks cheaper and reads all of a run.
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

TARGETS = """
MATCH (r:Regulator {gene_id: $gene_id})-[e:REGULATES]->(t:Gene)
USING INDEX SEEK r:Regulator(gene_id)
WHERE e.run_id = $run_id AND e.context_id IN $context_ids
  AND ($min_score IS NULL OR e.score >= $min_score)
  AND ($novel IS NULL OR e.novel = $novel)
  AND ($lag_sign IS NULL OR coalesce(toString(e.lag_sign), 'none') = $lag_sign)
  AND ($source_load_id IS NULL OR EXISTS {
    MATCH (r)-[known:PRIOR|CHIP_TARGET]->(t) WHERE known.load_id = $source_load_id })
WITH r, e, t ORDER BY e.score DESC, e.context_id
WITH r, t, collect(e) AS told
WITH r, t, told, told[0] AS e
WHERE $after_score IS NULL OR e.score < $after_score
      OR (e.score = $after_score AND t.gene_id > $after_gene_id)
WITH r, e, t, told ORDER BY e.score DESC, t.gene_id LIMIT $limit
MATCH (c:Context {context_id: e.context_id}) USING INDEX SEEK c:Context(context_id)
OPTIONAL MATCH (r)-[rd:DETECTED_IN]->(c)
OPTIONAL MATCH (t)-[td:DETECTED_IN]->(c)
WITH r, e, t, c, rd, td, told,
     COLLECT {
       MATCH (r)-[p:PRIOR]->(t)
       MATCH (s:Source {source_id: p.source_id}) USING INDEX SEEK s:Source(source_id)
       WHERE s.load_id = p.load_id
         AND ($licence_classes IS NULL OR s.licence_class IN $licence_classes)
       RETURN p {.source_id, .sign, .confidence, .complex, pmids: coalesce(p.pmids, []),
                 licence_class: s.licence_class}
       ORDER BY p.source_id, p.sign LIMIT 1000} AS priors,
     COLLECT {
       MATCH (r)-[x:CHIP_TARGET]->(t)
       MATCH (s:Source {source_id: x.source_id}) USING INDEX SEEK s:Source(source_id)
       WHERE s.load_id = x.load_id
         AND ($licence_classes IS NULL OR s.licence_class IN $licence_classes)
       RETURN x {.source_id, .experiment, .cell_type, .score, licence_class: s.licence_class}
       ORDER BY x.source_id, x.experiment LIMIT 1000} AS chip
RETURN e {.run_id, .context_id, .score, .uncertainty, .rank, .sign, .lag, .lag_unit, .lag_sign, .lag_fdr,
          .chromatin_lag, .evidence_count, .novel, context: c.name,
          source: r.gene_id, source_symbol: r.symbol, target: t.gene_id, target_symbol: t.symbol,
          source_detection: rd {.num_cells, .detection_rate, .mean_count},
          target_detection: td {.num_cells, .detection_rate, .mean_count},
          other_contexts: COLLECT {
            UNWIND told[1..] AS other
            MATCH (oc:Context {context_id: other.context_id}) USING INDEX SEEK oc:Context(context_id)
            RETURN other {.context_id, .score, .uncertainty, .rank, .sign, .lag, .lag_unit, .lag_sign,
                          .lag_fdr, .chromatin_lag, context: oc.name}
            ORDER BY other.score DESC, other.context_id LIMIT 1000},
          evidence: {priors: priors, chip: chip,
                     matched_chip: any(x IN chip WHERE toLower(x.cell_type) = toLower(c.name))}} AS edge
ORDER BY edge.score DESC, edge.target, edge.context_id LIMIT $limit
"""
"""A page of what one regulator controls; the same text as `REGULATORS` but for the end that is asked.

One row a pair: the context with its best score, the others of those that were asked for in `other_contexts`.
"""

REGULATORS = """
MATCH (t:Gene {gene_id: $gene_id})<-[e:REGULATES]-(r:Regulator)
USING INDEX SEEK t:Gene(gene_id)
WHERE e.run_id = $run_id AND e.context_id IN $context_ids
  AND ($min_score IS NULL OR e.score >= $min_score)
  AND ($novel IS NULL OR e.novel = $novel)
  AND ($lag_sign IS NULL OR coalesce(toString(e.lag_sign), 'none') = $lag_sign)
  AND ($source_load_id IS NULL OR EXISTS {
    MATCH (r)-[known:PRIOR|CHIP_TARGET]->(t) WHERE known.load_id = $source_load_id })
WITH r, e, t ORDER BY e.score DESC, e.context_id
WITH r, t, collect(e) AS told
WITH r, t, told, told[0] AS e
WHERE $after_score IS NULL OR e.score < $after_score
      OR (e.score = $after_score AND r.gene_id > $after_gene_id)
WITH r, e, t, told ORDER BY e.score DESC, r.gene_id LIMIT $limit
MATCH (c:Context {context_id: e.context_id}) USING INDEX SEEK c:Context(context_id)
OPTIONAL MATCH (r)-[rd:DETECTED_IN]->(c)
OPTIONAL MATCH (t)-[td:DETECTED_IN]->(c)
WITH r, e, t, c, rd, td, told,
     COLLECT {
       MATCH (r)-[p:PRIOR]->(t)
       MATCH (s:Source {source_id: p.source_id}) USING INDEX SEEK s:Source(source_id)
       WHERE s.load_id = p.load_id
         AND ($licence_classes IS NULL OR s.licence_class IN $licence_classes)
       RETURN p {.source_id, .sign, .confidence, .complex, pmids: coalesce(p.pmids, []),
                 licence_class: s.licence_class}
       ORDER BY p.source_id, p.sign LIMIT 1000} AS priors,
     COLLECT {
       MATCH (r)-[x:CHIP_TARGET]->(t)
       MATCH (s:Source {source_id: x.source_id}) USING INDEX SEEK s:Source(source_id)
       WHERE s.load_id = x.load_id
         AND ($licence_classes IS NULL OR s.licence_class IN $licence_classes)
       RETURN x {.source_id, .experiment, .cell_type, .score, licence_class: s.licence_class}
       ORDER BY x.source_id, x.experiment LIMIT 1000} AS chip
RETURN e {.run_id, .context_id, .score, .uncertainty, .rank, .sign, .lag, .lag_unit, .lag_sign, .lag_fdr,
          .chromatin_lag, .evidence_count, .novel, context: c.name,
          source: r.gene_id, source_symbol: r.symbol, target: t.gene_id, target_symbol: t.symbol,
          source_detection: rd {.num_cells, .detection_rate, .mean_count},
          target_detection: td {.num_cells, .detection_rate, .mean_count},
          other_contexts: COLLECT {
            UNWIND told[1..] AS other
            MATCH (oc:Context {context_id: other.context_id}) USING INDEX SEEK oc:Context(context_id)
            RETURN other {.context_id, .score, .uncertainty, .rank, .sign, .lag, .lag_unit, .lag_sign,
                          .lag_fdr, .chromatin_lag, context: oc.name}
            ORDER BY other.score DESC, other.context_id LIMIT 1000},
          evidence: {priors: priors, chip: chip,
                     matched_chip: any(x IN chip WHERE toLower(x.cell_type) = toLower(c.name))}} AS edge
ORDER BY edge.score DESC, edge.source, edge.context_id LIMIT $limit
"""

PAIR = """
MATCH (r:Gene {gene_id: $source})
MATCH (t:Gene {gene_id: $target})
RETURN
  COLLECT {
    MATCH (r)-[e:REGULATES|BASELINE]->(t)
    MATCH (run:Run {run_id: e.run_id, state: 'complete'})
    WHERE $licence_classes IS NULL OR run.licence_class IN $licence_classes
    MATCH (c:Context {context_id: e.context_id})
    OPTIONAL MATCH (r)-[rd:DETECTED_IN]->(c)
    OPTIONAL MATCH (t)-[td:DETECTED_IN]->(c)
    RETURN e {.run_id, .context_id, .score, .uncertainty, .rank, .sign, .lag, .lag_unit, .lag_sign, .lag_fdr,
              .chromatin_lag, .evidence_count, .novel, context: c.name, kind: run.kind,
              dataset_id: run.dataset_id, licence_class: run.licence_class, is_default: run.is_default,
              source_detection: rd {.num_cells, .detection_rate, .mean_count},
              target_detection: td {.num_cells, .detection_rate, .mean_count}} AS told
    ORDER BY run.is_default DESC, run.kind DESC, e.run_id, e.context_id LIMIT 1000} AS predictions,
  COLLECT {
    MATCH (r)-[b:BINDS]->(p:Peak)
    MATCH (s:Source {source_id: b.source_id}) USING INDEX SEEK s:Source(source_id)
    WHERE s.load_id = b.load_id
      AND ($licence_classes IS NULL OR s.licence_class IN $licence_classes)
    MATCH (t)-[n:NEAR]->(p)
    RETURN p {.peak_id, .chrom, .start, .end, distance_bp: n.distance_bp, dataset_id: n.dataset_id,
              source_id: b.source_id, kind: b.kind, cell_type: b.cell_type, score: b.score}
    ORDER BY n.distance_bp, p.peak_id, b.source_id LIMIT 1000} AS peaks,
  COLLECT {
    MATCH (r)-[p:PRIOR]->(t)
    MATCH (s:Source {source_id: p.source_id}) USING INDEX SEEK s:Source(source_id)
    WHERE s.load_id = p.load_id
      AND ($licence_classes IS NULL OR s.licence_class IN $licence_classes)
    RETURN p {.source_id, .sign, .confidence, .complex, pmids: coalesce(p.pmids, []),
                 licence_class: s.licence_class}
    ORDER BY p.source_id, p.sign LIMIT 1000} AS priors,
  COLLECT {
    MATCH (r)-[x:CHIP_TARGET]->(t)
    MATCH (s:Source {source_id: x.source_id}) USING INDEX SEEK s:Source(source_id)
    WHERE s.load_id = x.load_id
      AND ($licence_classes IS NULL OR s.licence_class IN $licence_classes)
    RETURN x {.source_id, .experiment, .cell_type, .score, licence_class: s.licence_class}
    ORDER BY x.source_id, x.experiment LIMIT 1000} AS chip
LIMIT 1
"""
"""All that is known of one pair, baselines included (their `kind` says so)."""

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
