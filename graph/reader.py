"""The asynchronous door to Neo4j: the questions of analysts, for the API and the command line."""

import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import LiteralString, Self, TypeVar

import neo4j
from neo4j import AsyncDriver, AsyncGraphDatabase, AsyncManagedTransaction
from neo4j.exceptions import Neo4jError, TransientError

from graph.cypher import edges, read, runs, schema
from graph.data_state import Memory, StateWatch
from graph.errors import DatabaseAwayError, SchemaVersionError
from graph.lookup import fetch, find_gene, find_load, find_scope, unknown_run
from graph.pages import EdgePage, PairFacts, page_of, parameters_of, require_regulator, seen_in
from graph.questions import EdgeQuestion, Scope, allowed_classes
from graph.schema import SCHEMA_VERSION, LicenceClass
from graph.store import FETCH_ROWS, Row, translated_errors

TIMEOUT_S = 10.0
RETRY_S = 2.0
"""How long a read is repeated when the server asks for it, or is away, before the caller is told."""

T = TypeVar("T")


class GraphReader:
    """Reads of one Neo4j database; each method is one read transaction.

    Parameters
    ----------
    driver
        An open driver; the reader closes it.
    timeout_s
        After this many seconds the server gives a transaction up.
    """

    def __init__(self, driver: AsyncDriver, *, database: str = "neo4j", timeout_s: float = TIMEOUT_S) -> None:
        self._driver = driver
        self._database = database
        self._timeout_s = timeout_s
        self.watch = StateWatch(self.rows)
        self._memory = Memory(self.watch)

    @classmethod
    def connect(
        cls, uri: str, *, user: str, password: str, database: str = "neo4j", timeout_s: float = TIMEOUT_S
    ) -> Self:
        """Return a reader that connects when it is first asked; a server may come up later than its API.

        Raises
        ------
        DatabaseError
            If the address cannot be one of a Neo4j server.
        """
        with translated_errors():
            driver = AsyncGraphDatabase.driver(
                uri,
                auth=(user, password),
                notifications_min_severity="OFF",
                connection_timeout=5,
                connection_acquisition_timeout=timeout_s,
                max_transaction_retry_time=RETRY_S,
            )
        return cls(driver, database=database, timeout_s=timeout_s)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections."""
        await self._driver.close()

    async def known_schema_version(self) -> int:
        """Return the version of the graph's schema.

        Raises
        ------
        SchemaVersionError
            If it is not the one that this code knows.
        """
        (row,) = await self.rows(schema.READ_VERSION)
        present = row["version"] or 0
        if present != SCHEMA_VERSION:
            raise SchemaVersionError(
                f"the graph has schema version {present}, this cisgraph knows {SCHEMA_VERSION}",
                hint="`cisgraph init` brings an older graph up to date; a newer one needs a newer cisgraph",
            )
        return SCHEMA_VERSION

    async def gene(self, name: str) -> Row:
        """Return a gene by id, symbol, alias or previous symbol; `matched_by` tells by which.

        Raises
        ------
        NotFoundError
            If no gene has this name; the nearest ones are suggested.
        ConflictError
            If several have it.
        """

        async def work(transaction: AsyncManagedTransaction) -> Row:
            return await find_gene(transaction, name)

        return await self.read(work)

    async def targets(self, question: EdgeQuestion) -> EdgePage:
        """Return the predicted targets of a regulator.

        Raises
        ------
        NotFoundError
            If the gene, context, data set or run is not in the graph, or the gene is no regulator.
        ConflictError
            If the name, or the context, means several things.
        """
        return await self._page(edges.TARGETS, question, check=require_regulator)

    async def regulators(self, question: EdgeQuestion) -> EdgePage:
        """Return the predicted regulators of a gene; raises what `targets` raises."""
        return await self._page(edges.REGULATORS, question, check=lambda _: None)

    async def scope(self, question: EdgeQuestion) -> Scope:
        """Return the run and the contexts that a question means; raises what `targets` raises."""

        async def work(transaction: AsyncManagedTransaction) -> Scope:
            return await find_scope(transaction, question)

        return await self.read(work)

    async def _page(
        self, statement: LiteralString, question: EdgeQuestion, *, check: Callable[[Row], None]
    ) -> EdgePage:
        run_id = question.after.run_id if question.after else question.run_id
        asked = (run_id, question.context, question.dataset_id, question.licence)

        async def find() -> tuple[Row, Scope]:
            found = await self.gene(question.gene)
            check(found)
            scope = await self._memory.recall(asked, lambda: self.scope(question))
            return seen_in(found, scope), scope

        gene, scope = await self._memory.recall((statement, question.gene, *asked), find)
        page = await self._page_in(scope, statement, gene, question)
        if page.edges:
            return page
        now = await self.scope(question)  # the remembered run may have been deleted within this second
        return page if now == scope else await self._page_in(now, statement, gene, question)

    async def _page_in(
        self, scope: Scope, statement: LiteralString, gene: Row, question: EdgeQuestion
    ) -> EdgePage:
        async def work(transaction: AsyncManagedTransaction) -> EdgePage:
            load_id = await find_load(transaction, question.source_id)
            asked = parameters_of(gene, scope, question, source_load_id=load_id)
            return page_of(await fetch(transaction, statement, **asked), gene, scope, limit=question.limit)

        return await self.read(work)

    async def pair(self, regulator: str, target: str, *, licence: LicenceClass | None = None) -> PairFacts:
        """Return all that is known of a regulator and a target: predictions by run, priors, ChIP.

        Raises
        ------
        NotFoundError
            If one of them is not in the graph, or the first is no regulator.
        """

        async def work(transaction: AsyncManagedTransaction) -> PairFacts:
            source, end = await find_gene(transaction, regulator), await find_gene(transaction, target)
            require_regulator(source)
            (facts,) = await fetch(
                transaction,
                edges.PAIR,
                source=source["gene_id"],
                target=end["gene_id"],
                licence_classes=allowed_classes(licence),
            )
            if licence is not None:
                facts = _of_told_evidence(facts)
            return PairFacts(source=source, target=end, facts=facts)

        return await self.read(work)

    async def run(self, run_id: str) -> Row:
        """Return a complete run; `config` and `metrics` are parsed.

        Raises
        ------
        NotFoundError
            If there is none, or it is not complete.
        """

        async def work(transaction: AsyncManagedTransaction) -> Row:
            rows = await fetch(transaction, read.RUN, run_id=run_id)
            if not rows:
                raise await unknown_run(transaction, run_id)
            return _with_parsed(rows[0]["run"], "config", "metrics")

        return await self.read(work)

    async def default_run(self, dataset_id: str | None = None) -> Row:
        """Return the run that a question without a run means; raises what `targets` raises."""
        scope = await self.scope(EdgeQuestion(gene="", dataset_id=dataset_id))
        return await self.run(str(scope.run["run_id"]))

    async def runs(self) -> list[Row]:
        """Return the complete runs, newest first; `config` and `metrics` are parsed."""
        rows = await self.rows(runs.LIST, all_states=False, limit=1000)
        return [_with_parsed(row, "config", "metrics") for row in rows]

    async def contexts(self) -> list[Row]:
        """Return the contexts of all data sets."""
        return [row["context"] for row in await self.rows(read.CONTEXTS)]

    async def datasets(self) -> list[Row]:
        """Return the data sets; where their files lie is left out."""
        return [row["dataset"] for row in await self.rows(read.DATASETS)]

    async def sources(self) -> list[Row]:
        """Return the sources that were ingested whole; `rejected` is parsed."""
        return [_with_parsed(row["source"], "rejected") for row in await self.rows(read.SOURCES)]

    async def rows(self, statement: LiteralString, **parameters: object) -> list[Row]:
        """Return the rows of one read statement."""

        async def work(transaction: AsyncManagedTransaction) -> list[Row]:
            return await fetch(transaction, statement, **parameters)

        return await self.read(work)

    async def read(self, work: Callable[[AsyncManagedTransaction], Awaitable[T]]) -> T:
        """Return what some work finds in one read transaction.

        Raises
        ------
        DatabaseAwayError
            If no server answers, or not in time.
        """
        timed = neo4j.unit_of_work(timeout=self._timeout_s)(work)
        with translated_errors(), _slowness_told(self._timeout_s):
            async with self._driver.session(
                database=self._database, default_access_mode=neo4j.READ_ACCESS, fetch_size=FETCH_ROWS
            ) as session:
                return await session.execute_read(timed)

    async def stream(
        self, statement: LiteralString, *, parameters: Row, rows_ahead: int, timeout_s: float
    ) -> AsyncGenerator[Row]:
        """Yield the rows of a read statement as they come; at most `2 * rows_ahead` wait to be taken.

        Raises
        ------
        DatabaseAwayError
            If no server answers, or the transaction takes longer than `timeout_s`.
        """
        with translated_errors(), _slowness_told(timeout_s):
            async with (
                self._driver.session(
                    database=self._database, default_access_mode=neo4j.READ_ACCESS, fetch_size=rows_ahead
                ) as session,
                await session.begin_transaction(timeout=timeout_s) as transaction,
            ):
                async for record in await transaction.run(statement, parameters):
                    yield dict(record)


@contextmanager
def _slowness_told(timeout_s: float) -> Iterator[None]:
    try:
        yield
    except Neo4jError as error:
        if isinstance(error, TransientError) and "TransactionTimedOut" not in (error.code or ""):
            raise DatabaseAwayError(f"Neo4j is not ready: {error.message}", hint="ask again") from error
        if "TransactionTimedOut" not in (error.code or ""):
            raise
        raise DatabaseAwayError(
            f"Neo4j did not answer within {timeout_s:g} s", hint="ask for less: a context, a smaller limit"
        ) from error


def _of_told_evidence(facts: Row) -> Row:
    """Return facts whose predictions count the evidence that is told beside them, not that of the run."""
    sources = {row["source_id"] for row in (*facts["priors"], *facts["chip"])}
    counted = {"evidence_count": len(sources), "novel": not facts["priors"]}
    return {**facts, "predictions": [{**row, **counted} for row in facts["predictions"]]}


def _with_parsed(row: Row, *names: str) -> Row:
    """Return a row whose JSON texts are values; a NaN in them, which JSON does not know, is null."""
    parsed = {n: json.loads(row[n] or "{}", parse_constant=lambda _: None) for n in names}
    return {**row, **parsed}
