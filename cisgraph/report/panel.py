"""A picture and the words under it: what every section of the report is made of."""

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Panel:
    """A picture with words, or words alone where there is nothing to draw.

    Attributes
    ----------
    title
        Heading, empty for none.
    words
        Sentences under the picture.
    warnings
        Sentences that must not be overlooked.
    picture
        PNG file, None without one.
    """

    title: str
    words: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    picture: Path | None = None


def file_name(*parts: str) -> str:
    """Return a name for a PNG file: letters, digits, dots, minus and underscore only.

    >>> file_name("cells", "my data/all")
    'cells-my_data_all.png'
    """
    return "-".join(re.sub(r"[^A-Za-z0-9._-]+", "_", part) for part in parts) + ".png"
