"""Another database as a network: 1 for the pairs that it lists."""

import numpy as np

from graph.validation.baselines import membership_scores
from model.baselines.contract import Baseline, Given, Scores, Signs

PREFIX = "database:"


def database(source_id: str) -> Baseline:
    """Return the baseline that answers with one database; papers of a pair break its ties."""

    def score(given: Given, _seed: int) -> Scores:
        claims = given.view.evidence.claims[source_id]
        papers = 1 + np.array([len(each) for each in claims["pmids"]], dtype=np.float64)
        return membership_scores(given.universe, claims["code"].to_numpy(dtype=np.int64), papers)

    def signs(given: Given) -> Signs:
        evidence = given.view.evidence
        told = np.zeros(given.universe.num_codes, dtype=np.int8)
        told[evidence.codes(source_id)] = evidence.signs(source_id)
        return told.reshape(given.universe.shape)

    return Baseline(
        name=f"{PREFIX}{source_id}",
        score=score,
        learns=False,
        sources=lambda _given: frozenset({source_id}),
        signs=signs,
        competes=False,
    )
