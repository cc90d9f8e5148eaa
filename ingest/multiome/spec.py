"""What a user says about a data set."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from graph.errors import InputError
from graph.schema import LicenceClass
from ingest.identifiers import require_identifier
from ingest.multiome.quality import Thresholds

Kind = Literal["rna", "atac", "protein"]
KINDS: Final[tuple[Kind, ...]] = ("rna", "atac", "protein")


@dataclass(frozen=True)
class DatasetSpec:
    """The files of a data set, and what they hold.

    Parameters
    ----------
    rna
        Genes: a file or folder of any format that is known; it may hold peaks and proteins as well.
    atac, protein
        Peaks and proteins of the same cells; None takes them from `rna`, if they are there.
    chain
        UCSC chain file between two assemblies of the species: tells them apart, and lifts.
    layer
        Where the raw counts are, such as `counts` or `raw`; '' finds them.
    modalities
        Names of modalities by kind (rna, atac, protein), where they do not tell it themselves.
    ignore_suffix
        Whether barcodes are matched without suffix and sample name, where that is unambiguous.
    context_column
        Column of `obs` whose values become contexts; '' makes the context `all` only.
    species
        '' takes the one whose genes the names are.
    assembly
        Any of its names; '' takes the one that is detected.
    lift_over
        Whether peaks may be lifted by the chain.
    time_column, time_unit
        Column of `obs` with real time points; '' without one.
    memory_mb
        Roughly what blocks of counts may take; changes nothing but speed.

    Raises
    ------
    InputError
        If the id cannot name a folder, time points have no unit, or a modality's kind is not known.
    """

    dataset_id: str
    name: str
    rna: Path
    atac: Path | None = None
    protein: Path | None = None
    chain: Path | None = None
    layer: str = ""
    modalities: Mapping[Kind, str] = field(default_factory=dict)
    ignore_suffix: bool = False
    context_column: str = ""
    species: str = ""
    assembly: str = ""
    lift_over: bool = False
    time_column: str = ""
    time_unit: str = ""
    licence: str = ""
    licence_class: LicenceClass = "open"
    citation: str = ""
    thresholds: Thresholds = field(default_factory=Thresholds)
    memory_mb: int = 500

    def __post_init__(self) -> None:
        require_identifier(self.dataset_id, of="data set")
        if self.time_column and not self.time_unit:
            raise InputError(
                f"time points in {self.time_column!r} have no unit, and lags would have none",
                hint="name it with --time-unit, such as h",
            )
        unknown = sorted(set(self.modalities) - set(KINDS))
        if unknown:
            raise InputError(
                f"modalities of the kind {unknown}, expected {list(KINDS)}", hint="such as --modality rna=GEX"
            )

    @property
    def files(self) -> list[Path]:
        """All files and folders that decide what is loaded."""
        given = (self.rna, self.atac, self.protein, self.chain)
        return list(dict.fromkeys(path for path in given if path is not None))
