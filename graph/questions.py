"""What is asked about predicted edges, and which run answers it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from graph.errors import ConflictError, InputError, NotFoundError
from graph.gene_names import nearest
from graph.schema import LICENCE_CLASSES, LicenceClass
from graph.store import Row

LagSign = Literal["-1", "0", "1", "none"]
"""`none`: not estimated, which is not the same as `0`, tested and not different from 0."""

MAX_EDGES = 1000


@dataclass(frozen=True)
class Position:
    """The last row of a page; the next page begins after it, in the same run.

    Parameters
    ----------
    values
        Those by which the rows are ordered, such as score and gene id of an edge.
    run_id
        Empty where no run answers.
    """

    values: tuple[float | str, ...]
    run_id: str


@dataclass(frozen=True)
class EdgeQuestion:
    """Which predicted edges of one gene are wanted.

    Parameters
    ----------
    gene
        Id, symbol, alias or previous symbol.
    context
        Name or id of a context; None for all contexts of the run.
    run_id
        None means the default run of the one data set that `dataset_id` and `context` leave.
    min_score
        Lowest score, itself included.
    novel
        True for edges that no curated source lists, False for the others; ChIP-seq is not curated.
    limit
        Edges a page, 1 to 1,000.
    source_id
        Only pairs that this source lists, as a prior or by ChIP-seq.
    licence
        Strictest class that may be told: of the run's training sources and of the evidence beside its edges.
    bound_in
        Only pairs with ChIP-seq of the regulator near the target in this cell type, in any case of letters.
    min_chromatin_lag
        Lowest lag of the target's RNA behind its own chromatin, in the edge's `lag_unit`; edges without an
        estimate are left out.
    """

    gene: str
    context: str | None = None
    run_id: str | None = None
    dataset_id: str | None = None
    min_score: float | None = None
    lag_sign: LagSign | None = None
    novel: bool | None = None
    limit: int = 50
    after: Position | None = None
    source_id: str | None = None
    licence: LicenceClass | None = None
    bound_in: str | None = None
    min_chromatin_lag: float | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MAX_EDGES:
            raise InputError(f"limit: expected 1 to {MAX_EDGES:,}, found {self.limit:,}")

    @property
    def licence_classes(self) -> list[LicenceClass] | None:
        """Classes that may be told; None for all."""
        return allowed_classes(self.licence)

    @property
    def after_values(self) -> list[float | str] | None:
        """Values of the last row of the page before; None for the first page."""
        return None if self.after is None else list(self.after.values)


def allowed_classes(licence: LicenceClass | None) -> list[LicenceClass] | None:
    """Return a class and those that are freer; None, which is no limit, for None."""
    return None if licence is None else list(LICENCE_CLASSES[: LICENCE_CLASSES.index(licence) + 1])


@dataclass(frozen=True)
class Scope:
    """The complete run that answers, and those of its data set's contexts that were asked for."""

    run: Row
    contexts: tuple[Row, ...]


def scope_of_run(question: EdgeQuestion, row: Row) -> Scope:
    """Return what a question means in one run.

    Raises
    ------
    ConflictError
        If the run is of another data set, or no prediction.
    NotFoundError
        If its data set has no such context.
    """
    run = row["run"]
    if question.dataset_id not in {None, run["dataset_id"]}:
        raise ConflictError(
            f"run {run['run_id']} is of data set {run['dataset_id']}, not of {question.dataset_id}",
            hint="leave one of the two out",
        )
    if run["kind"] != "prediction":
        raise ConflictError(
            f"run {run['run_id']} is of the kind {run['kind']}, it predicted no edges",
            hint="`cisgraph runs list` shows the kinds; a pair's own page shows baselines beside predictions",
        )
    allowed = question.licence_classes
    if allowed is not None and run["licence_class"] not in allowed:
        raise ConflictError(
            f"run {run['run_id']} was trained on sources of the class {run['licence_class']}",
            hint=f"leave `licence={question.licence}` out, or ask without a run for one that may be told",
        )
    wanted = [c for c in row["contexts"] if question.context in {None, c["name"], c["context_id"]}]
    if not wanted:
        names = [context["name"] for context in row["contexts"]]
        raise NotFoundError(
            f"data set {run['dataset_id']} has no context {question.context!r}",
            suggestions=nearest(question.context or "", names),
        )
    return Scope(run=run, contexts=tuple(wanted))


def scope_of_defaults(question: EdgeQuestion, rows: Sequence[Row]) -> Scope | None:
    """Return what a question without a run means, None if no default run answers it.

    Raises
    ------
    ConflictError
        If several data sets could answer; its `candidates` are their ids.
    """
    if len(rows) > 1:
        datasets = sorted(row["run"]["dataset_id"] for row in rows)
        about = f"have a context {question.context!r}" if question.context else "have predictions"
        raise ConflictError(
            f"{len(datasets)} data sets {about}: {', '.join(datasets)}",
            hint="name one of them (`dataset`), or a run (`run`)",
            candidates=datasets,
        )
    return scope_of_run(question, rows[0]) if rows else None


def no_answer(question: EdgeQuestion, contexts: Sequence[Row]) -> NotFoundError:
    """Return why no default run answers: no such data set or context, or nothing predicted for it.

    Parameters
    ----------
    contexts
        All contexts of the graph, with `name`, `context_id`, `dataset_id`.
    """
    datasets = sorted({context["dataset_id"] for context in contexts})
    if question.dataset_id is not None and question.dataset_id not in datasets:
        return NotFoundError(
            f"no data set {question.dataset_id!r} in the graph",
            suggestions=nearest(question.dataset_id, datasets),
        )
    if question.licence is not None:
        return NotFoundError(
            f"no complete prediction run whose training sources are all {question.licence} or freer",
            hint="leave `licence` out, or train on sources of that class",
        )
    here = [c for c in contexts if question.dataset_id in {None, c["dataset_id"]}]
    known = sorted({context["name"] for context in here})
    if question.context is None or question.context in {*known, *(c["context_id"] for c in here)}:
        return NotFoundError("no complete prediction run answers this", hint="`cisgraph train` makes one")
    return NotFoundError(
        f"no context {question.context!r} in the graph", suggestions=nearest(question.context, known)
    )
