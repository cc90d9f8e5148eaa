"""Edges and their evidence, as tables for the terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.models.edges import AnsweringContext, Edge, EdgeAnswer, PairAnswer, PairPrediction
from api.models.genes import Detection, GeneName
from cisgraph.evidence import ARROWS, evidence_words

SIGNS = {1: "→ activates", -1: "⊣ represses", 0: "· unsigned"}
LAG_SIGNS = {1: "+ after", 0: "0 none", -1: "- before", None: "not estimated"}
"""Of the target, against the regulator."""


def print_edges(console: Console, answer: EdgeAnswer, *, other_end: str) -> None:
    """Print a page of edges under what they are about; `other_end` is `source` or `target`."""
    name = _name(answer.gene)
    what = "targets" if other_end == "target" else "regulators"
    run = answer.run
    console.print(f"[bold]{name}[/bold]: predicted {what}, {_found_by(answer.gene)}")
    default = ", the default run" if run.is_default else ""
    console.print(
        f"run {escape(run.run_id)} of data set {escape(run.dataset_id)}{default}; "
        f"licence class [bold]{run.licence_class}[/bold]"
    )
    for context in answer.contexts:
        console.print(_seen(name, context))
    console.print(_edge_table(answer.edges, other_end=other_end) if answer.edges else "no such edges")
    _print_next(console, answer, other_end=other_end)


def print_pair(console: Console, answer: PairAnswer) -> None:
    """Print all that is known of a pair."""
    source, target = _name(answer.source), _name(answer.target)
    console.print(
        f"[bold]{source} → {target}[/bold], {_found_by(answer.source)} and {_found_by(answer.target)}"
    )
    console.print(f"strictest licence class of what follows: [bold]{answer.licence_class}[/bold]")
    told = [*answer.predictions, *answer.baselines]
    console.print(_prediction_table(told) if told else "no run has this edge among its best")
    console.print(_evidence_table(answer) if answer.priors or answer.chip else "no source lists this pair")
    _print_conflicts(console, answer)
    console.print(answer.notice)
    console.print(f"next: cisgraph query regulator {source}, cisgraph query gene {target}")


def _edge_table(edges: Sequence[Edge], *, other_end: str) -> Table:
    other = "target" if other_end == "target" else "regulator"
    several = len({edge.context_id for edge in edges}) > 1
    columns = ["rank", "score", other, "sign", "lag sign", "seen in", "evidence", "novel"]
    table = Table(*(["context", *columns] if several else columns))
    for edge in edges:
        symbol = edge.target_symbol if other_end == "target" else edge.source_symbol
        gene_id = edge.target if other_end == "target" else edge.source
        detection = edge.target_detection if other_end == "target" else edge.source_detection
        cells = [
            f"{edge.rank:,}",
            f"{edge.score:.3f}",
            escape(symbol or gene_id),
            ARROWS[edge.sign],
            LAG_SIGNS[edge.lag_sign],
            _cells(detection),
            escape(evidence_words(**edge.evidence.model_dump())),
            "novel" if edge.novel else "",
        ]
        table.add_row(*([escape(edge.context), *cells] if several else cells))
    return table


def _prediction_table(told: Sequence[PairPrediction]) -> Table:
    table = Table("run", "kind", "context", "rank", "score", "sign", "lag sign", "regulator in", "target in")
    for row in told:
        table.add_row(
            escape(row.run_id) + (" (default)" if row.is_default else ""),
            row.kind,
            escape(row.context),
            f"{row.rank:,}",
            f"{row.score:.3f}",
            SIGNS[row.sign],
            LAG_SIGNS[row.lag_sign],
            _cells(row.source_detection),
            _cells(row.target_detection),
        )
    return table


def _evidence_table(answer: PairAnswer) -> Table:
    table = Table("source", "what", "confidence", "publications or cell type", "licence class")
    for prior in answer.priors:
        pmids = ", ".join(prior.pmids) or "-"
        table.add_row(
            escape(prior.source_id),
            SIGNS[prior.sign],
            escape(prior.confidence or "-"),
            escape(pmids),
            prior.licence_class or "-",
        )
    for chip in answer.chip:
        what = f"ChIP-seq {escape(chip.experiment)}"
        table.add_row(
            escape(chip.source_id), what, "-", escape(chip.cell_type or "-"), chip.licence_class or "-"
        )
    return table


def _print_conflicts(console: Console, answer: PairAnswer) -> None:
    conflicts = answer.conflicts
    if conflicts.among_priors:
        console.print(
            f"[yellow]sources disagree[/yellow]: {escape(', '.join(conflicts.activating))} say it activates, "
            f"{escape(', '.join(conflicts.repressing))} say it represses"
        )
    for row in conflicts.predictions_against_priors:
        console.print(
            f"[yellow]against the sources[/yellow]: run {escape(row.run_id)} "
            f"in {escape(row.context_id)} {SIGNS[row.sign]}"
        )


def _print_next(console: Console, answer: EdgeAnswer, *, other_end: str) -> None:
    console.print(answer.notice)
    if answer.next_cursor:
        console.print(f"more: --cursor {answer.next_cursor}", soft_wrap=True)
    if answer.edges:
        best = answer.edges[0]
        pair = f"{best.source_symbol or best.source} {best.target_symbol or best.target}"
        console.print(f"next: cisgraph query edge {escape(pair)} shows all that is known of the first one")
    else:
        console.print(f"next: fewer filters, or cisgraph runs show {escape(answer.run.run_id)}")


def _seen(name: str, context: AnsweringContext) -> str:
    found = context.detection
    if found is None:
        return f"{name}: no detection recorded in {escape(context.name)} ({context.num_cells:,} cells)"
    return (
        f"{name} is seen in {found.num_cells:,} of {context.num_cells:,} {escape(context.name)} cells "
        f"({found.detection_rate:.1%})"
    )


def _cells(detection: Detection | None) -> str:
    if detection is None:
        return "-"
    return f"{detection.num_cells:,} cells ({detection.detection_rate:.0%})"


def _name(gene: GeneName) -> str:
    return escape(gene.symbol or gene.gene_id)


def _found_by(gene: GeneName) -> str:
    return f"{gene.gene_id} (found by {gene.matched_by.replace('_', ' ')})"
