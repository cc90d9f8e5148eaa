"""Whose genes the names of a matrix are."""

from collections.abc import Callable, Sequence

import pandas as pd

from graph.errors import InputError
from ingest.names import Names

SURE_RATE = 0.5
"""A species that so many of the names mean a gene of is not doubted."""
CLEAR_RATIO = 2.0
"""Another species is taken for the right one if it knows so many times more of the names."""


def given_names(var: pd.DataFrame) -> pd.Series:
    """Return what names the genes: the column `gene_ids` where the file has one, else the names of `var`."""
    given = var["gene_ids"] if "gene_ids" in var.columns else var.index
    return pd.Series(given).astype(str).reset_index(drop=True)


def species_of(
    given: pd.Series, *, said: str, known: Sequence[str], names_of: Callable[[str], Names], file: str
) -> str:
    """Return the species of the names of genes.

    Parameters
    ----------
    said
        What the user says, '' if nothing.
    known
        Species whose genes the graph has.

    Raises
    ------
    InputError
        If the names are those of another species, or none is clear.
    """
    if said and said in known and _rate(given, names_of(said)) >= SURE_RATE:
        return said
    rates = {
        species: _rate(given, names_of(species)) for species in sorted({*known, *([said] if said else [])})
    }
    told = ", ".join(f"{rate:.0%} of them of the {species}" for species, rate in rates.items())
    best = max(rates, key=lambda species: rates[species])
    others = max((rate for species, rate in rates.items() if species != best), default=0.0)
    is_clear = rates[best] > 0 and rates[best] >= CLEAR_RATIO * others
    if said and (best == said or not is_clear):
        return said
    if said:
        raise InputError(
            f"{file}: said to be of the {said}, but its genes look like those of the {best}: of "
            f"{len(given):,} names {told}, such as {given.iloc[0]!r}",
            hint=f"use `--species {best}`, or give the genes of the {said}",
        )
    if not is_clear:
        raise InputError(
            f"{file}: the species is not clear: of {len(given):,} names {told}, such as {given.iloc[0]!r}",
            hint="say it with `--species`; its genes must be in the graph",
        )
    return best


def _rate(given: pd.Series, names: Names) -> float:
    return float(names.known(given).mean())
