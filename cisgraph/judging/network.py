"""A network file of a user -> all its figures, its names resolved as sources are."""

from typing import Any

from graph.progress import Progress, silent
from graph.store import GraphStore
from graph.validation.asked import Asked, judge_file
from ingest.references import References

__all__ = ["Asked", "validate_file"]


def validate_file(store: GraphStore, asked: Asked, *, progress: Progress = silent) -> dict[str, Any]:
    """Return all figures of a network file; raises what `graph.validation.asked.judge_file` raises."""
    return judge_file(store, asked, References(store).names(asked.species).resolve, progress=progress)
