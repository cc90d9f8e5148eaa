"""Species and assemblies are told from the data, and a wrong word of the user is refused."""

import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from graph.errors import InputError
from graph.schema import Assembly
from ingest.multiome.annotation import Annotation
from ingest.multiome.assembly import detected, place_peaks
from ingest.multiome.chain import Chain, read_chain
from ingest.multiome.species import given_names, species_of
from ingest.names import Names

OLD_BP, NEW_BP, SHIFT = 1_000_000, 1_000_500, 500


def genes_on(assembly_id: str, *, shift: int) -> pd.DataFrame:
    start = np.arange(2_000, 900_000, 3_000) + shift
    return pd.DataFrame(
        {
            "gene_id": [f"ENSMUSG{i:011d}" for i in range(len(start))], "biotype": "protein_coding",
            "assembly_id": assembly_id, "chrom": "chr1", "start": start, "end": start + 900, "tss": start,
        }
    )  # fmt: skip


def peaks_at(shift: int) -> pd.DataFrame:
    start = np.arange(2_000, 900_000, 3_000) + shift - 50
    return pd.DataFrame({"chrom": "chr1", "start": start, "end": start + 100})


@pytest.fixture
def mouse() -> Annotation:
    """Genes on two assemblies of the mouse, 500 bp apart."""
    genes = pd.concat([genes_on("GRCm38", shift=0), genes_on("GRCm39", shift=SHIFT)], ignore_index=True)
    none = pd.Series([[]] * len(genes), dtype=object)
    named = genes.assign(symbol=[f"Gene{i}" for i in range(len(genes))], aliases=none, previous_symbols=none)
    assemblies = {
        "GRCm38": Assembly("GRCm38", "mouse", ("mm10",), {"chr1": OLD_BP}),
        "GRCm39": Assembly("GRCm39", "mouse", ("mm39",), {"chr1": NEW_BP}),
    }
    return Annotation("mouse", genes, Names(named.drop_duplicates("gene_id")), assemblies)


@pytest.fixture
def chain_path(tmp_path) -> Path:
    """The chain from the older to the newer one: all of it moves by 500 bp."""
    path = tmp_path / "mine.over.chain.gz"
    head = f"chain 1000 chr1 {OLD_BP} + 0 {OLD_BP} chr1 {NEW_BP} + {SHIFT} {NEW_BP} 1"
    path.write_bytes(gzip.compress(f"{head}\n{OLD_BP}\n\n".encode()))
    return path


def place(peaks, annotation, *, said="", lift_over=False, chain=None):
    return place_peaks(peaks, annotation, said=said, lift_over=lift_over, chain=chain)


@pytest.mark.parametrize(("shift", "assembly"), [(0, "GRCm38"), (SHIFT, "GRCm39")])
def test_peaks_are_placed_on_that_assembly_of_the_genes_which_they_fit(mouse, shift, assembly):
    placement = place(peaks_at(shift), mouse)
    assert placement.assembly == assembly
    assert placement.rates[assembly] > 0.9
    assert placement.lifted_from == ""


def test_a_wrong_word_of_the_user_is_refused_with_the_rates_of_both(mouse):
    with pytest.raises(InputError, match=r"said to be on GRCm39, but look like GRCm38: .*% on GRCm39"):
        place(peaks_at(0), mouse, said="GRCm39")


def test_a_chain_tells_by_sizes_where_it_leads_and_lifts_when_it_may(mouse, chain_path):
    newer = replace(mouse, genes=mouse.on("GRCm39"))
    chain = read_chain(chain_path, newer.assemblies)
    assert (chain.source, chain.target) == ("GRCm38", "GRCm39")
    with pytest.raises(InputError, match="the peaks are on GRCm38") as caught:
        place(peaks_at(0), newer, chain=chain)
    assert "--lift-over" in caught.value.hint
    placement = place(peaks_at(0), newer, chain=chain, lift_over=True)
    assert placement.assembly == "GRCm39"
    assert placement.lifted_from == "GRCm38"
    assert placement.peaks["start"].tolist() == (peaks_at(0)["start"] + SHIFT).tolist()


def test_without_a_chain_an_assembly_without_genes_asks_for_one(mouse):
    newer = replace(mouse, genes=mouse.on("GRCm39"))
    with pytest.raises(InputError, match="the peaks are on GRCm38") as caught:
        place(peaks_at(0), newer, said="GRCm38", lift_over=True)
    assert "--chain" in caught.value.hint


def test_one_assembly_alone_is_never_detected(mouse):
    newer = replace(mouse, genes=mouse.on("GRCm39"))
    with pytest.raises(InputError, match="not clear") as caught:
        place(peaks_at(SHIFT), newer)
    assert "--assembly" in caught.value.hint
    assert place(peaks_at(SHIFT), newer, said="GRCm39").assembly == "GRCm39"


def test_a_chain_of_another_species_is_of_no_use(mouse, chain_path):
    other = Chain(chain_path, "GRCh37", "GRCh38")
    assert list(place(peaks_at(0), mouse, chain=other).rates) == ["GRCm38", "GRCm39"]


@pytest.mark.parametrize(
    ("rates", "found"),
    [
        ({"a": 0.2, "b": 0.02}, "a"),
        ({"a": 0.2, "b": 0.19}, ""),
        ({"a": 0.001, "b": 0}, ""),
        ({"a": 0.5}, ""),
        ({}, ""),
    ],
)
def test_only_a_clear_lead_counts(rates, found):
    assert detected(rates) == found


@pytest.mark.parametrize(("name", "meant"), [("mm10", "GRCm38"), ("GRCM39", "GRCm39"), ("hg38", "GRCh38")])
def test_assemblies_go_by_any_of_their_names(mouse, name, meant):
    assert mouse.assembly_named(name) == meant


def test_a_name_that_is_hardly_wrong_gets_the_nearest(mouse):
    with pytest.raises(InputError, match="'mm100' is not known") as caught:
        mouse.assembly_named("mm100")
    assert "did you mean GRCm38" in caught.value.hint
    assert "mouse on GRCm38, GRCm39" in caught.value.hint


@pytest.mark.parametrize("text", ["", "track name=x\n", "chain 1 chr1\n"])
def test_a_file_that_is_no_chain_is_refused(text, tmp_path, mouse):
    path = tmp_path / "hg19ToHg38.over.chain"
    path.write_text(text)
    with pytest.raises(InputError, match=r"hg19ToHg38\.over\.chain"):
        read_chain(path, mouse.assemblies)


SYMBOLS = {"human": ["TP53", "GATA1", "MYC", "SPI1"], "mouse": ["Trp53", "Gata1", "Myc", "Spi1"]}


def names_of(species: str) -> Names:
    none = pd.Series([[]] * 4, dtype=object)
    ids = [f"{species}{i}" for i in range(4)]
    return Names(
        pd.DataFrame({"gene_id": ids, "symbol": SYMBOLS[species], "aliases": none, "previous_symbols": none})
    )


def told(given: list[str], said: str = "", known: tuple[str, ...] = ("human", "mouse")) -> str:
    return species_of(pd.Series(given), said=said, known=known, names_of=names_of, file="rna.h5ad")


@pytest.mark.parametrize("species", ["human", "mouse"])
def test_the_species_is_told_by_the_genes(species):
    assert told([*SYMBOLS[species], "thing"]) == species
    assert told(SYMBOLS[species], said=species) == species


def test_another_species_than_was_said_is_refused_with_both_rates():
    with pytest.raises(
        InputError, match="said to be of the human, but its genes look like those of the mouse"
    ) as e:
        told([*SYMBOLS["mouse"], "x"], said="human")
    assert "80% of them of the mouse" in str(e.value)
    assert "--species mouse" in e.value.hint


def test_names_of_no_species_are_refused_unless_one_is_said():
    with pytest.raises(InputError, match="species is not clear"):
        told(["a", "b"])
    assert told(["a", "b"], said="human") == "human"


def test_ids_name_the_genes_where_the_file_has_them():
    var = pd.DataFrame({"gene_ids": ["ENSG1", "ENSG2"]}, index=["A", "B"])
    assert given_names(var).tolist() == ["ENSG1", "ENSG2"]
    assert given_names(var[[]]).tolist() == ["A", "B"]
