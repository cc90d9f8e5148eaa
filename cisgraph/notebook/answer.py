"""One answer: its rows as a frame, and what they are about."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from cisgraph.evidence import evidence_words
from graph.errors import InputError
from graph.gene_names import nearest

Row = Mapping[str, Any]  # JSON


FIRST = (
    "source_symbol", "target_symbol", "symbol", "score", "rank", "sign", "lag_sign", "novel", "evidence",
    "context",
)  # fmt: skip
"""Columns that people look for, in front of the others."""

SHOWN_ROWS = 10


class Answer:
    """What the API answers, in a notebook.

    Parameters
    ----------
    data
        The answer as JSON.
    rows
        Which of its lists is meant by `to_pandas()` without a name.
    """

    def __init__(self, data: Mapping[str, Any], *, rows: str) -> None:
        self._data = dict(data)
        self._rows = rows

    @property
    def tables(self) -> list[str]:
        """Names of the lists of the answer, the main one first."""
        others = [
            name for name, value in self._data.items() if isinstance(value, list) and name != self._rows
        ]
        return [self._rows, *others]

    @property
    def about(self) -> dict[str, Any]:
        """All of the answer that is no list: the gene, the run, its licence class, the notice."""
        return {name: value for name, value in self._data.items() if not isinstance(value, list)}

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The main list."""
        return list(self._data[self._rows])

    def to_dict(self) -> dict[str, Any]:
        """Return the whole answer, as HTTP tells it."""
        return dict(self._data)

    def to_pandas(self, table: str | None = None) -> pd.DataFrame:
        """Return one of its lists as a frame, the main one without a name.

        Records within a row become columns such as `target_detection.num_cells`, lists stay in their cells;
        the evidence of an edge is also told in words.

        Raises
        ------
        InputError
            If the answer has no such list.
        """
        name = self._rows if table is None else table
        if name not in self.tables:
            best = nearest(name, self.tables)[0]
            raise InputError(f"expected one of {self.tables}, found {name!r}", hint=f"did you mean {best!r}?")
        return frame_of(self._data[name])

    def __len__(self) -> int:
        return len(self._data[self._rows])

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.rows)

    def __repr__(self) -> str:
        frame = self.to_pandas()
        more = f"\n... {len(frame) - SHOWN_ROWS:,} more" if len(frame) > SHOWN_ROWS else ""
        return f"{self._caption()}\n{frame.head(SHOWN_ROWS).to_string(max_cols=10, max_colwidth=30)}{more}"

    def _repr_html_(self) -> str:
        frame = self.to_pandas()
        return f"<p>{self._caption()}</p>{frame.to_html(max_rows=20, notebook=True)}"

    def _caption(self) -> str:
        run = self.about.get("run") or {}
        told = [f"{len(self):,} {self._rows.replace('_', ' ')}"]
        told += [f"run {run['run_id']}"] if run else []
        told += [f"licence class {self._data['licence_class']}"] if "licence_class" in self._data else []
        return ", ".join(told)


def frame_of(rows: Sequence[Row]) -> pd.DataFrame:
    """Return rows as a frame; a record that is missing in some rows is missing in all of its columns.

    >>> frame_of([{"a": 1, "b": {"c": 2}}, {"a": 3, "b": None}]).columns.tolist()
    ['a', 'b.c']
    """
    inner: dict[str, dict[str, None]] = {}
    for row in rows:
        for name, value in row.items():
            if isinstance(value, dict):
                inner.setdefault(name, {}).update(dict.fromkeys(value))
    frame = pd.DataFrame([_flat(row, inner) for row in rows])
    first = [name for name in FIRST if name in frame]
    return frame[[*first, *(name for name in frame if name not in first)]]


def _flat(row: Row, inner: Mapping[str, Mapping[str, None]]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if name == "evidence" and isinstance(value, dict) and "priors" in value:
            flat[name] = evidence_words(**value)
        if name in inner:
            flat.update({f"{name}.{part}": (value or {}).get(part) for part in inner[name]})
        else:
            flat[name] = value
    return flat
