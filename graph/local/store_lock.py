"""Whether a process holds Neo4j's lock on its stores."""

import sys
from pathlib import Path

if sys.platform != "win32":
    import fcntl


def store_is_locked(path: Path) -> bool:
    """Whether another process holds the lock file; False when there is none.

    Always False on Windows: there Neo4j itself refuses a locked store, later and in other words.
    """
    if sys.platform == "win32" or not path.is_file():
        return False
    with path.open("r+b") as stream:
        try:
            # Java's FileChannel locks are POSIX record locks, which these are too.
            fcntl.lockf(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        fcntl.lockf(stream, fcntl.LOCK_UN)
    return False
