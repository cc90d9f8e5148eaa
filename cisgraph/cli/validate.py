"""``cisgraph validate``: a run against databases that it did not read."""

import json
from typing import Annotated

import typer

from cisgraph.cli.console import standard_output
from cisgraph.cli.figures import print_exams
from cisgraph.cli.opened import opened_store
from cisgraph.cli.progress import shown_progress
from cisgraph.settings import load_settings
from cisgraph.shipped import SEED, chip_contexts
from graph import runs
from graph.validation.report_card import validate_run


def validate(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="A complete run; `cisgraph runs list`.")],
    seed: Annotated[int, typer.Option(min=0, help="Seed of bootstraps and of the sample of swaps.")] = SEED,
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
) -> None:
    """Judge a run on held-out edges, other databases and matched ChIP-seq, baselines beside it."""
    with shown_progress() as progress, opened_store(load_settings(), progress) as store:
        contexts = chip_contexts(runs.get(store, run_id)["dataset_id"])
        figures = validate_run(store, run_id, chip_contexts=contexts, seed=seed, progress=progress)
    if as_json:
        typer.echo(json.dumps(figures))
    else:
        print_exams(standard_output(), figures["validation"])
