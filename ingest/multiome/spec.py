"""What a user says about a paired data set."""

import re
from dataclasses import dataclass
from pathlib import Path

from graph.errors import InputError
from graph.schema import LicenceClass

_DATASET_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


@dataclass(frozen=True)
class DatasetSpec:
    """A pair of .h5ad files and what they hold.

    Parameters
    ----------
    rna, atac
        Raw counts in `X` or the layer `counts`; peaks in the columns chrom, start, end of `var`.
    chain
        UCSC chain file from GRCh37 to GRCh38: tells the assemblies apart and lifts.
    context_column
        Column of `obs` whose values become contexts; '' makes the context `all` only.
    assembly
        GRCh38, GRCh37 or their aliases; '' takes the one that is detected.
    lift_over
        Whether peaks on GRCh37 may be lifted to GRCh38.
    time_column, time_unit
        Column of `obs` with real time points; '' without one.

    Raises
    ------
    InputError
        If the id cannot name a folder, or time points have no unit.
    """

    dataset_id: str
    name: str
    rna: Path
    atac: Path
    chain: Path
    context_column: str = ""
    assembly: str = ""
    lift_over: bool = False
    time_column: str = ""
    time_unit: str = ""
    licence: str = ""
    licence_class: LicenceClass = "open"
    citation: str = ""
    species: str = "human"

    def __post_init__(self) -> None:
        if not _DATASET_ID.fullmatch(self.dataset_id):
            raise InputError(
                f"a data set's id names its folder: expected letters, digits, _ . - and at most 64 of them, "
                f"found {self.dataset_id!r}",
                hint="such as --dataset-id pbmc_2026",
            )
        if self.time_column and not self.time_unit:
            raise InputError(
                f"time points in {self.time_column!r} have no unit, and lags would have none",
                hint="name it with --time-unit, such as h",
            )
