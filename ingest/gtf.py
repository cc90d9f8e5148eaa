"""Genes of a GTF file (Ensembl, GENCODE, or any that has rows of the feature `gene`)."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

import pandas as pd

from graph.errors import InputError
from ingest.chromosomes import with_prefix
from ingest.genes import POSITION_SCHEMA
from ingest.rejections import Reason, Sieve
from ingest.tables import check_table, require_file

_COLUMNS: Final = (
    "chrom",
    "source",
    "feature",
    "start",
    "end",
    "score",
    "strand",
    "frame",
    "attributes",
)
_NAMES: Final = ("gene_name", "gene")
_BIOTYPES: Final = ("gene_type", "gene_biotype")
_PAR_COPY: Final = r"(?:_PAR_Y$)|(?:^ENSGR)"


def read_gtf(path: Path) -> Sieve:
    """Return a sieve of the file's genes, coordinates turned to 0-based and half-open.

    Kept columns: chrom (UCSC's style), start, end, strand, tss, gene_id (versions of Ensembl ids stripped),
    symbol, biotype, description ('' where the file says none). Rejected are genes without an id, the copies
    on Y of pseudoautosomal genes, and further rows of a gene id. Memory holds the rows of genes only.

    Raises
    ------
    InputError
        If the file cannot be read, has no genes, or coordinates that are none (all are named).
    """
    rows = _gene_rows(path)
    remedy = "GTF coordinates are 1-based, both ends included, the strand is + or -"
    rows = check_table(rows, POSITION_SCHEMA, path=path, remedy=remedy)
    forward = rows["strand"].eq("+")
    given = _attribute(rows, "gene_id")
    genes = pd.DataFrame(
        {
            "chrom": with_prefix(rows["chrom"]),
            "start": rows["start"] - 1,
            "end": rows["end"],
            "strand": rows["strand"],
            "tss": (rows["start"] - 1).where(forward, rows["end"] - 1),
            "gene_id": _bare(given),
            "symbol": _first_of(rows, _NAMES),
            "biotype": _first_of(rows, _BIOTYPES),
            "description": _attribute(rows, "description"),
        }
    )
    sieve = Sieve(genes, file=path.name)
    sieve.reject(genes["gene_id"].eq(""), reason=Reason.EMPTY_NAME, identifier=given, detail="no gene_id")
    rest = sieve.kept.index
    copies = given[rest].str.contains(_PAR_COPY)
    sieve.reject(copies, reason=Reason.PAR_COPY, identifier=given[rest])
    kept = sieve.kept
    sieve.reject(kept["gene_id"].duplicated(), reason=Reason.DUPLICATE, identifier=kept["gene_id"])
    return sieve


def _gene_rows(path: Path) -> pd.DataFrame:
    try:
        with _opened(path) as stream:
            found = list(_genes_of(stream, path))
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(
            f"{path}: the gzip file is cut short or damaged ({error})", hint="download or copy it again"
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 text ({error})", hint="is this the right file?") from error
    if not found:
        raise InputError(
            f"{path}: no row has the feature 'gene' in its third column",
            hint="give the GTF file of Ensembl or GENCODE; files with transcripts only do not say genes",
        )
    lines, cells = zip(*found, strict=True)
    return pd.DataFrame(
        list(cells), columns=pd.Index(_COLUMNS), index=pd.Index(lines, name="row"), dtype=object
    )


def _opened(path: Path) -> IO[str]:
    require_file(path)
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="\n")
    return path.open(encoding="utf-8", newline="\n")


def _genes_of(stream: IO[str], path: Path) -> Iterator[tuple[int, list[str]]]:
    faults = []
    for number, line in enumerate(stream, start=1):
        if "\tgene\t" not in line or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != len(_COLUMNS):
            faults.append(f"line {number}: {len(cells)} columns")
        elif cells[2] == "gene":
            yield number, cells
    if faults:
        raise InputError(f"{path}: expected nine columns separated by tabs", faults=faults)


def _attribute(rows: pd.DataFrame, name: str) -> pd.Series:
    found: pd.Series = rows["attributes"].str.extract(rf'(?:^|;)\s*{name} "?([^";]*)"?', expand=False)
    return found.fillna("").str.strip()


def _first_of(rows: pd.DataFrame, names: tuple[str, ...]) -> pd.Series:
    """Return the first of some attributes that a row has."""
    found = pd.Series("", index=rows.index, dtype=object)
    for name in names:
        found = found.mask(found.eq(""), _attribute(rows, name))
    return found


def _bare(gene_ids: pd.Series) -> pd.Series:
    """Return Ensembl ids without version and mark of the copy on Y; other ids stay."""
    return gene_ids.str.replace(r"^(ENS[A-Z]*G\d{11})(?:\.\d+)?(?:_PAR_Y)?$", r"\1", regex=True)
