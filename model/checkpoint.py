"""Trained models on disk: tensors as safetensors, everything else as JSON; what does not match is refused."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from graph.errors import ConflictError, InputError
from model.epiaware.config import BackboneConfig
from model.epiaware.fitted import FittedBackbone
from model.epiaware.pooling import Pooled
from model.training import Epoch

FORMAT = 1
WEIGHTS = "weights.safetensors"
RECORD = "checkpoint.json"
BACKBONE = "epiaware-backbone"

# a JSON object
Json = dict[str, Any]


@dataclass(frozen=True)
class Checkpoint:
    """A trained model without its code.

    Parameters
    ----------
    kind
        Which model it is.
    config
        The settings it was trained with, JSON.
    names
        Identifiers of the rows of its tensors by axis, such as gene_id and peak_id; their order counts.
    tensors
        By name.
    figures
        Whatever else was measured, JSON.
    release
        The release of the graph that it was trained on; None where there was none.
    """

    kind: str
    config: Json
    names: Mapping[str, Sequence[str]]
    tensors: Mapping[str, Tensor]
    figures: Json
    release: str | None = None


def save_checkpoint(folder: Path, checkpoint: Checkpoint) -> None:
    """Write `weights.safetensors`, then `checkpoint.json`, which carries the hash of the former."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in checkpoint.tensors.items()}
    save_file(tensors, folder / WEIGHTS)
    record = {
        "format": FORMAT,
        "kind": checkpoint.kind,
        "config": checkpoint.config,
        "names": {axis: list(names) for axis, names in checkpoint.names.items()},
        "figures": checkpoint.figures,
        "release": checkpoint.release,
        "sha256": _sha256(folder / WEIGHTS),
    }
    (folder / RECORD).write_text(json.dumps(record, indent=1, allow_nan=False), encoding="utf-8")


def load_checkpoint(
    folder: Path,
    *,
    kind: str,
    names: Mapping[str, Sequence[str]],
    config: Json | None = None,
    release: str | None = None,
) -> Checkpoint:
    """The checkpoint in a folder, if it is of this kind, these names in this order, and this configuration.

    Parameters
    ----------
    config
        Settings that it must have been trained with; None accepts any.
    release
        Release that it must have been trained on; None accepts any.

    Raises
    ------
    InputError
        There is no checkpoint, or its files are damaged.
    ConflictError
        It is of another kind, format, configuration, release, or of other names.
    """
    record = _read_record(folder)
    faults = _mismatches(record, kind=kind, names=names, config=config)
    if release is not None and record.get("release") != release:
        faults.append(f"it was trained on release {record.get('release')}, expected {release}")
    if faults:
        raise ConflictError(
            f"the checkpoint in {folder} is of another model: {'; '.join(faults)}",
            hint="train again, or load it with the data and settings that it was trained with",
        )
    return Checkpoint(
        kind,
        record["config"],
        record["names"],
        _read_tensors(folder, record),
        record["figures"],
        record.get("release"),
    )


def save_backbone(
    folder: Path,
    backbone: FittedBackbone,
    *,
    gene_ids: Sequence[str],
    peak_ids: Sequence[str],
    release: str | None = None,
) -> None:
    """Write a trained backbone with its pooled embeddings and links.

    Parameters
    ----------
    release
        The release of the graph whose data it was trained on, checked when it is loaded.

    Raises
    ------
    InputError
        The identifiers are not as many as the embedded genes and peaks.
    """
    found = (backbone.embed().shape[0], backbone.peak_embeddings.shape[0])
    if found != (len(gene_ids), len(peak_ids)):
        raise InputError(
            f"{len(gene_ids)} gene_ids and {len(peak_ids)} peak_ids name a backbone of {found[0]} genes and "
            f"{found[1]} peaks"
        )
    tensors = {f"parameters/{name}": value for name, value in backbone.parameters.items()}
    for place, pooled in enumerate(backbone.contexts.values()):
        tensors |= {f"contexts/{place}/{part}": torch.from_numpy(x) for part, x in vars(pooled).items()}
    figures = {
        "held_out_nll": backbone.held_out_nll,
        "baseline_nll": backbone.baseline_nll,
        "history": [asdict(epoch) for epoch in backbone.history],
    }
    names = {"gene_id": gene_ids, "peak_id": peak_ids, "context": list(backbone.contexts)}
    checkpoint = Checkpoint(BACKBONE, asdict(backbone.config), names, tensors, figures, release)
    save_checkpoint(folder, checkpoint)


def load_backbone(
    folder: Path,
    *,
    gene_ids: Sequence[str],
    peak_ids: Sequence[str],
    config: BackboneConfig | None = None,
    release: str | None = None,
) -> FittedBackbone:
    """A trained backbone of exactly these genes and peaks; None accepts any configuration or release.

    Raises
    ------
    InputError
        There is no checkpoint, or its files are damaged.
    ConflictError
        It is of other genes, peaks, settings or of another release.
    """
    checkpoint = load_checkpoint(
        folder,
        kind=BACKBONE,
        names={"gene_id": gene_ids, "peak_id": peak_ids},
        config=None if config is None else asdict(config),
        release=release,
    )
    tensors = checkpoint.tensors
    contexts = {
        name: Pooled(**{part: tensors[f"contexts/{place}/{part}"].numpy() for part in Pooled.__annotations__})
        for place, name in enumerate(checkpoint.names["context"])
    }
    prefix = "parameters/"
    return FittedBackbone(
        config=BackboneConfig(**checkpoint.config),
        parameters={n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)},
        contexts=contexts,
        history=tuple(Epoch(**epoch) for epoch in checkpoint.figures["history"]),
        held_out_nll=checkpoint.figures["held_out_nll"],
        baseline_nll=checkpoint.figures["baseline_nll"],
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_record(folder: Path) -> Json:
    try:
        record: Json = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(f"no {RECORD} in {folder}", hint="train and save a model there first") from error
    except json.JSONDecodeError as error:
        raise InputError(f"{folder / RECORD} is not JSON: {error}", hint="train and save again") from error
    return record


def _read_tensors(folder: Path, record: Json) -> dict[str, Tensor]:
    path = folder / WEIGHTS
    if not path.is_file() or _sha256(path) != record["sha256"]:
        raise InputError(f"{path} is not the file that {RECORD} describes", hint="train and save again")
    try:
        tensors: dict[str, Tensor] = load_file(path)
    except SafetensorError as error:
        raise InputError(f"{path} cannot be read: {error}", hint="train and save again") from error
    return tensors


def _mismatches(
    record: Json, *, kind: str, names: Mapping[str, Sequence[str]], config: Json | None
) -> list[str]:
    if (record.get("format"), record.get("kind")) != (FORMAT, kind):
        return [
            f"expected {kind} in format {FORMAT}, found {record.get('kind')} in format {record.get('format')}"
        ]
    faults = [
        _name_mismatch(axis, expected, record["names"].get(axis, [])) for axis, expected in names.items()
    ]
    for key, value in ({} if config is None else config).items():
        found = record["config"].get(key)
        if found != value:
            faults.append(f"{key} is {found}, expected {value}")
    return [fault for fault in faults if fault]


def _name_mismatch(axis: str, expected: Sequence[str], found: Sequence[str]) -> str:
    if len(expected) != len(found):
        return f"{len(found):,} {axis}s, expected {len(expected):,}"
    for place, (name, other) in enumerate(zip(expected, found, strict=True)):
        if name != other:
            return f"{axis} {place} is {other}, expected {name}"
    return ""
