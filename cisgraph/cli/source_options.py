"""Options that several commands have: who made a user's source, and how it is loaded."""

import inspect
from collections.abc import Callable
from functools import partial, wraps
from typing import Annotated

import typer

from cisgraph.cli.loading import AcceptOption, DryRunOption, JsonOption, load_plan
from graph.errors import InputError
from graph.schema import LicenceClass, Source
from ingest.catalogue import OTHER_SOURCES, SOURCES
from ingest.plan import Plan

SourceIdOption = Annotated[str, typer.Option(help="Key of the source in the graph.")]
SpeciesOption = Annotated[str, typer.Option(help="Species whose genes the names are.")]

Load = Callable[[Plan], None]
"""Loads a plan as the options of loading say."""

Command = Callable[..., None]


def takes(**makers: Callable[..., object]) -> Callable[[Command], Command]:
    """Give a command the options of some functions, in the place of what they return.

    `@takes(record=user_source)` makes a command with the parameter `record` one with the options of
    `user_source`, which is called with them.
    """

    def decorated(command: Command) -> Command:
        @wraps(command)
        def run(**said: object) -> None:
            made = {
                name: maker(**{option: said.pop(option) for option in inspect.signature(maker).parameters})
                for name, maker in makers.items()
            }
            command(**said, **made)

        parameters = []
        for name, parameter in inspect.signature(command).parameters.items():
            parameters += list(
                inspect.signature(makers[name]).parameters.values() if name in makers else [parameter]
            )
        vars(run)["__signature__"] = inspect.Signature(parameters)
        run.__annotations__ = {each.name: each.annotation for each in parameters}
        return run

    return decorated


def user_source(
    *,
    source_id: SourceIdOption,
    species: SpeciesOption = "human",
    name: Annotated[str, typer.Option(help="Name for people; the id without one.")] = "",
    version: Annotated[str, typer.Option(help="Version or date of the file.")] = "",
    licence: Annotated[str, typer.Option(help="Licence of the file, in words.")] = "",
    licence_class: Annotated[LicenceClass, typer.Option(help="How strict the licence is.")] = "open",
    citation: Annotated[str, typer.Option(help="DOI of the data.")] = "",
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


def loading(
    *, accept: AcceptOption = False, dry_run: DryRunOption = False, json_: JsonOption = False
) -> Load:
    """Return what loads a plan, and prints what was read, kept, rejected and changed."""
    return partial(load_plan, accept=accept, dry_run=dry_run, as_json=json_)
