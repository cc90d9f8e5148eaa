"""Rows that were left out, each with its reason: what was read is what was kept and what was rejected.

Rows that were kept with a remark (a retired symbol, an alias) are told apart from them.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path

import pandas as pd

COLUMNS = ("file", "row", "identifier", "reason", "detail")


class Reason(StrEnum):
    """Why a row is not in the graph, or what was done to keep it (`... mapped`)."""

    ALIAS = "alias mapped"
    AMBIGUOUS_NAME = "ambiguous name"
    BAD_CONFIDENCE = "bad confidence"
    BAD_INTERVAL = "bad interval"
    BAD_KIND = "bad kind"
    BAD_PROFILE = "bad profile"
    BAD_SCORE = "bad score"
    BAD_SIGN = "bad sign"
    BAD_WEIGHT = "bad weight"
    DIMER = "profile of a dimer"
    DUPLICATE = "duplicate"
    EMPTY_NAME = "empty name"
    EMPTY_SET = "empty set"
    LOW_CONFIDENCE = "low confidence"
    MICRO_RNA = "microRNA"
    NOTHING_NEAR = "neither peak nor gene near"
    NOT_LIFTED = "not lifted over"
    NOT_ON_ASSEMBLY = "not on the assembly"
    NO_FAMILY = "no family"
    NO_SITE = "no site in a peak"
    OTHER_SPECIES = "other species"
    PAR_COPY = "copy of a pseudoautosomal gene on Y"
    RETIRED = "retired symbol mapped"
    SELF_LOOP = "self loop"
    TOO_SHORT = "too short for the p-value"
    UNKNOWN_GENE = "unknown gene"
    UNKNOWN_REGULATOR = "unknown regulator"
    WITHDRAWN = "withdrawn"
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    rejected.to_csv(partial, sep="\t", index=False)
    return partial.replace(path)
