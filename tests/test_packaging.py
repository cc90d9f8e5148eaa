"""What is shipped: the wheel, the pins, the container files, and nothing of the machine that made them."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("graph", "ingest", "model", "api", "cisgraph")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
OWNERS = metadata.packages_distributions()
WITHIN = {"starlette": "fastapi"}
"""Import names of distributions that come as a part of another, which is the one to declare."""

INDEX_ADDRESS = re.compile(
    r"https?://[^\s'\"]*(?:/simple\b|/whl\b|pypi|pythonhosted)|index[-_]url\s*=?\s*['\"]?https?:",
    re.IGNORECASE,
)
MACHINE_PATH = re.compile(r"(?<![\w.}/])/(?:root|work|home|Users|mnt)/\w|\b[A-Z]:\\\\?Users\\", re.ASCII)


def pins() -> dict[str, Version]:
    """Versions of `constraints.txt` by canonical name; anything but `name==version` is a ValueError."""
    found = {}
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, version = line.split("==")
            found[canonicalize_name(name)] = Version(version)
    return found


def direct_requirements() -> list[Requirement]:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    return [
        Requirement(each) for each in (*PROJECT["dependencies"], *EXTRAS["model"], *EXTRAS["dev"], *build)
    ]


def requirements_of(names: list[str]) -> set[str]:
    """Canonical names of everything that these distributions need on this machine, themselves included."""
    seen: set[tuple[str, str]] = set()
    todo = [(name, extra) for name in names for extra in ("", *Requirement(name).extras)]
    while todo:
        name, extra = todo.pop()
        if (canonicalize_name(Requirement(name).name), extra) in seen:
            continue
        seen.add((canonicalize_name(Requirement(name).name), extra))
        for each in map(Requirement, metadata.requires(Requirement(name).name) or ()):
            if each.marker is None or each.marker.evaluate({"extra": extra}):
                todo += [(each.name, wanted) for wanted in ("", *each.extras)]
    return {name for name, _ in seen}


def repository_files() -> list[Path]:
    """Files that git tracks or would track; outside a checkout, all but what is hidden or built."""
    if (ROOT / ".git").exists():
        listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        return [path for name in names.split("\0") if name and (path := ROOT / name).is_file()]
    shown = [path for path in ROOT.rglob("*") if path.is_file()]
    hidden = re.compile(r"(^|/)(\.venv|\.\w+_cache|\.hypothesis|__pycache__|build|dist|demo-output)/")
    return [path for path in shown if not hidden.search(path.relative_to(ROOT).as_posix())]


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Paths within a wheel that is built here, without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("*.whl")
    return zipfile.ZipFile(wheel).namelist()


def test_the_wheel_holds_the_five_packages_whole_and_nothing_else(wheel_names: list[str]) -> None:
    held = {name for name in wheel_names if ".dist-info/" not in name}
    there = {
        path.relative_to(ROOT).as_posix()
        for path in repository_files()
        if path.relative_to(ROOT).parts[0] in PACKAGES
    }
    assert held == there
    assert "graph/local/neo4j-jars.txt" in held


def test_the_wheel_carries_its_licence_and_its_notice(wheel_names: list[str]) -> None:
    licences = {Path(name).name for name in wheel_names if "/licenses/" in name}
    assert licences == {"LICENSE", "NOTICE"}


def test_every_direct_dependency_is_pinned_to_a_version_that_it_allows() -> None:
    known = pins()
    faults = [
        f"{each}: pinned to {known.get(canonicalize_name(each.name))}"
        for each in direct_requirements()
        if known.get(canonicalize_name(each.name)) not in each.specifier
    ]
    assert faults == []


def test_everything_that_the_dependencies_need_is_pinned() -> None:
    needed = requirements_of([*PROJECT["dependencies"], *EXTRAS["model"], *EXTRAS["dev"]])
    assert needed - set(pins()) == set()


def test_the_installed_versions_are_the_pinned_ones() -> None:
    known = pins()
    installed = {canonicalize_name(each.name): Version(each.version) for each in metadata.distributions()}
    shared = known.keys() & installed.keys()
    assert shared
    assert {
        name: str(installed[name]) for name in shared if installed[name].public != known[name].public
    } == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_what_is_imported_is_declared(package: str) -> None:
    extras = EXTRAS["model"] if package in {"model", "cisgraph"} else []
    allowed = {canonicalize_name(Requirement(each).name) for each in (*PROJECT["dependencies"], *extras)}
    faults = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted((ROOT / package).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _imported(node) - {*sys.stdlib_module_names, *PACKAGES}
        if allowed.isdisjoint(map(canonicalize_name, (*OWNERS.get(name, ()), WITHIN.get(name, ""))))
    ]
    assert faults == []


def _imported(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name.split(".")[0] for alias in node.names}
    return {node.module.split(".")[0]} if isinstance(node, ast.ImportFrom) and node.module else set()


def test_no_file_names_a_package_index_or_a_folder_of_a_machine() -> None:
    faults = []
    for path in repository_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # data
        for pattern in (INDEX_ADDRESS, MACHINE_PATH):
            faults += [f"{path.relative_to(ROOT)}: {match.group()}" for match in pattern.finditer(text)]
    assert faults == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (INDEX_ADDRESS, "index-" + "url = https://wheels.example.org/a"),
        (INDEX_ADDRESS, "torch @ https:" + "//download.example.org/whl/cpu"),
        (INDEX_ADDRESS, "see https:" + "//example.org/simple/"),
        (MACHINE_PATH, "DATA = '/" + "home/ada/data'"),
        (MACHINE_PATH, "cd /" + "root/x"),
    ],
)
def test_an_address_or_a_path_would_be_seen(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)


def test_the_services_are_pinned_checked_and_on_loopback_only() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    services = compose["services"]
    assert set(services) == {"neo4j", "api", "ingest", "model"}
    assert re.fullmatch(r"neo4j:\d+\.\d+\.\d+-community", services["neo4j"]["image"])
    assert [services[name].get("profiles") for name in services] == [None, None, ["ingest"], ["model"]]
    assert "cypher-shell 'RETURN 1'" in services["neo4j"]["healthcheck"]["test"][1]
    assert "/health/ready" in services["api"]["healthcheck"]["test"][-1]
    assert services["api"]["depends_on"] == {"neo4j": {"condition": "service_healthy"}}
    ports = [port for service in services.values() for port in service.get("ports", ())]
    assert len(ports) == 3
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_services_have_no_password_unless_one_is_given() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    compose = yaml.safe_load(text)
    assert re.fullmatch(r"neo4j/\$\{NEO4J_PASSWORD:\?.+\}", compose["configs"]["neo4j_auth"]["content"])
    assert len(re.findall(r"\$\{NEO4J_PASSWORD", text)) == 1
    for service in compose["services"].values():
        assert service["environment"]["NEO4J_AUTH_FILE"] == service["configs"][0]["target"]
        assert not {"NEO4J_AUTH", "NEO4J_PASSWORD"} & set(service["environment"])


def test_every_build_target_of_the_services_is_a_stage_of_the_dockerfile() -> None:
    stages = re.findall(
        r"^FROM \S+ AS (\S+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE
    )
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    assert {each["build"]["target"] for each in services.values() if "build" in each} == {"base", "model"}
    assert {"base", "model"} <= set(stages)
