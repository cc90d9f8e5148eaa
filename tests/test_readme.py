"""The README tells what is there: its targets, commands, addresses and Cypher exist."""

import re
import shlex
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr
from typer.main import get_command

from api.app import create_app
from api.settings import ApiSettings
from cisgraph.cli.app import app
from graph.schema import Label, RelationshipType

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:make|cisgraph|docker compose)(?: [^`]+)?)`")
BLOCKS = FENCED.findall(README)


def blocks(language: str) -> list[str]:
    return [text for name, text in BLOCKS if name == language]


def commands(program: str) -> list[str]:
    """Command lines of a program, from the shell blocks and from the text."""
    lines = [line for text in blocks("bash") for line in text.replace("\\\n", " ").splitlines()]
    told = [*lines, *INLINE.findall(FENCED.sub("", README))]
    return [line.strip() for line in told if re.match(rf"\s*{program}( |$)", line)]


def test_the_readme_speaks_in_known_languages() -> None:
    assert {name for name, _ in BLOCKS} == {"bash", "cypher", "python", "text"}


def test_it_begins_with_the_two_commands() -> None:
    assert blocks("bash")[0].splitlines() == ["make demo", "make test"]


@pytest.mark.parametrize("text", blocks("bash"))
def test_shell_blocks_are_well_formed(text: str) -> None:
    done = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


@pytest.mark.parametrize("line", sorted(set(commands("make"))))
def test_make_targets_exist(line: str) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert {word for word in shlex.split(line, comments=True)[1:] if "=" not in word} <= set(targets)


@pytest.mark.parametrize("line", sorted(set(commands("cisgraph"))))
def test_commands_and_their_options_exist(line: str) -> None:
    words = shlex.split(line.split(" | ", maxsplit=1)[0], comments=True)[1:]
    command = get_command(app)
    while words and (known := getattr(command, "commands", None)) is not None:
        assert words[0] in known
        command = known[words.pop(0)]
    options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    assert {word.split("=")[0] for word in words if word.startswith("-")} <= {*options, "--help"}


@pytest.mark.parametrize("url", re.findall(r"http://127\.0\.0\.1:8000/v1[^\s\"`]*", README))
def test_addresses_of_the_api_exist(url: str) -> None:
    settings = ApiSettings(neo4j_uri="bolt://127.0.0.1:1", neo4j_password=SecretStr("unused"))
    asked = urlsplit(url)
    found = [
        route["get"]
        for path, route in create_app(settings).openapi()["paths"].items()
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), asked.path)
    ]
    assert found
    assert set(parse_qs(asked.query)) <= {each["name"] for each in found[0].get("parameters", ())}


@pytest.mark.parametrize("statement", blocks("cypher"))
def test_cypher_uses_the_vocabulary(statement: str) -> None:
    text = re.sub(r"'[^']*'", "''", statement)
    labels = re.findall(r"\(\s*\w*\s*:\s*(\w+)", text)
    types = re.findall(r"\[\s*\w*\s*:\s*(\w+)", text)
    assert labels
    assert set(labels) <= set(Label)
    assert set(types) <= set(RelationshipType)


@pytest.mark.parametrize("link", re.findall(r"\]\((?!http)([^)#]+)", README))
def test_linked_files_exist(link: str) -> None:
    assert (ROOT / link).exists()
