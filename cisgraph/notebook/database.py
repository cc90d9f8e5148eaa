"""The graph as a notebook asks it: synchronous, the same answers as the API's from the same code."""

import weakref
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar, Unpack

from pydantic import BaseModel

from api import answers, contents, many, regions, relations
from api.filters import (
    ConflictFilters,
    ContextFilters,
    ContextPair,
    EdgeFilters,
    PictureFilters,
    SavedFilters,
    SharedFilters,
    TripletFilters,
)
from api.models.edges import EdgeAnswer
from api.models.genes import Gene
from api.models.networks import NamesToResolve
from cisgraph.notebook.answer import Answer
from cisgraph.notebook.filters import EdgeFilter, ExportFilter, InRun, InRunLimited, checked
from cisgraph.notebook.loop import BackgroundLoop
from cisgraph.notebook.network import Network
from cisgraph.notebook.statements import run_statement
from graph.local import Connection
from graph.questions import MAX_EDGES, EdgeQuestion
from graph.reader import GraphReader
from graph.schema import LicenceClass
from graph.store import GraphStore

T = TypeVar("T")
Ask = Callable[[GraphReader, EdgeQuestion], Awaitable[dict[str, Any]]]


class Database:
    """A graph that can be asked; `cisgraph.connect` makes one.

    Names of genes are ids, symbols, aliases or previous symbols. An unknown name is a `NotFoundError` with
    the nearest ones, a name of several things a `ConflictError` with the candidates.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._loop = BackgroundLoop()
        self._reader = GraphReader.connect(
            connection.uri,
            user=connection.user,
            password=connection.password,
            database=connection.database,
        )
        self._close = weakref.finalize(self, _close, self._loop, self._reader)
        self._run(self._reader.known_schema_version())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; the server goes on."""
        self._close()

    def gene(self, name: str) -> dict[str, Any]:
        """Return a gene: its names, where it lies, where it is seen."""
        return Gene.model_validate(self._run(self._reader.gene(name))).model_dump()

    def resolve(self, names: Sequence[str], *, species: str | None = None) -> Answer:
        """Return what names mean: matched, alias, previous, ambiguous or not_found."""
        asked = checked(NamesToResolve, {"names": list(names), "species": species})
        return self._answer(many.resolved(self._reader, asked), rows="results")

    def targets(self, regulator: str, **filters: Unpack[EdgeFilter]) -> Answer:
        """Return the predicted targets of a regulator, best first, with the evidence of all sources."""
        return self._edges(answers.targets, regulator, rows="targets", filters=dict(filters))

    def regulators(self, gene: str, **filters: Unpack[EdgeFilter]) -> Answer:
        """Return the predicted regulators of a gene, best first, with the evidence of all sources."""
        return self._edges(answers.regulators, gene, rows="sources", filters=dict(filters))

    def edge(self, regulator: str, target: str, *, licence: LicenceClass | None = None) -> Answer:
        """Return all that is known of a pair; tables: predictions, baselines, priors, chip, peaks."""
        asked = answers.pair(self._reader, regulator, target, licence=licence)
        return self._answer(asked, rows="predictions")

    def peaks(self, gene: str, **filters: Unpack[InRunLimited]) -> Answer:
        """Return the candidate peaks of a gene, nearest first, with learned links and what binds them."""
        return self._answer(regions.peaks(self._reader, gene, checked(ContextFilters, filters)), rows="peaks")

    def lags(self, gene: str, **filters: Unpack[InRunLimited]) -> Answer:
        """Return by how much transcription of a gene follows its chromatin, by run and context."""
        return self._answer(regions.lags(self._reader, gene, checked(ContextFilters, filters)), rows="lags")

    def regulons(self, gene: str, **filters: Unpack[InRunLimited]) -> Answer:
        """Return the regulons that a gene is a member of, best score first."""
        asked = regions.regulons(self._reader, gene, checked(ContextFilters, filters))
        return self._answer(asked, rows="regulons")

    def triplets(
        self, regulator: str | None = None, target: str | None = None, **filters: Unpack[InRunLimited]
    ) -> Answer:
        """Return regulator - peak - gene triplets of a regulator, a target or a pair."""
        asked = checked(TripletFilters, {"regulator": regulator, "target": target, **filters})
        return self._answer(regions.triplets(self._reader, asked), rows="triplets")

    def conflicts(
        self,
        regulator: str | None = None,
        target: str | None = None,
        *,
        licence: LicenceClass | None = None,
        limit: int = 200,
    ) -> Answer:
        """Return the pairs of which some sources say activation and some repression."""
        told = {"regulator": regulator, "target": target, "licence": licence, "limit": limit}
        return self._answer(
            relations.conflicts(self._reader, checked(ConflictFilters, told)), rows="conflicts"
        )

    def shared_regulators(
        self, genes: Sequence[str], *, min_shared: int = 2, **filters: Unpack[InRunLimited]
    ) -> Answer:
        """Return who regulates at least `min_shared` of some genes, those of most genes first."""
        told = {"genes": ",".join(genes), "min_shared": min_shared, **filters}
        return self._answer(relations.shared(self._reader, checked(SharedFilters, told)), rows="regulators")

    def compare_runs(self, a: str, b: str, *, context: str | None = None) -> Answer:
        """Return two runs side by side; tables: contexts, only_a, only_b, changed."""
        return self._answer(relations.between_runs(self._reader, a, b, context=context), rows="contexts")

    def compare_contexts(
        self, a: str, b: str, *, regulator: str | None = None, **filters: Unpack[InRun]
    ) -> Answer:
        """Return two contexts of one run side by side; tables: changed, only_a, only_b."""
        asked = checked(ContextPair, {"a": a, "b": b, "regulator": regulator, **filters})
        return self._answer(relations.between_contexts(self._reader, asked), rows="changed")

    def network(
        self,
        *regulators: str,
        max_nodes: int = 300,
        min_score: float | None = None,
        **filters: Unpack[InRun],
    ) -> Network:
        """Return the best edges of some regulators, to be drawn or handed to networkx."""
        told = {
            "regulators": ",".join(regulators),
            "max_nodes": max_nodes,
            "min_score": min_score,
            **filters,
        }
        found = self._run(many.picture(self._reader, checked(PictureFilters, told)))
        return Network(found.model_dump(mode="json"))

    def validation(self, run: str | None = None, *, dataset: str | None = None) -> Answer:
        """Return how a run compares with databases, a row an exam and method, baselines among them."""
        found = self._run(answers.validation(self._reader, run_id=run, dataset_id=dataset))
        told = found.model_dump(mode="json")
        return Answer({"methods": _methods(told["metrics"]), **told}, rows="methods")

    def validate(
        self,
        path: str | Path,
        *,
        against: Sequence[str] = (),
        trained_on: Sequence[str] = (),
        species: str = "human",
        dataset: str | None = None,
    ) -> Answer:
        """Return how a network file compares with databases, as `cisgraph validate FILE --json` tells it.

        Parameters
        ----------
        against
            Databases that judge; without any, all curated ones of the species.
        trained_on
            Databases that the network was made with: they do not judge.
        dataset
            Its expressed genes are asked about; all known targets without.

        Raises
        ------
        InputError
            If the file cannot be read as a network.
        NotFoundError, ConflictError
            If a judge is not in the graph, or judges itself.
        """
        from cisgraph.judging.network import Asked, validate_file

        asked = Asked(Path(path), tuple(against), tuple(trained_on), species=species, dataset_id=dataset)
        c = self._connection
        with GraphStore.connect(c.uri, user=c.user, password=c.password, database=c.database) as store:
            told = validate_file(store, asked)
        return Answer({"methods": _methods(told), **told}, rows="methods")

    def runs(self) -> Answer:
        """Return the complete runs, newest first."""
        return self._answer(contents.runs(self._reader), rows="runs")

    def contexts(self) -> Answer:
        """Return the contexts of all data sets."""
        return self._answer(contents.contexts(self._reader), rows="contexts")

    def datasets(self) -> Answer:
        """Return the data sets."""
        return self._answer(contents.datasets(self._reader), rows="datasets")

    def sources(self) -> Answer:
        """Return the sources of evidence with licence and counts."""
        return self._answer(contents.sources(self._reader), rows="sources")

    def releases(self) -> Answer:
        """Return the releases of the evidence, newest first."""
        return self._answer(contents.releases(self._reader), rows="releases")

    def cypher(self, statement: str, *, max_rows: int = 1000, **parameters: object) -> Answer:
        """Return the rows of a statement that reads; parameters by name.

        Raises
        ------
        InputError
            If it is no statement, would write, or takes too long.
        """
        return Answer(run_statement(self._connection, statement, parameters, max_rows=max_rows), rows="rows")

    def export(
        self, path: str | Path, *, file_format: str | None = None, **filters: Unpack[ExportFilter]
    ) -> Path:
        """Write the network of a run to a file, in the format of its suffix unless named; return its path."""
        from api.saving import format_of, save_network

        asked = checked(SavedFilters, filters).question()
        format_ = format_of(Path(path), file_format)
        return self._run(save_network(self._reader, Path(path), asked, format_))

    def _run(self, work: Awaitable[T]) -> T:
        async def awaited() -> T:
            return await work

        return self._loop.run(awaited())

    def _answer(self, work: Awaitable[BaseModel], *, rows: str) -> Answer:
        return Answer(self._run(work).model_dump(mode="json"), rows=rows)

    def _edges(self, ask: Ask, gene: str, *, rows: str, filters: dict[str, Any]) -> Answer:
        whole = "limit" in filters and filters["limit"] is None
        told = {**filters, "limit": MAX_EDGES} if whole else filters
        answer = self._page(ask, gene, rows=rows, filters=told)
        while whole and answer.next_cursor:
            page = self._page(ask, gene, rows=rows, filters={**told, "cursor": answer.next_cursor})
            answer = page.model_copy(update={"edges": [*answer.edges, *page.edges]})
        return Answer(answer.model_dump(mode="json"), rows="edges")

    def _page(self, ask: Ask, gene: str, *, rows: str, filters: dict[str, Any]) -> EdgeAnswer:
        question = checked(EdgeFilters, filters).question(gene, rows=rows)
        return EdgeAnswer.model_validate(self._run(ask(self._reader, question)))


def _close(loop: BackgroundLoop, reader: GraphReader) -> None:
    loop.run(reader.close())
    loop.close()


def _methods(metrics: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a row an exam and method; the exam's own facts stand in front."""
    facts = ("judge", "context", "num_positives", "prevalence")
    return [
        {"exam": exam["name"], **{name: exam.get(name) for name in facts}, **row}
        for exam in metrics.get("validation", [])
        for row in exam["rows"]
    ]
