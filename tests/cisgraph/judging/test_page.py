"""The folder that a validation leaves: pictures, JSON, and a page that needs nothing else."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.image import imread

from cisgraph.judging.page import write_validation
from graph.validation.evidence import BoundPairs, Evidence
from graph.validation.naming import NamedNetwork
from graph.validation.universe import Universe
from graph.validation.user_network import Question, judge_network

GENES = [f"g{i}" for i in range(120)]


def figures_of(regulators):
    universe = Universe.of(regulators, GENES)
    rng = np.random.default_rng(1)
    proper = np.setdiff1d(np.arange(universe.num_codes), universe.self_codes())
    codes = rng.permutation(proper)
    size = min(120, len(codes) // 3)
    told, returned, bound = codes[:size], codes[size // 2 : 2 * size], np.sort(codes[:size:2])

    def claims(chosen):
        rows = {"code": chosen, "sign": np.ones(len(chosen), np.int8), "pmids": [["p"] for _ in chosen]}
        return pd.DataFrame(rows)

    evidence = Evidence(
        universe,
        {"judge": claims(told), "other": claims(returned).assign(sign=np.int8(-1))},
        {"encode": BoundPairs(bound, np.ones(len(bound)))},
    )
    frame = universe.decode(returned).assign(weight=rng.random(len(returned)), sign=1)
    names = {
        "num_names": 3,
        "num_found": 2,
        "how": {"matched": 2, "not_found": 1},
        "not_understood": ["<x&y>"],
    }
    network = NamedNetwork(frame, {"source": names, "target": names}, len(frame), ("mind the <gap>",))
    sets = {"a": GENES[:30], "b": GENES[30:60]}
    question = Question("mine", ("judge", "encode"), gene_sets=sets)
    return judge_network(network, evidence, question)


@pytest.fixture(scope="module")
def figures():
    return figures_of(GENES[:15])


@pytest.fixture(scope="module")
def written(figures, tmp_path_factory):
    folder = tmp_path_factory.mktemp("page") / "mine"
    paths = write_validation(figures, title="Validation of mine", folder=folder, symbols={"g1": "GATA1"})
    return folder, paths


def test_json_is_the_figures(written, figures):
    assert json.loads(written[1]["json"].read_text()) == json.loads(json.dumps(figures))


def test_each_exam_leaves_pictures_with_something_on_them(written):
    pictures = sorted(written[0].glob("*.png"))
    assert len(pictures) == 6
    for path in pictures:
        pixels = imread(path)
        assert min(pixels.shape[:2]) > 300
        assert 0.005 < np.mean(pixels[:, :, :3].min(axis=2) < 0.9) < 0.5, path.name


def test_the_page_stands_alone_and_tells_everything(written):
    page = written[1]["html"].read_text()
    assert page.count("data:image/png;base64,") == 6
    assert not re.search(r"(?:src|href)=\"(?!data:|#)", page)
    for words in ("swap AUROC", "own degree", "What databases share", "contradict each other", "Gene sets",
                  "rank cut-offs", "in 200 networks with the same", "GATA1"):  # fmt: skip
        assert words in page


def test_names_of_strangers_are_escaped(written):
    page = written[1]["html"].read_text()
    assert "&lt;x&amp;y&gt;" in page
    assert "mind the &lt;gap&gt;" in page
    assert "<gap>" not in page


def test_a_network_of_one_regulator_leaves_a_page_that_says_what_is_not_defined(tmp_path):
    figures = figures_of(GENES[:1])
    paths = write_validation(figures, title="one", folder=tmp_path, symbols={})
    assert "not defined" in paths["html"].read_text()
