"""Parquet and the Arrow stream."""

from collections.abc import AsyncIterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from api.formats.contract import Network
from graph.exports import COLUMNS, Columns

EDGES_A_GROUP = 20_000
"""Edges of a row group or record batch: what these writers hold."""

FLOATS = {"score", "uncertainty", "lag", "lag_fdr", "chromatin_lag"}
INTEGERS = {"rank": pa.int32(), "sign": pa.int8(), "lag_sign": pa.int8(), "evidence_count": pa.int32()}


def schema() -> Any:  # noqa: ANN401 - pyarrow publishes no types
    """Return the columns of an exported network and their types."""
    return pa.schema([(name, _kind(name)) for name in COLUMNS])


async def parquet(network: Network) -> AsyncIterator[bytes]:
    """Yield a Parquet file, a row group at a time."""
    written = _Written()
    described = schema().with_metadata({key: str(value) for key, value in network.about.items()})
    with pq.ParquetWriter(pa.PythonFile(written, mode="w"), described, compression="zstd") as writer:
        async for group in _groups(network):
            writer.write_table(group.cast(described))
            yield written.taken()
    yield written.taken()


async def arrow_stream(network: Network) -> AsyncIterator[bytes]:
    """Yield an Arrow IPC stream, a record batch at a time."""
    written = _Written()
    described = schema().with_metadata({key: str(value) for key, value in network.about.items()})
    with pa.ipc.new_stream(pa.PythonFile(written, mode="w"), described) as writer:
        async for group in _groups(network):
            writer.write_table(group.cast(described))
            yield written.taken()
    yield written.taken()


class _Written:
    """A file whose content is taken away as soon as it is written."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.closed = False

    def write(self, content: bytes) -> int:
        self._parts.append(bytes(content))
        return len(content)

    def flush(self) -> None:
        """Nothing waits to be written."""

    def close(self) -> None:
        self.closed = True

    def taken(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


async def _groups(network: Network) -> AsyncIterator[Any]:
    held: list[Any] = []
    async for part in network.parts:
        held.append(_table(part))
        if sum(table.num_rows for table in held) >= EDGES_A_GROUP:
            yield pa.concat_tables(held)
            held = []
    if held:
        yield pa.concat_tables(held)


def _table(part: Columns) -> Any:  # noqa: ANN401 - pyarrow publishes no types
    return pa.table({name: pa.array(part[name], type=_kind(name)) for name in COLUMNS}, schema=schema())


def _kind(name: str) -> Any:  # noqa: ANN401 - pyarrow publishes no types
    if name in FLOATS:
        return pa.float64()
    return INTEGERS.get(name, pa.bool_() if name == "novel" else pa.string())
