"""The house rules that no linter knows: directions of imports, owners of libraries, where Cypher lives.

Each rule is a function from a module to its faults; `PLANTED` holds a module that each of them must refuse.
"""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import metadata, util
from pathlib import Path

import pytest

from graph.migrations.ledger import MIGRATIONS
from graph.schema import SCHEMA_VERSION, Label, RelationshipType

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("graph", "ingest", "model", "api", "cisgraph")
MAY_IMPORT = {"graph": {"graph"}, "cisgraph": set(PACKAGES)} | {
    name: {name, "graph"} for name in ("ingest", "model", "api")
}
OWNERS = {
    "neo4j": ("graph/",),
    "jgo": ("graph/",),
    "mudata": ("ingest/",),
    "bioframe": ("ingest/",),
    "liftover": ("ingest/",),
    "torch": ("model/",),
    "torch_geometric": ("model/",),
    "lightning": ("model/",),
    "pytorch_lightning": ("model/",),
    "fastapi": ("api/",),
    "starlette": ("api/",),
    "uvicorn": ("api/",),
    "typer": ("cisgraph/",),
    "rich": ("cisgraph/",),
}
TRAINING = {
    "torch", "torch_geometric", "lightning", "lightgbm", "scanpy", "safetensors", "matplotlib", "jinja2",
}  # fmt: skip
"""Import names of the `model` extra, which a process that serves may lack."""

MAX_MODULE_LINES, MAX_BODY_LINES, MAX_PARAMETERS = 300, 40, 7
INTERFACES = ("api/routes/", "api/dependencies.py", "cisgraph/cli/")
"""Where the parameters of a function are what people may ask for."""

CYPHER = re.compile(
    r"\b(?:MATCH|MERGE|CREATE)\s*(?:\w+\s*=\s*)?\(|\bUNWIND\s+\S+\s+AS\b|\bDETACH\s+DELETE\b|\bIN\s+TRANSACTIONS\b"
    r"|\bCALL\s*(?:\(|\{|dbms?\.)|\b(?:CREATE|DROP|SHOW)\s+(?:\w+\s+)?(?:CONSTRAINT|INDEX|DATABASE)"
    r"|\bRETURN\s+(?:\d|\w+\s*[.({]|\S+\s+AS\b)"
)
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
BRACKETED = re.compile(r"([(\[])\s*\w*\s*:\s*([^\s(){}\[\],*]+)")
BARE = re.compile(r"\b[a-z]\w*:([A-Z]\w*)")
BUILDERS = frozenset({"format", "format_map", "join", "replace", "substitute", "safe_substitute", "Template"})

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file of a package; `path` is relative to the repository, with slashes."""

    path: str
    source: str

    @property
    def package(self) -> str:
        return self.path.split("/")[0]

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @cached_property
    def strings(self) -> list[ast.Constant]:
        """String constants that are not docstrings."""
        told = {id(node.value) for node in self.nodes if isinstance(node, ast.Expr)}
        return [
            node
            for node in self.nodes
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
        ]


@cache
def read_modules() -> list[Module]:
    return [
        Module(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
    ]


def imported(module: Module) -> Iterator[str]:
    """Names of the modules that a module imports, anywhere in it; relative imports begin with a dot."""
    for node in module.nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
        elif isinstance(node, ast.Call) and _called(node) in {"import_module", "__import__"}:
            yield from (each.value for each in node.args if isinstance(each, ast.Constant))


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def imports_go_one_way(module: Module) -> Iterator[str]:
    for name in imported(module):
        first = name.split(".")[0]
        if first == "" or (first in PACKAGES and first not in MAY_IMPORT[module.package]):
            yield f"imports {name}"


def libraries_have_owners(module: Module) -> Iterator[str]:
    for name in imported(module):
        owners = OWNERS.get(name.split(".")[0])
        if owners and not module.path.startswith(owners):
            yield f"imports {name}, which is for {' and '.join(owners)} only"


def cypher_lives_in_graph_cypher(module: Module) -> Iterator[str]:
    if not module.path.startswith("graph/cypher/"):
        yield from (f"line {s.lineno}: {s.value[:60]!r}" for s in module.strings if CYPHER.search(s.value))


def statements_are_literals(module: Module) -> Iterator[str]:
    if not module.path.startswith("graph/cypher/"):
        return
    for node in module.nodes:
        if isinstance(node, ast.JoinedStr):
            yield f"line {node.lineno}: an f-string"
        elif isinstance(node, ast.BinOp) and not all(
            isinstance(side, ast.Constant | ast.BinOp) for side in (node.left, node.right)
        ):
            yield f"line {node.lineno}: a statement is put together with an operator"
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            yield f"line {node.lineno}: a statement is filled in with %"
        elif isinstance(node, ast.Call) and _called(node) in BUILDERS:
            yield f"line {node.lineno}: a statement is put together with {_called(node)}()"


def statements_use_the_vocabulary(module: Module) -> Iterator[str]:
    if module.path.startswith("graph/cypher/"):
        for string in module.strings:
            yield from (f"line {string.lineno}: {name}" for name in unknown_names(string.value))


def unknown_names(statement: str) -> list[str]:
    """Labels and relationship types of a statement that `graph/schema.py` does not have."""
    text = QUOTED.sub("''", statement)
    used = [
        (bracket, name) for bracket, names in BRACKETED.findall(text) for name in re.split(r"[|&:!]+", names)
    ]
    used += [("(", name) for name in BARE.findall(text) if name not in set(RelationshipType)]
    known = {"(": set(Label), "[": set(RelationshipType)}
    return [name for bracket, name in used if name and name not in known[bracket]]


def only_commands_print(module: Module) -> Iterator[str]:
    if not module.path.startswith("cisgraph/cli/"):
        calls = (node for node in module.nodes if isinstance(node, ast.Call))
        yield from (
            f"line {c.lineno}: print()"
            for c in calls
            if isinstance(c.func, ast.Name) and c.func.id == "print"
        )


def nothing_is_swallowed(module: Module) -> Iterator[str]:
    for node in module.nodes:
        if isinstance(node, ast.ExceptHandler):
            caught = (
                {getattr(each, "id", None) for each in ast.walk(node.type)} if node.type else {"Exception"}
            )
            if caught & {"Exception", "BaseException"}:
                yield f"line {node.lineno}: catches every exception"


def init_files_list_names(module: Module) -> Iterator[str]:
    if module.path.endswith("__init__.py"):
        for node in module.tree.body:
            is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            is_all = isinstance(node, ast.Assign) and [getattr(t, "id", "") for t in node.targets] == [
                "__all__"
            ]
            if not (is_docstring or is_all or isinstance(node, ast.Import | ast.ImportFrom)):
                yield f"line {node.lineno}: does more than list public names"


def modules_are_short(module: Module) -> Iterator[str]:
    if (length := len(module.source.splitlines())) > MAX_MODULE_LINES:
        yield f"has {length} lines, {MAX_MODULE_LINES} at most"


def functions_are_short(module: Module) -> Iterator[str]:
    for node in module.nodes:
        if isinstance(node, Function):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            length = body[-1].end_lineno - body[0].lineno + 1 if body else 0
            if length > MAX_BODY_LINES:
                yield f"line {node.lineno}: {node.name} has {length} lines, {MAX_BODY_LINES} at most"


def functions_take_few_parameters(module: Module) -> Iterator[str]:
    if module.path.startswith(INTERFACES):
        return
    for node in module.nodes:
        if isinstance(node, Function):
            named = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            number = len([each for each in named if each.arg not in {"self", "cls"}])
            if number > MAX_PARAMETERS:
                yield f"line {node.lineno}: {node.name} takes {number} parameters, {MAX_PARAMETERS} at most"


Rule = Callable[[Module], Iterator[str]]
PLANTED: list[tuple[Rule, str, str]] = [
    (imports_go_one_way, "graph/a.py", "from ingest.names import NameTable"),
    (imports_go_one_way, "model/a.py", "def f():\n    import api.app"),
    (imports_go_one_way, "api/a.py", "from . import errors"),
    (imports_go_one_way, "ingest/a.py", "importlib.import_module('model.data')"),
    (libraries_have_owners, "cisgraph/a.py", "import torch.nn"),
    (libraries_have_owners, "ingest/a.py", "from neo4j import GraphDatabase"),
    (libraries_have_owners, "cisgraph/cli/db.py", "import uvicorn"),
    (cypher_lives_in_graph_cypher, "api/a.py", "q = 'MATCH (n) RETURN n'"),
    (cypher_lives_in_graph_cypher, "graph/store.py", "q = f'UNWIND $rows AS row {x}'"),
    (cypher_lives_in_graph_cypher, "graph/a.py", "q = 'MATCH p = (a)--(b)'"),
    (cypher_lives_in_graph_cypher, "graph/a.py", "q = 'DROP CONSTRAINT gene_id'"),
    (cypher_lives_in_graph_cypher, "graph/a.py", "q = 'RETURN 1'"),
    (statements_are_literals, "graph/cypher/a.py", "Q = f'MATCH (n:{x})'"),
    (statements_are_literals, "graph/cypher/a.py", "Q = 'MATCH (n:%s)' % 'Gene'"),
    (statements_are_literals, "graph/cypher/a.py", "Q = 'MATCH (n:{})'.format(x)"),
    (statements_are_literals, "graph/cypher/a.py", "Q = 'MATCH (n)' + tail"),
    (statements_are_literals, "graph/cypher/a.py", "Q += 'x'.join(parts)"),
    (statements_use_the_vocabulary, "graph/cypher/a.py", "Q = 'MATCH (g:Gen) RETURN g'"),
    (statements_use_the_vocabulary, "graph/cypher/a.py", "Q = 'MATCH ()-[e:PRIOR|PRIORS]->()'"),
    (statements_use_the_vocabulary, "graph/cypher/a.py", "Q = 'SET g:Regulators'"),
    (statements_use_the_vocabulary, "graph/cypher/a.py", "Q = 'MATCH (g:$(label))'"),
    (only_commands_print, "graph/a.py", "print(1)"),
    (nothing_is_swallowed, "graph/a.py", "try:\n    f()\nexcept (ValueError, Exception):\n    pass"),
    (nothing_is_swallowed, "graph/a.py", "try:\n    f()\nexcept:\n    pass"),
    (init_files_list_names, "graph/__init__.py", "VERSION = 1"),
    (modules_are_short, "graph/a.py", "x = 1\n" * 301),
    (functions_are_short, "graph/a.py", "def f():\n    '''Say.'''\n" + "    x = 1\n" * 41),
    (functions_take_few_parameters, "graph/a.py", "def f(a, b, c, d, *, e, f, g, h): pass"),
]
RULES = list(dict.fromkeys(rule for rule, _, _ in PLANTED))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_module_keeps_the_rule(rule: Rule) -> None:
    faults = [f"{module.path}: {fault}" for module in read_modules() for fault in rule(module)]
    assert not faults, "\n" + "\n".join(faults)


@pytest.mark.parametrize(("rule", "path", "source"), PLANTED)
def test_a_planted_fault_is_seen(rule: Rule, path: str, source: str) -> None:
    assert list(rule(Module(path, source)))


EVERY_COMMAND = (
    "cisgraph.cli.app, typer; list(typer.main.get_command(cisgraph.cli.app.app).commands.values())"
)


@pytest.mark.parametrize("loaded", ["api.app", EVERY_COMMAND], ids=["service", "commands"])
def test_what_serves_does_not_load_what_trains(loaded: str) -> None:
    code = f"import sys, {loaded}; sys.exit(', '.join({TRAINING} & sys.modules.keys()) or 0)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_schema_version_is_that_of_the_newest_migration() -> None:
    files = sorted((ROOT / "graph" / "migrations").glob("m[0-9]*.py"))
    numbers = [int(path.name[1:5]) for path in files]
    assert [each.version for each in MIGRATIONS] == numbers == list(range(1, SCHEMA_VERSION + 1))


def test_the_import_names_are_ours_alone() -> None:
    owners = metadata.packages_distributions()
    assert [name for name in PACKAGES if set(owners.get(name, ())) - {"cisgraph"}] == []
    for name in PACKAGES:
        assert Path(util.find_spec(name).origin).parent == ROOT / name
    assert json.loads(metadata.distribution("cisgraph").read_text("direct_url.json"))["url"] == ROOT.as_uri()
