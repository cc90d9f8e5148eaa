"""DNA of peaks, cut out of a genome FASTA that is read once, chromosome by chromosome.

Memory: the longest chromosome that has peaks (1 byte a base, twice that while it is cut), and 1 byte for each
base of the peaks.
"""

import gzip
import zlib
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from io import BufferedReader
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from graph.errors import InputError
from ingest.chromosomes import with_prefix
from ingest.tables import require_file

NO_BASE: Final = 4
"""Code of anything but A, C, G and T (0 to 3), and of the ends of peaks."""
_BLOCK = 1 << 22
_CODES = bytes(b"ACGT".find(bytes([code]).upper()) % 5 for code in range(256))


@dataclass(frozen=True)
class PeakSequences:
    """Peaks of one or several chromosomes, one after another, each followed by a `NO_BASE`.

    Parameters
    ----------
    codes
        Bases as 0 to 4, uint8.
    starts
        Where each peak starts in `codes`, (num_peaks,), ascending.
    peak_ids
        Names of the peaks, (num_peaks,).
    """

    codes: np.ndarray
    starts: np.ndarray
    peak_ids: np.ndarray


def peak_sequences(fasta: Path, peaks: pd.DataFrame) -> list[PeakSequences]:
    """Return the DNA of the peaks by chromosome; chromosomes that the file does not have are left out.

    Parameters
    ----------
    fasta
        Plain or `.gz`; chromosomes by UCSC's or Ensembl's names.
    peaks
        `peak_id`, `chrom`, `start`, `end` (0-based, half-open), all of one assembly.

    Raises
    ------
    InputError
        If the file is no FASTA or damaged, has a chromosome twice, has none of the chromosomes of the peaks,
        or one that is too short for its peaks.
    """
    by_chrom = {str(chrom): rows for chrom, rows in peaks.groupby("chrom", sort=False)}
    found: dict[str, PeakSequences] = {}
    for chrom, codes in _chromosomes(fasta, frozenset(by_chrom)):
        if chrom in found:
            raise InputError(f"{fasta}: the chromosome {chrom} stands twice", hint="keep one of them")
        found[chrom] = _cut(fasta, chrom, codes, by_chrom[chrom])
    if not found:
        raise InputError(
            f"{fasta}: none of the chromosomes of the peaks: {sorted(by_chrom)[:10]}",
            hint="give the genome of the peaks' assembly",
        )
    return list(found.values())


def pooled(sequences: Sequence[PeakSequences], *, max_bases: int) -> list[PeakSequences]:
    """Return the same peaks in the same order in fewer parts, of at most so many bases or one chromosome."""
    parts: list[list[PeakSequences]] = []
    num_bases = 0
    for each in sequences:
        num_bases += len(each.codes)
        if not parts or num_bases > max_bases:
            parts.append([])
            num_bases = len(each.codes)
        parts[-1].append(each)
    return [_joined(part) for part in parts]


def base_frequencies(sequences: Sequence[PeakSequences]) -> np.ndarray:
    """Return the frequencies of A, C, G, T on both strands together (A as T, C as G), (4,), all above 0.

    Raises
    ------
    InputError
        If no base is known.
    """
    counts = sum(np.bincount(each.codes, minlength=NO_BASE + 1)[:NO_BASE] for each in sequences)
    strands = np.asarray(counts, dtype=float) + np.asarray(counts, dtype=float)[::-1]
    if strands.sum() == 0:
        raise InputError("the peaks have no known base, only N", hint="is the genome hard-masked?")
    strands = np.maximum(strands, 1)
    frequencies: np.ndarray = strands / strands.sum()
    return frequencies


def _joined(part: Sequence[PeakSequences]) -> PeakSequences:
    lengths = np.cumsum([0, *(len(each.codes) for each in part)])
    return PeakSequences(
        codes=np.concatenate([each.codes for each in part]),
        starts=np.concatenate([each.starts + first for each, first in zip(part, lengths[:-1], strict=True)]),
        peak_ids=np.concatenate([each.peak_ids for each in part]),
    )


def _cut(fasta: Path, chrom: str, codes: np.ndarray, peaks: pd.DataFrame) -> PeakSequences:
    outside = peaks[peaks["end"] > len(codes)]
    if len(outside):
        raise InputError(
            f"{fasta}: {chrom} has {len(codes):,} bases, {len(outside):,} peaks end beyond it",
            faults=outside["peak_id"].tolist(),
            hint="is it the genome of another assembly?",
        )
    first, last = (peaks[name].to_numpy(dtype=np.int64) for name in ("start", "end"))
    lengths = last - first + 1
    ends = np.cumsum(lengths)
    cut = np.full(int(ends[-1]), NO_BASE, dtype=np.uint8)
    starts = ends - lengths
    for place, start, end in zip(starts.tolist(), first.tolist(), last.tolist(), strict=True):
        cut[place : place + end - start] = codes[start:end]
    return PeakSequences(cut, starts, peaks["peak_id"].to_numpy())


def _chromosomes(fasta: Path, wanted: Set[str]) -> Iterator[tuple[str, np.ndarray]]:
    """Yield wanted chromosomes with their bases as codes."""
    require_file(fasta)
    try:
        with gzip.open(fasta) if fasta.suffix == ".gz" else fasta.open("rb") as stream:
            for header, parts in _records(fasta, stream, wanted):
                yield header, np.frombuffer(b"".join(parts), dtype=np.uint8)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(
            f"{fasta}: the gz file is cut short or damaged ({error})", hint="copy or download it again"
        ) from error


def _records(
    fasta: Path, stream: gzip.GzipFile | BufferedReader, wanted: Set[str]
) -> Iterator[tuple[str, list[bytes]]]:
    """Yield name and coded parts of the wanted records."""
    name, parts = "", list[bytes]()
    is_first = True
    while lines := stream.readlines(_BLOCK):
        heads = [place for place, line in enumerate(lines) if line.startswith(b">")]
        if is_first and heads[:1] != [0]:
            raise InputError(f"{fasta}: no FASTA file, the first line does not start with '>'")
        is_first = False
        for start, end in pairwise([*([0] if heads[:1] != [0] else []), *heads, len(lines)]):
            body = start
            if lines[start].startswith(b">"):
                if name in wanted:
                    yield name, parts
                name, parts, body = _name_of(lines[start]), [], start + 1
            if name in wanted:
                parts.append(b"".join(lines[body:end]).translate(_CODES, b"\r\n"))
    if name in wanted:
        yield name, parts


def _name_of(header: bytes) -> str:
    words = header[1:].decode("utf-8", errors="replace").split()
    return str(with_prefix(pd.Series(words[:1] or [""]))[0])
