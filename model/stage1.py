"""Stage 1 of a data set: trained once for its counts, settings and seed, then read from disk."""

import hashlib
import shutil
from pathlib import Path

from graph.errors import ConflictError, InputError
from graph.progress import Progress, silent
from model.checkpoint import load_backbone, save_backbone
from model.data import Neighbourhoods
from model.epiaware.config import BackboneConfig
from model.epiaware.fit import fingerprint, fit_backbone
from model.epiaware.fitted import FittedBackbone
from model.metacells import Metacells


def trained_backbone(
    hoods: Neighbourhoods,
    metacells: Metacells,
    *,
    config: BackboneConfig,
    seed: int,
    models_dir: Path,
    release: str | None = None,
    progress: Progress = silent,
) -> FittedBackbone:
    """Return the backbone of a data set, from disk where it was trained before.

    A training that was killed is gone on with; a damaged file is trained anew.

    Parameters
    ----------
    models_dir
        Folder of trained backbones, one folder each.
    release
        Release of the graph, written beside a backbone that is trained here.
    """
    gene_ids, peak_ids = hoods.gene_ids[: hoods.num_measured].tolist(), hoods.peak_ids.tolist()
    name = hashlib.sha256(
        "\n".join([fingerprint(hoods, metacells, config=config, seed=seed), *gene_ids, *peak_ids]).encode()
    ).hexdigest()
    folder = models_dir / f"stage1-{name[:24]}"
    if folder.is_dir():
        try:
            return load_backbone(folder, gene_ids=gene_ids, peak_ids=peak_ids, config=config)
        except (InputError, ConflictError) as error:
            progress(f"stage 1 is trained anew: {error}", None)
            shutil.rmtree(folder)
    backbone = fit_backbone(
        hoods, metacells, config=config, seed=seed, progress=progress, resume_dir=models_dir
    )
    making = folder.with_suffix(".new")
    save_backbone(making, backbone, gene_ids=gene_ids, peak_ids=peak_ids, release=release)
    shutil.rmtree(folder, ignore_errors=True)
    making.rename(folder)
    return backbone
