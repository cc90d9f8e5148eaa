"""All contenders by name: learned networks that sit the same exams as the baselines."""

from model.baselines.contract import Baseline
from model.contenders.ours import OURS, WITH_CHIP, cisgraph
from model.contenders.paper import paper_heads
from model.contenders.prepared import Prepared

NAMES = (OURS, WITH_CHIP, "epiaware-bce", "epiaware-nnpu", "pca-bce")


def contenders(prepared: Prepared) -> dict[str, Baseline]:
    """Return cisgraph without and with ChIP-seq, and the published head, by name."""
    ours = [cisgraph(prepared), cisgraph(prepared, name=WITH_CHIP, chip=True)]
    return {each.name: each for each in (*ours, *paper_heads(prepared))}
