"""``cisgraph keys``: API keys; the file keeps their hashes, and a key is shown once."""

import os
from pathlib import Path
from typing import Annotated

import typer

from api.keys import KeyRing, new_key
from cisgraph.cli.console import standard_output

keys_app = typer.Typer(name="keys", help="Make keys of the API.", no_args_is_help=True)


@keys_app.command("new")
def new(
    name: Annotated[str, typer.Argument(help="Whose key it is; one word.")],
    file: Annotated[
        Path, typer.Option(help="File of names and hashes; CISGRAPH_KEYS_FILE names it to the API.")
    ],
) -> None:
    """Make a key, add its hash to the file, and show the key, once."""
    if file.exists():
        KeyRing.read(file)  # a broken file is told before a key is made
    key, line = new_key(name)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as out:
        out.write(f"{line}\n")
    standard_output().print(key, highlight=False, soft_wrap=True)
