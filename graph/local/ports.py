"""Free TCP ports on the loopback address."""

import socket

from graph.errors import LocalServerError

HOST = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether a server could listen on ``127.0.0.1:port`` now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do, so that a port whose last connections are still closing counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def choose_ports(
    wanted: tuple[int | None, int | None], *, preferred: tuple[int | None, int | None] = (None, None)
) -> tuple[int, int]:
    """Bolt and HTTP port: the one wanted, else the one preferred if it is free, else any free one.

    Raises
    ------
    LocalServerError
        A wanted port is taken.
    """
    taken = [port for port in wanted if port is not None and not is_free(port)]
    if taken:
        raise LocalServerError(
            f"port {' and port '.join(map(str, taken))} on {HOST} must be free, but a program listens there",
            hint="stop that program, name another port, or name none so that a free one is chosen",
        )
    kept = [port if port is not None and is_free(port) else None for port in preferred]
    first = wanted[0] or kept[0]
    second = wanted[1] or (kept[1] if kept[1] != first else None)
    fresh = iter(_ephemeral_ports(2))
    return first or next(fresh), second or next(fresh)


def _ephemeral_ports(count: int) -> list[int]:
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(count)]
    try:
        for each in sockets:
            each.bind((HOST, 0))
        return [int(each.getsockname()[1]) for each in sockets]
    finally:
        for each in sockets:
            each.close()
