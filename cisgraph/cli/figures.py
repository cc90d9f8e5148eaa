"""Tables of runs and of their validation, as the terminal shows them."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from graph.validation.report_card import MODEL

Figures = Mapping[str, Any]  # parsed JSON of a run's metrics

METRICS = (
    ("swap_auroc", "swap AUROC", "{:.3f}", "swap_interval"),
    ("auroc", "AUROC", "{:.3f}", "auroc_interval"),
    ("ratio", "AUPRC / prevalence", "{:.1f}", ""),
    ("precision_at_100", "P@100", "{:.2f}", ""),
    ("top100_enrichment", "top-100 enrichment", "{:.2f}", "top100_interval"),
)


def runs_table(runs: Sequence[Figures]) -> Table:
    """Return a table of runs: what each wrote and under which licence class."""
    table = Table("run", "data set", "edges", "gene-peak links", "seed", "licence class", box=None)
    for run in runs:
        table.add_row(
            run["run_id"],
            run["dataset_id"],
            f"{run['num_edges']:,}",
            f"{run['num_links']:,}",
            str(run["seed"]),
            run["licence_class"],
        )
    return table


def print_exams(console: Console, exams: Sequence[Figures]) -> None:
    """Print a table for each exam, and in words where a baseline is better than the model."""
    for exam in exams:
        console.print(_exam_table(exam))
        for line in lost_to(exam):
            console.print(f"  [yellow]{line}[/]")
        console.print()


def lost_to(exam: Figures) -> list[str]:
    """Return a sentence for each metric in which a baseline beats the model."""
    model = next(row for row in exam["rows"] if row["name"] == MODEL)
    lines = []
    for metric, title, form, _ in METRICS:
        best = _best_baseline(exam, metric)
        if best is None or model[metric] is None or best[metric] <= model[metric]:
            continue
        lines.append(
            f"{title}: the baseline {best['name']} ({form.format(best[metric])}) is better than "
            f"{MODEL} ({form.format(model[metric])})"
        )
    return lines


def _best_baseline(exam: Figures, metric: str) -> Figures | None:
    known = [row for row in exam["rows"] if row["is_baseline"] and row[metric] is not None]
    return max(known, key=lambda row: float(row[metric]), default=None)


def _exam_table(exam: Figures) -> Table:
    shared = f"; {exam['num_shared']:,} pairs of the judge were known, left out" if exam["num_shared"] else ""
    table = Table(
        "method",
        *(title for _, title, _, _ in METRICS),
        title=f"{exam['name']} (context {exam['context']})",
        title_justify="left",
        caption=f"{exam['universe']}; {exam['num_positives']:,} positives of {exam['num_regulators']} "
        f"regulators, prevalence {exam['prevalence']:.5f}{shared}",
        caption_justify="left",
    )
    for row in exam["rows"]:
        style = "bold" if row["name"] == MODEL else None
        table.add_row(row["name"], *(_cell(row, *metric) for metric in METRICS), style=style)
    return table


def _cell(row: Figures, metric: str, _title: str, form: str, interval: str) -> str:
    if row[metric] is None:
        return "-"
    value = form.format(row[metric])
    if metric in row["best_baseline_in"]:
        value = f"{value}*"
    low, high = row.get(f"{interval}_low"), row.get(f"{interval}_high")
    return value if low is None or high is None else f"{value} ({form.format(low)}-{form.format(high)})"
