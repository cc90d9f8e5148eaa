"""What a user says about a paired data set."""

from dataclasses import dataclass
from pathlib import Path

from graph.schema import LicenceClass


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
