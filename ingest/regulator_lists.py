"""Symbols of a list -> genes that are regulators; shared by all lists."""

import pandas as pd

from graph.tables import REGULATORS
from ingest.edges import merge_duplicates, resolve_column
from ingest.rejections import Reason, Sieve
from ingest.source import Checked, Reference

TRANSCRIPTION_FACTOR = "transcription_factor"
CHROMATIN_REGULATOR = "chromatin_regulator"


def checked_list(sieve: Sieve, reference: Reference, *, source_id: str, regulator_class: str) -> Checked:
    """Return the genes named in the column `source` as regulators of one class.

    A column `tf_family`, where there is one, goes to the gene.
    """
    resolve_column(sieve, "source", names=reference.names, unknown=Reason.UNKNOWN_GENE)
    sieve.kept = sieve.kept.assign(target=sieve.kept["source"])
    merge_duplicates(sieve, ("source",))
    kept = sieve.kept
    regulators = pd.DataFrame(
        {
            "gene_id": kept["source"],
            "regulator_class": regulator_class,
            "tf_family": kept.get("tf_family"),
            "source_id": source_id,
        }
    )
    return Checked(
        tables=((REGULATORS, regulators),),
        rejected=sieve.rejected,
        num_read=sieve.num_read,
        num_kept=len(regulators),
        notes=sieve.notes,
        mapped=sieve.remarks,
    )
