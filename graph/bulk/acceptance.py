"""What is done to a new store before it counts: numbers compared, schema made, empty lists filled in."""

from collections.abc import Sequence

from graph.bulk.csv_files import CsvFile
from graph.bulk.present import num_present
from graph.cypher import bulk as statements
from graph.errors import ConflictError, DatabaseError
from graph.local import Connection
from graph.migrations import migrate
from graph.store import GraphStore


def open_store(connection: Connection) -> GraphStore:
    """Return a store on a server."""
    c = connection
    return GraphStore.connect(c.uri, user=c.user, password=c.password, database=c.database)


def complete(connection: Connection, *, nodes: Sequence[CsvFile], relationships: Sequence[CsvFile]) -> None:
    """Bring a new store to what a load by Bolt makes.

    Raises
    ------
    DatabaseError
        If it does not hold what was imported.
    """
    wanted = sum(file.num_rows for file in (*nodes, *relationships))
    with open_store(connection) as store:
        found = num_present(store)
        if found != wanted:
            raise DatabaseError(
                f"the new store holds {found:,} nodes and relationships, {wanted:,} were imported; "
                "the former data are back"
            )
        migrate(store)
        for label, name in empty_lists(nodes):
            store.write_autocommit(statements.FILL_NODE_LISTS, label=label, name=name)
        for kind, name in empty_lists(relationships):
            store.write_autocommit(statements.FILL_RELATIONSHIP_LISTS, type=kind, name=name)


def empty_lists(files: Sequence[CsvFile]) -> list[tuple[str, str]]:
    """Return which lists are to be filled: label or type, and property.

    Raises
    ------
    ConflictError
        If nodes or relationships of one name have such a list in one file and none in another.
    """
    found = sorted({(file.name, each) for file in files for each in file.empty_lists})
    for name, each in found:
        lacking = [file for file in files if file.name == name and each not in file.lists]
        if lacking:
            raise ConflictError(
                f"{name}: {each} is an empty list in some rows, and missing in others "
                f"({lacking[0].path.name}), which an import cannot tell apart",
                hint="load by Bolt",
            )
    return found
