"""What names mean and what the shipped sources say, each worked out once a session."""

import re

import pytest

from ingest.catalogue import source_named
from tests.ingest.sources.recounting import Meaning, meaning, names_of, read


@pytest.fixture(scope="session")
def meant(demo) -> dict[str, Meaning]:
    hgnc = read(demo / "annotation" / "hgnc_entries.tsv.xz")
    human = [
        {
            "id": row["HGNC ID"],
            "symbol": row["Approved symbol"],
            "gene_id": row["Ensembl gene ID"],
            "others": names_of(row["Alias symbols"], ",") + names_of(row["Previous symbols"], ","),
        }
        for row in hgnc[hgnc["Status"].eq("Approved")].to_dict("records")
    ]
    withdrawn = hgnc[hgnc["Status"].ne("Approved")]
    successors = [re.findall(r"\[(HGNC:\d+)", name) for name in withdrawn["Approved name"]]
    pairs = zip(withdrawn["Approved symbol"], successors, strict=True)
    retired = [(symbol, found[0]) for symbol, found in pairs if len(found) == 1]
    mgi = read(demo / "annotation" / "mgi_entries.tsv.xz")
    mouse = [
        {
            "id": row["ID"],
            "symbol": row["symbol"],
            "gene_id": row["ensembl"],
            "others": names_of(row["synonyms"], "|"),
        }
        for row in mgi.to_dict("records")
    ]
    folder = demo / "annotation"
    return {
        "human": meaning(read(folder / "genes_GRCh38_ensembl109.tsv.xz"), human, retired),
        "mouse": meaning(read(folder / "genes_GRCm39_ensembl109.tsv.xz"), mouse, []),
    }


@pytest.fixture(scope="session")
def checked(demo, reference_of):
    kept = {}

    def parse(source_id):
        if source_id not in kept:
            spec = source_named(source_id)
            kept[source_id] = spec.parse([demo / name for name in spec.files], reference_of(spec))
        return kept[source_id]

    return parse
