"""Settings of a lag estimate along a trajectory."""

from dataclasses import dataclass

from graph.errors import InputError


@dataclass(frozen=True)
class TrajectoryConfig:
    """What a lag estimate along a trajectory takes as given.

    Parameters
    ----------
    num_bins
        Groups of cells along time.
    max_lag
        Largest lag, in units of the whole of time; the grid reaches a fifth beyond it.
    lag_step
        Step of the grid of lags.
    length_scales
        How smooth programs may be, in units of the whole of time.
    program_sds
        Sizes that a program may have, in units of the noise of a bin.
    coherences
        Correlations that chromatin and RNA may have at their lag.
    num_directions
        Smooth directions that a series is reduced to.
    num_shifts
        Circular shifts of the follower, all beyond the largest lag, for the null of association.
    num_learned
        Genes from which the weights of the programs are learned.
    window_centres, half_width
        Windows along time with a lag of their own.
    min_cells, min_detected
        Fewest cells, and fewest in which a gene (or its chromatin) is seen.
    fdr
        Level of a called sign: of the false discovery rate of association, and of the probability that the
        sign of a gene is false.
    unit
        Unit of a lag.
    """

    num_bins: int = 50
    max_lag: float = 0.3
    lag_step: float = 0.015
    length_scales: tuple[float, ...] = (0.12, 0.2, 0.35)
    program_sds: tuple[float, ...] = (0.0, 0.4, 0.8, 1.6, 3.2, 6.4)
    coherences: tuple[float, ...] = (1.0, 0.85)
    num_directions: int = 16
    num_shifts: int = 6
    num_learned: int = 400
    window_centres: tuple[float, ...] = (0.1, 0.18, 0.26, 0.34, 0.42, 0.5, 0.58, 0.66, 0.74, 0.82, 0.9)
    half_width: float = 0.1
    min_cells: int = 200
    min_detected: int = 10
    fdr: float = 0.05
    unit: str = "pseudotime"

    def __post_init__(self) -> None:
        lowest = {"num_bins": 20, "num_directions": 4, "num_shifts": 1, "num_learned": 1, "min_detected": 1}
        faults = [
            f"{name} is {getattr(self, name)}, expected at least {least}"
            for name, least in lowest.items()
            if getattr(self, name) < least
        ]
        if self.min_cells < 2 * self.num_bins:
            faults.append(f"min_cells is {self.min_cells}, expected two cells a bin: {2 * self.num_bins}")
        if not (0 < self.max_lag <= 0.4 and 0 < self.lag_step <= self.max_lag / 3):
            faults.append(f"max_lag is {self.max_lag} in steps of {self.lag_step}, expected at most 0.4")
        if not 0 < self.fdr < 1:
            faults.append(f"fdr is {self.fdr}, expected a share between 0 and 1")
        if 0.0 not in self.program_sds or min(self.program_sds) < 0 or len(self.program_sds) < 2:
            faults.append("program_sds lacks 0, the series without a program, or a size beside it")
        if 1.0 not in self.coherences or min(self.coherences) <= 0 or max(self.coherences) > 1:
            faults.append("coherences lacks 1, or holds one that is not between 0 and 1")
        if faults:
            raise InputError("a lag estimate cannot run with these settings", faults=faults)
