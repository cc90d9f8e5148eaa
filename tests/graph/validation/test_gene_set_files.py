import pandas as pd
import pytest

from graph.errors import InputError, NotFoundError
from graph.validation.gene_set_files import read_gmt


def resolve(names):
    known = names.str.startswith("G")
    return pd.DataFrame({"gene_id": ("id_" + names).where(known, None), "how": "matched"})


def test_sets_are_read_in_ids_and_unknown_genes_left_out(tmp_path):
    path = tmp_path / "sets.gmt"
    path.write_text("cycle\thttp\tG1\tG2\tX\tG1\n\nheat\t\tG3\t\n")
    assert read_gmt(path, resolve) == {"cycle": ["id_G1", "id_G2"], "heat": ["id_G3"]}


def test_files_that_are_no_gene_sets_are_told(tmp_path):
    path = tmp_path / "sets.gmt"
    path.write_text("a,b,c\ncycle\tx\tG1\ncycle\tx\tG2\n")
    with pytest.raises(
        InputError, match=r"(?s)line 1: 'a,b,c' has no genes.*'cycle' is there more than once"
    ):
        read_gmt(path, resolve)
    path.write_text("cycle\tx\tnone\n")
    with pytest.raises(InputError, match="not one of 1 genes is understood"):
        read_gmt(path, resolve)
    with pytest.raises(NotFoundError, match="no file"):
        read_gmt(tmp_path / "none.gmt", resolve)
