"""Disagreeing sources, shared regulators and differences as they are answered, to all who ask."""

from api import cursor
from api.filters import ConflictFilters, ContextPair, SharedFilters
from api.models.relations import Comparison, ConflictAnswer, ContextDifference, SharedAnswer
from graph import relations
from graph.comparison import compare_contexts, compare_runs
from graph.questions import Position
from graph.reader import GraphReader
from graph.schema import strictest
from graph.store import Row


async def conflicts(reader: GraphReader, filters: ConflictFilters) -> ConflictAnswer:
    """Return the pairs on whose sign sources disagree; raises what `graph.relations` raises."""
    question = filters.question()
    rows, has_more = await relations.sign_conflicts(
        reader, filters.regulator, filters.target, question=question
    )
    end = "source" if filters.regulator is None else "target"
    last = Position((rows[-1][end],), run_id="") if has_more else None
    next_cursor = None if last is None else cursor.encode(last, question, rows="conflicts")
    return ConflictAnswer.model_validate(
        {"conflicts": rows, "has_more": has_more, "next_cursor": next_cursor}
    )


async def shared(reader: GraphReader, filters: SharedFilters) -> SharedAnswer:
    """Return who regulates several genes of a list; raises what `graph.relations` raises."""
    scope, rows, has_more = await relations.shared_regulators(
        reader, filters.names(), filters.question(), min_shared=filters.min_shared
    )
    return SharedAnswer.model_validate(
        {
            "run": scope.run,
            "contexts": scope.contexts,
            "regulators": rows,
            "has_more": has_more,
            "licence_class": scope.run["licence_class"],
        }
    )


async def between_runs(reader: GraphReader, a: str, b: str, *, context: str | None) -> Comparison:
    """Return two runs side by side; raises what `graph.comparison` raises."""
    found = await compare_runs(reader, a, b, context=context)
    contexts = [_with_jaccard(row) for row in found["contexts"]]
    return Comparison.model_validate(
        {**found, "contexts": contexts, "licence_class": strictest(found["licence_classes"])}
    )


async def between_contexts(reader: GraphReader, pair: ContextPair) -> ContextDifference:
    """Return two contexts of one run side by side; raises what `graph.comparison` raises."""
    found = await compare_contexts(reader, pair.question(), pair.b)
    (counts,) = found["contexts"]
    return ContextDifference.model_validate(
        {**_with_jaccard(counts), **found, "licence_class": found["run"]["licence_class"]}
    )


def _with_jaccard(row: Row) -> Row:
    union = row["num_a"] + row["num_b"] - row["num_common"]
    return {**row, "jaccard": row["num_common"] / union if union else None}
