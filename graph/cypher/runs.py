"""Statements that make a run visible, or make it vanish."""

BEGIN = """
MATCH (d:Dataset {dataset_id: $dataset_id})
OPTIONAL MATCH (s:Source) WHERE s.source_id IN $source_ids
WITH d, collect(s) AS sources
WHERE size(sources) = size($source_ids)
MERGE (r:Run {run_id: $run_id})
SET r.kind = $kind, r.dataset_id = $dataset_id, r.config = $config, r.seed = $seed,
    r.code_version = $code_version, r.licence_class = $licence_class, r.scores_path = $scores_path,
    r.metrics = $metrics, r.state = 'writing', r.is_default = false,
    r.writer = $writer, r.started_at = datetime()
MERGE (r)-[:USED]->(d)
FOREACH (s IN sources | MERGE (r)-[:USED]->(s))
RETURN r.run_id AS run_id
"""

PUBLISH = """
MATCH (r:Run {run_id: $run_id, state: 'writing'})
OPTIONAL MATCH (other:Run {dataset_id: r.dataset_id, kind: r.kind})
  WHERE other.run_id <> r.run_id AND other.is_default
WITH r, collect(other) AS others
FOREACH (other IN others | SET other.is_default = false)
SET r.state = 'complete', r.finished_at = datetime(), r.is_default = true,
    r.num_edges = $num_edges, r.num_links = $num_links, r.metrics = $metrics
RETURN r.run_id AS run_id
"""

MAKE_DEFAULT = """
MATCH (r:Run {run_id: $run_id, state: 'complete'})
OPTIONAL MATCH (other:Run {dataset_id: r.dataset_id, kind: r.kind, is_default: true})
  WHERE other.run_id <> r.run_id
WITH r, collect(other) AS others
FOREACH (other IN others | SET other.is_default = false)
SET r.is_default = true
RETURN r.run_id AS run_id
"""

SET_METRICS = """
MATCH (r:Run {run_id: $run_id})
SET r.metrics = $metrics
RETURN r.run_id AS run_id
"""

SET_STATE = """
MATCH (r:Run {run_id: $run_id})
SET r.state = $state, r.is_default = false
RETURN r.run_id AS run_id
"""

UNFINISHED = """
MATCH (r:Run) WHERE r.state IN ['writing', 'failed', 'deleting']
RETURN r.run_id AS run_id, r.state AS state, r.writer AS writer,
       duration.inSeconds(r.started_at, datetime()).seconds AS age_s
ORDER BY run_id LIMIT 10000
"""

GET = """
MATCH (r:Run {run_id: $run_id})
RETURN r {.*} AS run, [(r)-[:USED]->(s:Source) | s.source_id] AS source_ids
"""

DEFAULT = """
MATCH (r:Run {dataset_id: $dataset_id, kind: $kind, state: 'complete', is_default: true})
RETURN r.run_id AS run_id ORDER BY r.finished_at DESC LIMIT 1
"""

LIST = """
MATCH (r:Run)
WHERE $all_states OR r.state = 'complete'
WITH r ORDER BY r.finished_at DESC, r.run_id LIMIT $limit
RETURN r.run_id AS run_id, r.kind AS kind, r.dataset_id AS dataset_id, r.state AS state,
       r.is_default AS is_default, r.seed AS seed, r.code_version AS code_version,
       r.licence_class AS licence_class, r.num_edges AS num_edges, r.metrics AS metrics,
       r.config AS config, toString(r.finished_at) AS finished_at,
       COLLECT { MATCH (r)-[:USED]->(s:Source) RETURN s.source_id ORDER BY s.source_id } AS source_ids
"""
"""By time and not by its text: `…:25.5Z` stands behind `…:25.49Z` in time, and before it as a string."""

DELETE_REGULATIONS = """
MATCH ()-[e:REGULATES {run_id: $run_id}]->()
CALL (e) { DELETE e } IN TRANSACTIONS OF 10000 ROWS
"""

DELETE_BASELINES = """
MATCH ()-[e:BASELINE {run_id: $run_id}]->()
CALL (e) { DELETE e } IN TRANSACTIONS OF 10000 ROWS
"""

DELETE_LINKS = """
MATCH ()-[e:LINKED {run_id: $run_id}]->()
CALL (e) { DELETE e } IN TRANSACTIONS OF 10000 ROWS
"""

DELETE_LAGS = """
MATCH ()-[e:HAS_LAG {run_id: $run_id}]->()
CALL (e) { DELETE e } IN TRANSACTIONS OF 10000 ROWS
"""

DELETE_NODE = """
MATCH (r:Run {run_id: $run_id})
DETACH DELETE r
"""

DELETE_ALL = (DELETE_REGULATIONS, DELETE_BASELINES, DELETE_LINKS, DELETE_LAGS, DELETE_NODE)
"""In order: what the run wrote first, the run itself last, so that a killed deletion is found again."""
