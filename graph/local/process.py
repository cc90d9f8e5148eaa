"""The Java process of a local server."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psutil

from graph.errors import LocalServerError
from graph.local.home import Home
from graph.local.java import Java
from graph.local.memory import Memory

ENTRY_POINT = "org.neo4j.server.CommunityEntryPoint"
_CLOCK_SLACK_S = 5.0
_JVM_OPTIONS = (
    "-XX:+UseG1GC",
    "-XX:-OmitStackTraceInFastThrow",
    "-XX:+ExitOnOutOfMemoryError",  # a dead server is seen and started again, a half-dead one is not
    "-Djdk.nio.maxCachedBufferSize=1024",
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Dio.netty.leakDetection.level=DISABLED",
    "-Dfile.encoding=UTF-8",
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
)


def server_command(home: Home, *, java: Java, jars: Path, memory: Memory) -> list[str]:
    """Command line of the server."""
    return [
        str(java.path),
        f"-Xms{min(memory.heap_mb, 512)}m",
        f"-Xmx{memory.heap_mb}m",
        *_JVM_OPTIONS,
        "-cp",
        str(jars / "*"),
        ENTRY_POINT,
        _home_option(home),
        f"--config-dir={home.conf}",
    ]


def launch(home: Home, command: Sequence[str]) -> psutil.Process:
    """Start the command detached from this process; its output goes to a fresh log.

    Raises
    ------
    LocalServerError
        The command could not be started at all.
    """
    if home.log.is_file():
        home.log.replace(home.log.with_suffix(".previous.log"))
    launcher = [sys.executable, "-I", str(Path(__file__).with_name("detach.py")), str(home.log), *command]
    answer = subprocess.run(launcher, cwd=home.path, capture_output=True, text=True, check=False)
    try:
        return psutil.Process(int(answer.stdout))
    except (ValueError, psutil.NoSuchProcess) as error:
        raise LocalServerError(
            f"Neo4j could not be started with {command[0]}: {answer.stderr.strip()}\n{home.log_tail()}"
        ) from error


def find_process(home: Home, *, pid: int | None, started: float = 0.0) -> psutil.Process | None:
    """The live server process of this home, whoever started it.

    Parameters
    ----------
    pid, started
        Process id and start time that the state file holds. The id alone proves nothing after a reboot;
        when it does not name this home's server, all processes are looked through.
    """
    if pid is not None:
        process = _process(pid)
        if process is not None and _serves(process, home) and _began_at(process, started):
            return process
    return next((each for each in psutil.process_iter() if _serves(each, home)), None)


def is_alive(process: psutil.Process) -> bool:
    """Whether the process still runs; a zombie does not."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def stop_process(process: psutil.Process, *, timeout_s: float) -> None:
    """End the process: politely first, by force after `timeout_s` (Neo4j then recovers at the next start)."""
    try:
        process.terminate()
        _wait(process, timeout_s)
        if is_alive(process):
            process.kill()
            _wait(process, 30.0)
    except psutil.NoSuchProcess:
        return


def _wait(process: psutil.Process, timeout_s: float) -> None:
    psutil.wait_procs([process], timeout=timeout_s)


def _process(pid: int) -> psutil.Process | None:
    try:
        return psutil.Process(pid)
    except psutil.NoSuchProcess:
        return None


def _serves(process: psutil.Process, home: Home) -> bool:
    try:
        arguments = process.cmdline()
    except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
        return False
    return ENTRY_POINT in arguments and _home_option(home) in arguments


def _began_at(process: psutil.Process, started: float) -> bool:
    # The system derives start times from a boot time that moves a little when the clock is set.
    return abs(float(process.create_time()) - started) < _CLOCK_SLACK_S


def _home_option(home: Home) -> str:
    return f"--home-dir={home.path}"
