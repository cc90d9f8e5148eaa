"""All baselines by name, and who may sit which exam."""

from collections.abc import Iterable, Mapping

from graph.errors import NotFoundError
from graph.validation.exams import Exam
from model.baselines import (
    boosting,
    chance,
    chip,
    correlation,
    factorisation,
    fame,
    nearest_peak,
    neighbourhood,
    ridge,
)
from model.baselines.contract import Baseline, Given
from model.baselines.database import database

BASELINES = (
    chance.BASELINE,
    fame.BASELINE,
    neighbourhood.BASELINE,
    factorisation.BASELINE,
    correlation.PEARSON,
    correlation.SPEARMAN,
    boosting.BASELINE,
    ridge.BASELINE,
    nearest_peak.BASELINE,
    chip.BASELINE,
)
NAMES = tuple(each.name for each in BASELINES)


def by_name(databases: Iterable[str]) -> dict[str, Baseline]:
    """Return all baselines, and each other curated source of the graph as a baseline ``database:<id>``."""
    references = [database(name) for name in databases]
    return {each.name: each for each in (*BASELINES, *references)}


def chosen(names: Iterable[str], known: Mapping[str, Baseline]) -> list[Baseline]:
    """Return the methods of some names; no name means all.

    Raises
    ------
    NotFoundError
        A name is none; all that there are, are suggested.
    """
    wanted = list(names) or list(known)
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise NotFoundError(f"no method {', '.join(unknown)}", suggestions=list(known))
    return [known[name] for name in wanted]


def may_sit(baseline: Baseline, exam: Exam, given: Given) -> bool:
    """Whether a baseline may be judged: never by a source that it reads whole."""
    return baseline.learns or exam.judge not in baseline.sources(given)
