"""Constraints and indexes, by migration; each statement can be repeated.

Relationships of a run have an index on it, to be deleted by. Evidence has none on its source: `MERGE` would
be planned to seek it, row after row, through everything that the source holds.
"""

CONSTRAINTS = (
    "CREATE CONSTRAINT gene_id IF NOT EXISTS FOR (n:Gene) REQUIRE n.gene_id IS UNIQUE",
    "CREATE CONSTRAINT regulator_id IF NOT EXISTS FOR (n:Regulator) REQUIRE n.gene_id IS UNIQUE",
    "CREATE CONSTRAINT assembly_id IF NOT EXISTS FOR (n:Assembly) REQUIRE n.assembly_id IS UNIQUE",
    "CREATE CONSTRAINT complex_id IF NOT EXISTS FOR (n:Complex) REQUIRE n.complex_id IS UNIQUE",
    "CREATE CONSTRAINT peak_id IF NOT EXISTS FOR (n:Peak) REQUIRE n.peak_id IS UNIQUE",
    "CREATE CONSTRAINT source_id IF NOT EXISTS FOR (n:Source) REQUIRE n.source_id IS UNIQUE",
    "CREATE CONSTRAINT dataset_id IF NOT EXISTS FOR (n:Dataset) REQUIRE n.dataset_id IS UNIQUE",
    "CREATE CONSTRAINT context_id IF NOT EXISTS FOR (n:Context) REQUIRE n.context_id IS UNIQUE",
    "CREATE CONSTRAINT run_id IF NOT EXISTS FOR (n:Run) REQUIRE n.run_id IS UNIQUE",
    "CREATE CONSTRAINT release_id IF NOT EXISTS FOR (n:Release) REQUIRE n.release_id IS UNIQUE",
    "CREATE CONSTRAINT schema_version IF NOT EXISTS FOR (n:SchemaVersion) REQUIRE n.version IS UNIQUE",
)

GENE_SETS = (
    "CREATE CONSTRAINT set_id IF NOT EXISTS FOR (n:GeneSet) REQUIRE n.set_id IS UNIQUE",
    "CREATE INDEX gene_species IF NOT EXISTS FOR (n:Gene) ON (n.species)",
)

DELETE_UNSOURCED_LOCATIONS = """
MATCH ()-[e:LOCATED_ON]->() WHERE e.source_id IS NULL
CALL (e) { DELETE e } IN TRANSACTIONS OF 10000 ROWS
"""

INDEXES = (
    "CREATE INDEX gene_symbol IF NOT EXISTS FOR (n:Gene) ON (n.symbol)",
    "CREATE INDEX context_name IF NOT EXISTS FOR (n:Context) ON (n.name)",
    "CREATE INDEX linked_run IF NOT EXISTS FOR ()-[e:LINKED]-() ON (e.run_id)",
    "CREATE INDEX regulates_run IF NOT EXISTS FOR ()-[e:REGULATES]-() ON (e.run_id)",
    "CREATE INDEX baseline_run IF NOT EXISTS FOR ()-[e:BASELINE]-() ON (e.run_id)",
    "CREATE INDEX lag_run IF NOT EXISTS FOR ()-[e:HAS_LAG]-() ON (e.run_id)",
)

FULL_TEXT = (
    "CREATE FULLTEXT INDEX gene_names IF NOT EXISTS "
    "FOR (n:Gene) ON EACH [n.symbol, n.aliases, n.previous_symbols]",
)

AWAIT_INDEXES = "CALL db.awaitIndexes($timeout_s)"

READ_VERSION = "MATCH (n:SchemaVersion) RETURN max(n.version) AS version"

RECORD_VERSION = """
MERGE (n:SchemaVersion {version: $version})
ON CREATE SET n.name = $name, n.applied_at = datetime()
"""
