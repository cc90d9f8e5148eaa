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

COUNT_STRANGE = """
MATCH (n) WHERE none(label IN labels(n) WHERE label IN $labels)
RETURN count(n) AS number
"""
"""Nodes that have none of some labels."""

COUNT_RELATIONSHIPS = "MATCH ()-[e]->() RETURN count(e) AS number"


FILL_LISTS = """
MATCH (n)
WHERE $label IN labels(n)
WITH n, [name IN $names WHERE n[name] IS NULL] AS missing
WHERE size(missing) > 0
CALL (n, missing) { FOREACH (name IN missing | SET n[name] = []) } IN TRANSACTIONS OF 10000 ROWS
"""
"""The import makes no property of an empty list; all nodes of the label have these."""
