"""Many genes at once: names, a network to be drawn; nothing here writes."""

RESOLVE = """
UNWIND $names AS asked
CALL (asked) {
  MATCH (g:Gene {gene_id: asked.gene_id}) RETURN g, 'gene_id' AS matched_by
  UNION
  MATCH (g:Gene {symbol: asked.name}) RETURN g, 'symbol' AS matched_by
}
WITH asked, g, matched_by WHERE $species IS NULL OR g.species = $species
RETURN asked.name AS name, g.gene_id AS gene_id, g.symbol AS symbol, g.species AS species, matched_by
ORDER BY name, gene_id LIMIT 50000
"""

RESOLVE_OTHER = """
UNWIND $names AS asked
CALL (asked) {
  CALL db.index.fulltext.queryNodes('gene_names', asked.phrase, {limit: 50}) YIELD node AS g
  WITH g, toLower(asked.name) AS name
  WITH g, CASE
    WHEN name IN [a IN coalesce(g.previous_symbols, []) | toLower(a)] THEN 'previous_symbol'
    WHEN name IN [a IN coalesce(g.aliases, []) | toLower(a)] THEN 'alias'
    WHEN toLower(g.symbol) = name THEN 'symbol_in_other_case' END AS matched_by
  WHERE matched_by IS NOT NULL
  RETURN g, matched_by
}
WITH asked, g, matched_by WHERE $species IS NULL OR g.species = $species
RETURN asked.name AS name, g.gene_id AS gene_id, g.symbol AS symbol, g.species AS species, matched_by
ORDER BY name, gene_id LIMIT 50000
"""

BEST_EDGES = """
MATCH (r:Regulator)-[e:REGULATES]->(t:Gene)
USING INDEX SEEK r:Regulator(gene_id)
WHERE r.gene_id IN $gene_ids AND e.run_id = $run_id AND e.context_id IN $context_ids
  AND ($min_score IS NULL OR e.score >= $min_score)
WITH r, t, e ORDER BY e.score DESC, e.context_id
WITH r, t, collect(e)[0] AS e
RETURN e {.score, .sign, .lag_sign, .context_id, source: r.gene_id, source_symbol: r.symbol,
          target: t.gene_id, target_symbol: t.symbol, target_is_regulator: t:Regulator,
          novel: CASE WHEN $licence_classes IS NULL THEN e.novel ELSE NOT EXISTS {
            MATCH (r)-[p:PRIOR]->(t)
            MATCH (s:Source {source_id: p.source_id}) USING INDEX SEEK s:Source(source_id)
            WHERE s.load_id = p.load_id AND s.licence_class IN $licence_classes } END} AS edge
ORDER BY edge.score DESC, edge.source, edge.target LIMIT $limit
"""
