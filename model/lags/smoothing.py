"""Lags in windows, smoothed along time."""

import numpy as np
from numpy.typing import NDArray
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern

Floats = NDArray[np.float64]

SPREAD, LENGTH_SCALE = 0.15, 0.3
"""Of lags between genes, and how slowly the lag of one gene changes, in units of the whole of time."""


def smooth_windows(lag: Floats, centres: Floats, *, error: Floats) -> Floats:
    """Return the lags in windows (G, W) smoothed along time by a Gaussian process, shape (G, W).

    The covariance is a Matern 3/2; the noise of a window is its mean standard error over genes.

    Parameters
    ----------
    centres
        Middle of each window, shape (W,).
    error
        Standard error of each lag, shape (G, W).

    References
    ----------
    Rasmussen & Williams 2006, algorithm 2.1.
    """
    kernel = ConstantKernel(SPREAD**2) * Matern(LENGTH_SCALE, nu=1.5)
    noise = np.maximum(np.square(error).mean(axis=0), 1e-4)
    process = GaussianProcessRegressor(kernel, alpha=noise, optimizer=None)
    process.fit(centres[:, None], lag.T)
    smooth: Floats = process.predict(centres[:, None]).reshape(centres.size, -1).T
    return smooth
