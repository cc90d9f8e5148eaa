"""A small network: its edges as a frame, as a networkx graph, as a picture."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cisgraph.libraries import require_training
from cisgraph.notebook.answer import Answer

if TYPE_CHECKING:
    import networkx as nx

    from cisgraph.notebook.drawing import Picture


class Network(Answer):
    """The best edges of some regulators.

    Parameters
    ----------
    data
        The answer of `GET /v1/network`.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        elements = data["elements"]
        about = {name: value for name, value in data.items() if name != "elements"}
        edges, nodes = ([each["data"] for each in elements[kind]] for kind in ("edges", "nodes"))
        super().__init__({"edges": edges, "nodes": nodes, **about}, rows="edges")

    def to_networkx(self) -> "nx.DiGraph[str]":
        """Return a directed graph: nodes are gene ids with `label`, edges have score, sign and lag sign.

        Raises
        ------
        InputError
            If networkx is not installed.
        """
        require_training()
        import networkx as nx

        graph: nx.DiGraph[str] = nx.DiGraph()
        for node in self._data["nodes"]:
            graph.add_node(node["id"], label=node["label"], is_regulator=node["is_regulator"])
        for edge in self.rows:
            told = {name: value for name, value in edge.items() if name not in {"id", "source", "target"}}
            graph.add_edge(edge["source"], edge["target"], **told)
        return graph

    def plot(self, path: str | Path | None = None, *, max_edges: int = 30) -> "Picture":
        """Return a picture of the best edges: colour is sign, width is score, the arrow tells the lag.

        Parameters
        ----------
        path
            File to write it to as well, its kind by its suffix, such as network.png or network.svg.
        max_edges
            More than some forty cannot be read; the title says how many were left out.

        Raises
        ------
        InputError
            If there is nothing to draw, or matplotlib or networkx is not installed.
        """
        require_training()
        from cisgraph.notebook.drawing import draw

        figure = draw(self.to_networkx(), self.about, max_edges=max_edges)
        if path is not None:
            figure.savefig(path, dpi=150)
        return figure
