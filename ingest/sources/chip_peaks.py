"""ChIP-seq peaks of a user: regulators on the peaks of the graph's data sets, and their nearest genes.

A row of the file is kept if it lies in a peak of the graph (`BINDS`), or near the start site of a candidate
gene (`CHIP_TARGET`), or both. Of several rows that say the same the highest score is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from graph.errors import InputError
from graph.schema import Source
from graph.tables import BINDINGS, CHIP_TARGETS, REGULATORS
from ingest.bed import Layout, read_intervals, sift_intervals
from ingest.edges import columns_of, resolve_column, unlisted_regulators
from ingest.multiome.lift import lift_peaks
from ingest.regions import nearest_starts, overlapping_peaks
from ingest.rejections import Reason, Sieve
from ingest.sites import assembly_named, lift_sites, require_assembly, with_sites
from ingest.source import Checked, Reference, SourceSpec
from ingest.sources.chip_targets import CHIP_FACTOR


@dataclass(frozen=True)
class Experiment:
    """What a file of peaks holds.

    Parameters
    ----------
    assembly
        Assembly of the coordinates, by any of its names. A file that looks like another one is refused.
    cell_type
        Cells that were studied.
    experiment
        Name of the experiment, '' for the source's id.
    factor
        The one factor whose peaks these are; '' takes the file's fourth column.
    lift_to
        Assembly to lift to with a chain file, '' without.
    layout
        None goes by the file, see `read_intervals`.
    """

    assembly: str
    cell_type: str
    experiment: str = ""
    factor: str = ""
    lift_to: str = ""
    layout: Layout | None = None


@dataclass(frozen=True)
class TargetRule:
    """Which peak and which gene a bound site belongs to.

    A site is the summit where the file has one, else the interval. It binds to the peaks with which it shares
    `min_overlap_bp` bases (a shorter site: all of its bases). Its target is the candidate gene whose start
    site is the nearest, see `nearest_starts`, if no farther than `max_distance_bp`.

    Parameters
    ----------
    context
        Candidates are genes of `biotype` detected in at least `min_detection_rate` of the cells of a context
        of this name in any data set; '' takes all genes of `biotype`.
    """

    context: str = ""
    min_detection_rate: float = 0.05
    max_distance_bp: int = 50_000
    min_overlap_bp: int = 1
    biotype: str = "protein_coding"


USUAL_RULE = TargetRule()


def spec(record: Source, experiment: Experiment, rule: TargetRule = USUAL_RULE) -> SourceSpec:
    """Return a source that reads one file of peaks, plain or `.gz`, and a chain file if it is to be lifted.

    A chain file also helps where nothing is to be lifted: it shows whether the file's assembly is the one
    from which it starts.
    """
    name = experiment.experiment or record.source_id

    def parse(paths: Sequence[Path], reference: Reference) -> Checked:
        given = assembly_named(experiment.assembly, reference)
        assembly = assembly_named(experiment.lift_to, reference) if experiment.lift_to else given
        sieve = Sieve(read_intervals(paths[0], experiment.layout), file=paths[0].name)
        notes = _placed(sieve, paths, reference, given=given, assembly=assembly)
        _set_factors(sieve, experiment, reference)
        genes = candidate_genes(reference, rule, assembly=assembly)
        bindings, targets = _pairs(sieve, reference, rule, genes=genes, assembly=assembly)
        _reject_unused(sieve, bindings, targets)
        said = {
            "source_id": record.source_id,
            "experiment": name,
            "cell_type": experiment.cell_type,
            "kind": "chip",
        }
        notes |= {
            "candidate genes": genes["gene_id"].nunique(),
            "rows in a peak of the graph": bindings["row"].nunique(),
            "rows near a candidate gene": targets["row"].nunique(),
        }
        return _checked(
            sieve, reference, _best(bindings).assign(**said), _best(targets).assign(**said), notes
        )

    return SourceSpec(
        record=record,
        stage="regions",
        columns=(),
        files=(),
        parse=parse,
        writes=(REGULATORS, BINDINGS, CHIP_TARGETS),
        settings={**asdict(experiment), **asdict(rule)},
    )


def candidate_genes(reference: Reference, rule: TargetRule, *, assembly: str) -> pd.DataFrame:
    """Return `gene_id`, `chrom`, `tss` of the genes that may be targets.

    Raises
    ------
    InputError
        If the context is in no data set, or leaves no gene.
    """
    places = reference.locations
    genes = places[places["assembly_id"].eq(assembly) & places["biotype"].eq(rule.biotype)]
    if rule.context:
        detected = reference.detected
        inside = detected[detected["context"].eq(rule.context)]
        if inside.empty:
            known = sorted(set(detected["context"]))
            raise InputError(
                f"no data set has a context {rule.context!r}; there are {known[:20]}",
                hint="give one of these, or none for all genes",
            )
        expressed = inside.loc[inside["detection_rate"] >= rule.min_detection_rate, "gene_id"]
        genes = genes[genes["gene_id"].isin(set(expressed))]
    if genes.empty:
        raise InputError(
            f"no {rule.biotype} gene on {assembly} is detected in {rule.min_detection_rate:.0%} of the cells "
            f"of {rule.context or 'any context'}",
            hint="lower the detection rate, or load the annotation of this assembly",
        )
    return genes[["gene_id", "chrom", "tss"]]


def _placed(
    sieve: Sieve, paths: Sequence[Path], reference: Reference, *, given: str, assembly: str
) -> dict[str, int]:
    """Turn the rows into sites on an assembly of the graph; return what was lost on the way.

    A chain file that is not used to lift tells whether the file should have been lifted.
    """
    sift_intervals(sieve)
    unlifted = sieve.kept = with_sites(sieve.kept)
    lost: Mapping[str, int] = {}
    others = {}
    if assembly != given:
        if len(paths) < 2:
            raise InputError(
                f"{paths[0]}: lifting from {given} to {assembly} needs a chain file", hint="give its path"
            )
        lost, others = lift_sites(sieve, paths[1]), {"if they were not lifted": unlifted}
    elif len(paths) > 1:
        others = {"if they were lifted": lift_peaks(unlifted[["chrom", "start", "end"]], paths[1]).peaks}
    near = require_assembly(sieve.kept, reference, assembly=assembly, others=others, path=paths[0])
    known = set(reference.locations.loc[reference.locations["assembly_id"].eq(assembly), "chrom"])
    known |= set(reference.peaks.loc[reference.peaks["assembly"].eq(assembly), "chrom"])
    chroms = sieve.kept["chrom"]
    detail = f"no chromosome of {assembly} in the graph"
    sieve.reject(~chroms.isin(known), reason=Reason.NOT_ON_ASSEMBLY, identifier=chroms, detail=detail)
    return {**lost, **near}


def _set_factors(sieve: Sieve, experiment: Experiment, reference: Reference) -> None:
    """Set `source` to the gene of the row's factor; reject rows without, and repeated ones."""
    factor = experiment.factor or sieve.kept["name"]
    sieve.kept = sieve.kept.assign(source=factor)
    resolve_column(sieve, "source", names=reference.names, unknown=Reason.UNKNOWN_REGULATOR)
    rows = sieve.kept
    again = rows.duplicated(["source", "chrom", "start", "end"], keep="first")
    place = rows["chrom"] + ":" + rows["start"].astype(str) + "-" + rows["end"].astype(str)
    sieve.reject(again, reason=Reason.DUPLICATE, identifier=rows["source"] + " " + place)


def _pairs(
    sieve: Sieve, reference: Reference, rule: TargetRule, *, genes: pd.DataFrame, assembly: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return `row`, `source`, `target`, `score` of rows in peaks, and of rows near genes."""
    rows = sieve.kept
    sites = rows[["chrom", "start", "end"]].drop_duplicates()
    peaks = reference.peaks[reference.peaks["assembly"].eq(assembly)]
    found = overlapping_peaks(sites, peaks, min_overlap_bp=rule.min_overlap_bp)
    in_peaks = sites.loc[found["site"]].assign(target=found["peak_id"].to_numpy())
    near = nearest_starts(sites, genes, max_distance_bp=rule.max_distance_bp)["gene_id"]
    near_genes = sites.assign(target=near).dropna(subset=["target"])
    told = rows[["chrom", "start", "end", "source", "score"]].rename_axis("row").reset_index()
    pairs = [told.merge(of_sites, on=["chrom", "start", "end"]) for of_sites in (in_peaks, near_genes)]
    bindings, targets = (frame[["row", "source", "target", "score"]] for frame in pairs)
    return bindings, targets


def _reject_unused(sieve: Sieve, bindings: pd.DataFrame, targets: pd.DataFrame) -> None:
    """Reject rows that give no relationship: nothing is near, or only the regulator's own gene."""
    rows = sieve.kept
    own = targets.loc[targets["source"].eq(targets["target"]), "row"]
    others = targets.loc[targets["source"].ne(targets["target"]), "row"]
    unused = ~rows.index.isin(bindings["row"]) & ~rows.index.isin(others)
    place = rows["chrom"] + ":" + rows["start"].astype(str) + "-" + rows["end"].astype(str)
    loops = pd.Series(unused & rows.index.isin(own), index=rows.index)
    sieve.reject(loops, reason=Reason.SELF_LOOP, identifier=rows["source"], detail=place)
    rest = sieve.kept.index
    sieve.reject(
        pd.Series(unused, index=rows.index)[rest], reason=Reason.NOTHING_NEAR, identifier=place[rest]
    )


def _best(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return one row a regulator and target, other than itself, with the highest score."""
    others = pairs[pairs["source"].ne(pairs["target"])]
    return others.groupby(["source", "target"], sort=False)["score"].max().reset_index()


def _checked(
    sieve: Sieve,
    reference: Reference,
    bindings: pd.DataFrame,
    targets: pd.DataFrame,
    notes: Mapping[str, int],
) -> Checked:
    edges = pd.concat([bindings, targets], ignore_index=True)
    regulators = unlisted_regulators(edges, reference, regulator_class=CHIP_FACTOR)
    return Checked(
        tables=(
            (REGULATORS, regulators),
            (BINDINGS, bindings[columns_of(BINDINGS)]),
            (CHIP_TARGETS, targets[columns_of(CHIP_TARGETS)]),
        ),
        rejected=sieve.rejected,
        num_read=sieve.num_read,
        num_kept=len(sieve.kept),
        notes={**sieve.notes, **notes, "regulators in no list": len(regulators)},
        mapped=sieve.remarks,
    )
