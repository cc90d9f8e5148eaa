"""Motifs in the peaks of the graph's data sets: profiles of a user, scanned in a user's genome (`BINDS`).

A row is a profile. It is kept if its factors are known and it has a site in a peak; each of its factors is
then bound to each such peak, with the score of the best site in bits. A dimer's profile (`FOS::JUN`) counts
for both proteins, and only if both are known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from graph.errors import InputError
from graph.schema import Source
from graph.tables import BINDINGS, REGULATORS
from ingest.edges import SHOWN_CANDIDATES, columns_of, require_species, unlisted_regulators
from ingest.motifs.profiles import read_profiles
from ingest.motifs.scan import best_by_peak, index_words, strand_searches
from ingest.motifs.scores import UNIFORM, UNITS_PER_BIT, score_matrix, score_threshold
from ingest.motifs.sequences import PeakSequences, base_frequencies, peak_sequences, pooled
from ingest.names import Names, is_found
from ingest.rejections import Reason, Sieve
from ingest.sites import assembly_named
from ingest.source import Checked, Reference, SourceSpec

MOTIF_FACTOR = "motif_factor"
"""Class of a gene that no list of regulators has, but a profile names as its factor."""
MAX_BASES = 1 << 24
"""Bases of peaks that are indexed together: about 300 MB of memory."""


@dataclass(frozen=True)
class Scan:
    """How a genome is scanned.

    Parameters
    ----------
    assembly
        Assembly of the genome, by any of its names; the peaks on it are scanned.
    p_value
        Probability that a random word of the background reaches the threshold, at a place of one strand.
    background
        Frequencies of bases: those of the scanned peaks, both strands together, or even ones.
    max_peaks
        Of each profile that many peaks with the best scores are kept, None keeps all. Of equal scores the
        first peaks by chromosome (as in the FASTA file) and position are kept.
    """

    assembly: str
    p_value: float = 1e-4
    background: Literal["peaks", "uniform"] = "peaks"
    max_peaks: int | None = None


def spec(record: Source, scan: Scan) -> SourceSpec:
    """Return a source that reads profiles (JASPAR or MEME), then a genome FASTA (plain or `.gz`).

    Raises
    ------
    InputError
        If the p-value is not between 0 and 1, or `max_peaks` is not positive.
    """
    if not 0 < scan.p_value < 1:
        raise InputError(f"expected a p-value between 0 and 1, found {scan.p_value}")
    if scan.max_peaks is not None and scan.max_peaks < 1:
        raise InputError(f"expected at least 1 peak a profile, found {scan.max_peaks}")

    def parse(paths: Sequence[Path], reference: Reference) -> Checked:
        if len(paths) < 2:
            raise InputError(f"{paths[0]}: a scan also needs a genome FASTA", hint="give its path")
        sieve = Sieve(read_profiles(paths[0]), file=paths[0].name)
        _sift_profiles(sieve)
        set_factors(sieve, reference.names)
        sequences, peaks = _sequences(paths[1], reference, assembly_named(scan.assembly, reference))
        background = base_frequencies(sequences) if scan.background == "peaks" else np.array(UNIFORM)
        _set_searches(sieve, background, p_value=scan.p_value)
        _set_hits(sieve, sequences, max_peaks=scan.max_peaks)
        num_scanned = sum(len(each.peak_ids) for each in sequences)
        notes = {
            "sites": sum(hits.num_sites for hits in sieve.kept["hits"]),
            "peaks scanned": num_scanned,
            "peaks on no chromosome of the genome": len(peaks) - num_scanned,
            "bases scanned": sum(len(each.codes) - len(each.starts) for each in sequences),
        }
        return _checked(sieve, reference, _bindings(sieve, sequences, source_id=record.source_id), notes)

    return SourceSpec(
        record=record,
        stage="regions",
        columns=(),
        files=(),
        parse=parse,
        writes=(REGULATORS, BINDINGS),
        settings=asdict(scan),
    )


@dataclass(frozen=True)
class Hits:
    """Peaks in which a profile has a site: `part` of the sequences, `peak` in it, `score` of the best one."""

    part: np.ndarray
    peak: np.ndarray
    score: np.ndarray
    num_sites: int


def _checked(sieve: Sieve, reference: Reference, bindings: pd.DataFrame, notes: Mapping[str, int]) -> Checked:
    regulators = unlisted_regulators(bindings, reference, regulator_class=MOTIF_FACTOR)
    return Checked(
        tables=((REGULATORS, regulators), (BINDINGS, bindings)),
        rejected=sieve.rejected,
        num_read=sieve.num_read,
        num_kept=len(sieve.kept),
        notes={**sieve.notes, **notes, "regulators in no list": len(regulators)},
        mapped=sieve.remarks,
    )


def _sift_profiles(sieve: Sieve) -> None:
    rows = sieve.kept
    sieve.reject(
        rows["fault"].ne(""), reason=Reason.BAD_PROFILE, identifier=rows["motif_id"], detail=rows["fault"]
    )
    rows = sieve.kept
    unnamed = rows["motif_id"].eq("")
    sieve.reject(
        unnamed, reason=Reason.EMPTY_NAME, identifier=rows["motif_id"], detail="no name of the profile"
    )
    rows = sieve.kept
    again = rows["motif_id"].duplicated(keep="first")
    sieve.reject(again, reason=Reason.DUPLICATE, identifier=rows["motif_id"])


def set_factors(sieve: Sieve, names: Names) -> None:
    """Set `factors`, the gene ids of a profile's proteins; reject profiles of which one is not known.

    Raises
    ------
    InputError
        If the factors are genes of another species.
    """
    rows = sieve.kept
    members = rows["factor"].str.split("::").explode().str.strip()
    meant = names.resolve(members)
    require_species(meant[members.ne("")], "factor")
    meant["empty"] = members.eq("")
    meant["found"] = is_found(meant["how"])
    meant["choices"] = meant["candidates"].map(lambda ids: " ".join(ids[:SHOWN_CANDIDATES]))
    for how in ("ambiguous", "previous", "alias"):
        meant[how] = meant["how"].eq(how)
    by_profile = meant.groupby(level=0)
    genes = by_profile["gene_id"].agg(lambda ids: list(dict.fromkeys(ids)))
    sieve.kept = rows.assign(factors=genes)
    told = genes.map(lambda ids: " ".join(str(gene) for gene in ids))
    for how, reason in (("previous", Reason.RETIRED), ("alias", Reason.ALIAS)):
        sieve.remark(by_profile[how].any(), reason=reason, identifier=rows["factor"], detail=told)
    for mask, reason, detail in (
        (by_profile["empty"].any(), Reason.EMPTY_NAME, rows["motif_id"]),
        (by_profile["ambiguous"].any(), Reason.AMBIGUOUS_NAME, by_profile["choices"].agg(" ".join)),
        (~by_profile["found"].all(), Reason.UNKNOWN_REGULATOR, rows["motif_id"]),
    ):
        rest = sieve.kept.index
        sieve.reject(mask[rest], reason=reason, identifier=rows["factor"][rest], detail=detail[rest])


def _sequences(fasta: Path, reference: Reference, assembly: str) -> tuple[list[PeakSequences], pd.DataFrame]:
    peaks = reference.peaks[reference.peaks["assembly"].eq(assembly)]
    if peaks.empty:
        known = sorted(set(reference.peaks["assembly"]))
        raise InputError(
            f"the graph has no peaks on {assembly}, only on {known}", hint="load a data set before its motifs"
        )
    return pooled(peak_sequences(fasta, peaks), max_bases=MAX_BASES), peaks


def _set_searches(sieve: Sieve, background: np.ndarray, *, p_value: float) -> None:
    """Set `search`, those of a profile on both strands; reject profiles whose best word is too likely."""
    rows = sieve.kept
    matrices = [score_matrix(counts, background) for counts in rows["counts"]]
    thresholds = [score_threshold(scores, background, p_value) for scores in matrices]
    searches = [
        None if threshold is None else strand_searches(scores, threshold)
        for scores, threshold in zip(matrices, thresholds, strict=True)
    ]
    sieve.kept = rows.assign(search=pd.Series(searches, index=rows.index, dtype=object))
    likely = sieve.kept["search"].isna()
    detail = f"its best word has a probability above {p_value:g}"
    sieve.reject(likely, reason=Reason.TOO_SHORT, identifier=rows["motif_id"], detail=detail)


def _set_hits(sieve: Sieve, sequences: Sequence[PeakSequences], *, max_peaks: int | None) -> None:
    """Set `hits`, the peaks with sites of each profile; reject profiles without any."""
    rows = sieve.kept
    found: list[list[Hits]] = [[] for _ in range(len(rows))]
    for part, each in enumerate(sequences):
        index = index_words(each)
        for hits, strands in zip(found, rows["search"], strict=True):
            peak, score, num_sites = best_by_peak(strands, index)
            hits.append(Hits(np.full(len(peak), part, dtype=np.int32), peak, score, num_sites))
    together = [_together(parts, max_peaks) for parts in found]
    sieve.kept = rows.assign(hits=pd.Series(together, index=rows.index, dtype=object))
    none = pd.Series([not len(hits.peak) for hits in together], index=rows.index, dtype=bool)
    sieve.reject(none, reason=Reason.NO_SITE, identifier=rows["motif_id"], detail=rows["factor"])


def _together(parts: Sequence[Hits], max_peaks: int | None) -> Hits:
    """Return the hits of all parts, the best `max_peaks` of them."""
    part, peak, score = (
        np.concatenate([getattr(each, name) for each in parts]) for name in ("part", "peak", "score")
    )
    best = np.sort(np.argsort(-score, kind="stable")[:max_peaks])
    return Hits(part[best], peak[best], score[best], sum(each.num_sites for each in parts))


def _bindings(sieve: Sieve, sequences: Sequence[PeakSequences], *, source_id: str) -> pd.DataFrame:
    """Return the `BINDINGS` rows of the kept profiles, one a factor and peak."""
    rows = sieve.kept[["factors", "motif_id", "hits"]].explode("factors")
    told = rows["hits"].tolist()
    firsts = np.cumsum([0, *(len(each.peak_ids) for each in sequences)])
    peak_ids = np.concatenate([each.peak_ids for each in sequences])
    empty = np.empty(0, dtype=np.int64)
    places = np.concatenate([empty, *(firsts[each.part] + each.peak for each in told)])
    lengths = [len(each.peak) for each in told]
    scores = np.concatenate([empty, *(each.score for each in told)]) / UNITS_PER_BIT
    frame = pd.DataFrame(
        {
            "source": np.repeat(rows["factors"].to_numpy(dtype=object), lengths),
            "target": peak_ids[places],
            "source_id": source_id,
            "kind": "motif",
            "experiment": np.repeat(rows["motif_id"].to_numpy(dtype=object), lengths),
            "cell_type": None,
            "score": scores,
        }
    )
    return frame[columns_of(BINDINGS)]
