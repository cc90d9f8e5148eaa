"""``cisgraph demo``: the main job on the data that cisgraph ships."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from cisgraph.cli.console import standard_output
from cisgraph.cli.figures import print_contrasts, print_exams, runs_table
from cisgraph.cli.ingest_report import show_report
from cisgraph.cli.opened import store_on
from cisgraph.cli.progress import shown_progress
from cisgraph.connection import connect_settings, local_server
from cisgraph.libraries import require_training
from cisgraph.settings import Settings, load_settings
from cisgraph.shipped import DEMO_DIR
from cisgraph.stages import Stages
from graph.errors import InputError
from graph.local import LocalServer

if TYPE_CHECKING:
    from cisgraph.main_job import Outcome

NEXT = (
    ("cisgraph query regulator GATA1 --context K562", "its targets, with the evidence beside each"),
    ("cisgraph query gene MYC --context K562", "who regulates a gene"),
    ("cisgraph query edge NR3C1 ABCG2", "all that is known of a pair, with its lag in A549"),
    ("cisgraph db browser", "Neo4j Browser, with a first query"),
    ("cisgraph serve", "the API, with its documentation at /docs"),
)


def demo(
    output: Annotated[Path, typer.Option(help="Folder of the report.")] = Path("demo-output"),
    demo_dir: Annotated[Path, typer.Option(help="Folder of the shipped data.")] = DEMO_DIR,
) -> None:
    """Load the shipped data, train on both data sets, write the networks back, judge them, report."""
    require_training()
    from cisgraph.main_job import run_main_job
    from cisgraph.report import write_report

    if not demo_dir.is_dir():
        raise InputError(
            f"the shipped data are not at {demo_dir}",
            hint="run `make demo` in a checkout, or name the folder with --demo-dir",
        )
    settings = load_settings()
    stages = Stages()
    with shown_progress() as progress:
        with stages.timed("start Neo4j"):
            connection = connect_settings(settings, progress)
        with store_on(connection, settings) as store, stages.watched(lambda: server_pid(settings)):
            outcome = run_main_job(
                store,
                demo_dir=demo_dir,
                home=settings.cisgraph_home,
                server=local_server(settings),
                stages=stages,
                progress=progress,
            )
            with stages.timed("report"):
                run_ids = [one.run_id for one in outcome.trained]
                page = write_report(store, run_ids, folder=output, progress=progress)
    _summarise(standard_output(), outcome, page)


def server_pid(settings: Settings) -> int | None:
    """Return the process of the local server, None for a server of NEO4J_URI."""
    if settings.neo4j_uri is not None:
        return None
    state = LocalServer(settings.neo4j_home).status().state
    return state.pid if state else None


def _summarise(console: Console, outcome: "Outcome", page: Path) -> None:
    console.rule("what is in the graph")
    show_report(outcome.ingested, console)
    for run_id in outcome.swept:
        console.print(f"swept what the dead run {run_id} had left")
    console.rule("networks")
    console.print(runs_table([one.run for one in outcome.trained]))
    for one in outcome.trained:
        if one.was_there:
            console.print(f"{one.run_id} was complete already; `cisgraph runs delete` makes room for it anew")
        console.rule(f"validation of {one.run_id}")
        figures = outcome.figures[one.run_id]
        print_exams(console, figures["validation"])
        print_contrasts(console, figures["contrasts"])
    console.rule("time and memory")
    console.print(_stage_table(outcome.stages))
    console.rule("next")
    console.print(f"report: {page}")
    for command, what in NEXT:
        console.print(f"  [bold]{command}[/]  {what}")


def _stage_table(stages: Stages) -> Table:
    table = Table("stage", "seconds", box=None)
    for name, seconds in stages.seconds.items():
        table.add_row(name, f"{seconds:.1f}")
    table.add_row("all", f"{sum(stages.seconds.values()):.1f}")
    table.caption = (
        f"peak memory {stages.peak_process_bytes / 2**30:.1f} GB, "
        f"{stages.peak_total_bytes / 2**30:.1f} GB with Neo4j"
    )
    return table
