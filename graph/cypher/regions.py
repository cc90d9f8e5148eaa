"""Peaks of a gene, and what binds them; none of these statements writes.

`coalesce(l.run_id, '')` keeps the planner off the index of runs, which a young graph makes look cheaper than
the few relationships of a node: read anew for each row, it holds all of a run.
"""

PEAKS = """
MATCH (g:Gene {gene_id: $gene_id})-[n:NEAR {dataset_id: $dataset_id}]->(p:Peak)
USING INDEX SEEK g:Gene(gene_id)
WHERE $after IS NULL OR n.rank > $after[0] OR (n.rank = $after[0] AND p.peak_id > $after[1])
WITH g, n, p ORDER BY n.rank, p.peak_id LIMIT $limit
RETURN p {.peak_id, .assembly, .chrom, .start, .end, distance_bp: n.distance_bp, rank: n.rank,
          links: COLLECT {
            MATCH (g)-[l:LINKED]->(p) WHERE coalesce(l.run_id, '') = $run_id AND l.context_id IN $context_ids
            RETURN l {.context_id, .weight, .activity_share, .attention, .correlation}
            ORDER BY l.context_id LIMIT 1000},
          bound_by: COLLECT {
            MATCH (r:Regulator)-[b:BINDS]->(p)
            MATCH (s:Source {source_id: b.source_id}) USING INDEX SEEK s:Source(source_id)
            WHERE s.load_id = b.load_id
              AND ($licence_classes IS NULL OR s.licence_class IN $licence_classes)
            RETURN b {.source_id, .kind, .cell_type, .score, regulator: r.gene_id, symbol: r.symbol}
            ORDER BY r.gene_id, b.source_id LIMIT 1000}} AS peak
ORDER BY peak.rank, peak.peak_id LIMIT $limit
"""

LAGS = """
MATCH (g:Gene {gene_id: $gene_id})-[l:HAS_LAG]->(c:Context)
MATCH (run:Run {run_id: l.run_id, state: 'complete'}) USING INDEX SEEK run:Run(run_id)
WHERE ($context IS NULL OR $context IN [c.name, c.context_id])
  AND ($run_id IS NULL OR run.run_id = $run_id)
  AND ($licence_classes IS NULL OR run.licence_class IN $licence_classes)
RETURN l {.run_id, .lag, .lag_unit, .lag_sign, .fdr, .low, .high, .biphasic, .window_centres,
          .window_lags, .window_signs, context_id: c.context_id, context: c.name,
          dataset_id: run.dataset_id, licence_class: run.licence_class} AS told
ORDER BY run.finished_at DESC, told.context_id LIMIT 1000
"""

TRIPLETS_OF_REGULATOR = """
MATCH (r:Regulator {gene_id: $source})-[e:REGULATES]->(t:Gene)
USING INDEX SEEK r:Regulator(gene_id)
WHERE e.run_id = $run_id AND e.context_id IN $context_ids AND ($target IS NULL OR t.gene_id = $target)
MATCH (t)-[l:LINKED]->(p:Peak)
WHERE coalesce(l.run_id, '') = e.run_id AND l.context_id = e.context_id
MATCH (r)-[b:BINDS]->(p)
MATCH (s:Source {source_id: b.source_id}) USING INDEX SEEK s:Source(source_id)
WHERE s.load_id = b.load_id AND ($licence_classes IS NULL OR s.licence_class IN $licence_classes)
WITH r, e, t, l, p, collect(DISTINCT b.source_id) AS bound_by, max(b.score) AS binding_score
WHERE $after IS NULL OR e.score < $after[0] OR (e.score = $after[0] AND (
  t.gene_id > $after[1] OR (t.gene_id = $after[1] AND (
    l.weight < $after[2] OR (l.weight = $after[2] AND (
      p.peak_id > $after[3] OR (p.peak_id = $after[3] AND e.context_id > $after[4])))))))
RETURN e {.context_id, .score, .sign, source: r.gene_id, source_symbol: r.symbol, target: t.gene_id,
          target_symbol: t.symbol, peak_id: p.peak_id, link_weight: l.weight, bound_by: bound_by,
          binding_score: binding_score} AS triplet
ORDER BY triplet.score DESC, triplet.target, triplet.link_weight DESC, triplet.peak_id, triplet.context_id
LIMIT $limit
"""

TRIPLETS_OF_TARGET = """
MATCH (t:Gene {gene_id: $target})<-[e:REGULATES]-(r:Regulator)
USING INDEX SEEK t:Gene(gene_id)
WHERE e.run_id = $run_id AND e.context_id IN $context_ids
MATCH (t)-[l:LINKED]->(p:Peak)
WHERE coalesce(l.run_id, '') = e.run_id AND l.context_id = e.context_id
MATCH (r)-[b:BINDS]->(p)
MATCH (s:Source {source_id: b.source_id}) USING INDEX SEEK s:Source(source_id)
WHERE s.load_id = b.load_id AND ($licence_classes IS NULL OR s.licence_class IN $licence_classes)
WITH r, e, t, l, p, collect(DISTINCT b.source_id) AS bound_by, max(b.score) AS binding_score
WHERE $after IS NULL OR e.score < $after[0] OR (e.score = $after[0] AND (
  r.gene_id > $after[1] OR (r.gene_id = $after[1] AND (
    l.weight < $after[2] OR (l.weight = $after[2] AND (
      p.peak_id > $after[3] OR (p.peak_id = $after[3] AND e.context_id > $after[4])))))))
RETURN e {.context_id, .score, .sign, source: r.gene_id, source_symbol: r.symbol, target: t.gene_id,
          target_symbol: t.symbol, peak_id: p.peak_id, link_weight: l.weight, bound_by: bound_by,
          binding_score: binding_score} AS triplet
ORDER BY triplet.score DESC, triplet.source, triplet.link_weight DESC, triplet.peak_id, triplet.context_id
LIMIT $limit
"""

REGULONS = """
MATCH (t:Gene {gene_id: $gene_id})<-[e:REGULATES]-(r:Regulator)
USING INDEX SEEK t:Gene(gene_id)
WHERE e.run_id = $run_id AND e.context_id IN $context_ids
  AND ($after IS NULL OR e.score < $after[0] OR (e.score = $after[0] AND (
    r.gene_id > $after[1] OR (r.gene_id = $after[1] AND e.context_id > $after[2]))))
WITH r, e, t ORDER BY e.score DESC, r.gene_id, e.context_id LIMIT $limit
RETURN e {.context_id, .score, .rank, .sign, regulator: r.gene_id, symbol: r.symbol,
          num_targets: COUNT { MATCH (r)-[all:REGULATES]->(:Gene)
                               WHERE coalesce(all.run_id, '') = e.run_id AND all.context_id = e.context_id
                                 AND all.sign = e.sign },
          peak_ids: COLLECT {
            MATCH (t)-[l:LINKED]->(p:Peak)
            WHERE coalesce(l.run_id, '') = e.run_id AND l.context_id = e.context_id AND EXISTS {
              MATCH (r)-[b:BINDS]->(p)
              MATCH (s:Source {source_id: b.source_id})
              WHERE s.load_id = b.load_id
                AND ($licence_classes IS NULL OR s.licence_class IN $licence_classes) }
            RETURN p.peak_id ORDER BY l.weight DESC, p.peak_id LIMIT 1000}} AS regulon
ORDER BY regulon.score DESC, regulon.regulator, regulon.context_id LIMIT $limit
"""
"""A regulon: the targets of one regulator, in one context, with one sign."""
