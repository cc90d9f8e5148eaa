"""Files of motif profiles: JASPAR (counts) and MEME (probabilities)."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from graph.errors import InputError
from ingest.tables import read_lines

MAX_WIDTH = 100
"""Wider profiles are taken for a damaged file; the widest of JASPAR 2024 has 35 positions."""
USUAL_NUM_SITES = 20.0
"""Number of sites behind a MEME profile that does not say it, as in the MEME suite."""
_LETTERS = "ACGT"
_TOLERANCE = 0.01
_VARIANT = r"\s*\(var\.\d+\)$"
_NUMBER = r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?"
_SPECIES_SUFFIX = r"_(HUMAN|MOUSE)$"


def read_profiles(path: Path) -> pd.DataFrame:
    """Return one row a profile, indexed by the line where it starts.

    Columns: `motif_id`; `factor`, the names of its proteins (`FOS::JUN` for a dimer); `counts`, an array of
    shape (width, 4) in the order A, C, G, T; `fault`, what is wrong with it, '' for a good one.

    Notes
    -----
    The factor is the second word of the line that names the profile (`>MA0099.4 FOS::JUN`,
    `MOTIF MA0099.4 FOS::JUN`). Where there is none, it is what stands before the first dot of the first word,
    without `_HUMAN` or `_MOUSE` (HOCOMOCO: `AHR.H13CORE.0.P.B`, `AHR_HUMAN.H11MO.0.B`).

    Raises
    ------
    InputError
        If the file cannot be read, is of neither format or of another alphabet.
    """
    lines = read_lines(path)
    is_meme = any(line.startswith("MEME version") for line in lines[:20])
    mark = "MOTIF" if is_meme else ">"
    starts = [place for place, line in enumerate(lines) if line.startswith(mark)]
    if not starts:
        raise InputError(
            f"{path}: neither a JASPAR file ('>' before each profile) nor one of MEME ('MEME version')",
            hint="give profiles in one of these formats",
        )
    if is_meme:
        _require_dna(path, lines)
    read = _meme_counts if is_meme else _jaspar_counts
    rows = []
    for start, end in pairwise([*starts, len(lines)]):
        counts, fault = read(lines[start + 1 : end])
        motif_id, factor = _named(lines[start].removeprefix(mark))
        rows.append((motif_id, factor, counts, fault or _fault_of(counts)))
    columns = pd.Index(["motif_id", "factor", "counts", "fault"])
    index = pd.Index([start + 1 for start in starts], name="row")
    return pd.DataFrame(rows, columns=columns, index=index, dtype=object)


def _require_dna(path: Path, lines: Sequence[str]) -> None:
    for line in lines:
        alphabet = line.removeprefix("ALPHABET=").strip()
        if line.startswith("ALPHABET=") and alphabet != _LETTERS:
            raise InputError(f"{path}: expected the alphabet {_LETTERS}, found {alphabet}")


def _named(header: str) -> tuple[str, str]:
    words = header.split(maxsplit=1)
    motif_id = words[0] if words else ""
    factor = words[1] if len(words) > 1 else motif_id.partition(".")[0]
    return motif_id, re.sub(_SPECIES_SUFFIX, "", re.sub(_VARIANT, "", factor.strip()))


def _jaspar_counts(lines: Sequence[str]) -> tuple[np.ndarray, str]:
    """Return counts and what is wrong; rows are labelled by their letters, or in the order A, C, G, T."""
    bodies = [line.strip() for line in lines if line.strip()]
    if len(bodies) != len(_LETTERS):
        return _nothing(), f"expected 4 lines of counts, found {len(bodies)}"
    labels = [
        body[0].upper() if body[0].isalpha() else letter
        for body, letter in zip(bodies, _LETTERS, strict=True)
    ]
    if sorted(labels) != sorted(_LETTERS):
        return _nothing(), f"expected lines for A, C, G and T, found {' '.join(labels)}"
    rows = dict(
        zip(labels, (_numbers(body.lstrip("ACGTacgt").strip("[] \t")) for body in bodies), strict=True)
    )
    widths = {len(row) for row in rows.values()}
    if len(widths) > 1:
        return _nothing(), f"the four lines have different lengths {sorted(widths)}"
    return np.array([rows[letter] for letter in _LETTERS], dtype=float).reshape(4, -1).T, ""


def _meme_counts(lines: Sequence[str]) -> tuple[np.ndarray, str]:
    """Return probabilities times the number of sites, and what is wrong."""
    heads = [place for place, line in enumerate(lines) if line.startswith("letter-probability matrix")]
    if not heads:
        return _nothing(), "no 'letter-probability matrix'"
    said = dict(re.findall(r"(\w+)=\s*(\S+)", lines[heads[0]]))
    rows = list(_matrix_rows(lines[heads[0] + 1 :]))
    if "w" in said and said["w"] != str(len(rows)):
        return _nothing(), f"expected {said['w']} positions, found {len(rows)}"
    if any(len(row) != len(_LETTERS) for row in rows):
        return _nothing(), "expected 4 probabilities a position"
    probabilities = np.array(rows, dtype=float).reshape(-1, 4)
    if not np.all(np.abs(probabilities.sum(axis=1) - 1) <= _TOLERANCE):
        return probabilities, "the probabilities of a position do not sum to 1"
    (num_sites,) = _numbers(said.get("nsites", "")) or [USUAL_NUM_SITES]
    return probabilities * (num_sites if num_sites > 0 else USUAL_NUM_SITES), ""


def _matrix_rows(lines: Sequence[str]) -> Iterator[list[float]]:
    """Yield the lines of numbers up to the first that starts otherwise."""
    for line in lines:
        if not re.match(r"\s*[-+.\d]|\s*(nan|inf)", line, flags=re.IGNORECASE):
            return
        yield _numbers(line)


def _numbers(text: str) -> list[float]:
    """Return the numbers between blanks; NaN for what is none."""
    return [float(word) if re.fullmatch(_NUMBER, word) else np.nan for word in text.split()]


def _fault_of(counts: np.ndarray) -> str:
    if len(counts) == 0:
        return "no positions"
    if len(counts) > MAX_WIDTH:
        return f"{len(counts)} positions, expected at most {MAX_WIDTH}"
    if not np.all(np.isfinite(counts)) or np.any(counts < 0):
        return "expected finite numbers of at least 0"
    return "" if np.all(counts.sum(axis=1) > 0) else "a position without counts"


def _nothing() -> np.ndarray:
    return np.empty((0, len(_LETTERS)))
