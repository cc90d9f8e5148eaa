"""Names of formats; what writes them is imported by who writes."""

from enum import StrEnum


class FormatName(StrEnum):
    """What `?format=` may say."""

    JSON = "json"
    NDJSON = "ndjson"
    TSV = "tsv"
    PARQUET = "parquet"
    ARROW = "arrow"
    GRAPHML = "graphml"
    CX2 = "cx2"
    SIF = "sif"
    DECOUPLER = "decoupler"
    SCENICPLUS = "scenicplus"
