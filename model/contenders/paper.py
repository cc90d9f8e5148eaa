"""The head that EpiAwareNet published, on our backbone's embeddings and on principal components."""

from collections.abc import Callable

from model.baselines.contract import Baseline, Given, Scores, training_source
from model.contenders.prepared import Prepared
from model.paper.embeddings import pca_embeddings
from model.paper.head import PaperHeadConfig, fit_paper_head

PRIOR = 0.01
"""Class prior of nnPU, set beforehand: ten times what DoRothEA lists of all pairs. With the share of the
training edges, the least that it can be, nnPU found less than half of what this finds on made data."""
BCE = PaperHeadConfig()
NNPU = PaperHeadConfig(loss="nnpu", class_prior=PRIOR)


def paper_heads(prepared: Prepared) -> list[Baseline]:
    """Return the published head with both of its losses, and matched: the same head on PCA of expression."""

    def backbone(_given: Given, seed: int) -> Scores:
        return prepared.backbone(seed).embed()

    def components(given: Given, seed: int) -> Scores:
        return pca_embeddings(given.cells.expression, dimensions=prepared.config.d, seed=seed)

    return [
        _head("epiaware-bce", BCE, backbone),
        _head("epiaware-nnpu", NNPU, backbone),
        _head("pca-bce", BCE, components),
    ]


def _head(name: str, config: PaperHeadConfig, embed: Callable[[Given, int], Scores]) -> Baseline:
    def score(given: Given, seed: int) -> Scores:
        return fit_paper_head(
            embed(given, seed),
            given.cells.regulator_target,
            given.view.train,
            universe=given.universe,
            config=config,
            seed=seed,
        )

    return Baseline(name=name, score=score, learns=True, sources=training_source)
