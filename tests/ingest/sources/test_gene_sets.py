"""Gene sets: members, marks of sets that leak regulation, and a reason for every membership left out."""

import gzip

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.errors import InputError
from graph.schema import Source
from ingest.names import Names
from ingest.rejections import by_reason
from ingest.source import Reference
from ingest.sources import gene_sets

RECORD = Source("sets", "my sets", "1", "mine", "open", "", "human")
SYMBOLS = ["PAX5", "EBF1", "CD19", "CD79A", "MYC"]
IDS = {symbol: f"ENSG{number:011d}" for number, symbol in enumerate(SYMBOLS, start=1)}


@pytest.fixture(scope="module")
def reference() -> Reference:
    genes = pd.DataFrame({"gene_id": list(IDS.values()), "symbol": SYMBOLS})
    genes["aliases"] = [["BSAP"], [], ["B4"], ["B4"], []]
    genes["previous_symbols"] = [[], ["EBF"], [], [], []]
    return Reference(Names(genes))


def parse(tmp_path, text, reference, **options):
    path = tmp_path / "sets.gmt"
    path.write_text(text)
    checked = gene_sets.spec(RECORD, **{"collection": "mine", **options}).parse([path], reference)
    assert checked.num_read == checked.num_kept + len(checked.rejected)
    assert checked.rejected["row"].is_unique
    return checked


def members(checked) -> set[tuple[str, str]]:
    return set(checked.tables[1][1][["source", "target"]].itertuples(index=False, name=None))


def test_a_line_is_a_set_and_each_gene_a_membership(tmp_path, reference):
    checked = parse(tmp_path, "B cells\thttp://x\tPAX5\tCD19\nGrowth\t\tMYC\n", reference, collection="demo")
    assert members(checked) == {
        (IDS["PAX5"], "sets/B cells"),
        (IDS["CD19"], "sets/B cells"),
        (IDS["MYC"], "sets/Growth"),
    }
    sets = checked.tables[0][1]
    assert sets["name"].tolist() == ["B cells", "Growth"]
    assert set(sets["collection"]) == {"demo"}
    assert set(sets["species"]) == {"human"}
    assert sets["derived_from_regulators"].tolist() == [False, False]


def test_every_membership_left_out_has_its_reason(tmp_path, reference):
    lines = [
        "A\tx\tPAX5\tNOGENE\tB4\tPAX5\tBSAP\t\tCD19,1.0",
        "B\tx",
        "A\tx\tMYC\tEBF1",
        "C\tx\tNOGENE",
        "D\tx\tEBF",
    ]
    checked = parse(tmp_path, "\n".join(lines) + "\n", reference)
    assert dict(zip(checked.rejected["row"], checked.rejected["reason"], strict=True)) == {
        2: "unknown gene",
        3: "ambiguous name",
        4: "duplicate",
        5: "duplicate",
        7: "empty set",
        8: "duplicate",
        9: "duplicate",
        10: "unknown gene",
    }
    assert members(checked) == {
        (IDS["PAX5"], "sets/A"),
        (IDS["CD19"], "sets/A"),
        (IDS["EBF1"], "sets/D"),
    }
    candidates = checked.rejected.set_index("row").loc[3, "detail"]
    assert IDS["CD19"] in candidates
    assert IDS["CD79A"] in candidates
    assert checked.notes["retired symbol mapped"] == 1
    assert checked.notes["sets"] == 2
    assert checked.notes["sets without a known gene"] == 2


@pytest.mark.parametrize(
    ("name", "collection", "is_derived"),
    [
        ("HALLMARK_HYPOXIA", "MSigDB H", False),
        ("HALLMARK_E2F_TARGETS", "MSigDB H", True),
        ("MYC_TARGET_GENES", "GTRD", True),
        ("AACTTT_UNKNOWN", "MSigDB C3", True),
        ("MYC_Q2", "MSigDB C3", True),
        ("AP1_Q4_01", "MSigDB C3", True),
        ("V$ELK1_02", "MSigDB C3", True),
        ("PAX5 regulon", "mine", True),
        ("E2F4 ENCODE", "mine", True),
        ("anything", "ENCODE_and_ChEA_Consensus_TFs", True),
        ("anything", "MSigDB C3:TFT:GTRD", True),
        ("anything", "DoRothEA A", True),
        ("WP_TARGET_OF_RAPAMYCIN_TOR_SIGNALING", "WikiPathways", False),
        ("genes encoded by mitochondria", "mine", False),
        ("CHIPS", "mine", False),
        ("Rb1 binding", "Reactome", False),
        ("TP53 Regulates Transcription of Cell Cycle Genes", "Reactome", True),
        ("REACTOME_RUNX3_REGULATES_BCL2L11_BIM_TRANSCRIPTION", "C2", True),
        ("RUNX2 regulates osteoblast differentiation", "Reactome", True),
        ("NR1H2 & NR1H3 regulate gene expression linked to lipogenesis", "Reactome", True),
        ("PPARA activates gene expression", "Reactome", True),
        ("NR1D1 (REV-ERBA) represses gene expression", "Reactome", True),
        ("Activation of gene expression by SREBF (SREBP)", "Reactome", True),
        ("FOXO-mediated transcription of cell cycle genes", "Reactome", True),
        ("YAP1- and WWTR1 (TAZ)-stimulated gene expression", "Reactome", True),
        ("Transcriptional Regulation by TP53", "Reactome", True),
        ("Transcription of the HIV genome", "Reactome", True),
        ("Regulation of PTEN gene transcription", "Reactome", True),
        ("Regulation of gene expression in beta cells", "Reactome", True),
        ("Binding of TCF/LEF:CTNNB1 to target gene promoters", "Reactome", True),
        ("WP_4HYDROXYTAMOXIFEN_DEXAMETHASONE_AND_RETINOIC_ACIDS_REGULATION_OF_P27_EXPRESSION", "C2", True),
        ("PID_SMAD2_3NUCLEAR_PATHWAY", "C2", True),
        ("WP_RAPID_PATHWAY", "C2", False),
        ("HALLMARK_TNFA_SIGNALING_VIA_NFKB", "MSigDB H", True),
        ("HALLMARK_P53_PATHWAY", "MSigDB H", True),
        ("regulation of NF-kappaB transcription factor activity (GO:0051090)", "GO", True),
        ("positive regulation of transcription of Notch receptor target (GO:0007221)", "GO", True),
        ("positive regulation of transcription by RNA polymerase II (GO:0045944)", "GO", False),
        ("regulation of transcription of nucleolar large rRNA by RNA polymerase I (GO:1901836)", "GO", False),
        ("regulation of gene expression (GO:0010468)", "GO", False),
        ("regulation of transcription, DNA-templated (GO:0006355)", "GO", False),
        ("regulation of DNA-binding transcription factor activity (GO:0051090)", "GO", False),
        ("post-transcriptional gene silencing by RNA (GO:0035194)", "GO", False),
        ("RNA Polymerase II Transcription Elongation", "Reactome", False),
        ("Gluconeogenesis", "Reactome", False),
    ],
)
def test_sets_made_from_what_is_known_of_regulators_are_marked(
    tmp_path, reference, name, collection, is_derived
):
    checked = parse(tmp_path, f"{name}\tx\tMYC\n", reference, collection=collection)
    assert checked.tables[0][1]["derived_from_regulators"].tolist() == [is_derived]
    assert checked.notes["sets derived from regulators"] == int(is_derived)


@pytest.mark.parametrize("said", [True, False])
def test_what_the_user_says_of_a_collection_counts_more_than_names(tmp_path, reference, said):
    text = "HYPOXIA\tx\tMYC\nE2F_TARGETS\tx\tMYC\n"
    checked = parse(tmp_path, text, reference, derived_from_regulators=said)
    assert checked.tables[0][1]["derived_from_regulators"].tolist() == [said, said]


def test_a_compressed_file_is_read(tmp_path, reference):
    path = tmp_path / "sets.gmt.gz"
    path.write_bytes(gzip.compress(b"A\tx\tMYC\r\n"))
    assert gene_sets.spec(RECORD, collection="mine").parse([path], reference).num_kept == 1


@pytest.mark.parametrize("text", ["just words\n", "\tx\tMYC\n", "", "A,x,MYC\n"])
def test_what_is_no_gmt_file_is_refused(tmp_path, reference, text):
    with pytest.raises(InputError):
        parse(tmp_path, text, reference)


def test_sets_of_another_species_are_refused(tmp_path, reference):
    genes = "\t".join(f"Gm{number}" for number in range(60))
    with pytest.raises(InputError, match="is it the file of another species"):
        parse(tmp_path, f"A\tx\t{genes}\n", reference)


cells = st.sampled_from(
    ["A", "B", "x", "", "PAX5", "EBF1", "B4", "nan", "é", "Myc", "MYC,2", ",", " ", "\u2028"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(cells, min_size=1, max_size=9), min_size=1, max_size=12))
def test_read_is_kept_and_rejected_whatever_the_lines_hold(tmp_path, reference, lines):
    text = "\n".join("\t".join(line) for line in lines) + "\n"
    sets = [line for line in lines if "".join(line).strip()]
    if not sets or any(len(line) < 2 or not line[0].strip() for line in sets):
        with pytest.raises(InputError):
            parse(tmp_path, text, reference)
        return
    checked = parse(tmp_path, text, reference)
    given_genes = [[cell.partition(",")[0].strip() for cell in line[2:]] for line in sets]
    assert checked.num_read == sum(max(1, sum(1 for gene in genes if gene)) for genes in given_genes)
    assert len(members(checked)) == len(checked.tables[1][1]) == checked.num_kept
    assert {target for _, target in members(checked)} == set(checked.tables[0][1]["set_id"])
    assert sum(by_reason(checked.rejected).values()) == len(checked.rejected)
