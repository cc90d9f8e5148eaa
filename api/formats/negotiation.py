"""Which format is answered: `?format=` goes before `Accept`."""

from collections.abc import Mapping
from types import MappingProxyType

from fastapi import Request
from starlette.exceptions import HTTPException

from api.formats import arrow, cx2, graphml, text
from api.formats.contract import Format
from api.formats.names import FormatName


def _formats() -> dict[str, Format]:
    known = [
        Format("json", "application/json", "json", text.json_document),
        Format("ndjson", "application/x-ndjson", "ndjson", text.ndjson),
        Format("tsv", "text/tab-separated-values", "tsv", text.tsv),
        Format("parquet", "application/vnd.apache.parquet", "parquet", arrow.parquet),
        Format("arrow", "application/vnd.apache.arrow.stream", "arrows", arrow.arrow_stream),
        Format("graphml", "application/graphml+xml", "graphml", graphml.graphml),
        Format("cx2", "application/vnd.cytoscape.cx2+json", "cx2", cx2.cx2, needs_genes=True),
        Format("sif", "text/x-sif", "sif", text.sif, needs_genes=True, one_a_pair=True),
        Format("decoupler", "text/csv", "csv", text.decoupler, needs_genes=True, one_a_pair=True),
        Format(
            "scenicplus",
            "text/x-scenicplus",
            "tsv",
            text.scenicplus,
            needs_genes=True,
            one_a_pair=True,
        ),
    ]
    return {each.name: each for each in known}


FORMATS: Mapping[str, Format] = MappingProxyType(_formats())
CONTENT: Mapping[str, dict[str, object]] = MappingProxyType(
    {each.media_type: {} for each in FORMATS.values() if each.name != "json"}
)
"""What the OpenAPI document says of other formats than JSON."""

IN_FORMATS: dict[int | str, dict[str, object]] = {200: {"content": dict(CONTENT)}}


def negotiated(asked: FormatName | None, request: Request) -> Format:
    """Return the format of the answer.

    Raises
    ------
    HTTPException
        406, if `Accept` names none that is known.
    """
    return FORMATS[asked.value] if asked is not None else _accepted(request.headers.get("accept", ""))


def _accepted(header: str) -> Format:
    by_type = {each.media_type: each for each in FORMATS.values()}
    ranked = sorted(_weighted(header or "*/*"), key=lambda pair: -pair[1])
    for media_type, weight in ranked:
        if weight <= 0:
            continue
        if media_type in by_type:
            return by_type[media_type]
        if media_type in {"*/*", "application/*", "text/html"}:  # a browser that looks
            return FORMATS["json"]
        if media_type == "text/*":
            return FORMATS["tsv"]
    raise HTTPException(406, f"Accept: expected one of {', '.join(by_type)}")


def _weighted(header: str) -> list[tuple[str, float]]:
    found = []
    for choice in header.split(","):
        media_type, *parameters = (part.strip().lower() for part in choice.split(";"))
        weight = next((value[2:] for value in parameters if value.startswith("q=")), "1")
        found.append((media_type, float(weight) if weight.replace(".", "", 1).isdecimal() else 0.0))
    return found
