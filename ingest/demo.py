"""The data that cisgraph ships: two paired data sets and all sources, human and mouse."""

from collections.abc import Sequence
from pathlib import Path

from ingest.multiome.spec import DatasetSpec
from ingest.plan import Plan, all_sources
from ingest.source import SourceSpec
from ingest.sources import chip_targets

CHAIN_FILE = "annotation/hg19ToHg38.over.chain.gz"


def snareseq_celllines(demo_dir: Path) -> DatasetSpec:
    """Return the SNARE-seq mixture of four cell lines."""
    return DatasetSpec(
        dataset_id="snareseq_celllines",
        name="SNARE-seq cell lines BJ, GM12878, H1, K562",
        rna=demo_dir / "snareseq_celllines" / "rna.h5ad",
        atac=demo_dir / "snareseq_celllines" / "atac.h5ad",
        chain=demo_dir / CHAIN_FILE,
        context_column="cell_type",
        species="human",
        assembly="GRCh38",
        licence="MIT (carrier); data public on GEO (GSE126074)",
        citation="10.1038/s41587-019-0290-0",
    )


def scicar_a549(demo_dir: Path) -> DatasetSpec:
    """Return the sci-CAR time course of A549 under dexamethasone; its peaks are on hg19."""
    return DatasetSpec(
        dataset_id="scicar_a549",
        name="sci-CAR A549, dexamethasone 0, 1, 3 h",
        rna=demo_dir / "scicar_a549" / "rna.h5ad",
        atac=demo_dir / "scicar_a549" / "atac.h5ad",
        chain=demo_dir / CHAIN_FILE,
        context_column="cell_type",
        species="human",
        assembly="GRCh37",
        lift_over=True,
        time_column="time_h",
        time_unit="h",
        licence="GPL-3 (carrier); data public on GEO (GSM3271040, GSM3271041)",
        citation="10.1126/science.aau0730",
    )


DEMO_CELL_TYPES = ("A549", "GM12878", "H1HESC", "K562")
"""Cells of the shipped data sets; ENCODE's experiments in others are not loaded with the demo."""


def demo_sources(demo_dir: Path) -> Sequence[tuple[SourceSpec, Sequence[Path]]]:
    """Return all sources that are shipped; ENCODE's human targets only in the cells of the data sets."""
    encode = chip_targets.spec(chip_targets.ENCODE, chip_targets.ENCODE_FILES, cell_types=DEMO_CELL_TYPES)
    return [
        (encode if spec.source_id == encode.source_id else spec, paths)
        for spec, paths in all_sources(demo_dir)
    ]


def demo_plan(demo_dir: Path) -> Plan:
    """Return the plan of `ingest all --demo`."""
    return Plan(demo_sources(demo_dir), (snareseq_celllines(demo_dir), scicar_a549(demo_dir)))
