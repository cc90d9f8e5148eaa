"""Whole networks of a run, in parts that a client can hold; none of these statements writes."""

REGULATOR_IDS = """
MATCH (r:Regulator) RETURN r.gene_id AS gene_id ORDER BY gene_id LIMIT 100000
"""

EDGES = """
UNWIND $gene_ids AS gene_id
MATCH (regulator:Regulator {gene_id: gene_id})
CALL (gene_id) {
  MATCH (r:Regulator {gene_id: gene_id})-[e:REGULATES]->(t:Gene)
  USING INDEX SEEK r:Regulator(gene_id)
  WHERE e.run_id = $run_id AND e.context_id IN $context_ids
    AND ($min_score IS NULL OR e.score >= $min_score)
    AND ($novel IS NULL OR $novel = CASE WHEN $licence_classes IS NULL THEN e.novel ELSE NOT EXISTS {
      MATCH (r)-[p:PRIOR]->(t)
      MATCH (s:Source {source_id: p.source_id}) USING INDEX SEEK s:Source(source_id)
      WHERE s.load_id = p.load_id AND s.licence_class IN $licence_classes } END)
    AND ($lag_sign IS NULL OR coalesce(toString(e.lag_sign), 'none') = $lag_sign)
  WITH r, t, e ORDER BY e.score DESC, e.context_id
  WITH r, t, collect(e) AS told
  UNWIND CASE WHEN $one_a_pair THEN told[..1] ELSE told END AS e
  WITH r, t, e ORDER BY e.score DESC, t.gene_id, e.context_id
  RETURN collect([t.gene_id, t.symbol, e.context_id, e.score, e.uncertainty, e.rank, e.sign, e.lag,
                  e.lag_unit, e.lag_sign, e.lag_fdr, e.chromatin_lag,
                  CASE WHEN $licence_classes IS NULL THEN e.evidence_count ELSE COUNT {
                    MATCH (r)-[x:PRIOR|CHIP_TARGET]->(t)
                    MATCH (s:Source {source_id: x.source_id}) USING INDEX SEEK s:Source(source_id)
                    WHERE s.load_id = x.load_id AND s.licence_class IN $licence_classes
                    RETURN DISTINCT s } END,
                  CASE WHEN $licence_classes IS NULL THEN e.novel ELSE NOT EXISTS {
                    MATCH (r)-[p:PRIOR]->(t)
                    MATCH (s:Source {source_id: p.source_id}) USING INDEX SEEK s:Source(source_id)
                    WHERE s.load_id = p.load_id AND s.licence_class IN $licence_classes } END]) AS edges
}
WITH regulator, edges WHERE size(edges) > 0
UNWIND range(0, size(edges) - 1, $part) AS first
RETURN regulator.gene_id AS source, regulator.symbol AS source_symbol, edges[first..first + $part] AS edges
"""
"""By regulator in the order of `$gene_ids`, best first: no row waits for all others to be sorted."""

GENES = """
MATCH (r:Regulator)-[e:REGULATES]->(t:Gene)
WHERE e.run_id = $run_id AND e.context_id IN $context_ids
  AND ($min_score IS NULL OR e.score >= $min_score)
  AND ($novel IS NULL OR $novel = CASE WHEN $licence_classes IS NULL THEN e.novel ELSE NOT EXISTS {
      MATCH (r)-[p:PRIOR]->(t)
      MATCH (s:Source {source_id: p.source_id}) USING INDEX SEEK s:Source(source_id)
      WHERE s.load_id = p.load_id AND s.licence_class IN $licence_classes } END)
  AND ($lag_sign IS NULL OR coalesce(toString(e.lag_sign), 'none') = $lag_sign)
UNWIND [r, t] AS g
WITH DISTINCT g
RETURN g.gene_id AS gene_id, g.symbol AS symbol, g:Regulator AS is_regulator
ORDER BY gene_id LIMIT 1000000
"""
"""What is held is each gene once."""

NUM_EDGES = """
MATCH (r:Regulator)-[e:REGULATES]->(t:Gene)
WHERE e.run_id = $run_id AND e.context_id IN $context_ids
  AND ($min_score IS NULL OR e.score >= $min_score)
  AND ($novel IS NULL OR $novel = CASE WHEN $licence_classes IS NULL THEN e.novel ELSE NOT EXISTS {
      MATCH (r)-[p:PRIOR]->(t)
      MATCH (s:Source {source_id: p.source_id}) USING INDEX SEEK s:Source(source_id)
      WHERE s.load_id = p.load_id AND s.licence_class IN $licence_classes } END)
  AND ($lag_sign IS NULL OR coalesce(toString(e.lag_sign), 'none') = $lag_sign)
RETURN count(e) AS num_edges LIMIT 1
"""

REGIONS = """
UNWIND $pairs AS pair
MATCH (r:Regulator {gene_id: $source})
MATCH (t:Gene {gene_id: pair.target})
MATCH (t)-[l:LINKED]->(p:Peak)
WHERE coalesce(l.run_id, '') = $run_id AND l.context_id = pair.context_id AND EXISTS {
  MATCH (r)-[b:BINDS]->(p)
  MATCH (s:Source {source_id: b.source_id})
  WHERE s.load_id = b.load_id AND ($licence_classes IS NULL OR s.licence_class IN $licence_classes) }
RETURN pair.target AS target, pair.context_id AS context_id, p.chrom AS chrom, p.start AS start,
       p.end AS end, l.weight AS weight
ORDER BY target, context_id, weight DESC, chrom, start LIMIT 100000
"""
"""Peaks that are linked to a target and bound by the regulator, for one part of its edges."""
