"""What is in the graph, in numbers and versions; none of these statements writes."""

LOADS = """
MATCH (s:Source) WHERE s.load_id IS NOT NULL
RETURN s.source_id AS source_id, s.load_id AS load_id
ORDER BY source_id LIMIT 10000
"""

STATE = """
RETURN
  COLLECT { MATCH (r:Release) RETURN r.release_id
            ORDER BY r.created_at DESC, r.release_id LIMIT 1} AS releases,
  COLLECT { MATCH (s:Source) WHERE s.load_id IS NOT NULL
            RETURN s.load_id ORDER BY s.source_id LIMIT 10000} AS loads,
  COLLECT { MATCH (d:Dataset)
            RETURN d.dataset_id + ' ' + coalesce(d.state, '') + ' ' + coalesce(d.fingerprint, '')
            ORDER BY d.dataset_id LIMIT 10000} AS datasets,
  COLLECT { MATCH (r:Run)
            RETURN r.run_id + ' ' + r.state + ' ' + toString(r.is_default) + ' '
                   + coalesce(toString(r.finished_at), '') + ' ' + toString(size(coalesce(r.metrics, '')))
            ORDER BY r.run_id LIMIT 10000} AS runs
LIMIT 1
"""
"""Everything that an answer depends on changes at least one of these."""

EVIDENCE_STATE = """
RETURN
  COLLECT { MATCH (s:Source) WHERE s.load_id IS NOT NULL
            RETURN s.source_id + ' ' + s.load_id ORDER BY s.source_id LIMIT 10000} AS loads,
  COLLECT { MATCH (d:Dataset)
            RETURN d.dataset_id + ' ' + coalesce(d.state, '') + ' ' + coalesce(d.fingerprint, '')
            ORDER BY d.dataset_id LIMIT 10000} AS datasets
LIMIT 1
"""
"""What training and judging read of the graph changes at least one of these."""

RELEASES = """
MATCH (r:Release)
RETURN r.release_id AS release_id, toString(r.created_at) AS created_at, r.contents AS contents
ORDER BY r.created_at DESC, release_id LIMIT 1000
"""

STATS = """
RETURN {
  genes: COUNT { (:Gene) }, regulators: COUNT { (:Regulator) }, peaks: COUNT { (:Peak) },
  gene_sets: COUNT { (:GeneSet) }, contexts: COUNT { (:Context) }, datasets: COUNT { (:Dataset) },
  sources: COUNT { MATCH (s:Source) WHERE s.state = 'complete' },
  runs: COUNT { MATCH (r:Run) WHERE r.state = 'complete' }} AS nodes,
  {priors: COUNT { ()-[:PRIOR]->() }, chip_targets: COUNT { ()-[:CHIP_TARGET]->() },
   bindings: COUNT { ()-[:BINDS]->() }, candidates: COUNT { ()-[:NEAR]->() },
   links: COUNT { ()-[:LINKED]->() }, predictions: COUNT { ()-[:REGULATES]->() },
   baselines: COUNT { ()-[:BASELINE]->() }, lags: COUNT { ()-[:HAS_LAG]->() }} AS relationships
LIMIT 1
"""
"""Numbers of the count store: relationships of a run that is being written are among them."""
