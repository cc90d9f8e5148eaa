"""cisgraph less one ingredient after the other: what each is worth."""

from collections.abc import Callable, Collection
from dataclasses import replace

from model.baselines.contract import Baseline
from model.contenders.ours import cisgraph
from model.contenders.prepared import Prepared
from model.edges.head import HeadConfig
from model.edges.inputs import PairInputs

FEATURES = {
    "degrees": ("log_in_degree", "log_out_degree", "kin_targets"),
    "neighbours by shared targets": ("shared_targets", "shared_rare_targets", "low_rank"),
    "profiles of known targets": ("profile:", "regulator_profile:"),
    "kernel ridge": ("ridge",),
    "any use of the training graph but degrees": (
        "shared_targets", "shared_rare_targets", "low_rank", "profile:", "regulator_profile:", "ridge",
        "kin_lift", "kin_targets",
    ),
}  # fmt: skip
"""Beginnings of the names of the features that go."""


def leave_one_out(prepared: Prepared, *, chip: bool) -> list[Baseline]:
    """Return cisgraph with everything, and without each of its ingredients."""
    methods = [cisgraph(prepared, name="with everything", chip=chip)]
    for name, features in FEATURES.items():
        config = replace(HeadConfig(), without=features)
        methods.append(cisgraph(prepared, name=f"without {name}", chip=chip, config=config))
    for name, change in _changes().items():
        methods.append(cisgraph(prepared, name=f"without {name}", chip=chip, change=change))
    one_reading = replace(HeadConfig(), fame_matched=False)
    methods.append(cisgraph(prepared, name="without the fame-matched reading", chip=chip, config=one_reading))
    if chip:
        methods.append(cisgraph(prepared, name="without ChIP-seq"))
    return methods


def _changes() -> dict[str, Callable[[PairInputs], PairInputs]]:
    def without_sets(inputs: PairInputs) -> PairInputs:
        return replace(_without(inputs, {each.name for each in inputs.sets}), sets=())

    def without_names(inputs: PairInputs) -> PairInputs:
        return _without(inputs, {"name"})

    def without_cells(inputs: PairInputs) -> PairInputs:
        return replace(_without(inputs, {"cells"}), cells=None)

    def without_kin(inputs: PairInputs) -> PairInputs:
        return replace(inputs, kinships=())

    return {
        "gene sets": without_sets,
        "full names of genes": without_names,
        "expression and ATAC": without_cells,
        "kin of regulators": without_kin,
    }


def _without(inputs: PairInputs, names: Collection[str]) -> PairInputs:
    return replace(
        inputs,
        contents=tuple(each for each in inputs.contents if each.name not in names),
        kinships=tuple(each for each in inputs.kinships if each.name not in names),
    )
