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
        for label, names in empty_lists(nodes).items():  # before there are indexes to keep up with it
            store.write_autocommit(statements.FILL_LISTS, label=label, names=names)
        migrate(store)


def empty_lists(nodes: Sequence[CsvFile]) -> dict[str, list[str]]:
    """Return which lists of nodes are to be filled in: properties by label.

    Raises
    ------
    ConflictError
        If it is an empty list on some nodes of the label, and missing on others.
    """
    found: dict[str, set[str]] = {}
    for file in nodes:
        found.setdefault(file.name, set()).update(file.empty_lists)
    for file in nodes:
        mixed = found[file.name] - file.lists
        if mixed:
            raise ConflictError(
                f"{file.name}: {sorted(mixed)} are empty lists on some nodes and missing on others, "
                "which an import cannot tell apart",
                hint="load by Bolt",
            )
    return {label: sorted(names) for label, names in found.items() if names}
