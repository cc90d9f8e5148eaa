"""What contenders read besides the training edges, made once for all exams of a data set."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.progress import Progress, silent
from graph.store import GraphStore
from model.baselines.reading import Bench
from model.edges.gathered import gather
from model.edges.inputs import PairInputs
from model.epiaware.config import BackboneConfig
from model.epiaware.fit import fit_backbone
from model.epiaware.fitted import FittedBackbone
from model.evidence import GraphEvidence, read_graph_evidence


@dataclass
class Prepared:
    """A bench with the evidence of the graph that is nobody's label, and a backbone for each seed.

    No label is in any of it, so that it may be shared by exams that hide different edges.

    Attributes
    ----------
    evidence
        With ChIP-seq (True) and without (False).
    """

    bench: Bench
    evidence: Mapping[bool, GraphEvidence]
    config: BackboneConfig = field(default_factory=BackboneConfig.cpu)
    progress: Progress = silent
    _backbones: dict[int, FittedBackbone] = field(default_factory=dict)
    _inputs: dict[tuple[bool, int], PairInputs] = field(default_factory=dict)

    def backbone(self, seed: int) -> FittedBackbone:
        """Return stage 1, trained once a seed."""
        if seed not in self._backbones:
            self._backbones[seed] = fit_backbone(
                self.bench.hoods, self.bench.metacells, config=self.config, seed=seed, progress=self.progress
            )
        return self._backbones[seed]

    def inputs(self, seed: int, *, chip: bool) -> PairInputs:
        """Return what the features of pairs may read."""
        if (chip, seed) not in self._inputs:
            self._inputs[chip, seed] = gather(
                self.bench.hoods, self.evidence[chip], self.bench.metacells, z=self.backbone(seed).embed()
            )
        return self._inputs[chip, seed]


def prepare(store: GraphStore, bench: Bench, *, progress: Progress = silent) -> Prepared:
    """Return what contenders read of a bench."""
    progress("reading evidence from the graph", None)
    evidence = {chip: read_graph_evidence(store, bench.hoods, chip=chip) for chip in (False, True)}
    return Prepared(bench, evidence, progress=progress)
