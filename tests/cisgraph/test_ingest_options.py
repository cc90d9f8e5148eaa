"""Options that the commands for a user's files share, and what the report leaves unsaid."""

from pathlib import Path
from typing import Annotated

import pytest
import typer
from rich.console import Console
from typer.main import get_command
from typer.testing import CliRunner

from cisgraph.cli.ingest import ingest_app
from cisgraph.cli.ingest_report import show_report
from cisgraph.cli.source_options import takes, user_source
from graph.errors import InputError
from ingest.report import IngestReport, SourceReport

OF_A_SOURCE = {
    "--source-id",
    "--species",
    "--name",
    "--version",
    "--licence",
    "--licence-class",
    "--citation",
}
OF_LOADING = {"--accept", "--dry-run", "--json"}


@pytest.mark.parametrize(
    ("command", "own"),
    [
        ("table", {"--weight-column", "--signed-weights"}),
        ("gene-sets", {"--collection", "--derived-from-regulators"}),
        ("orthologs", {"--other-species", "--min-confidence"}),
        ("peaks", {"--cell-type", "--lift-to"}),
        ("motifs", {"--p-value", "--assembly"}),
    ],
)
def test_every_command_for_a_file_of_a_user_says_what_the_source_is(command, own):
    parameters = get_command(ingest_app).commands[command].params  # type: ignore[attr-defined]
    options = {option for parameter in parameters for option in parameter.opts}
    assert options >= OF_A_SOURCE | OF_LOADING | own
    assert not options & {"--record", "--load"}
    required = {parameter.name for parameter in parameters if parameter.required}
    assert "source_id" in required
    assert "licence" not in required


def test_a_command_is_given_what_its_options_make():
    app = typer.Typer()
    seen = {}

    @app.command()
    @takes(record=user_source)
    def load(file: Path, *, record: object, deep: Annotated[bool, typer.Option("--deep")] = False) -> None:
        seen.update(file=file, record=record, deep=deep)

    done = CliRunner().invoke(app, ["a.tsv", "--source-id", "mine", "--licence-class", "academic", "--deep"])
    assert done.exit_code == 0, done.output
    record = seen["record"]
    assert (record.source_id, record.name, record.licence_class) == ("mine", "mine", "academic")
    assert (seen["file"], seen["deep"]) == (Path("a.tsv"), True)
    refused = CliRunner().invoke(app, ["a.tsv", "--source-id", "trrust"])
    assert isinstance(refused.exception, InputError)


@pytest.mark.parametrize(
    ("rejected", "notes", "told"), [({}, {}, False), ({"duplicate": 1}, {}, True), ({}, {"x": 1}, True)]
)
def test_the_folder_of_rejected_rows_is_told_where_there_are_some(rejected, notes, told):
    source = SourceReport(
        "mine", 2, 2, 2, rejected, notes, 0.1, is_changed=True, rejected_path=Path("/h/mine.tsv")
    )
    console = Console(record=True, width=200)
    show_report(IngestReport([source], [], "abc", 0.1), console)
    assert ("rejected rows" in console.export_text()) is told
