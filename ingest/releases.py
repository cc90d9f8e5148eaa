"""Releases: which versions of which sources and data sets the graph held, and what changed between two."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graph.cypher import ingest as statements
from graph.cypher import write
from graph.errors import NotFoundError
from graph.store import GraphStore

Part = Mapping[str, Any]  # what JSON holds of one source: see `Release`
MAX_RELEASES = 1_000


@dataclass(frozen=True)
class Release:
    """What the graph held from one moment to the next.

    Parameters
    ----------
    contents
        By id of the source or data set: `version`, `sha256`, `fingerprint`, `num_written` (relationships, or
        nodes of a list) and `changes` (by table what it changed about the version before it).
    """

    release_id: str
    created_at: str
    contents: Mapping[str, Part]


@dataclass(frozen=True)
class Difference:
    """How one source or data set differs between two releases.

    Parameters
    ----------
    before, after
        None where a release does not have it.
    """

    identifier: str
    before: Part | None
    after: Part | None


def write_release(store: GraphStore) -> str:
    """Write the node of the release that the graph now is and return its id: a hash over its contents."""
    sources = [row for row in store.read(statements.SOURCES) if row["state"] == "complete"]
    datasets = [row for row in store.read(statements.DATASETS) if row["state"] == "complete"]
    contents = {row["source_id"]: _source_part(row) for row in sources}
    contents |= {row["dataset_id"]: _dataset_part(row) for row in datasets}
    marks = sorted((identifier, part["fingerprint"]) for identifier, part in contents.items())
    release_id = hashlib.sha256(json.dumps(marks).encode()).hexdigest()[:16]
    store.write(write.RELEASE, release_id=release_id, contents=json.dumps(contents))
    return release_id


def releases(store: GraphStore, *, limit: int = MAX_RELEASES) -> list[Release]:
    """Return the releases that the graph was, the newest first."""
    rows = store.read(statements.RELEASES, limit=limit)
    return [Release(row["release_id"], row["created_at"], json.loads(row["contents"])) for row in rows]


def release_named(store: GraphStore, release_id: str) -> Release:
    """Return a release by its id or the beginning of it.

    Raises
    ------
    NotFoundError
        If none, or more than one, begins so.
    """
    known = releases(store)
    found = [one for one in known if one.release_id.startswith(release_id)]
    if len(found) != 1:
        raise NotFoundError(
            f"{len(found)} releases begin with {release_id!r}, expected one",
            suggestions=[one.release_id for one in known[:5]],
            hint="`cisgraph releases list` shows them",
        )
    return found[0]


def differences(before: Release, after: Release) -> list[Difference]:
    """Return the sources and data sets that differ between two releases, by id."""
    ids = sorted({*before.contents, *after.contents})
    pairs = [Difference(each, before.contents.get(each), after.contents.get(each)) for each in ids]
    return [pair for pair in pairs if _mark(pair.before) != _mark(pair.after)]


def _mark(part: Part | None) -> str:
    return str(part["fingerprint"]) if part else ""


def _source_part(row: Part) -> Part:
    kept = {name: row[name] for name in ("version", "sha256", "fingerprint", "num_written")}
    return {**kept, "changes": json.loads(row["changes"] or "{}")}


def _dataset_part(row: Part) -> Part:
    return {"version": "", "sha256": "", "fingerprint": row["fingerprint"], "num_written": row["num_near"]}
