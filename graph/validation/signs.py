"""Whether activation and repression agree, and the list of pairs on which databases contradict each other."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score

from graph.errors import InputError
from graph.validation.intervals import Interval, ratio_interval

Signs = NDArray[np.int8]


@dataclass(frozen=True)
class SignConcordance:
    """Agreement of two signs on the pairs where both are -1 or 1; rates are NaN without such pairs.

    Attributes
    ----------
    num_compared, num_agreeing
        Pairs with both signs, and those with the same.
    rate, interval
        Share that agrees, in [0, 1], with its 95 % interval by bootstrap over regulators.
    expected
        Agreement of two lists with the same shares of activation but no other relation: databases are four
        fifths activation, so that a network which only ever says "activation" agrees on four fifths.
    kappa
        Cohen's kappa, agreement beyond `expected`: 1 is perfect, 0 is chance; NaN where chance agrees on all.
    """

    num_compared: int
    num_agreeing: int
    rate: float
    interval: Interval
    expected: float
    kappa: float


def sign_concordance(
    predicted: Signs, told: Signs, regulators: NDArray[np.int64], *, seed: int
) -> SignConcordance:
    """Return how far two lists of signs of the same pairs agree.

    Parameters
    ----------
    predicted, told
        -1, 0 or 1 of each pair, ``(num_pairs,)``; 0 = no sign, such pairs are left out.
    regulators
        Regulator of each pair, for the bootstrap.

    Raises
    ------
    InputError
        Lengths differ, or a sign is not -1, 0 or 1.

    References
    ----------
    Cohen 1960, doi:10.1177/001316446002000104
    """
    if not len(predicted) == len(told) == len(regulators):
        raise InputError(f"expected one sign a pair: {len(predicted)}, {len(told)}, {len(regulators)}")
    if not np.isin(np.concatenate([predicted, told]), (-1, 0, 1)).all():
        raise InputError("expected signs -1, 0 or 1")
    both = (predicted != 0) & (told != 0)
    ours, theirs, groups = predicted[both], told[both], np.unique(regulators[both], return_inverse=True)[1]
    if not len(ours):
        nan = float("nan")
        return SignConcordance(0, 0, nan, Interval(nan, nan), nan, nan)
    agree = (ours == theirs).astype(np.float64)
    up, up_told = float(np.mean(ours == 1)), float(np.mean(theirs == 1))
    expected = up * up_told + (1 - up) * (1 - up_told)
    return SignConcordance(
        num_compared=len(ours),
        num_agreeing=int(agree.sum()),
        rate=float(agree.mean()),
        interval=ratio_interval(
            np.bincount(groups, weights=agree).astype(np.float64),
            np.bincount(groups).astype(np.float64),
            seed=seed,
        ),
        expected=expected,
        kappa=float(cohen_kappa_score(ours, theirs, labels=[-1, 1])) if expected < 1 else float("nan"),
    )


def conflicts(claims: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the pairs that are said to be activated and to be repressed, one row a pair.

    Parameters
    ----------
    claims
        By source id: columns ``code``, ``sign`` and ``pmids`` (lists), one row a pair and sign.

    Returns
    -------
    DataFrame
        ``code``, ``activating`` and ``repressing`` (source ids, a source may be in both), ``num_pmids_up``
        and ``num_pmids_down`` (different papers); pairs with the most papers on their weaker side first.
    """
    columns = ["code", "activating", "repressing", "num_pmids_up", "num_pmids_down"]
    parts = [frame[frame["sign"] != 0].assign(source_id=name) for name, frame in claims.items()]
    signed = pd.concat([part for part in parts if len(part)]) if any(map(len, parts)) else pd.DataFrame()
    if signed.empty:
        return pd.DataFrame(columns=columns)
    told = signed.groupby("code")["sign"].nunique()
    contested = signed[signed["code"].isin(told.index[told > 1])]
    rows = [_conflict(int(str(code)), group) for code, group in contested.groupby("code")]
    table = pd.DataFrame(rows, columns=columns)
    weaker = table[["num_pmids_up", "num_pmids_down"]].min(axis=1)
    return table.iloc[np.lexsort((table["code"], -weaker))].reset_index(drop=True)


def _conflict(code: int, group: pd.DataFrame) -> tuple[int, list[str], list[str], int, int]:
    up, down = group[group["sign"] > 0], group[group["sign"] < 0]
    sources = [sorted(set(side["source_id"])) for side in (up, down)]
    papers = [len({paper for papers in side["pmids"] for paper in papers}) for side in (up, down)]
    return code, sources[0], sources[1], papers[0], papers[1]
