"""What libraries raise on a damaged file, said as one error that names the file."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from anndata.io import AnnDataReadError
from pandas.errors import ParserError
from zarr.errors import BaseZarrError

from graph.errors import InputError

_CUT = "the copy was cut short or is another format; copy it again and compare its checksum"


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
    except (
        KeyError, TypeError, ValueError, AttributeError, IndexError, RuntimeError, ParserError,
        AnnDataReadError, BaseZarrError,
    ) as error:  # fmt: skip
        raise InputError(f"{path}: no {kind} ({error})", hint=f"write it with {writer}") from error
