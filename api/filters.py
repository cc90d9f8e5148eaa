"""What may be asked of whom: one model a question, which HTTP, notebooks and the command line share.

A name that is not among the fields of a model is refused.
"""

from dataclasses import replace
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api import cursor as cursors
from api.formats.names import FormatName
from graph.errors import InputError
from graph.questions import MAX_EDGES, EdgeQuestion, LagSign
from graph.schema import LicenceClass

LICENCE = "Strictest class of training sources and evidence: `open` leaves runs of academic sources out."
MAX_DRAWN = 50
MAX_NAME = 200
"""Characters of a name; the longest symbol is far shorter."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=MAX_NAME)]
ContextName = Annotated[
    str | None, Field(max_length=MAX_NAME, description="Name or id of a context, such as K562.")
]
RunId = Annotated[
    str | None, Field(max_length=MAX_NAME, description="A complete run; the default one without it.")
]
DatasetId = Annotated[str | None, Field(max_length=MAX_NAME, description="Id of a data set.")]
SourceId = Annotated[str | None, Field(max_length=MAX_NAME, description="Only pairs that this source lists.")]
Score = Annotated[float | None, Field(allow_inf_nan=False, description="Lowest score.")]
Lag = Annotated[LagSign | None, Field(description="none: not estimated; 0: tested and not different from 0.")]
Novel = Annotated[bool | None, Field(description="true: in no curated source.")]
CellType = Annotated[
    str | None,
    Field(max_length=MAX_NAME, description="Only pairs with ChIP-seq in this cell type, such as K562."),
]
ChromatinLag = Annotated[
    float | None,
    Field(allow_inf_nan=False, description="Lowest lag of the target's RNA behind its own chromatin."),
]
Licence = Annotated[LicenceClass | None, Field(description=LICENCE)]
Cursor = Annotated[str | None, Field(max_length=2000, description="next_cursor of the last page.")]
Format = Annotated[FormatName | None, Field(description="Format of the answer; goes before `Accept`.")]


class _Filters(BaseModel):
    model_config = ConfigDict(extra="forbid")


class EdgeFilters(_Filters):
    """Filters of predicted edges."""

    context: ContextName = None
    run: RunId = None
    dataset: DatasetId = None
    min_score: Score = None
    lag_sign: Lag = None
    min_chromatin_lag: ChromatinLag = None
    novel: Novel = None
    source: SourceId = None
    bound_in: CellType = None
    licence: Licence = None
    limit: Annotated[int, Field(ge=1, le=MAX_EDGES, description="Edges a page.")] = 50
    cursor: Cursor = None
    format: Format = None

    def question(self, gene: str, *, rows: str) -> EdgeQuestion:
        """Return the question of these filters about a gene; `rows` is `targets` or `regulators`.

        Raises
        ------
        InputError
            If the cursor is none of this question.
        """
        asked = EdgeQuestion(
            gene=gene,
            context=self.context,
            run_id=self.run,
            dataset_id=self.dataset,
            min_score=self.min_score,
            lag_sign=self.lag_sign,
            novel=self.novel,
            limit=self.limit,
            source_id=self.source,
            licence=self.licence,
            bound_in=self.bound_in,
            min_chromatin_lag=self.min_chromatin_lag,
        )
        return _continued(asked, self.cursor, rows=rows)


class NetworkFilters(_Filters):
    """Which edges of a run are meant."""

    context: ContextName = None
    min_score: Score = None
    lag_sign: Lag = None
    novel: Novel = None
    licence: Licence = None

    def of_run(self, run_id: str | None, *, dataset_id: str | None = None) -> EdgeQuestion:
        """Return the question of these filters about a run, the default one for None."""
        return EdgeQuestion(
            gene="",
            run_id=run_id,
            dataset_id=dataset_id,
            context=self.context,
            min_score=self.min_score,
            lag_sign=self.lag_sign,
            novel=self.novel,
            licence=self.licence,
        )


class ExportFilters(NetworkFilters):
    """Which edges of a run are streamed, and in which format."""

    format: Format = None


class SavedFilters(NetworkFilters):
    """Which edges of which run are written to a file."""

    run: RunId = None
    dataset: DatasetId = None

    def question(self) -> EdgeQuestion:
        """Return the question about this run."""
        return self.of_run(self.run, dataset_id=self.dataset)


class ContextFilters(_Filters):
    """Which run and contexts are asked, and how much of the answer."""

    context: ContextName = None
    run: RunId = None
    dataset: DatasetId = None
    licence: Licence = None
    limit: Annotated[int, Field(ge=1, le=MAX_EDGES, description="Rows a page.")] = 200
    cursor: Cursor = None

    def question(self, gene: str = "", *, rows: str) -> EdgeQuestion:
        """Return the question of these filters about a gene, or the ends of triplets; `rows` says of what.

        Raises
        ------
        InputError
            If the cursor is none of this question.
        """
        asked = EdgeQuestion(
            gene=gene,
            context=self.context,
            run_id=self.run,
            dataset_id=self.dataset,
            licence=self.licence,
            limit=self.limit,
        )
        return _continued(asked, self.cursor, rows=rows)


class TripletFilters(ContextFilters):
    """The ends of triplets, one of them at least."""

    regulator: Name | None = None
    target: Name | None = None

    def ends_question(self) -> EdgeQuestion:
        """Return the question about these ends; raises what `question` raises."""
        return self.question(f"{self.regulator or ''}>{self.target or ''}", rows="triplets")


class ConflictFilters(_Filters):
    """The ends of pairs on whose sign sources disagree, one of them at least."""

    regulator: Name | None = None
    target: Name | None = None
    licence: Licence = None
    limit: Annotated[int, Field(ge=1, le=MAX_EDGES, description="Pairs a page.")] = 200
    cursor: Cursor = None

    def question(self) -> EdgeQuestion:
        """Return the question about these ends.

        Raises
        ------
        InputError
            If the cursor is none of this question.
        """
        ends = f"{self.regulator or ''}>{self.target or ''}"
        asked = EdgeQuestion(ends, licence=self.licence, limit=self.limit)
        return _continued(asked, self.cursor, rows="conflicts")


class SharedFilters(_Filters):
    """Genes whose common regulators are wanted, and in which contexts."""

    genes: Annotated[
        str, Field(min_length=1, max_length=8000, description="Names with commas between them, 2 to 200.")
    ]
    min_shared: Annotated[int, Field(ge=1, le=200, description="Genes that each regulator has at least.")] = 2
    context: ContextName = None
    run: RunId = None
    dataset: DatasetId = None
    licence: Licence = None
    min_score: Score = None
    limit: Annotated[int, Field(ge=1, le=MAX_EDGES, description="Regulators at most.")] = 50

    def names(self) -> list[str]:
        """Return the genes that were named."""
        return _names(self.genes)

    def question(self) -> EdgeQuestion:
        """Return the question about these contexts; its gene is not used."""
        return EdgeQuestion(
            gene="",
            context=self.context,
            run_id=self.run,
            dataset_id=self.dataset,
            licence=self.licence,
            min_score=self.min_score,
            limit=self.limit,
        )


class ContextPair(_Filters):
    """Two contexts of one run; of one regulator, or of all."""

    a: Annotated[Name, Field(description="Name or id of a context, such as K562.")]
    b: Annotated[Name, Field(description="Another context of the same data set.")]
    regulator: Name | None = None
    run: RunId = None
    dataset: DatasetId = None
    licence: Licence = None

    def question(self) -> EdgeQuestion:
        """Return the question about the first context."""
        return EdgeQuestion(
            gene=self.regulator or "",
            context=self.a,
            run_id=self.run,
            dataset_id=self.dataset,
            licence=self.licence,
        )


class PictureFilters(_Filters):
    """What is drawn: the best edges of some regulators."""

    regulators: Annotated[
        str, Field(min_length=1, max_length=2000, description="Names with commas between them, 50 at most.")
    ]
    context: ContextName = None
    run: RunId = None
    dataset: DatasetId = None
    licence: Licence = None
    min_score: Score = None
    max_nodes: Annotated[int, Field(ge=2, le=3000, description="Genes at most.")] = 300

    def names(self) -> list[str]:
        """Return the regulators that were named.

        Raises
        ------
        InputError
            If there are none, or more than 50.
        """
        named = _names(self.regulators)
        if not 1 <= len(named) <= MAX_DRAWN:
            raise InputError(f"regulators: expected 1 to {MAX_DRAWN} names, found {len(named)}")
        return named

    def question(self) -> EdgeQuestion:
        """Return the question about these contexts; its gene is not used."""
        return EdgeQuestion(
            gene="",
            context=self.context,
            run_id=self.run,
            dataset_id=self.dataset,
            min_score=self.min_score,
            licence=self.licence,
        )


def _continued(asked: EdgeQuestion, cursor: str | None, *, rows: str) -> EdgeQuestion:
    return asked if cursor is None else replace(asked, after=cursors.decode(cursor, asked, rows=rows))


def _names(text: str) -> list[str]:
    return list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
