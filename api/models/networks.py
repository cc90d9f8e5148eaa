"""Many genes at once: names, targets of several regulators, pictures, two runs side by side."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.models.edges import NOTICE, AnsweringRun, EdgeAnswer
from api.models.problems import Problem
from graph.questions import LagSign
from graph.schema import LicenceClass, Sign

MAX_NAMES = 1000
MAX_REGULATORS = 100
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Found = Literal["matched", "alias", "previous", "ambiguous", "not_found"]


class NamesToResolve(BaseModel):
    """Names as people write them; `species` leaves genes of other species out."""

    model_config = ConfigDict(extra="forbid")

    names: Annotated[list[Name], Field(min_length=1, max_length=MAX_NAMES)]
    species: Annotated[str | None, Field(max_length=50)] = None


class Candidate(BaseModel):
    """A gene that a name may mean."""

    gene_id: str
    symbol: str | None
    species: str


class Resolved(BaseModel):
    """What one name means; `candidates` are told for an ambiguous one."""

    name: str
    status: Found
    gene_id: str | None
    symbol: str | None
    species: str | None
    candidates: list[Candidate]


class ResolvedNames(BaseModel):
    """One row a name, in the order of the question, and how many of each status."""

    results: list[Resolved]
    counts: dict[Found, int]


class RegulatorsAsked(BaseModel):
    """Regulators whose targets are wanted, with the filters of one; `limit` is that of each."""

    model_config = ConfigDict(extra="forbid")

    regulators: Annotated[list[Name], Field(min_length=1, max_length=MAX_REGULATORS)]
    context: Annotated[str | None, Field(max_length=200)] = None
    run: Annotated[str | None, Field(max_length=200)] = None
    dataset: Annotated[str | None, Field(max_length=200)] = None
    source: Annotated[str | None, Field(max_length=200)] = None
    licence: LicenceClass | None = None
    min_score: Annotated[float | None, Field(allow_inf_nan=False)] = None
    lag_sign: LagSign | None = None
    novel: bool | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class OneOfMany(BaseModel):
    """The answer about one regulator, or why it has none."""

    name: str
    answer: EdgeAnswer | None = None
    problem: Problem | None = None


class ManyTargets(BaseModel):
    """One row a regulator, in the order of the question."""

    results: list[OneOfMany]


class NodeData(BaseModel):
    """A gene of a picture."""

    id: str
    label: str
    is_regulator: bool


class EdgeData(BaseModel):
    """A predicted edge of a picture; `source` and `target` are ids of nodes."""

    id: str
    source: str
    target: str
    score: float
    sign: Sign
    lag_sign: Sign | None
    novel: bool
    context_id: str


class Node(BaseModel):
    """A node as Cytoscape.js takes it."""

    data: NodeData


class Arrow(BaseModel):
    """An edge as Cytoscape.js takes it."""

    data: EdgeData


class Elements(BaseModel):
    """What Cytoscape.js takes as `elements`."""

    nodes: list[Node]
    edges: list[Arrow]


class NetworkAnswer(BaseModel):
    """A network small enough to be looked at; `capped`: edges were left out."""

    elements: Elements
    capped: bool
    run: AnsweringRun
    licence_class: LicenceClass
    notice: str = NOTICE
