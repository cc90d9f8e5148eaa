"""What a load read, kept and rejected, and what it changed, as tables that a person can read."""

from collections.abc import Mapping

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ingest.changes import Change
from ingest.report import DatasetReport, IngestReport, SourceReport


def show_report(report: IngestReport, console: Console) -> None:
    """Print what was read, kept and rejected, and where the rejected rows are."""
    if report.sources:
        console.print(_source_table(report))
    for dataset in report.datasets:
        console.print(_dataset_text(dataset))
    told = [each for each in report.sources if any(each.rejected.values()) or any(each.notes.values())]
    paths = [each.rejected_path for each in told] + [each.rejected_path for each in report.datasets]
    for folder in sorted({str(path.parent) for path in paths}):
        console.print(f"rejected rows, one file a source: {escape(folder)}", soft_wrap=True)
    console.print(f"release {report.release_id}, {report.seconds:.1f} s")


def change_table(changes: Mapping[str, Change]) -> Table:
    """Return a table of what a new version of a source changes."""
    table = Table("table", "added", "removed", "changed", "such as")
    for name, change in changes.items():
        examples = [f"{kind}: {keys[0]}" for kind, keys in change.examples.items()]
        counts = (change.num_added, change.num_removed, change.num_changed)
        table.add_row(name, *(f"{count:,}" for count in counts), escape("\n".join(examples)))
    return table


def _source_table(report: IngestReport) -> Table:
    table = Table("source", "read", "kept", "rejected", "in graph", "s", "")
    for source in report.sources:
        table.add_row(
            source.source_id,
            f"{source.num_read:,}",
            f"{source.num_kept:,}",
            _reasons(source),
            f"{source.num_written:,}",
            f"{source.seconds:.1f}",
            _outcome(source),
        )
    return table


def _outcome(source: SourceReport) -> str:
    if not source.is_changed:
        return "unchanged"
    if not source.changes:
        return "loaded"
    counts = [
        sum(change.num_added for change in source.changes.values()),
        sum(change.num_removed for change in source.changes.values()),
        sum(change.num_changed for change in source.changes.values()),
    ]
    return "replaced: +{:,} -{:,} ~{:,}".format(*counts)


def _reasons(source: SourceReport) -> str:
    notes = [f"({text})" for text in [_listed(source.notes)] if text]
    return "\n".join(part for part in (_listed(source.rejected), *notes) if part) or "0"


def _dataset_text(dataset: DatasetReport) -> str:
    rates = ", ".join(f"{rate:.1%} on {name}" for name, rate in dataset.rates.items())
    state = "loaded" if dataset.is_changed else "unchanged"
    notes = "".join(f"\n  {escape(name)}: {escape(text)}" for name, text in dataset.notes.items())
    return (
        f"[bold]{escape(dataset.dataset_id)}[/bold] {state} in {dataset.seconds:.1f} s: "
        f"{_listed(dataset.counts)}" + (f"; start sites in peaks: {rates}" if rates else "") + notes
    )


def _listed(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in numbers.items() if number)
