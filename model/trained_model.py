"""A trained model in the folder of its run: its head, and what must be known to use it on other data."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import pandas as pd
import torch
from torch import Tensor

from graph.errors import InputError
from graph.validation.score_files import EDGES_FILE
from model.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from model.edges.blend import Blend
from model.edges.calibration import Calibration
from model.edges.head import FittedHead, HeadConfig
from model.edges.trees import Line, Member, Reading, TreesConfig

PAIR_HEAD = "pair-head"
HEAD_FOLDER = "head"


@dataclass(frozen=True)
class TrainedModel:
    """A head with its origin.

    Parameters
    ----------
    run_id, species
        Run that trained it, and species of that run's data.
    source_id, confidences
        The training source, and which of its levels trained; None for all.
    chip
        Whether it reads ChIP-seq.
    collections
        Collections of gene sets that it reads.
    test_edges
        `source` and `target` gene ids of the training source's edges that it never saw; they stay hidden
        wherever the model is used, so that they can judge it there too.
    """

    head: FittedHead
    run_id: str
    species: str
    source_id: str
    confidences: tuple[str, ...] | None
    chip: bool
    collections: tuple[str, ...]
    test_edges: pd.DataFrame


def save_head(folder: Path, model: TrainedModel, *, release: str | None = None) -> None:
    """Write a head below the folder of its run; the test edges are in the run's own file of edges."""
    head = model.head
    tensors: dict[str, Tensor] = {}
    readings: dict[str, Any] = {}  # JSON
    for name, reading in head.readings.items():
        readings[name] = {
            "columns": [reading.columns.start, reading.columns.stop],
            "line_shares": [member.line_share for member in reading.members],
        }
        for number, member in enumerate(reading.members):
            tensors |= _member_tensors(f"{name}/{number}", member)
    origin = {
        "run_id": model.run_id,
        "species": model.species,
        "source_id": model.source_id,
        "confidences": model.confidences,
        "chip": model.chip,
    }
    checkpoint = Checkpoint(
        PAIR_HEAD,
        config={"head": asdict(head.config), "origin": origin},
        names={"feature": head.names, "collection": model.collections},
        tensors=tensors,
        figures={
            "readings": readings,
            "blend": {name: _finite(value) for name, value in asdict(head.blend).items()},
            "calibration": asdict(head.calibration),
        },
        release=release,
    )
    save_checkpoint(folder / HEAD_FOLDER, checkpoint)


def load_model(folder: Path) -> TrainedModel:
    """Return the model of a run's folder.

    Raises
    ------
    InputError
        There is none, or its files are damaged.
    ConflictError
        It is of another kind or format.
    """
    saved = load_checkpoint(folder / HEAD_FOLDER, kind=PAIR_HEAD, names={})
    edges = folder / EDGES_FILE
    if not edges.is_file():
        raise InputError(f"no {EDGES_FILE} in {folder}", hint="copy the whole folder of the run")
    test = pd.read_parquet(edges).query("part == 'test'")[["source", "target"]]
    origin, settings = saved.config["origin"], saved.config["head"]
    trees = TreesConfig(**settings["trees"])
    config = HeadConfig(**{**_tuples(settings), "trees": trees})
    figures = saved.figures
    ranking, fame_matched = (
        _reading(name, figures["readings"][name], saved.tensors) for name in ("ranking", "fame_matched")
    )
    blend = {name: np.inf if value is None else value for name, value in figures["blend"].items()}
    head = FittedHead(
        config=config,
        names=tuple(saved.names["feature"]),
        ranking=ranking,
        fame_matched=fame_matched,
        blend=Blend(**blend),
        calibration=Calibration(**_tuples(figures["calibration"])),
    )
    return TrainedModel(
        head=head,
        run_id=origin["run_id"],
        species=origin["species"],
        source_id=origin["source_id"],
        confidences=None if origin["confidences"] is None else tuple(origin["confidences"]),
        chip=origin["chip"],
        collections=tuple(saved.names["collection"]),
        test_edges=test.astype(str).reset_index(drop=True),
    )


def _member_tensors(prefix: str, member: Member) -> dict[str, Tensor]:
    text = np.frombuffer(member.trees.model_to_string().encode(), dtype=np.uint8)
    tensors = {f"{prefix}/trees": torch.from_numpy(text.copy())}
    if member.line is not None:
        line = member.line
        tensors |= {
            f"{prefix}/mean": torch.from_numpy(line.mean),
            f"{prefix}/scale": torch.from_numpy(line.scale),
            f"{prefix}/weights": torch.from_numpy(line.weights),
            f"{prefix}/intercept": torch.tensor([line.intercept], dtype=torch.float64),
        }
    return tensors


def _reading(name: str, told: dict[str, Any], tensors: Mapping[str, Tensor]) -> Reading:
    members = tuple(
        _member(f"{name}/{number}", tensors, line_share=share)
        for number, share in enumerate(told["line_shares"])
    )
    return Reading(slice(*told["columns"]), members)


def _member(prefix: str, tensors: Mapping[str, Tensor], *, line_share: float) -> Member:
    text = tensors[f"{prefix}/trees"].numpy().tobytes().decode()
    line = None
    if f"{prefix}/mean" in tensors:
        mean, scale, weights = (tensors[f"{prefix}/{part}"].numpy() for part in ("mean", "scale", "weights"))
        line = Line(mean, scale, weights, float(tensors[f"{prefix}/intercept"][0]))
    return Member(lightgbm.Booster(model_str=text), line, line_share)


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _tuples(settings: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
            for name, value in settings.items()}  # fmt: skip
