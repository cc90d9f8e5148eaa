"""What libraries raise on a damaged file, said as one error that names the file."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from anndata._io.specs.registry import IORegistryError  # of an element of no known kind; exported nowhere
from pandas.errors import ParserError

from graph.errors import InputError

_CUT = "the copy was cut short or is another format; copy it again and compare its checksum"

_FOREIGN = (
    KeyError, TypeError, ValueError, AttributeError, IndexError, RuntimeError, ParserError, IORegistryError,
)  # fmt: skip


@contextmanager
def told_of(path: Path, *, kind: str, writer: str) -> Iterator[None]:
    """Translate the errors of HDF5, zarr, gzip and anndata.

    Parameters
    ----------
    kind
        What the file should be, such as `AnnData`.
    writer
        What writes such a file.

    Raises
    ------
    InputError
        In the place of any of theirs.
    """
    try:
        yield
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not a whole {kind} file ({error})", hint=_CUT) from error
    except _FOREIGN as error:
        raise InputError(f"{path}: no {kind} ({error})", hint=f"write it with {writer}") from error
