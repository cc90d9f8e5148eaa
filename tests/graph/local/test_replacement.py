"""Stores that change places, seen at every moment at which a kill could leave them."""

import shutil

import pytest

from graph.local.home import Home
from graph.local.replacement import begin, commit, is_under_way, settle, undo
from graph.local.staging import make_staging

OLD = ["old databases", "old transactions"]
NEW = ["new databases", "new transactions"]


def write_stores(home, word):
    for store in home.stores:
        store.mkdir(parents=True)
        (store / "content").write_text(f"{word} {store.parent.name}")


def content(home):
    return [(store / "content").read_text() for store in home.stores if store.is_dir()]


@pytest.fixture
def homes(tmp_path):
    home, staged = Home(tmp_path / "home"), Home(tmp_path / "home" / "staged")
    home.make()
    write_stores(home, "old")
    write_stores(staged, "new")
    return home, staged


def test_new_stores_count_when_they_are_committed(homes):
    home, staged = homes
    begin(home, staged)
    assert content(home) == NEW
    assert is_under_way(home)
    commit(home)
    assert not is_under_way(home)
    assert not home.replaced.exists()
    settle(home)
    assert content(home) == NEW


def test_a_killed_replacement_is_undone_by_the_next_command(homes):
    home, staged = homes
    begin(home, staged)
    settle(home)
    assert content(home) == OLD
    assert not home.replaced.exists()


def test_a_replacement_killed_between_the_two_stores_is_undone(homes):
    home, staged = homes
    begin(home, staged)
    transactions = home.stores[1]
    aside = home.replaced / transactions.relative_to(home.data)
    shutil.rmtree(transactions)  # as if the second store had not been moved yet
    aside.rename(transactions)
    undo(home)
    assert content(home) == OLD


def test_a_replacement_killed_while_a_place_is_empty_is_undone(homes):
    home, staged = homes
    begin(home, staged)
    shutil.rmtree(home.stores[0])  # the former store is aside, the new one not yet there
    undo(home)
    assert content(home) == OLD


def test_an_undoing_that_was_killed_is_done_to_its_end(homes):
    home, staged = homes
    begin(home, staged)
    database = home.stores[0]
    shutil.rmtree(database)
    (home.replaced / database.relative_to(home.data)).rename(database)
    undo(home)
    assert content(home) == OLD


def test_a_home_without_stores_has_none_again(tmp_path):
    home, staged = Home(tmp_path / "home"), Home(tmp_path / "staged")
    home.make()
    write_stores(staged, "new")
    begin(home, staged)
    settle(home)
    assert content(home) == []
    assert not is_under_way(home)


def test_former_stores_that_a_kill_after_the_commit_left_are_deleted(homes):
    home, staged = homes
    begin(home, staged)
    (home.replaced / "under-way").unlink()
    settle(home)
    assert content(home) == NEW
    assert not home.replaced.exists()


def test_staging_folders_of_the_dead_are_swept_and_those_of_the_living_kept(homes):
    home, _ = homes
    living, lock = make_staging(home)
    dead, dead_lock = make_staging(home)
    dead_lock.release()
    settle(home)
    assert living.path.is_dir()
    assert not dead.path.exists()
    lock.release()
    settle(home)
    assert not living.path.exists()
