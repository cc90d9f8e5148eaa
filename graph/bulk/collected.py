"""Tables that wait in files for the import, with the keys that their rows name."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from graph.bulk.csv_files import TYPES, CsvFile, column, write_csv
from graph.bulk.keys import ENDS, space
from graph.bulk.present import Present
from graph.errors import DatabaseError
from graph.rows import checked_frame
from graph.schema import Label
from graph.tables import PEAKS, Table

_NONE = pd.Series([], dtype=object)


class Collected:
    """Relationships, written to files as they come, and peaks, kept until it is known which are new.

    Parameters
    ----------
    folder
        Where the files are made.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ends: list[tuple[str, Label, pa.Array]] = []
        self._peaks: list[pd.DataFrame] = []
        self.relationships: list[CsvFile] = []

    @property
    def num_relationships(self) -> int:
        """Number of relationships that wait."""
        return sum(file.num_rows for file in self.relationships)

    def add(self, table: Table, frame: pd.DataFrame) -> None:
        """Take the rows of a table of peaks or relationships.

        Raises
        ------
        InputError
            If columns are missing, or hold nulls or values where these may not be.
        ResourceError
            If the disk is full.
        """
        checked = checked_frame(table, frame)
        if table is PEAKS:
            self._peaks.append(checked)
        elif len(checked):
            self._write(table, checked)

    def write_peaks(self, present: Present) -> list[CsvFile]:
        """Write the peaks that are new, each once."""
        if not self._peaks:
            return []
        peaks = pd.concat(self._peaks).drop_duplicates("peak_id", keep="last")
        peaks = peaks[~peaks["peak_id"].isin(present.ids.get(Label.PEAK, _NONE))]
        columns = {
            f"peak_id:ID({Label.PEAK})": column(peaks["peak_id"], "string"),
            ":LABEL": pa.array([str(Label.PEAK)] * len(peaks), type=pa.string()),
            **_properties(PEAKS, peaks, but=("peak_id",)),
        }
        return [write_csv(self._folder / "peaks.csv", columns, name=Label.PEAK)]

    def check_ends(self, present: Present) -> None:
        """Check that each end of a relationship is a node of the right label, present or collected.

        Raises
        ------
        DatabaseError
            If one is not.
        """
        peaks = [frame["peak_id"] for frame in self._peaks]
        for name, label, ids in self._ends:
            known = pd.concat([present.ids.get(label, _NONE), *(peaks if label == Label.PEAK else [])])
            missing = ids.to_pandas()
            missing = missing[~missing.isin(known)]
            if len(missing):
                raise DatabaseError(
                    f"{name}: {len(missing):,} end nodes are not in the graph as {label}, such as "
                    f"{', '.join(map(repr, missing[:5]))}; nothing was imported",
                    hint="ingest the gene annotation and the regulators before what points at them",
                )

    def _write(self, table: Table, frame: pd.DataFrame) -> None:
        ends = ENDS[table.name]
        source, target = (column(frame[end], "string") for end in ("source", "target"))
        columns = {
            f":START_ID({space(ends.source)})": source,
            f":END_ID({space(ends.target)})": target,
            **_properties(table, frame, but=("source", "target")),
        }
        path = self._folder / f"{len(self.relationships)}-{table.name}.csv"
        self.relationships.append(write_csv(path, columns, name=table.name))
        self._ends.append((table.name, ends.source, pc.unique(source)))
        self._ends.append((table.name, ends.target, pc.unique(target)))


def _properties(table: Table, frame: pd.DataFrame, *, but: tuple[str, ...]) -> dict[str, pa.Array]:
    return {
        f"{name}:{TYPES[kind]}": column(frame[name], kind)
        for name, kind in table.columns.items()
        if name not in but
    }
