"""Which of the libraries that cisgraph names are installed, and in which version."""

import tomllib
from collections.abc import Iterable, Sequence
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from cisgraph.finding import Finding, State
from graph.errors import InputError

ROOT = Path(__file__).resolve().parent.parent
"""Root of the checkout; in an installed wheel it holds no ``pyproject.toml``."""


def examine_libraries(root: Path = ROOT) -> list[Finding]:
    """The base libraries, those of the ``[model]`` extra, and the versions that were tested together."""
    base, model = required_libraries(root), required_libraries(root, extra="model")
    faults, model_faults = unmet(base), unmet(model)
    findings = [
        _finding("libraries", base, faults, state="missing", remedy="install cisgraph once more"),
        _finding("[model] extra", model, model_faults, state="later", remedy="pip install 'cisgraph[model]'"),
    ]
    constraints = root / "constraints.txt"
    if constraints.is_file():
        pinned = [Requirement(line) for line in _entries(constraints)]
        installed = [each for each in pinned if installed_version(each.name) is not None]
        remedy = "pip install -c constraints.txt -e ."
        findings.append(
            _finding("tested versions", installed, unmet(installed), state="later", remedy=remedy)
        )
    return findings


def require_training() -> None:
    """Raise InputError if the libraries that train and draw are not installed."""
    faults = unmet(required_libraries(ROOT, extra="model"))
    if faults:
        raise InputError(
            "this command trains or draws, which needs the [model] extra",
            faults=faults,
            hint="pip install 'cisgraph[model]'",
        )


def required_libraries(root: Path = ROOT, *, extra: str = "") -> list[Requirement]:
    """Requirements of this checkout or else of the installed cisgraph; of one extra, or the base ones."""
    project = root / "pyproject.toml"
    if project.is_file():
        table = tomllib.loads(project.read_text())["project"]
        lines = table["optional-dependencies"].get(extra, []) if extra else table["dependencies"]
        return [Requirement(line) for line in lines]
    requirements = [Requirement(line) for line in metadata.requires("cisgraph") or []]
    return [each for each in requirements if _belongs(each, extra)]


def unmet(requirements: Iterable[Requirement]) -> list[str]:
    """One line for each library that is not installed or has another version than required."""
    faults = []
    for each in requirements:
        version = installed_version(each.name)
        if version is None:
            faults.append(f"{each.name} is not installed")
        elif not each.specifier.contains(version, prereleases=True):
            faults.append(f"{each.name} {version} (expected {each.specifier})")
    return faults


def installed_version(name: str) -> str | None:
    """Version of an installed distribution; None when there is none of that name."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _belongs(requirement: Requirement, extra: str) -> bool:
    marker = requirement.marker
    in_base = marker is None or marker.evaluate({"extra": ""})
    return in_base if not extra else not in_base and marker is not None and marker.evaluate({"extra": extra})


def _entries(constraints: Path) -> list[str]:
    lines = (line.partition("#")[0].strip() for line in constraints.read_text().splitlines())
    return [line for line in lines if line]


def _finding(
    name: str, wanted: Sequence[Requirement], faults: Sequence[str], *, state: State, remedy: str
) -> Finding:
    found = f"{len(wanted) - len(faults)} of {len(wanted)}"
    if not faults:
        return Finding(name, "ok", found)
    return Finding(name, state, f"{found}: {', '.join(faults)}", remedy)
