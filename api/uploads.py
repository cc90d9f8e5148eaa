"""Networks that users send: written to disk part by part, never held whole."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from graph.errors import InputError
from graph.validation.network_files import NAMES

WAIT_S = 2.0
"""For so long a validation may take to be answered at once."""

MAX_MEMORY = 6 * 1024**3
"""Bytes of address space of the process that judges."""

KINDS = {b"PAR1": ".parquet", b"\x1f\x8b": ".tsv.gz"}
"""How files of a kind begin; all others are text."""

Formats = Literal[
    "pyscenic", "scenicplus", "celloracle", "celloracle-base", "grnboost2", "decoupler", "table"
]


class UploadFilters(BaseModel):
    """How an upload is to be judged."""

    model_config = ConfigDict(extra="forbid")

    format: Annotated[
        Formats | None, Field(description=f"One of {', '.join(NAMES)}; else the columns tell.")
    ] = None
    against: Annotated[
        str, Field(max_length=500, description="Judges, with commas between them; all without.")
    ] = ""
    trained_on: Annotated[
        str, Field(max_length=500, description="Databases that the network was made with: no judges.")
    ] = ""
    negative: Annotated[
        Literal["refuse", "magnitude", "value"], Field(description="What a negative weight means.")
    ] = "refuse"
    species: Annotated[str, Field(min_length=1, max_length=50)] = "human"
    dataset: Annotated[
        str | None, Field(max_length=200, description="Data set whose expressed genes are asked about.")
    ] = None

    def assignment(self) -> dict[str, Any]:  # fields of `api.judging.Assignment`
        """Return what the process that judges is told."""
        return {
            "kind": self.format,
            "against": _names(self.against),
            "trained_on": _names(self.trained_on),
            "negative_weights": self.negative,
            "species": self.species,
            "dataset_id": self.dataset,
            "max_memory": MAX_MEMORY,
        }


async def save(parts: AsyncIterator[bytes], path: Path) -> Path:
    """Write a body to a file, and return it under a name that tells its kind.

    What was not received whole is deleted, with the folder.

    Raises
    ------
    InputError
        If the body is empty.
    """
    head, saved = b"", False
    try:
        with path.open("wb") as file:
            async for part in parts:
                head = head or bytes(part[:4])
                file.write(part)
        if not head:
            raise InputError(
                "expected a network as the body of the request, found none",
                hint="curl --data-binary @network.tsv",
            )
        suffix = next((suffix for start, suffix in KINDS.items() if head.startswith(start)), ".tsv")
        path = path.rename(path.with_name(path.name + suffix))
        saved = True
    finally:
        if not saved:  # also where the client went away
            shutil.rmtree(path.parent, ignore_errors=True)
    return path


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
