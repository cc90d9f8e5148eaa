"""A network of the graph into a file, in any of the formats."""

from contextlib import aclosing
from pathlib import Path

from api.exports import network_of
from api.formats.contract import Format
from api.formats.negotiation import FORMATS
from graph.errors import InputError
from graph.gene_names import nearest
from graph.questions import EdgeQuestion
from graph.reader import GraphReader

SUFFIXES = {f".{each.suffix}": each.name for each in FORMATS.values() if each.name != "scenicplus"} | {
    ".arrow": "arrow",
    ".txt": "tsv",
}


def format_of(path: Path, name: str | None) -> Format:
    """Return the format of a name, without one that of the suffix of a file.

    Raises
    ------
    InputError
        If there is no such format.
    """
    found = SUFFIXES.get(path.suffix) if name is None else name
    if found is None:
        raise InputError(
            f"the suffix of {path.name} tells no format", hint=f"name one of {', '.join(FORMATS)}"
        )
    if found not in FORMATS:
        raise InputError(
            f"no format {found!r}, expected one of {', '.join(FORMATS)}",
            hint=f"did you mean {nearest(found, list(FORMATS))[0]}?",
        )
    return FORMATS[found]


async def save_network(reader: GraphReader, path: Path, question: EdgeQuestion, format_: Format) -> Path:
    """Write the network of a run to a file, a part at a time; the file appears when it is whole.

    Raises
    ------
    NotFoundError
        If there is no such complete run or context.
    ConflictError
        If several data sets could answer, or the run predicted no edges.
    InputError
        If the file cannot be written.
    """
    partial = path.with_name(f".{path.name}.part")
    try:
        with partial.open("wb") as out:
            network = await network_of(reader, question, format_)
            async with aclosing(network.parts):
                async for content in format_.write(network):
                    out.write(content)
        partial.replace(path)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)
    return path
