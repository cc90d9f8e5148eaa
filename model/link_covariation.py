"""Whether a gene and its candidate peak co-vary over metacells more than the gene and any like peak do.

Pearson r of each candidate pair is standardised by the mean and spread of r between the same gene and peaks
of other chromosomes that are as open on average: what cell types, depth and openness alone make is taken
away. The evidence of a standardised r is then how much more often candidate pairs reach it than pairs of the
same genes with a random such peak of another chromosome, as the log of the ratio of the two densities, made
monotone. Where candidates co-vary no more than those, it is near 0 for all pairs, whatever r is.

Since only some candidates are true links, the ratio is less than that of true links to chance: it is a
cautious bound.

References
----------
Chance from peaks of other chromosomes: Ma et al. 2020 (SHARE-seq), doi:10.1016/j.cell.2020.09.056, and
Stuart et al. 2021 (Signac), doi:10.1038/s41592-021-01282-5. A ratio of densities from counts of observed and
null statistics: Efron 2004, doi:10.1198/016214504000000089.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.isotonic import isotonic_regression

from model.metacells import Metacells

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

NUM_BINS = 10
"""Bins of peaks by mean openness."""
MIN_BIN_PEAKS = 50
PANEL_PEAKS = 200
"""Peaks of each bin that tell a gene's chance."""
MIN_OTHERS = 10
"""Panel peaks of other chromosomes below which a gene's chance is not known."""
LEVELS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999)
"""Quantiles of chance between which the two densities are compared."""
MIN_CHANCE_PAIRS = 100
PSEUDO_PAIRS = 10.0
"""Pairs added to both counts of a stretch, so that few pairs say little."""
BLOCK_ENTRIES = 2_000_000
"""Stored counts, and values of a panel, that are in memory at once."""


@dataclass(frozen=True)
class Covariation:
    """Co-variation of each candidate pair over all metacells.

    Parameters
    ----------
    correlation
        Pearson r of log-normalised counts, `(num_near,)` float32; 0 where it is not defined.
    log_ratio
        Log of how much more often candidates co-vary so much than chance, `(num_near,)` float32; never falls
        as the standardised r grows, 0 where chance is not known.
    """

    correlation: Floats
    log_ratio: Floats


def covariation(
    metacells: Metacells, near_index: Integers, *, peak_chrom: Integers, seed: int
) -> Covariation:
    """Return the co-variation of all candidate pairs.

    Takes the log-normalised peaks once (8 bytes a stored count) and 50 to 100 MB for blocks; linear in pairs
    and metacells.

    Parameters
    ----------
    near_index
        `(2, num_near)` gene and peak, by gene.
    peak_chrom
        `(num_peaks,)` chromosome of each peak; with a single one nothing is known of chance.
    """
    chance = Chance.of(metacells.atac, peak_chrom, rng=np.random.default_rng(seed))
    pairs = _Pairs.of(metacells)
    r = pairs.correlate(near_index)
    mean, spread = chance.moments(pairs, near_index)
    partner = chance.partners(near_index[1])
    drawn = pairs.correlate(np.stack([near_index[0], np.maximum(partner, 0)]))
    known = (partner >= 0) & (spread > 0)
    z, z_chance = (_standardised(values, mean, spread) for values in (r, drawn))
    log_ratio = np.zeros(r.size)
    log_ratio[known] = log_density_ratio(z[known], z_chance[known])
    return Covariation(r.astype(np.float32), log_ratio.astype(np.float32))


def log_density_ratio(values: Doubles, chance: Doubles) -> Doubles:
    """Return the log ratio of the density of `values` to that of `chance` at each value, monotone in it.

    Values are counted between quantiles of chance of at least 100 pairs; 0 for all where there are too few.
    """
    edges = np.unique(np.quantile(chance, _levels(chance.size))) if chance.size else np.zeros(0)
    if edges.size == 0:
        return np.zeros(values.size)
    place = np.searchsorted(edges, values, side="right")
    found, expected = (
        np.bincount(np.searchsorted(edges, each, side="right"), minlength=edges.size + 1) + PSEUDO_PAIRS
        for each in (values, chance)
    )
    share = isotonic_regression(found / (found + expected), sample_weight=found + expected)
    balance = np.log(found.sum() / expected.sum())
    return np.asarray((np.log(share / (1 - share)) - balance)[place])


def _levels(num_pairs: int) -> Doubles:
    levels = np.array(LEVELS)
    return np.asarray(levels[np.minimum(levels, 1 - levels) * num_pairs >= MIN_CHANCE_PAIRS])


def _standardised(r: Doubles, mean: Doubles, spread: Doubles) -> Doubles:
    return np.asarray(np.divide(r - mean, spread, out=np.zeros_like(r), where=spread > 0))


@dataclass(frozen=True)
class Chance:
    """Peaks by mean openness and chromosome, from which those of other chromosomes are taken.

    Parameters
    ----------
    bin
        `(num_peaks,)` by mean openness.
    chrom
        `(num_peaks,)` codes.
    ordered
        `(num_peaks,)` peaks by bin, then chromosome.
    panel
        Peaks that tell a gene's chance, by bin.
    """

    bin: Integers
    chrom: Integers
    ordered: Integers
    panel: Integers
    rng: np.random.Generator

    @classmethod
    def of(cls, atac: sp.csr_matrix, chrom: Integers, *, rng: np.random.Generator) -> Self:
        """Return bins of peaks of about one size, and a random panel of each."""
        total = np.asarray(atac.sum(axis=0)).ravel()
        num_bins = int(np.clip(total.size // MIN_BIN_PEAKS, 1, NUM_BINS))
        bins = np.empty(total.size, dtype=np.int64)
        bins[np.argsort(total, kind="stable")] = np.arange(total.size) * num_bins // max(total.size, 1)
        members = [np.flatnonzero(bins == number) for number in range(num_bins)]
        panel = [rng.choice(each, min(PANEL_PEAKS, each.size), replace=False) for each in members]
        return cls(bins, chrom, np.lexsort((chrom, bins)), np.concatenate(panel), rng)

    def partners(self, peak: Integers) -> Integers:
        """Return for each peak a random one of another chromosome and the same bin; -1 if there is none."""
        key = self.bin * (self.chrom.max(initial=0) + 1) + self.chrom
        bins, keys = self.bin[self.ordered], key[self.ordered]
        first, last = (np.searchsorted(bins, self.bin[peak], side=side) for side in ("left", "right"))
        own, own_last = (np.searchsorted(keys, key[peak], side=side) for side in ("left", "right"))
        others = (last - first) - (own_last - own)
        place = first + (self.rng.random(peak.size) * others).astype(np.int64)
        place += np.where(place >= own, own_last - own, 0)  # skip those of the peak's own chromosome
        return np.where(others > 0, self.ordered[np.minimum(place, bins.size - 1)], -1)

    def moments(self, pairs: "_Pairs", near_index: Integers) -> tuple[Doubles, Doubles]:
        """Return mean and spread of r between each pair's gene and panel peaks like its peak, `(num_near,)`.

        Only panel peaks of other chromosomes count; the spread is 0 where there are fewer than ten.
        """
        gene, first, place = np.unique(near_index[0], return_index=True, return_inverse=True)
        gene_chrom = self.chrom[near_index[1][first]]
        peaks = pairs.unit_peaks(self.panel)  # (num_metacells, num_panel)
        bins = np.eye(int(self.bin.max(initial=0)) + 1)[self.bin[self.panel]]  # (num_panel, num_bins)
        mean, spread = np.zeros((2, gene.size, bins.shape[1]))
        for block in _blocks(gene.size, BLOCK_ENTRIES // max(self.panel.size, 1)):
            other = (self.chrom[self.panel] != gene_chrom[block, None]).astype(np.float64)
            r = pairs.unit_genes(gene[block]).T @ peaks * other  # (num_block, num_panel)
            number = other @ bins
            size = np.maximum(number, 1)
            mean[block] = r @ bins / size
            variance = np.maximum((r**2) @ bins / size - mean[block] ** 2, 0)
            spread[block] = np.where(number >= MIN_OTHERS, np.sqrt(variance), 0)
        spread[spread < np.finfo(np.float32).eps] = 0  # a constant gene
        of_peak = self.bin[near_index[1]]
        return mean[place, of_peak], spread[place, of_peak]


@dataclass(frozen=True)
class _Pairs:
    """Log-normalised counts by column, from which any pair is correlated.

    `atac_mean` and `atac_norm` are the mean of each peak and the length of it less its mean.
    """

    rna: sp.csc_matrix
    atac: sp.csc_matrix
    atac_mean: Doubles
    atac_norm: Doubles

    @classmethod
    def of(cls, metacells: Metacells) -> Self:
        rna, atac = (_log_normalised(counts) for counts in (metacells.rna, metacells.atac))
        mean = np.asarray(atac.sum(axis=0), dtype=np.float64).ravel() / atac.shape[0]
        squares = np.asarray(atac.power(2).sum(axis=0), dtype=np.float64).ravel()
        return cls(rna, atac, mean, np.sqrt(np.maximum(squares - atac.shape[0] * mean**2, 0)))

    def unit_genes(self, genes: Integers) -> Doubles:
        """Return columns of mean 0 and length 1, `(num_metacells, num)`; 0 for a constant gene."""
        return _unit(self.rna[:, genes].toarray().astype(np.float64))

    def unit_peaks(self, peaks: Integers) -> Doubles:
        """Return likewise those of peaks."""
        return _unit(self.atac[:, peaks].toarray().astype(np.float64))

    def correlate(self, pairs: Integers) -> Doubles:
        """Return Pearson r of each gene and peak, `(num_pairs,)`; pairs by gene."""
        r = np.zeros(pairs.shape[1])
        for block in _blocks(r.size, BLOCK_ENTRIES // max(self.atac.shape[0], 1)):
            genes, place = np.unique(pairs[0, block], return_inverse=True)
            x, peaks = self.unit_genes(genes), self.atac[:, pairs[1, block]]
            column = np.repeat(np.arange(peaks.shape[1]), np.diff(peaks.indptr))
            products = peaks.data * x[peaks.indices, place[column]]
            r[block] = np.bincount(column, weights=products, minlength=peaks.shape[1])
        norm = self.atac_norm[pairs[1]]
        return np.asarray(np.divide(r, norm, out=np.zeros_like(r), where=norm > _FLAT))


_FLAT = 1e-4
"""Length of a column that is no more than the rounding of a constant one."""


def _unit(x: Doubles) -> Doubles:
    x = x - x.mean(axis=0)
    norm = np.linalg.norm(x, axis=0)
    return np.asarray(x / np.where(norm > _FLAT, norm, np.inf))


def _log_normalised(counts: sp.csr_matrix) -> sp.csc_matrix:
    """Return log1p of counts scaled to the median depth, float32 by column."""
    sizes = np.asarray(counts.sum(axis=1), dtype=np.float64).ravel()
    factors = np.median(sizes) / np.maximum(sizes, 1)
    values = np.log1p(counts.data * np.repeat(factors, np.diff(counts.indptr))).astype(np.float32)
    return sp.csr_matrix((values, counts.indices, counts.indptr), shape=counts.shape).tocsc()


def _blocks(number: int, size: int) -> Iterator[slice]:
    for start in range(0, number, max(size, 1)):
        yield slice(start, min(start + max(size, 1), number))
