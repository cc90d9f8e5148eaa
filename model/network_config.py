"""Everything that decides a network, saved with its run."""

from dataclasses import dataclass, field

from model.edges.head import HeadConfig
from model.epiaware.config import BackboneConfig
from model.lags.config import LagConfig
from model.metacells import USUAL_CELLS_EACH


@dataclass(frozen=True)
class NetworkConfig:
    """Everything that decides a network, saved with its run.

    Parameters
    ----------
    source_id, confidences
        The training source, and which of its levels train; None for all.
    min_cells_context
        Cells of a context in which both ends of its edges must be counted.
    top_targets
        Targets that each regulator keeps in each context.
    top_links
        Peaks that each gene keeps in each context.
    cells_each
        Cells of a metacell at most; fewer where that would leave under 30 metacells.
    chip
        Whether ChIP-seq is read as evidence; without, ChIP-seq may judge the network.
    model
        Run whose trained head scores the pairs; empty where the head is trained on this data set.
    """

    source_id: str = "dorothea"
    confidences: tuple[str, ...] | None = ("A", "B")
    min_cells_context: int = 3
    top_targets: int = 200
    top_links: int = 5
    cells_each: int = USUAL_CELLS_EACH
    chip: bool = False
    model: str = ""
    backbone: BackboneConfig = field(default_factory=BackboneConfig.cpu)
    head: HeadConfig = field(default_factory=HeadConfig)
    lags: LagConfig = field(default_factory=LagConfig)
