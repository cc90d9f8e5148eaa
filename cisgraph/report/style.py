"""Colours and type that all pictures share, and how a picture becomes a file.

References
----------
Okabe and Ito 2008, https://jfly.uni-koeln.de/color/ (colours that colour-blind readers tell apart)
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

BLUE, VERMILLION, GREEN, AMBER = "#0072B2", "#D55E00", "#009E73", "#E69F00"
SKY, PURPLE, GREY, INK = "#56B4E9", "#CC79A7", "#A3A3A3", "#222222"
CATEGORIES = (BLUE, AMBER, GREEN, PURPLE, VERMILLION, SKY, "#8C6D31", "#5E4FA2")
MARKERS = ("o", "^", "s", "D", "v", "P")

WIDTH = 9.0  # inches: the text column of the page
DPI = 150

TYPE: dict[Any, Any] = {  # its keys are typed as one literal for every setting of matplotlib
    "font.family": "DejaVu Sans",
    "font.size": 10.5,
    "axes.titlesize": 11.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#666666",
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": "#444444",
    "ytick.color": "#444444",
    "legend.frameon": False,
    "savefig.facecolor": "white",
}


def paint(path: Path, draw: Callable[[Figure], None], *, height: float, width: float = WIDTH) -> Path:
    """Write what `draw` puts on a figure of this size (inches) as a PNG file, and return its path."""
    with mpl.rc_context(TYPE):
        figure = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(figure)
        draw(figure)
        figure.savefig(path, dpi=DPI)
    return path


def category_style(position: int) -> tuple[str, str]:
    """Return the colour and the marker of a category; the pairs differ for the first 48."""
    return CATEGORIES[position % len(CATEGORIES)], MARKERS[position // len(CATEGORIES) % len(MARKERS)]
