import pandas as pd
import pytest

from graph.errors import InputError
from graph.validation.naming import looks_like, name_genes

IDS = {"GATA1": "ENSG1", "KLF1": "ENSG2", "HBB": "ENSG3", "ENSG1": "ENSG1"}


def resolve(names):
    """What `ingest.names.Names.resolve` does, for three genes."""
    ids = names.map(IDS)
    return pd.DataFrame(
        {
            "input": names,
            "gene_id": ids.where(ids.notna(), None),
            "how": ids.notna().map({True: "matched", False: "not_found"}),
        }
    )


def frame(*rows):
    return pd.DataFrame(rows, columns=["source", "target", "weight"])


def test_names_become_ids_and_what_is_lost_is_counted_and_shown():
    named = name_genes(
        frame(("GATA1", "KLF1", 1.0), ("GATA1", "HBB", 2.0), ("GATA1", "XYZ", 3.0)), resolve, species="human"
    )
    assert named.frame[["source", "target"]].to_numpy().tolist() == [["ENSG1", "ENSG2"], ["ENSG1", "ENSG3"]]
    told = named.coverage["target"]
    assert (told["num_names"], told["num_found"], told["not_understood"]) == (3, 2, ["XYZ"])
    assert told["how"] == {"matched": 2, "not_found": 1}
    assert named.num_rows == 3
    assert any("1 of 3 rows" in words for words in named.warnings)


def test_a_side_that_is_mostly_lost_is_a_warning():
    rows = [("GATA1", f"x{i}", float(i)) for i in range(5)] + [("GATA1", "KLF1", 9.0)]
    (lost, *_) = name_genes(frame(*rows), resolve, species="human").warnings
    assert lost.startswith("target: 5 of 6 names are no human genes, such as x0, x1")


def test_symbols_of_another_species_are_told_with_what_to_say():
    mouse = frame(("Gata1", "Klf1", 1.0), ("Spi1", "Hbb-bs", 2.0), ("Tal1", "Epor", 2.0))
    with pytest.raises(
        InputError, match=r"(?s)not one of the 3 edges.*look like mouse genes: say --species mouse"
    ):
        name_genes(mouse, resolve, species="human")


def test_a_few_names_that_fit_by_accident_do_not_hide_another_species():
    rows = [(f"Tf{i}", f"Gene{i}", 1.0) for i in range(40)] + [("GATA1", "KLF1", 2.0)]
    with pytest.raises(InputError, match=r"(?s)only 1 of the 41 edges.*--species mouse"):
        name_genes(frame(*rows), resolve, species="human")


def test_names_that_are_nothing_known_are_told():
    with pytest.raises(InputError, match=r"(?s)not one of the 1 edges.*Ensembl ids"):
        name_genes(frame(("1", "2", 1.0)), resolve, species="human")


@pytest.mark.parametrize(
    ("names", "species"),
    [(["ENSMUSG00000000001"], "mouse"), (["ENSG00000000001"], "human"), (["Gata1", "Klf1"], "mouse"),
     (["GATA1", "C1orf43"], None), (["1", "2"], None)],
)  # fmt: skip
def test_species_are_guessed_from_how_genes_are_written(names, species):
    assert looks_like(pd.Series(names)) == species


def test_equal_weights_and_a_single_regulator_are_warned_of():
    warnings = name_genes(
        frame(("GATA1", "KLF1", 1.0), ("GATA1", "HBB", 1.0)), resolve, species="human"
    ).warnings
    assert any("all weights are equal" in words for words in warnings)
    assert any("one regulator" in words for words in warnings)
