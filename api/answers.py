"""From what the reader found to what is answered; the command line prints the same answers."""

from typing import Any

from api import cursor
from api.models.edges import EdgeAnswer, PairAnswer
from api.models.runs import ValidationAnswer
from graph.pages import EdgePage
from graph.questions import EdgeQuestion, Position
from graph.reader import GraphReader
from graph.schema import LicenceClass, strictest
from graph.store import Row


async def targets(reader: GraphReader, question: EdgeQuestion) -> EdgeAnswer:
    """Return the predicted targets of a regulator; raises what `GraphReader.targets` raises."""
    return edge_answer(await reader.targets(question), question=question, other_end="target")


async def regulators(reader: GraphReader, question: EdgeQuestion) -> EdgeAnswer:
    """Return the predicted regulators of a gene; raises what `GraphReader.regulators` raises."""
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


def edge_answer(page: EdgePage, *, question: EdgeQuestion, other_end: str) -> EdgeAnswer:
    """Return a page as it is answered; `other_end` is the end that was not asked for."""
    run = page.scope.run
    detected = {row["context_id"]: row for row in page.gene["detections"]}
    contexts = [{**row, "detection": detected.get(row["context_id"])} for row in page.scope.contexts]
    last = page.edges[-1] if page.has_more else None
    return EdgeAnswer.model_validate(
        {
            "gene": page.gene,
            "run": run,
            "contexts": contexts,
            "edges": page.edges,
            "next_cursor": cursor.encode(_position(last, other_end), question) if last else None,
            "licence_class": run["licence_class"],
        }
    )


def _position(edge: Row, other_end: str) -> Position:
    return Position(
        score=edge["score"],
        gene_id=edge[other_end],
        context_id=edge["context_id"],
        run_id=edge["run_id"],
    )
