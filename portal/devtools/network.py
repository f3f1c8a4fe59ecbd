"""Ports of the loopback address."""

import socket

LOOPBACK = "127.0.0.1"


def port_is_taken(port: int) -> bool:
    """Whether another program listens on the loopback address at `port`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return True
    return False


def free_port(preferred: int | None = None) -> int:
    """A port nobody listens on: the preferred one (so that an address survives a restart), else any."""
    if preferred and not port_is_taken(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port
