"""Gene sets (GMT): pathways, processes, signatures; sets that leak regulation are marked.

A row is a membership: a set and a gene. Of two lines with one set's name the first is taken.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from graph.schema import Source
from graph.tables import GENE_SETS, MEMBERSHIPS
from ingest.derived_sets import is_derived
from ingest.edges import columns_of, resolve_column
from ingest.gmt import read_memberships
from ingest.rejections import Reason, Sieve
from ingest.source import Checked, Reference, SourceSpec


def spec(
    record: Source,
    file: str = "",
    *,
    collection: str,
    derived_from_regulators: bool | None = None,
    in_capitals: bool = False,
) -> SourceSpec:
    """Return a source that reads one GMT file, plain or compressed.

    Parameters
    ----------
    file
        Where it lies below a data folder, if it is shipped.
    collection
        Name of the collection, such as `Reactome` or `MSigDB C3:TFT`.
    derived_from_regulators
        Whether its sets come from a database of regulators, and so must never feed or judge a model of
        regulation; None goes by the names, see `ingest.derived_sets`.
    in_capitals
        The file writes all genes in capitals, also those of the mouse.
    """

    def parse(paths: Sequence[Path], reference: Reference) -> Checked:
        sieve = Sieve(read_memberships(paths[0]), file=paths[0].name)
        num_sets = sieve.kept["set_name"].nunique()
        _sift(sieve)
        sieve.kept = sieve.kept.assign(source=sieve.kept["gene"])
        resolve_column(
            sieve, "source", names=reference.names, unknown=Reason.UNKNOWN_GENE, in_capitals=in_capitals
        )
        _reject_repeated(sieve)
        sets = _sets(sieve, record, collection=collection, said=derived_from_regulators)
        lost = {"sets without a known gene": num_sets - len(sets)}
        return _checked(sieve, sets, record, lost)

    return SourceSpec(
        record=record,
        stage="evidence",
        columns=(),
        files=(file,) if file else (),
        parse=parse,
        writes=(GENE_SETS, MEMBERSHIPS),
        settings={
            "collection": collection,
            "derived_from_regulators": derived_from_regulators,
            "in_capitals": in_capitals,
        },
    )


def _sets(sieve: Sieve, record: Source, *, collection: str, said: bool | None) -> pd.DataFrame:
    """Return the `GENE_SETS` rows of the sets that have a member."""
    names = sieve.kept["set_name"].drop_duplicates()
    sets = pd.DataFrame(
        {
            "set_id": f"{record.source_id}/" + names,
            "name": names,
            "collection": collection,
            "derived_from_regulators": is_derived(names, collection, said=said),
            "species": record.species,
            "source_id": record.source_id,
        }
    )
    return sets.reset_index(drop=True)


def _checked(sieve: Sieve, sets: pd.DataFrame, record: Source, lost: Mapping[str, int]) -> Checked:
    kept = sieve.kept.assign(
        target=f"{record.source_id}/" + sieve.kept["set_name"], source_id=record.source_id
    )
    derived = {"sets derived from regulators": int(sets["derived_from_regulators"].sum())}
    return Checked(
        tables=((GENE_SETS, sets), (MEMBERSHIPS, kept[columns_of(MEMBERSHIPS)].reset_index(drop=True))),
        rejected=sieve.rejected,
        num_read=sieve.num_read,
        num_kept=len(sieve.kept),
        notes={**sieve.notes, "sets": len(sets), **lost, **derived},
        mapped=sieve.remarks,
    )


def _sift(sieve: Sieve) -> None:
    """Reject sets without genes, and lines whose set stands on an earlier line."""
    rows = sieve.kept
    sieve.reject(
        rows["gene"].eq(""),
        reason=Reason.EMPTY_SET,
        identifier=rows["set_name"],
        detail="line " + rows["line"].astype(str),
    )
    rows = sieve.kept
    first = rows.groupby("set_name", sort=False)["line"].transform("first")
    sieve.reject(
        rows["line"].ne(first),
        reason=Reason.DUPLICATE,
        identifier=rows["gene"],
        detail=rows["set_name"] + " stands on line " + first.astype(str) + " already",
    )


def _reject_repeated(sieve: Sieve) -> None:
    """Reject genes that a set has already, under this name or another."""
    rows = sieve.kept
    again = rows.duplicated(["source", "set_name"], keep="first")
    detail = rows["source"] + " is in " + rows["set_name"] + " already"
    sieve.reject(again, reason=Reason.DUPLICATE, identifier=rows["gene"], detail=detail)


REACTOME = Source(
    source_id="reactome",
    name="Reactome pathways (human)",
    version="2022",
    licence="CC0",
    licence_class="open",
    citation="10.1093/nar/gkab1028",
    species="human",
)
GO_BP = replace(
    REACTOME,
    source_id="go_bp_2021",
    name="GO Biological Process (human)",
    version="2021 (Enrichr)",
    licence="CC BY 4.0",
    citation="10.1093/nar/gkaa1113",
)
HALLMARK = replace(
    REACTOME,
    source_id="hallmark",
    name="MSigDB hallmark sets (human)",
    version="7.5.1",
    licence="CC BY 4.0",
    citation="10.1016/j.cels.2015.12.004",
)
PATHWAYS = replace(
    HALLMARK,
    source_id="msigdb_pathways",
    name="MSigDB C2 pathways of Reactome, WikiPathways and PID (human)",
    citation="10.1093/bioinformatics/btr260",
)
GO_BP_SPEC = spec(
    GO_BP, "gene_sets/GO_Biological_Process_2021.enrichr.gmt.xz", collection="GO Biological Process"
)
REACTOME_SPEC = spec(REACTOME, "gene_sets/ReactomePathways_2022ish.gmt.xz", collection="Reactome")
PATHWAYS_SPEC = spec(
    PATHWAYS, "gene_sets/c2.cp.v7.5.1.REACTOME_WP_PID.symbols.gmt.xz", collection="MSigDB C2:CP"
)
HALLMARK_SPEC = spec(HALLMARK, "gene_sets/h.all.v7.5.1.symbols.gmt.xz", collection="MSigDB H")
