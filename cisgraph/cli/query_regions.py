"""``cisgraph query peaks|lags|regulons|triplets``: what lies between regulators and genes."""

import typer
from rich.markup import escape
from rich.table import Table

from api import regions
from api.filters import ContextFilters, TripletFilters
from api.models.regions import LagAnswer, OfRun, PeakAnswer, RegulonAnswer, TripletAnswer
from cisgraph.cli.asking import ask, print_json
from cisgraph.cli.console import standard_output
from cisgraph.cli.edge_table import LAG_SIGNS
from cisgraph.cli.options import AsJson, Context, Cursor, DatasetId, Licence, Limit, Name, RunId, rows_shown
from cisgraph.evidence import ARROWS


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file to a group."""
    for command in (peaks, lags, regulons, triplets):
        app.command()(command)


def peaks(
    gene: Name,
    *,
    context: Context = None,
    run_id: RunId = None,
    dataset_id: DatasetId = None,
    licence: Licence = None,
    limit: Limit = None,
    cursor: Cursor = None,
    as_json: AsJson = False,
) -> None:
    """Show the candidate peaks of a gene, nearest first, with learned links and what binds them."""
    filters = ContextFilters(
        context=context,
        run=run_id,
        dataset=dataset_id,
        licence=licence,
        limit=rows_shown(limit, ContextFilters, as_json=as_json),
        cursor=cursor,
    )
    answer = ask(lambda reader: regions.peaks(reader, gene, filters))
    if as_json:
        print_json(answer)
        return
    standard_output().print(_peak_table(answer) if answer.peaks else "no candidate peaks")
    _print_more(answer)


def lags(
    gene: Name,
    *,
    context: Context = None,
    run_id: RunId = None,
    licence: Licence = None,
    as_json: AsJson = False,
) -> None:
    """Show by how much the RNA of a gene follows its chromatin, by run and context."""
    filters = ContextFilters(context=context, run=run_id, licence=licence)
    answer = ask(lambda reader: regions.lags(reader, gene, filters))
    if as_json:
        print_json(answer)
        return
    empty = "no lag was estimated: it takes real time points, or a pseudotime with a stated root"
    standard_output().print(_lag_table(answer) if answer.lags else empty)


def regulons(
    gene: Name,
    *,
    context: Context = None,
    run_id: RunId = None,
    dataset_id: DatasetId = None,
    licence: Licence = None,
    limit: Limit = None,
    cursor: Cursor = None,
    as_json: AsJson = False,
) -> None:
    """Show the regulons that a gene is a member of, best score first."""
    filters = ContextFilters(
        context=context,
        run=run_id,
        dataset=dataset_id,
        licence=licence,
        limit=rows_shown(limit, ContextFilters, as_json=as_json),
        cursor=cursor,
    )
    answer = ask(lambda reader: regions.regulons(reader, gene, filters))
    if as_json:
        print_json(answer)
        return
    standard_output().print(_regulon_table(answer) if answer.regulons else "a member of no regulon")
    _print_more(answer)


def triplets(
    regulator: str | None = typer.Option(None, help="A regulator."),
    target: str | None = typer.Option(None, help="A gene; one of the two is needed."),
    *,
    context: Context = None,
    run_id: RunId = None,
    dataset_id: DatasetId = None,
    licence: Licence = None,
    limit: Limit = None,
    cursor: Cursor = None,
    as_json: AsJson = False,
) -> None:
    """Show regulator - peak - gene triplets: the peak is linked to the gene and bound by the regulator."""
    filters = TripletFilters(
        regulator=regulator,
        target=target,
        context=context,
        run=run_id,
        dataset=dataset_id,
        licence=licence,
        limit=rows_shown(limit, TripletFilters, as_json=as_json),
        cursor=cursor,
    )
    answer = ask(lambda reader: regions.triplets(reader, filters))
    if as_json:
        print_json(answer)
        return
    empty = "no triplets; `cisgraph ingest peaks` and `cisgraph ingest motifs` tell what binds peaks"
    standard_output().print(_triplet_table(answer) if answer.triplets else empty)
    _print_more(answer)


def _peak_table(answer: PeakAnswer) -> Table:
    table = Table("rank", "peak", "distance (bp)", "strongest link", "in context", "bound by")
    for peak in answer.peaks:
        best = max(peak.links, key=lambda link: link.weight, default=None)
        bound = sorted({each.symbol or each.regulator for each in peak.bound_by})
        table.add_row(
            str(peak.rank),
            peak.peak_id,
            f"{peak.distance_bp:,}",
            "-" if best is None else f"{best.weight:.3f}",
            "-" if best is None else escape(best.context_id),
            escape(", ".join(bound)) or "-",
        )
    return table


def _lag_table(answer: LagAnswer) -> Table:
    table = Table("run", "context", "lag", "95 % interval", "sign", "FDR", "turns")
    for each in answer.lags:
        told = "-" if each.lag is None else f"{each.lag:.2f} {each.lag_unit or ''}"
        within = "-" if each.low is None or each.high is None else f"{each.low:.2f} to {each.high:.2f}"
        fdr = "-" if each.fdr is None else f"{each.fdr:.3f}"
        turns = "biphasic" if each.biphasic else ""
        cells = (told, within, LAG_SIGNS[each.lag_sign], fdr, turns)
        table.add_row(escape(each.run_id), escape(each.context), *cells)
    return table


def _regulon_table(answer: RegulonAnswer) -> Table:
    table = Table("regulator", "sign", "score", "rank", "targets of this sign", "context", "bound peaks")
    for each in answer.regulons:
        table.add_row(
            escape(each.symbol or each.regulator),
            ARROWS[each.sign],
            f"{each.score:.3f}",
            f"{each.rank:,}",
            f"{each.num_targets:,}",
            escape(each.context_id),
            str(len(each.peak_ids)),
        )
    return table


def _triplet_table(answer: TripletAnswer) -> Table:
    table = Table("regulator", "peak", "gene", "sign", "score", "link", "bound by", "context")
    for each in answer.triplets:
        table.add_row(
            escape(each.source_symbol or each.source),
            each.peak_id,
            escape(each.target_symbol or each.target),
            ARROWS[each.sign],
            f"{each.score:.3f}",
            f"{each.link_weight:.3f}",
            escape(", ".join(each.bound_by)),
            escape(each.context_id),
        )
    return table


def _print_more(answer: OfRun) -> None:
    console = standard_output()
    console.print(f"run {escape(answer.run.run_id)}; licence class {answer.licence_class}. {answer.notice}")
    if answer.next_cursor:
        console.print(f"more: --cursor {answer.next_cursor}", soft_wrap=True)
