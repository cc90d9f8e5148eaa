"""Where profiles reach their thresholds in the DNA of peaks, on both strands.

All words of eight bases of the peaks are indexed once. A profile is looked up, not slid: of its eight most
telling positions those words are listed that can still reach the threshold, and only where one of them stands
the other positions are scored, up to eight at a time. The result is that of scoring every position, in whole
numbers.

Memory: 8 bytes for each base of the sequences that are indexed together, twice that while they are indexed,
and 12 bytes for each profile and peak with a site.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingest.motifs.scores import reverse_complement
from ingest.motifs.sequences import NO_BASE, PeakSequences

WORD = 8
"""Length of indexed words; their 65,536 codes fit 16 bits, which numpy sorts in linear time."""
_NEVER = -(1 << 40)
_LONGEST_RUN = 255


@dataclass(frozen=True)
class Search:
    """A profile on one strand.

    Parameters
    ----------
    scores
        Of A, C, G and T, (width, 4).
    threshold
        Least score of a site.
    pieces
        Offset and length (at most a word) of the parts of the profile, in the order of scoring.
    """

    scores: np.ndarray
    threshold: int
    pieces: Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Index:
    """Words of some peaks.

    Parameters
    ----------
    words
        Code of the word that starts at each base, uint16; what is no base counts as A.
    runs
        Number of known bases from each base on, at most 255, uint8.
    places, bounds
        `places[bounds[w]:bounds[w + 1]]` is where word `w` starts.
    """

    sequences: PeakSequences
    words: np.ndarray
    runs: np.ndarray
    places: np.ndarray
    bounds: np.ndarray


def strand_searches(scores: np.ndarray, threshold: int) -> tuple[Search, Search]:
    """Return the searches for a profile on both strands; `scores` (width, 4)."""
    return _search(scores, threshold), _search(reverse_complement(scores), threshold)


def index_words(sequences: PeakSequences) -> Index:
    """Return the words of peaks and where they start."""
    num_bases = len(sequences.codes)
    codes = np.concatenate([sequences.codes, np.full(WORD - 1, NO_BASE, dtype=np.uint8)])
    words = np.zeros(num_bases, dtype=np.uint16)
    for step in range(WORD):
        words = words * np.uint16(4) + (codes[step : step + num_bases] & np.uint8(3))
    gaps = np.append(np.flatnonzero(sequences.codes == NO_BASE), num_bases)
    runs = np.repeat(gaps, np.diff(gaps, prepend=-1))[:num_bases] - np.arange(num_bases)
    return Index(
        sequences=sequences,
        words=words,
        runs=np.minimum(runs, _LONGEST_RUN).astype(np.uint8),
        places=np.argsort(words, kind="stable").astype(np.int32),
        bounds=np.concatenate([[0], np.cumsum(np.bincount(words, minlength=4**WORD))]),
    )


def sites(search: Search, index: Index) -> tuple[np.ndarray, np.ndarray]:
    """Return where sites start in the sequences, and their scores, both (num_sites,); in no order."""
    highest = search.scores.max(axis=1)
    missing = int(highest.sum())
    starts, total = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    for number, (offset, length) in enumerate(search.pieces):
        table = word_scores(search.scores[offset : offset + length])
        missing -= int(highest[offset : offset + length].sum())
        if number == 0:
            starts = _places(index, np.flatnonzero(table + missing >= search.threshold)) - offset
            starts = starts[starts >= 0]
            starts = starts[index.runs[starts] >= len(search.scores)]
            total = np.zeros(len(starts), dtype=np.int64)
        total = total + table[index.words[starts + offset]]
        hopeful = total + missing >= search.threshold
        starts, total = starts[hopeful], total[hopeful]
    return starts, total


def best_by_peak(searches: Sequence[Search], index: Index) -> tuple[np.ndarray, np.ndarray, int]:
    """Return the peaks with a site (places in `peak_ids`), the best score of each, the number of sites."""
    found = [sites(search, index) for search in searches]
    starts = np.concatenate([start for start, _ in found])
    scores = np.concatenate([score for _, score in found])
    peak = np.searchsorted(index.sequences.starts, starts, side="right") - 1
    best = np.full(len(index.sequences.starts), _NEVER)
    np.maximum.at(best, peak, scores)
    hit = np.flatnonzero(best > _NEVER)
    return hit.astype(np.int32), best[hit].astype(np.int32), len(starts)


def word_scores(scores: np.ndarray) -> np.ndarray:
    """Return the score of each word of eight bases whose first ones are scored, (65536,).

    Parameters
    ----------
    scores
        Of at most eight positions, (length, 4); the bases after them do not count.
    """
    reach = np.zeros(1, dtype=np.int32)
    for position in scores.astype(np.int32):
        reach = (reach[:, None] + position[None, :]).ravel()  # (4 ** positions so far,)
    return np.repeat(reach, 4 ** (WORD - len(scores)))


def _search(scores: np.ndarray, threshold: int) -> Search:
    """Return the search that begins with the eight positions (or all, if fewer) with the highest scores."""
    highest = scores.max(axis=1)
    width = len(scores)
    length = min(WORD, width)
    first = int(np.argmax(np.convolve(highest, np.ones(length, dtype=np.int64), mode="valid")))
    before = [(start, min(WORD, first - start)) for start in range(0, first, WORD)]
    after = [(start, min(WORD, width - start)) for start in range(first + length, width, WORD)]
    rest = sorted([*before, *after], key=lambda piece: -int(highest[piece[0] : sum(piece)].sum()))
    return Search(scores, threshold, ((first, length), *rest))


def _places(index: Index, words: np.ndarray) -> np.ndarray:
    """Return where any of some words starts."""
    first = index.bounds[words]
    lengths = index.bounds[words + 1] - first
    before = np.cumsum(lengths) - lengths
    found: np.ndarray = index.places[np.repeat(first - before, lengths) + np.arange(lengths.sum())]
    return found.astype(np.int64)
