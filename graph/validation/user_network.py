"""Judges a network that somebody brings, by databases and ChIP-seq of the graph, baselines beside it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from graph.errors import InputError
from graph.progress import Progress, silent
from graph.validation.baselines import degree_scores, neighbourhood_scores, random_scores
from graph.validation.circularity import circularity_table
from graph.validation.coherence import gene_set_coherence
from graph.validation.detail import Sitting, best_edges, exam_detail
from graph.validation.evidence import Evidence
from graph.validation.exam_table import exam_table, json_row, json_rows, paper_of
from graph.validation.exams import MIN_POSITIVES, Exam, chip_scores, large_enough
from graph.validation.intervals import Floats
from graph.validation.leakage import refuse_circular
from graph.validation.naming import NamedNetwork
from graph.validation.network import NegativeWeights, NetworkScores, network_scores
from graph.validation.seeds import REPORTED_SEED
from graph.validation.signs import conflicts, sign_concordance
from graph.validation.universe import Codes, Matrix, Universe
from graph.validation.views import hidden_view

OWN_FAME = "own degree"
"""The network's own degrees as a score: what is left when it forgets who regulates whom."""

BASELINES = ("random", OWN_FAME, "degree", "neighbourhood", "chip")
MAX_CONFLICTS = 50


@dataclass(frozen=True)
class Question:
    """How a network is to be judged.

    Attributes
    ----------
    judges
        Ids of curated or ChIP-seq sources.
    trained_on
        Ids of curated sources that the network was made with: they do not judge, and their pairs are no
        candidates.
    negative_weights
        See `graph.validation.network.network_scores`.
    gene_sets
        Gene ids by set, for the coherence of regulons; none derived from regulators.
    levels
        Expression of genes by id, for matched backgrounds.
    """

    name: str
    judges: Sequence[str]
    trained_on: Sequence[str] = ()
    negative_weights: NegativeWeights = "refuse"
    gene_sets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    levels: Mapping[str, float] = field(default_factory=dict)
    seed: int = REPORTED_SEED


def universe_of(
    network: pd.DataFrame, claims: Mapping[str, pd.DataFrame], *, genes: Collection[str] | None
) -> Universe:
    """Return the regulators of a network x the genes that are asked about.

    Parameters
    ----------
    claims
        ``source, target`` of every curated source.
    genes
        Expressed genes of a data set; None takes all targets of the network and of the curated sources.
    """
    if genes is None:
        told = [frame["target"] for frame in claims.values()]
        genes = set(pd.concat([network["target"], *told]))
    return Universe.of(sorted(set(network["source"])), sorted(genes))


def judge_network(
    network: NamedNetwork, evidence: Evidence, question: Question, *, progress: Progress = silent
) -> dict[str, Any]:
    """Return all figures of a network, as JSON holds them.

    Returns
    -------
    dict
        `network`: coverage and warnings; `validation`: one table a judge; `not_judged`: judges with too few
        pairs; `details`: curves and more for each table; `signs`, `conflicts`, `coherence`, `circularity`.

    Raises
    ------
    ConflictError
        A judge is among the sources that the network was made with.
    InputError
        No judge shares enough pairs with the network's regulators; it says what each shares.
    """
    refuse_circular(question.trained_on, question.judges)
    scored = network_scores(network.frame, evidence.universe, negative_weights=question.negative_weights)
    exams, not_judged = large_enough(_exam(evidence, question, judge) for judge in question.judges)
    if not exams:
        raise _nothing_shared(network, evidence, question)
    tables, details = [], []
    for number, exam in enumerate(exams):
        progress(f"judging by {exam.judge}", number / len(exams))
        baselines = _baselines(exam, evidence, question, scored)
        methods = {question.name: scored.scores, **baselines, **_references(exam, evidence, question)}
        paper = paper_of(exam, evidence.universe, seed=question.seed)
        tables.append(
            exam_table(
                exam,
                methods,
                universe=evidence.universe,
                baselines=BASELINES,
                seed=question.seed,
                paper=paper,
            )
        )
        sitting = Sitting(exam, evidence.universe, scored.scores, levels=_levels(evidence.universe, question))
        details.append(exam_detail(sitting, baselines, name=question.name, seed=question.seed, paper=paper))
    return {
        "network": _about(network, scored, evidence, question),
        "validation": tables,
        "not_judged": not_judged,
        "details": details,
        "signs": _signs(scored, evidence, question),
        "conflicts": _conflicts(scored, evidence),
        "coherence": _coherence(scored, exams[0], evidence, question),
        "circularity": json_rows(circularity_table(evidence.claims)),
    }


def _exam(evidence: Evidence, question: Question, judge: str) -> Exam:
    """Return what a judge asks of the regulators that it lists."""
    universe, codes = evidence.universe, evidence.codes(judge)
    none = np.empty(0, dtype=np.int64)
    trained = np.concatenate([none, *(evidence.codes(name) for name in question.trained_on)])
    positives = np.setdiff1d(codes, trained)
    listed = np.unique(positives // universe.num_targets)
    unlisted = universe.regulator_codes(np.setdiff1d(np.arange(universe.num_regulators), listed))
    less = f", without the pairs of {', '.join(question.trained_on)}" if question.trained_on else ""
    is_chip = judge in evidence.chip
    return Exam(
        name=f"ChIP-seq of {judge}" if is_chip else f"pairs of {judge}",
        judge=judge,
        cell_type="all" if is_chip else "",
        context="all",
        universe=f"{len(listed)} regulators that both list x {universe.num_targets:,} genes{less}",
        positives=positives,
        excluded=np.concatenate([unlisted, trained]),
        known=np.union1d(evidence.known(), codes),
        num_shared=len(codes) - len(positives),
    )


def _baselines(
    exam: Exam, evidence: Evidence, question: Question, scored: NetworkScores
) -> dict[str, Matrix]:
    """Return the baselines; those that are fitted see other databases less the pairs that are asked.

    Without `trained_on` the pairs that they learn from are candidates, and most of them wrong ones: nobody
    says which pairs the network itself was made from, so none can be left out for all.
    """
    universe = evidence.universe
    teachers = [name for name in question.trained_on or evidence.claims if name != exam.judge]
    known = np.unique(np.concatenate([np.empty(0, np.int64), *(evidence.codes(name) for name in teachers)]))
    train = np.setdiff1d(known, exam.positives)
    view = hidden_view(evidence, training_source=",".join(teachers), train=train, hidden=exam.positives)
    returned = np.flatnonzero(scored.scores.ravel() > 0)
    found: dict[str, Matrix] = {
        "random": random_scores(universe, seed=question.seed),
        OWN_FAME: degree_scores(universe, returned),
        "degree": degree_scores(universe, view.train),
        "neighbourhood": neighbourhood_scores(universe, view.train),
    }
    return found if exam.cell_type else {**found, "chip": chip_scores(evidence)}


def _references(exam: Exam, evidence: Evidence, question: Question) -> dict[str, Matrix]:
    """Return the other databases as networks: they may have copied the judge, `circularity` says how much."""
    names = [name for name in evidence.claims if name not in {exam.judge, *question.trained_on}]
    return {
        f"database:{name}": evidence.universe.mask(evidence.codes(name)).astype(np.float32) for name in names
    }


def _about(
    network: NamedNetwork, scored: NetworkScores, evidence: Evidence, question: Question
) -> dict[str, Any]:
    universe = evidence.universe
    returned = np.flatnonzero(scored.scores.ravel() > 0)
    covered = []
    for judge in question.judges:
        codes = evidence.codes(judge)
        covered.append(
            {
                "judge": judge,
                "num_pairs": len(codes),
                "num_returned": len(np.intersect1d(codes, returned)),
                "num_regulators": len(np.unique(codes // universe.num_targets)),
            }
        )
    return {
        "name": question.name,
        "num_rows": network.num_rows,
        "num_named": len(network.frame),
        "num_outside": scored.num_outside,
        "num_self": scored.num_self,
        "num_repeated": scored.num_repeated,
        "num_returned": scored.num_returned,
        "num_regulators": universe.num_regulators,
        "num_genes": universe.num_targets,
        "names": {side: dict(told) for side, told in network.coverage.items()},
        "warnings": list(network.warnings),
        "judges": covered,
        "trained_on": list(question.trained_on),
    }


def _signs(scored: NetworkScores, evidence: Evidence, question: Question) -> list[dict[str, Any]]:
    """Return the sign concordance with each curated source, where the network has signs."""
    if not scored.signs.any():
        return []
    rows = []
    for name in evidence.claims:
        codes = evidence.codes(name)
        found = sign_concordance(
            scored.signs.ravel()[codes],
            evidence.signs(name),
            codes // evidence.universe.num_targets,
            seed=question.seed,
        )
        low, high = found.interval
        told = {key: value for key, value in asdict(found).items() if key != "interval"}
        rows.append(json_row({"source_id": name, **told, "low": low, "high": high}))
    return rows


def _conflicts(scored: NetworkScores, evidence: Evidence) -> dict[str, Any]:
    """Return the pairs of the network on whose sign databases contradict each other, most papers first."""
    table = conflicts(evidence.claims)
    table = table[scored.scores.ravel()[table["code"].to_numpy(dtype=np.int64)] > 0]
    shown = table.head(MAX_CONFLICTS)
    codes = shown["code"].to_numpy(dtype=np.int64)
    named = pd.concat(
        [evidence.universe.decode(codes), shown.drop(columns="code").reset_index(drop=True)], axis=1
    )
    named = named.assign(network_sign=scored.signs.ravel()[codes])
    return {"num_conflicts": len(table), "pairs": json_rows(named)}


def _coherence(
    scored: NetworkScores, exam: Exam, evidence: Evidence, question: Question
) -> dict[str, Any] | None:
    if not question.gene_sets:
        return None
    everything = Exam(**{**vars(exam), "excluded": np.empty(0, np.int64)})
    edges = best_edges(Sitting(everything, evidence.universe, scored.scores))
    if len(np.unique(edges // evidence.universe.num_targets)) == len(edges):
        return None  # no regulator has two targets that could be alike
    found = gene_set_coherence(edges, question.gene_sets, universe=evidence.universe, seed=question.seed)
    return json_row(
        {
            "rate": found.rate,
            "expected": found.test.mean,
            "p": found.test.p,
            "num_edges": len(edges),
            "num_sets": found.num_sets,
            "num_annotated": found.num_annotated,
        }
    )


def _levels(universe: Universe, question: Question) -> Floats | None:
    if not question.levels:
        return None
    return np.array([question.levels.get(gene, 0.0) for gene in universe.targets])


def _nothing_shared(network: NamedNetwork, evidence: Evidence, question: Question) -> InputError:
    num_regulators = len(set(network.frame["source"]))
    return InputError(
        f"no judge lists {MIN_POSITIVES} pairs of the network's {num_regulators:,} regulators",
        faults=[f"{name}: {_shared(evidence.codes(name))}" for name in question.judges],
        hint="judge by another database, or check that source is the regulator and target the gene",
    )


def _shared(codes: Codes) -> str:
    return f"{len(codes):,} pairs of these regulators" if len(codes) else "none of these regulators"
