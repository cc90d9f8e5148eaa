"""``cisgraph benchmark``: methods x splits x metrics with intervals, on seeds that nothing was chosen on."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from cisgraph.cli.baselines import names
from cisgraph.cli.console import standard_output
from cisgraph.cli.figures import METRICS, circularity_rows, not_judged_words
from cisgraph.cli.opened import opened_store
from cisgraph.cli.progress import shown_progress
from cisgraph.libraries import require_training
from cisgraph.settings import load_settings
from cisgraph.shipped import DATASETS
from graph import runs
from graph.errors import InputError
from graph.validation.seeds import REPORTED_SEEDS

if TYPE_CHECKING:
    from graph.validation.evidence import Evidence

SEEDS_SHOWN = ",".join(map(str, REPORTED_SEEDS))
COLUMNS = tuple((metric, title, form) for metric, title, form, _ in METRICS)


def benchmark(
    run_ids: Annotated[
        list[str] | None, typer.Argument(metavar="[RUN]...", help="Complete runs, judged by their own split.")
    ] = None,
    dataset: Annotated[str, typer.Option(help="Id of a data set in the graph.")] = DATASETS[0],
    methods: Annotated[
        str, typer.Option(help="Baselines and models with commas between them; all without any.")
    ] = "",
    splits: Annotated[
        str, typer.Option(help="edge, regulator, target, database; empty to judge runs only.")
    ] = "edge,regulator,target,database",
    seeds: Annotated[str, typer.Option(help="Seeds with commas between them.")] = SEEDS_SHOWN,
    source: Annotated[str, typer.Option(help="Database whose edges are split.")] = "dorothea",
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable, all seeds.")] = False,
) -> None:
    """Print the grid: every method on every split, means over seeds, 95 % intervals over regulators."""
    require_training()
    from graph.validation.circularity import circularity_table
    from graph.validation.exam_table import json_rows
    from graph.validation.score_files import read_scores
    from model.baselines.catalogue import by_name, chosen
    from model.baselines.grid import Grid, competitors, summary
    from model.baselines.reading import read_bench
    from model.contenders.catalogue import NAMES, contenders
    from model.contenders.prepared import prepare

    numbers = parsed_seeds(seeds)
    with shown_progress() as progress, opened_store(load_settings(), progress) as store:
        bench = read_bench(store, dataset, source_id=source, seed=numbers[0], progress=progress)
        others = [name for name in bench.evidence.claims if name != source]
        known, wanted = by_name(others), names(methods)
        if not wanted or set(wanted) & set(NAMES):
            known |= contenders(prepare(store, bench, progress=progress))
        grid = Grid(bench, chosen(wanted, known))
        tables = grid.tables(splits=names(splits), seeds=numbers, progress=progress)
        for run_id in run_ids or []:
            run = runs.get(store, run_id)
            progress(f"judging {run_id}", None)
            tables += grid.run_tables(
                read_scores(Path(run["scores_path"])),
                run_id=run_id,
                used_source_ids=run["source_ids"],
                seed=numbers[0],
            )
    not_judged = _small_exams(bench.evidence, source, splits=names(splits), seeds=numbers)
    shared = json_rows(circularity_table(bench.evidence.claims))
    rows = summary(tables, baselines=competitors(grid.baselines))
    if as_json:
        told = {"dataset": dataset, "source": source, "seeds": numbers, "grid": rows, "tables": tables}
        told |= {"circularity": circularity_rows(shared), "not_judged": not_judged}
        typer.echo(json.dumps(told))
        return
    _print(standard_output(), rows, tables, shared=shared, not_judged=not_judged)


def _small_exams(
    evidence: "Evidence", source: str, *, splits: Sequence[str], seeds: Sequence[int]
) -> list[dict[str, Any]]:
    """Return the exams of each seed that have too few positives to be judged."""
    from graph.validation.exams import large_enough
    from graph.validation.views import split_exams

    return [
        {**exam, "seed": seed}
        for seed in seeds
        for exam in large_enough(
            asked.exam
            for asked in split_exams(
                evidence, training_source=source, splits=splits, seed=seed, min_positives=0
            )
        )[1]
    ]


def _print(
    console: Console,
    rows: Sequence[Mapping[str, Any]],
    tables: Sequence[Mapping[str, Any]],
    *,
    shared: Sequence[Mapping[str, Any]],
    not_judged: Sequence[Mapping[str, Any]],
) -> None:
    for split in dict.fromkeys(row["split"] for row in rows):
        about = next(table for table in tables if table["split"] == split)
        console.print(grid_table(split, [row for row in rows if row["split"] == split], about))
        enrichment = _enrichment_table([table for table in tables if table["split"] == split])
        if enrichment is not None:
            console.print(enrichment)
        console.print()
    for exam in not_judged:
        console.print(f"not judged: {not_judged_words(exam)}")
    console.print(
        "* best of all but cisgraph and databases; the latter are references: they may have copied the judge"
    )
    table = Table(
        "database", "judge", "pairs shared", "of the judge's", "papers shared", "of the judge's",
        title="what databases share", title_justify="left", box=None,
    )  # fmt: skip
    for row in circularity_rows(shared):
        table.add_row(*row.values())
    console.print(table)


def grid_table(split: str, rows: Sequence[Mapping[str, Any]], about: Mapping[str, Any]) -> Table:
    """Return the table of one split: a method a row, a metric a column, intervals in brackets."""
    shared = f"; {about['num_shared']:,} pairs of the judge trained, left out" if about["num_shared"] else ""
    num_seeds = max(row["num_seeds"] for row in rows)
    table = Table(
        "method",
        *(title for _, title, _ in COLUMNS),
        title=f"{split} ({num_seeds} {'seed' if num_seeds == 1 else 'seeds'})",
        title_justify="left",
        caption=f"{about['universe']}; {about['num_positives']:,} positives of {about['num_regulators']} "
        f"regulators, prevalence {about['prevalence']:.5f}{shared}",
        caption_justify="left",
    )
    for row in rows:
        table.add_row(row["method"], *(_cell(row, metric, form) for metric, _, form in COLUMNS))
    return table


def _enrichment_table(tables: Sequence[Mapping[str, Any]]) -> Table | None:
    """Return the hypergeometric test of unseen regulators, means over seeds; None for other splits."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in (row for table in tables for row in table["rows"]):
        if "unseen_enrichment" in row:
            found.setdefault(row["name"], []).append(row["unseen_enrichment"])
    if not found:
        return None
    table = Table(
        "method", "hits", "expected", "fold", "p", "regulators enriched (FDR < 5 %)",
        title="the 100 best targets of each unseen regulator, hypergeometric test",
        title_justify="left",
        caption="hits and expected: sums over regulators, means over seeds; p: the largest of the seeds.\n"
        "Fame passes this test: read it beside degree.",
        caption_justify="left",
    )  # fmt: skip
    means = {name: {key: _mean(told, key) for key in told[0]} for name, told in found.items()}
    for name in sorted(found, key=lambda name: -means[name]["hits"]):
        told = means[name]
        table.add_row(
            name,
            f"{told['hits']:,.1f}",
            f"{told['expected']:,.1f}",
            f"{told['hits'] / told['expected']:.2f}",
            f"{max(each['p'] for each in found[name]):.2g}",
            f"{told['num_enriched']:.3g} of {told['num_regulators']:.3g}",
        )
    return table


def _mean(rows: Sequence[Mapping[str, Any]], key: str) -> float:
    return float(np.mean([row[key] for row in rows if row[key] is not None] or [np.nan]))


def _cell(row: Mapping[str, Any], metric: str, form: str) -> str:
    if row[metric] is None:
        return "-"
    value = form.format(row[metric]) + ("*" if metric in row["best_baseline_in"] else "")
    low, high = row.get(f"{metric}_low"), row.get(f"{metric}_high")
    return value if low is None or high is None else f"{value} ({form.format(low)}-{form.format(high)})"


def parsed_seeds(text: str) -> list[int]:
    """Return the seeds of an option.

    Raises
    ------
    InputError
        They are no numbers with commas between them.
    """
    numbers = [int(part) for part in names(text) if part.isdigit()]
    if not numbers or len(numbers) != len(names(text)):
        raise InputError(f"expected seeds such as {SEEDS_SHOWN}, found {text!r}")
    return numbers
