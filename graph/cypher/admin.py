"""Statements about the server itself."""

from typing import Final, LiteralString

SERVER_VERSION: Final[LiteralString] = """
CALL dbms.components() YIELD name, versions
RETURN name, versions[0] AS version
ORDER BY name
LIMIT 1
"""
"""Read: one row with the name and version of the server."""

ANSWERS: Final[LiteralString] = "RETURN 1 AS one"
"""Read: one row, if the server answers at all."""

FIRST_QUERY: Final[LiteralString] = """MATCH (run:Run {state: 'complete', is_default: true})
MATCH (r:Regulator {symbol: 'GATA1'})-[e:REGULATES {run_id: run.run_id}]->(g:Gene)
WHERE e.context_id ENDS WITH '/K562'
  AND NOT EXISTS { (r)-[:PRIOR {source_id: 'dorothea'}]->(g) }
  AND EXISTS { (r)-[:CHIP_TARGET {cell_type: 'K562'}]->(g) }
RETURN r.symbol AS regulator, g.symbol AS target, e.score AS score, e.rank AS rank, e.lag_sign AS lag_sign
ORDER BY score DESC LIMIT 25"""
"""Read, shown first in Neo4j Browser: predicted K562 edges of GATA1 that DoRothEA lacks and ChIP-seq has."""
