"""Peaks, lags, regulons and triplets as they are answered, to HTTP, notebooks and the command line."""

from typing import Any

from api import cursor
from api.filters import ContextFilters, TripletFilters
from api.models.regions import LagAnswer, PeakAnswer, RegulonAnswer, TripletAnswer
from graph import regions
from graph.questions import EdgeQuestion, Position, Scope
from graph.reader import GraphReader
from graph.store import Row


async def peaks(reader: GraphReader, gene: str, filters: ContextFilters) -> PeakAnswer:
    """Return the candidate peaks of a gene, nearest first; raises what `GraphReader.targets` raises."""
    question = filters.question(gene, rows="peaks")
    found = await regions.peaks(reader, question)
    last = (found.rows[-1]["rank"], found.rows[-1]["peak_id"]) if found.has_more else None
    about = _of_run(found.scope, question, last=last, rows="peaks")
    return PeakAnswer.model_validate({**about, "gene": found.gene, "peaks": found.rows})


async def lags(reader: GraphReader, gene: str, filters: ContextFilters) -> LagAnswer:
    """Return the chromatin lags of a gene, newest run first."""
    found, rows = await regions.lags(reader, filters.question(gene, rows="lags"))
    return LagAnswer.model_validate({"gene": found, "lags": rows[: filters.limit]})


async def regulons(reader: GraphReader, gene: str, filters: ContextFilters) -> RegulonAnswer:
    """Return the regulons that a gene is a member of, best score first; raises as `peaks`."""
    question = filters.question(gene, rows="regulons")
    found = await regions.regulons(reader, question)
    last = _values(found.rows[-1], "score", "regulator", "context_id") if found.has_more else None
    about = _of_run(found.scope, question, last=last, rows="regulons")
    return RegulonAnswer.model_validate({**about, "gene": found.gene, "regulons": found.rows})


async def triplets(reader: GraphReader, filters: TripletFilters) -> TripletAnswer:
    """Return regulator - peak - gene triplets, best predicted edge first; raises what the reader raises."""
    question = filters.ends_question()
    asked = regions.TripletQuestion(filters.regulator, filters.target, question)
    scope, rows, has_more = await regions.triplets(reader, asked)
    end = "source" if filters.regulator is None else "target"
    last = _values(rows[-1], "score", end, "link_weight", "peak_id", "context_id") if has_more else None
    about = _of_run(scope, question, last=last, rows="triplets")
    return TripletAnswer.model_validate({**about, "triplets": rows})


def _values(row: Row, *names: str) -> tuple[float | str, ...]:
    return tuple(row[name] for name in names)


def _of_run(
    scope: Scope, question: EdgeQuestion, *, last: tuple[float | str, ...] | None, rows: str
) -> dict[str, Any]:  # fields of several models
    """Return what every answer from a run carries; `last` is where the page ended, None for the last one."""
    position = None if last is None else Position(last, scope.run["run_id"])
    return {
        "run": scope.run,
        "contexts": scope.contexts,
        "has_more": position is not None,
        "next_cursor": None if position is None else cursor.encode(position, question, rows=rows),
        "licence_class": scope.run["licence_class"],
    }
