"""Options that every source of a user has: its key, its name, its licence."""

from typing import Annotated

import typer

from graph.errors import InputError
from graph.schema import LicenceClass, Source
from ingest.catalogue import OTHER_SOURCES, SOURCES

SourceIdOption = Annotated[str, typer.Option(help="Key of the source in the graph.")]
NameOption = Annotated[str, typer.Option(help="Name for people; the id without one.")]
VersionOption = Annotated[str, typer.Option(help="Version or date of the file.")]
SpeciesOption = Annotated[str, typer.Option(help="Species whose genes the names are.")]
LicenceTextOption = Annotated[str, typer.Option(help="Licence of the file, in words.")]
ClassOption = Annotated[LicenceClass, typer.Option(help="How strict the licence is.")]
CitationOption = Annotated[str, typer.Option(help="DOI of the data.")]


def user_source(
    source_id: str,
    *,
    name: str = "",
    version: str = "",
    species: str = "human",
    licence: str = "",
    licence_class: LicenceClass = "open",
    citation: str = "",
) -> Source:
    """Return the record of a source that a user brings.

    Raises
    ------
    InputError
        If a source that cisgraph knows has this id.
    """
    return Source(
        source_id=own_id(source_id),
        name=name or source_id,
        version=version,
        licence=licence or "as given by the user",
        licence_class=licence_class,
        citation=citation,
        species=species,
    )


def own_id(source_id: str) -> str:
    """Return an id that is no known source's.

    Raises
    ------
    InputError
        If it is.
    """
    if source_id in {spec.source_id for spec in (*SOURCES, *OTHER_SOURCES)}:
        raise InputError(
            f"--source-id {source_id}: a source of its own, whose files `cisgraph ingest source` takes",
            hint="give your file another id",
        )
    return source_id
