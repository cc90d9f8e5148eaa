"""Tables of runs and of their validation, as the terminal shows them."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

Figures = Mapping[str, Any]  # parsed JSON of a run's metrics

METRICS = (
    ("swap_auroc", "swap AUROC", "{:.3f}", "swap_interval"),
    ("auroc", "AUROC", "{:.3f}", "auroc_interval"),
    ("ratio", "AUPRC / prevalence", "{:.1f}", "ratio_interval"),
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


def print_contrasts(console: Console, rows: Sequence[Figures]) -> None:
    """Print what ChIP-seq says of the differences between contexts, a line for every two of them."""
    for row in rows:
        console.print(contrast_words(row))


def contrast_words(row: Figures) -> str:
    """Return what the difference between two contexts says of pairs that are bound in one of them only."""
    low, high = row["interval"]
    bounds = "" if low is None else f" ({low:.3f}-{high:.3f})"
    return (
        f"{row['first']} against {row['second']}: the difference of the scores tells {row['num_first']:,} "
        f"pairs bound in {row['first']} only from {row['num_second']:,} bound in {row['second']} only, AUROC "
        f"{row['auroc']:.3f}{bounds}; {row['num_regulators']} regulators of {row['judge']}"
    )


def not_judged_words(exam: Figures) -> str:
    """Return which exam was left out for too few positives, and how many it has."""
    return f"{exam['name']} ({exam['num_positives']} positives, expected at least {exam['min_positives']})"


def lost_to(exam: Figures) -> list[str]:
    """Return a sentence for each metric in which a baseline beats the model."""
    model = next(row for row in exam["rows"] if is_judged(row))
    lines = []
    for metric, title, form, _ in METRICS:
        best = _best_baseline(exam, metric)
        if best is None or model[metric] is None or best[metric] <= model[metric]:
            continue
        lines.append(
            f"{title}: the baseline {best['name']} ({form.format(best[metric])}) is better than "
            f"{model['name']} ({form.format(model[metric])})"
        )
    return lines


def is_judged(row: Figures) -> bool:
    """Whether a row is the network that is judged: no baseline, and no database that stands beside it."""
    return not row["is_baseline"] and not row["name"].startswith("database:")


def circularity_rows(shared: Sequence[Figures]) -> list[dict[str, str]]:
    """Return what databases share, one row an ordered pair of them, as words."""
    return [
        {
            "database": row["source_id"],
            "judge": row["judge"],
            "pairs_shared": f"{row['num_shared']:,}",
            "of_the_judges_pairs": _rate(row["shared_rate"]),
            "papers_shared": f"{row['num_shared_pmids']:,}",
            "of_the_judges_papers": _rate(row["shared_pmid_rate"]),
        }
        for row in shared
    ]


def _rate(value: float | None) -> str:
    return "cites none" if value is None or math.isnan(value) else f"{value:.0%}"


def _best_baseline(exam: Figures, metric: str) -> Figures | None:
    known = [row for row in exam["rows"] if row["is_baseline"] and row[metric] is not None]
    return max(known, key=lambda row: float(row[metric]), default=None)


def _exam_table(exam: Figures) -> Table:
    shared = f"; {exam['num_shared']:,} pairs of the judge were known, left out" if exam["num_shared"] else ""
    table = Table(
        "method",
        *(title for _, title, _, _ in METRICS),
        title=exam["name"] + ("" if exam["context"] == "all" else f" (scores of context {exam['context']})"),
        title_justify="left",
        caption=f"{exam['universe']}; {exam['num_positives']:,} positives of {exam['num_regulators']} "
        f"regulators, prevalence {exam['prevalence']:.5f}{shared}",
        caption_justify="left",
    )
    for row in exam["rows"]:
        style = "bold" if is_judged(row) else None
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
