"""Statements that read a whole graph, to be carried into a new store; an order would cost memory."""

NODES = """
MATCH (n)
RETURN elementId(n) AS id, labels(n) AS labels, properties(n) AS properties
"""

RELATIONSHIPS = """
MATCH (a)-[e]->(b)
RETURN elementId(a) AS source, elementId(b) AS target, type(e) AS type, properties(e) AS properties
"""

COUNT_NODES = "MATCH (n) RETURN count(n) AS number"

COUNT_RELATIONSHIPS = "MATCH ()-[e]->() RETURN count(e) AS number"


FILL_NODE_LISTS = """
MATCH (n)
WHERE $label IN labels(n) AND n[$name] IS NULL
CALL (n) { SET n[$name] = [] } IN TRANSACTIONS OF 20000 ROWS
"""
"""The import makes no property of an empty list; all nodes of the label have this one."""

FILL_RELATIONSHIP_LISTS = """
MATCH ()-[e]->()
WHERE type(e) = $type AND e[$name] IS NULL
CALL (e) { SET e[$name] = [] } IN TRANSACTIONS OF 20000 ROWS
"""
