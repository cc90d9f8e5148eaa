"""Predicted edges with all their evidence in one row each; none of these statements writes.

`COLLECT` sub-queries stay at one row an edge, however many sources support it. The start at the gene is a
hint: planned on a young graph, the index of the runs looks cheaper and reads all of a run.
"""

TARGETS = """
MATCH (:Run {run_id: $run_id, state: 'complete'})
MATCH (r:Regulator {gene_id: $gene_id})-[e:REGULATES]->(t:Gene)
USING INDEX SEEK r:Regulator(gene_id)
WHERE e.run_id = $run_id AND e.context_id IN $context_ids
  AND ($min_score IS NULL OR e.score >= $min_score)
  AND ($novel IS NULL OR $novel = CASE WHEN $licence_classes IS NULL THEN e.novel ELSE NOT EXISTS {
    MATCH (r)-[p:PRIOR]->(t)
    MATCH (s:Source {source_id: p.source_id}) USING INDEX SEEK s:Source(source_id)
    WHERE s.load_id = p.load_id AND s.licence_class IN $licence_classes } END)
  AND ($min_chromatin_lag IS NULL OR e.chromatin_lag >= $min_chromatin_lag)
  AND ($bound_in IS NULL OR EXISTS {
    MATCH (r)-[x:CHIP_TARGET]->(t)
    MATCH (s:Source {source_id: x.source_id}) USING INDEX SEEK s:Source(source_id)
    WHERE s.load_id = x.load_id AND toLower(x.cell_type) = toLower($bound_in)
      AND ($licence_classes IS NULL OR s.licence_class IN $licence_classes) })
  AND ($lag_sign IS NULL OR coalesce(toString(e.lag_sign), 'none') = $lag_sign)
  AND ($source_load_id IS NULL OR EXISTS {
    MATCH (r)-[known:PRIOR|CHIP_TARGET]->(t) WHERE known.load_id = $source_load_id })
WITH r, e, t ORDER BY e.score DESC, e.context_id
WITH r, t, collect(e) AS told
WITH r, t, told, told[0] AS e
WHERE $after IS NULL OR e.score < $after[0] OR (e.score = $after[0] AND t.gene_id > $after[1])
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
          .chromatin_lag, context: c.name,
          evidence_count: CASE WHEN $licence_classes IS NULL THEN e.evidence_count ELSE COUNT {
            UNWIND [row IN priors + chip | row.source_id] AS source_id RETURN DISTINCT source_id } END,
          novel: CASE WHEN $licence_classes IS NULL THEN e.novel ELSE size(priors) = 0 END,
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
Where a licence is asked for, `novel` and `evidence_count` are those of the evidence that may be told.
No row at all if the run has gone: what its scope was found by may be a second old.
"""

REGULATORS = """
MATCH (:Run {run_id: $run_id, state: 'complete'})
MATCH (t:Gene {gene_id: $gene_id})<-[e:REGULATES]-(r:Regulator)
USING INDEX SEEK t:Gene(gene_id)
WHERE e.run_id = $run_id AND e.context_id IN $context_ids
  AND ($min_score IS NULL OR e.score >= $min_score)
  AND ($novel IS NULL OR $novel = CASE WHEN $licence_classes IS NULL THEN e.novel ELSE NOT EXISTS {
    MATCH (r)-[p:PRIOR]->(t)
    MATCH (s:Source {source_id: p.source_id}) USING INDEX SEEK s:Source(source_id)
    WHERE s.load_id = p.load_id AND s.licence_class IN $licence_classes } END)
  AND ($min_chromatin_lag IS NULL OR e.chromatin_lag >= $min_chromatin_lag)
  AND ($bound_in IS NULL OR EXISTS {
    MATCH (r)-[x:CHIP_TARGET]->(t)
    MATCH (s:Source {source_id: x.source_id}) USING INDEX SEEK s:Source(source_id)
    WHERE s.load_id = x.load_id AND toLower(x.cell_type) = toLower($bound_in)
      AND ($licence_classes IS NULL OR s.licence_class IN $licence_classes) })
  AND ($lag_sign IS NULL OR coalesce(toString(e.lag_sign), 'none') = $lag_sign)
  AND ($source_load_id IS NULL OR EXISTS {
    MATCH (r)-[known:PRIOR|CHIP_TARGET]->(t) WHERE known.load_id = $source_load_id })
WITH r, e, t ORDER BY e.score DESC, e.context_id
WITH r, t, collect(e) AS told
WITH r, t, told, told[0] AS e
WHERE $after IS NULL OR e.score < $after[0] OR (e.score = $after[0] AND r.gene_id > $after[1])
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
          .chromatin_lag, context: c.name,
          evidence_count: CASE WHEN $licence_classes IS NULL THEN e.evidence_count ELSE COUNT {
            UNWIND [row IN priors + chip | row.source_id] AS source_id RETURN DISTINCT source_id } END,
          novel: CASE WHEN $licence_classes IS NULL THEN e.novel ELSE size(priors) = 0 END,
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
