"""``cisgraph ingest peaks | motifs``: what binds to the peaks of the data sets in the graph."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from cisgraph.cli.source_options import Load, loading, takes, user_source
from cisgraph.shipped import DEMO_DIR
from graph.schema import Source
from ingest.demo import CHAIN_FILE
from ingest.plan import Plan
from ingest.sources import chip_peaks, motifs

RULE = chip_peaks.USUAL_RULE

AssemblyOption = Annotated[str, typer.Option(help="Assembly of the coordinates, by any of its names.")]


@takes(record=user_source, load=loading)
def ingest_peaks(
    peaks: Annotated[Path, typer.Argument(help="BED, narrowPeak, broadPeak or summits, plain or .gz.")],
    *,
    record: Source,
    assembly: AssemblyOption,
    cell_type: Annotated[str, typer.Option(help="Cells that were studied.")],
    factor: Annotated[str, typer.Option(help="The factor; the fourth column names it without.")] = "",
    lift_to: Annotated[str, typer.Option(help="Assembly to lift to, such as GRCh38; '' without.")] = "",
    chain: Annotated[
        Path, typer.Option(help="UCSC chain file of the lift; it also tells hg19 from hg38.")
    ] = DEMO_DIR / CHAIN_FILE,
    context: Annotated[
        str, typer.Option(help="Targets are genes detected in this context; all without.")
    ] = "",
    min_detection_rate: Annotated[float, typer.Option(help="Of its cells.")] = RULE.min_detection_rate,
    max_distance_bp: Annotated[int, typer.Option(help="Of a target's start site.")] = RULE.max_distance_bp,
    min_overlap_bp: Annotated[int, typer.Option(help="Of a site with a peak.")] = RULE.min_overlap_bp,
    load: Load,
) -> None:
    """Load ChIP-seq peaks: regulators on peaks of the graph (BINDS), and their nearest genes (CHIP_TARGET).

    A site's target is the protein-coding gene with the nearest start site, among those that are detected in
    the context, if it is no farther than the distance.
    """
    experiment = chip_peaks.Experiment(assembly, cell_type, factor=factor, lift_to=lift_to)
    rule = chip_peaks.TargetRule(context, min_detection_rate, max_distance_bp, min_overlap_bp)
    spec = chip_peaks.spec(record, experiment, rule)
    tells_assemblies = lift_to or record.species == "human"
    files = [peaks, *([chain] if tells_assemblies else [])]
    load(Plan(((spec, files),)))


@takes(record=user_source, load=loading)
def ingest_motifs(
    profiles: Annotated[Path, typer.Argument(help="Profiles, JASPAR or MEME, plain or .gz.")],
    genome: Annotated[Path, typer.Argument(help="Genome, .fa or .fa.gz.")],
    *,
    record: Source,
    assembly: AssemblyOption,
    p_value: Annotated[float, typer.Option(help="Of a site, at a place of one strand.")] = 1e-4,
    background: Annotated[
        Literal["peaks", "uniform"], typer.Option(help="Frequencies of bases: of the peaks, or even.")
    ] = "peaks",
    max_peaks: Annotated[int | None, typer.Option(help="Peaks kept of a profile, the best first.")] = None,
    load: Load,
) -> None:
    """Scan the graph's peaks for motifs in a genome: regulators on peaks (BINDS)."""
    spec = motifs.spec(record, motifs.Scan(assembly, p_value, background, max_peaks))
    load(Plan(((spec, [profiles, genome]),)))


def add_to(app: typer.Typer) -> None:
    """Add the commands to a group."""
    app.command("peaks")(ingest_peaks)
    app.command("motifs")(ingest_motifs)
