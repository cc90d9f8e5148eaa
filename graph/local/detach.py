"""Program: starts a command in a session of its own and writes its process id.

``python detach.py LOG COMMAND...``. The command outlives this program and its parent, gets no Ctrl-C of
the terminal, and is adopted by the init process, so that no zombie is left in a long-lived notebook.
"""

import os
import subprocess
import sys
from pathlib import Path


def main() -> None:
    """Start the command, append what it says to LOG, and leave at once."""
    with Path(sys.argv[1]).open("ab") as log:
        child = subprocess.Popen(
            sys.argv[2:], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    sys.stdout.write(str(child.pid))
    sys.stdout.flush()
    os._exit(0)  # the child is meant to be left behind: no warning about it


if __name__ == "__main__":
    main()
