"""From the genes of a data set to those of the species that a model was trained on, through orthologs."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from graph.cypher import training as statements
from graph.errors import InputError
from graph.store import GraphStore
from model.data import Neighbourhoods, Strings


@dataclass(frozen=True)
class Translation:
    """Which gene of the model's species stands for which gene of the data.

    Parameters
    ----------
    species
        Of the model.
    to_model
        Gene ids of the model's species by gene id of the data's; None for data of the model's own species.
    source_ids
        Sources of the orthologs.
    """

    species: str
    to_model: "pd.Series[str] | None"
    source_ids: tuple[str, ...] = ()

    def prior(self, prior: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
        """Return edges of the model's species as edges of the data's, and how many were lost.

        Parameters
        ----------
        prior
            One row a regulator, as `graph.cypher.training.PRIOR_TARGETS` gives them.
        """
        if self.to_model is None:
            return prior, {}
        back = pd.Series(self.to_model.index, index=self.to_model.to_numpy())
        edges = prior.explode(["target_ids", "signs"], ignore_index=True)
        moved = edges.assign(
            regulator_id=edges["regulator_id"].map(back), target_ids=edges["target_ids"].map(back)
        )
        kept = moved.dropna(subset=["regulator_id", "target_ids"])
        lost = {
            "regulators of the model without an ortholog": int(
                (~prior["regulator_id"].isin(back.index)).sum()
            ),
            "known edges without orthologs of both ends": len(edges) - len(kept),
        }
        grouped = kept.groupby("regulator_id", sort=True).agg(
            symbol=("symbol", "first"),
            tf_family=("tf_family", "first"),
            target_ids=("target_ids", list),
            signs=("signs", list),
        )
        return grouped.reset_index(), lost

    def as_model(self, hoods: Neighbourhoods) -> Neighbourhoods:
        """Return the same neighbourhoods under the names of the model's species.

        A gene without an ortholog keeps its own name, under which the model's species knows nothing.
        """
        if self.to_model is None:
            return hoods
        return replace(
            hoods,
            dataset={**hoods.dataset, "species": self.species},
            gene_ids=self._translated(hoods.gene_ids),
            regulator_ids=self._translated(hoods.regulator_ids),
        )

    def num_untranslated(self, gene_ids: Strings) -> int:
        """Return how many genes have no ortholog."""
        return 0 if self.to_model is None else int((~pd.Index(gene_ids).isin(self.to_model.index)).sum())

    def _translated(self, gene_ids: Strings) -> Strings:
        assert self.to_model is not None
        found = pd.Series(gene_ids).map(self.to_model).to_numpy(dtype=object)
        return np.where(pd.isna(found), gene_ids, found).astype(object)


def read_translation(store: GraphStore, *, species: str, model_species: str) -> Translation:
    """Return how genes of one species are named in another: one-to-one orthologs only.

    Raises
    ------
    InputError
        If the species differ and the graph has no orthologs between them.
    """
    if species == model_species:
        return Translation(model_species, None)
    rows = store.read_evidence(statements.ORTHOLOGS, species=species, model_species=model_species)
    if rows.empty:
        raise InputError(
            f"the model was trained on {model_species}, the data are {species}, and the graph has no "
            "one-to-one orthologs between the two",
            hint="`cisgraph ingest orthologs` loads a table of them; human and mouse are shipped",
        )
    pairs = rows.drop_duplicates(["gene_id", "model_gene_id"])  # two sources may agree
    single = pairs.drop_duplicates("gene_id", keep=False).drop_duplicates("model_gene_id", keep=False)
    to_model = single.set_index("gene_id")["model_gene_id"]
    return Translation(model_species, to_model, tuple(sorted(set(rows["source_id"]))))
