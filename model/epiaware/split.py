"""Which metacells train, which stop the training, and which judge it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from graph.errors import InputError
from model.epiaware.config import BackboneConfig


class Split(NamedTuple):
    """Metacells that train, that decide when to stop, and that only the reported figures see; sorted."""

    train: NDArray[np.int64]
    stop: NDArray[np.int64]
    held_out: NDArray[np.int64]


def split_metacells(labels: NDArray[np.str_], *, config: BackboneConfig, seed: int) -> Split:
    """Metacells of every label dealt to the three parts by the configured rates.

    Raises
    ------
    InputError
        A part would be empty.
    """
    generator = np.random.default_rng(seed)
    shuffled = generator.permutation(labels.size)
    order = shuffled[np.argsort(labels[shuffled], kind="stable")]
    # a low-discrepancy sequence along the labels gives each of them its share of every part
    place = (np.arange(labels.size) * 0.6180339887498949 + generator.random()) % 1
    stop, held_out = config.stop_rate, config.stop_rate + config.held_out_rate
    chosen = place >= held_out, place < stop, (place >= stop) & (place < held_out)
    parts = Split(*(np.sort(order[part]) for part in chosen))
    if min(part.size for part in parts) == 0:
        raise InputError(
            f"{labels.size} metacells are too few to train, stop and hold out",
            hint="give more cells, or metacells of fewer cells",
        )
    return parts
