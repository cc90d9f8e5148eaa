"""How to reach one Neo4j server."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Connection:
    """Address and credentials of one Neo4j server.

    Attributes
    ----------
    uri
        Bolt address, such as ``bolt://127.0.0.1:7687`` or ``neo4j+s://host``.
    password
        Kept out of ``repr`` so that no log or traceback shows it.
    http_url, browser_url
        HTTP root and page of Neo4j Browser; empty when they are not known (a server that is not ours).
    database
        Name of the database that holds the graph.
    """

    uri: str
    user: str
    password: str = field(repr=False)
    http_url: str = ""
    browser_url: str = ""
    database: str = "neo4j"
