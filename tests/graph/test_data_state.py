"""What is remembered of one state of the data, and how often the state is looked at."""

import asyncio

import pytest

from graph.data_state import Memory, StateWatch
from graph.errors import DatabaseAwayError, NotFoundError

ROW = {"releases": ["r"], "loads": [], "datasets": [], "runs": []}


class Database:
    """Tells a state, and counts how often it was asked."""

    def __init__(self):
        self.row, self.num_asked, self.away = dict(ROW), 0, False

    async def read(self, _statement):
        self.num_asked += 1
        await asyncio.sleep(0)
        if self.away:
            raise DatabaseAwayError("no Neo4j answers")
        return [self.row]


@pytest.fixture
def database():
    return Database()


class Clock:
    """Stands still until it is told."""

    def __init__(self):
        self.s = 100.0

    def __call__(self):
        return self.s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def watch(database, clock):
    return StateWatch(database.read, clock=clock)


def test_many_who_ask_at_once_look_once(database, watch):
    async def ask():
        return await asyncio.gather(*(watch.current() for _ in range(50)))

    assert len(set(asyncio.run(ask()))) == 1
    assert database.num_asked == 1


def test_a_state_is_looked_at_again_after_a_second(database, watch, clock):
    async def ask():
        before = await watch.current()
        database.row = {**ROW, "runs": ["another"]}
        assert await watch.current() == before
        clock.s += 1.1
        return before, await watch.current()

    before, after = asyncio.run(ask())
    assert before.digest != after.digest


def test_a_server_that_is_away_is_not_asked_by_each_who_waits(database, watch, clock):
    async def ask():
        database.away = True
        told = await asyncio.gather(*(watch.current() for _ in range(20)), return_exceptions=True)
        assert {type(error) for error in told} == {DatabaseAwayError}
        assert database.num_asked == 1
        database.away = False
        clock.s += 1.1
        return await watch.current()

    assert asyncio.run(ask()).release_id == "r"


def test_what_was_found_is_found_again_only_after_the_state_has_changed(database, watch, clock):
    found = iter("ab")

    async def find():
        return next(found)

    async def ask():
        memory = Memory(watch)
        told = [await memory.recall("gene", find), await memory.recall("gene", find)]
        database.row = {**ROW, "loads": ["new"]}
        clock.s += 1.1
        return [*told, await memory.recall("gene", find)]

    assert asyncio.run(ask()) == ["a", "a", "b"]


def test_an_error_is_not_remembered(watch):
    async def fail():
        raise NotFoundError("no gene")

    async def find():
        return "found"

    async def ask():
        memory = Memory(watch)
        with pytest.raises(NotFoundError):
            await memory.recall("gene", fail)
        return await memory.recall("gene", find)

    assert asyncio.run(ask()) == "found"


def test_what_is_remembered_is_bounded(watch):
    async def ask():
        memory = Memory(watch, most=3)
        for name in range(10):
            await memory.recall(name, one)
            assert len(memory) <= 3

    async def one():
        return 1

    asyncio.run(ask())
