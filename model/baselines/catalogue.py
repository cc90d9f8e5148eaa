"""All baselines by name, and who may sit which exam."""

from collections.abc import Iterable

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
from model.baselines.database import PREFIX, database

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


def chosen(names: Iterable[str], *, databases: Iterable[str]) -> list[Baseline]:
    """Return the baselines of some names; no name means all, every other database included.

    Parameters
    ----------
    databases
        Curated sources of the graph, each a baseline ``database:<id>``.

    Raises
    ------
    NotFoundError
        A name is no baseline; all that there are, are suggested.
    """
    known = {each.name: each for each in BASELINES} | {
        f"{PREFIX}{name}": database(name) for name in databases
    }
    wanted = list(names) or list(known)
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise NotFoundError(f"no baseline {', '.join(unknown)}", suggestions=list(known))
    return [known[name] for name in wanted]


def may_sit(baseline: Baseline, exam: Exam, given: Given) -> bool:
    """Whether a baseline may be judged: never by a source that it reads whole."""
    return baseline.learns or exam.judge not in baseline.sources(given)
