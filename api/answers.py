"""From what the reader found to what is answered; the command line prints the same answers."""

from typing import Any

from api import cursor
from api.models.edges import NOTICE, PairAnswer
from api.models.genes import Detection, GeneName
from api.models.runs import ValidationAnswer
from graph.pages import EdgePage
from graph.questions import EdgeQuestion, Position
from graph.reader import GraphReader
from graph.schema import LicenceClass, strictest
from graph.store import Row

Answer = dict[str, Any]
"""What is answered, as JSON; it has the fields of a model, which rows of our own statements need not pass."""

NAME_FIELDS = tuple(GeneName.model_fields)
DETECTION_FIELDS = tuple(Detection.model_fields)


async def targets(reader: GraphReader, question: EdgeQuestion) -> Answer:
    """Return the predicted targets of a regulator, an `EdgeAnswer`; raises what the reader raises."""
    return edge_answer(await reader.targets(question), question=question, other_end="target")


async def regulators(reader: GraphReader, question: EdgeQuestion) -> Answer:
    """Return the predicted regulators of a gene, an `EdgeAnswer`; raises what the reader raises."""
    return edge_answer(await reader.regulators(question), question=question, other_end="source")


async def pair(
    reader: GraphReader, regulator: str, target: str, *, licence: LicenceClass | None = None
) -> PairAnswer:
    """Return everything known of a regulator and a target; raises what `GraphReader.pair` raises."""
    found = await reader.pair(regulator, target, licence=licence)
    told, priors, chip = found.facts["predictions"], found.facts["priors"], found.facts["chip"]
    predictions = [row for row in told if row["kind"] == "prediction"]
    classes = [row["licence_class"] for row in (*told, *priors, *chip) if row["licence_class"]]
    return PairAnswer.model_validate(
        {
            "source": found.source,
            "target": found.target,
            "predictions": predictions,
            "baselines": [row for row in told if row["kind"] == "baseline"],
            "priors": priors,
            "chip": chip,
            "peaks": found.facts["peaks"],
            "conflicts": sign_conflicts(priors, predictions),
            "licence_class": strictest(classes),
        }
    )


async def validation(reader: GraphReader, *, run_id: str | None, dataset_id: str | None) -> ValidationAnswer:
    """Return the metrics of a run, or of the default one; raises what `GraphReader.run` raises."""
    row = await (reader.default_run(dataset_id) if run_id is None else reader.run(run_id))
    return ValidationAnswer.model_validate(row)


def sign_conflicts(priors: list[Row], predictions: list[Row]) -> dict[str, Any]:  # rows of a model
    """Return which sources tell which sign, and the predictions that contradict all of them.

    Where sources contradict one another no prediction is held against them; sign 0 tells nothing.
    """
    activating = sorted({row["source_id"] for row in priors if row["sign"] == 1})
    repressing = sorted({row["source_id"] for row in priors if row["sign"] == -1})
    told = bool(activating) - bool(repressing)  # 0: nobody tells, or they disagree
    return {
        "among_priors": bool(activating and repressing),
        "activating": activating,
        "repressing": repressing,
        "predictions_against_priors": [row for row in predictions if row["sign"] * told == -1],
    }


def edge_answer(page: EdgePage, *, question: EdgeQuestion, other_end: str) -> Answer:
    """Return a page as an `EdgeAnswer`; `other_end` is the end that was not asked for."""
    run = page.scope.run
    detected = {row["context_id"]: _picked(row, DETECTION_FIELDS) for row in page.gene["detections"]}
    contexts = [{**row, "detection": detected.get(row["context_id"])} for row in page.scope.contexts]
    position = _position(page.edges[-1], other_end) if page.has_more else None
    return {
        "gene": _picked(page.gene, NAME_FIELDS),
        "run": run,
        "contexts": contexts,
        "edges": page.edges,
        "next_cursor": position and cursor.encode(position, question, rows=f"{other_end}s"),
        "licence_class": run["licence_class"],
        "notice": NOTICE,
    }


def _picked(row: Row, names: tuple[str, ...]) -> Row:
    return {name: row[name] for name in names}


def _position(edge: Row, other_end: str) -> Position:
    return Position((edge["score"], edge[other_end]), run_id=edge["run_id"])
