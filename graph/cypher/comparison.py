"""What is held against one another: runs, contexts, sources, regulators; none of these statements writes."""

GROUPS = """
UNWIND $gene_ids AS gene_id
CALL (gene_id) {
  MATCH (r:Regulator {gene_id: gene_id})-[e:REGULATES]->(t:Gene)
  USING INDEX SEEK r:Regulator(gene_id)
  WHERE e.context_id IN $context_ids AND e.run_id IN $run_ids
  WITH e.run_id AS run_id, e.context_id AS context_id, collect(t.gene_id) AS targets,
       collect(e.score) AS scores, collect(e.sign) AS signs
  RETURN collect({run_id: run_id, context_id: context_id, targets: targets, scores: scores,
                  signs: signs}) AS groups
}
WITH gene_id, groups WHERE size(groups) > 0
RETURN gene_id AS source, groups
"""
"""One row a regulator, a group for each run and context that it has edges in; lists of one length.

Both networks are read in one pass: the edges of a regulator are walked once, those of other runs too.
"""

SYMBOLS = """
UNWIND $gene_ids AS gene_id
MATCH (g:Gene {gene_id: gene_id})
RETURN g.gene_id AS gene_id, g.symbol AS symbol ORDER BY gene_id LIMIT 10000
"""

SIGN_CONFLICTS_OF_REGULATOR = """
MATCH (r:Regulator {gene_id: $source})-[p:PRIOR]->(t:Gene)
WHERE p.sign <> 0 AND ($target IS NULL OR t.gene_id = $target) AND ($after IS NULL OR t.gene_id > $after[0])
MATCH (s:Source {source_id: p.source_id}) USING INDEX SEEK s:Source(source_id)
WHERE s.load_id = p.load_id AND ($licence_classes IS NULL OR s.licence_class IN $licence_classes)
WITH r, t, p ORDER BY p.source_id
WITH r, t, collect(DISTINCT CASE p.sign WHEN 1 THEN p.source_id END) AS activating,
     collect(DISTINCT CASE p.sign WHEN -1 THEN p.source_id END) AS repressing
WHERE size(activating) > 0 AND size(repressing) > 0
RETURN {source: r.gene_id, source_symbol: r.symbol, target: t.gene_id, target_symbol: t.symbol,
        activating: activating, repressing: repressing} AS conflict
ORDER BY conflict.target LIMIT $limit
"""

SIGN_CONFLICTS_OF_TARGET = """
MATCH (t:Gene {gene_id: $target})<-[p:PRIOR]-(r:Regulator)
WHERE p.sign <> 0 AND ($after IS NULL OR r.gene_id > $after[0])
MATCH (s:Source {source_id: p.source_id}) USING INDEX SEEK s:Source(source_id)
WHERE s.load_id = p.load_id AND ($licence_classes IS NULL OR s.licence_class IN $licence_classes)
WITH r, t, p ORDER BY p.source_id
WITH r, t, collect(DISTINCT CASE p.sign WHEN 1 THEN p.source_id END) AS activating,
     collect(DISTINCT CASE p.sign WHEN -1 THEN p.source_id END) AS repressing
WHERE size(activating) > 0 AND size(repressing) > 0
RETURN {source: r.gene_id, source_symbol: r.symbol, target: t.gene_id, target_symbol: t.symbol,
        activating: activating, repressing: repressing} AS conflict
ORDER BY conflict.source LIMIT $limit
"""

SHARED_REGULATORS = """
UNWIND $gene_ids AS gene_id
MATCH (t:Gene {gene_id: gene_id})<-[e:REGULATES]-(r:Regulator)
USING INDEX SEEK t:Gene(gene_id)
WHERE e.run_id = $run_id AND e.context_id IN $context_ids
  AND ($min_score IS NULL OR e.score >= $min_score)
WITH r, t, max(e.score) AS score ORDER BY score DESC, t.gene_id
WITH r, count(t) AS num_shared, avg(score) AS mean_score, collect(t.gene_id) AS targets,
     collect(coalesce(t.symbol, t.gene_id)) AS target_symbols
WHERE num_shared >= $min_shared
WITH r, num_shared, mean_score, targets, target_symbols
ORDER BY num_shared DESC, mean_score DESC, r.gene_id LIMIT $limit
RETURN {regulator: r.gene_id, symbol: r.symbol, num_shared: num_shared, mean_score: mean_score,
        targets: targets, target_symbols: target_symbols,
        num_targets: COUNT {
          MATCH (r)-[e:REGULATES]->(any:Gene)
          WHERE coalesce(e.run_id, '') = $run_id AND e.context_id IN $context_ids
          RETURN DISTINCT any }} AS regulator
ORDER BY regulator.num_shared DESC, regulator.mean_score DESC, regulator.regulator LIMIT $limit
"""
"""`num_targets`: all that the regulator controls there, among which a list may be by its size alone."""
