"""The embedded Valkey: broker, results and cache of the demo and the tests."""

import os
import socket
from collections.abc import Mapping

from portal.devtools.binaries import valkey_program
from portal.devtools.children import Child, ended_on_failure, wait_until
from portal.devtools.network import LOOPBACK
from portal.devtools.paths import StateFolder
from portal.devtools.secrets import write_private
from portal.devtools.system_user import SystemUser

_DATABASES = 64  # one for each parallel test process


class Valkey:
    """One Valkey server in a state folder."""

    def __init__(self, state: StateFolder, password: str, user: SystemUser | None, environ: Mapping[str, str]) -> None:
        self._home = state.valkey
        self._log = state.logs / "valkey.log"
        self._password = password
        self._user = user
        self._environ = environ

    @staticmethod
    def url(port: int, password: str) -> str:
        """The REDIS_URL of the server on `port`."""
        return f"redis://:{password}@{LOOPBACK}:{port}/0"

    def start(self, port: int) -> Child:
        """Start the server and wait for its answer."""
        self._home.mkdir(exist_ok=True)
        configuration = self._home / "valkey.conf"  # a file: arguments are seen by everybody on the machine
        write_private(configuration, self._configuration(port))
        if self._user:
            self._user.own(self._home)
            os.chown(configuration, self._user.uid, self._user.gid)
        child = Child(
            "Valkey",
            [str(valkey_program(self._user)), str(configuration)],
            log=self._log,
            environ=self._environ,
            folder=self._home,
            user=self._user,
        )
        with ended_on_failure(child):
            wait_until(lambda: self._answers(port), child, 30, "Valkey did not answer")
        return child

    def _configuration(self, port: int) -> str:
        lines = [
            f"bind {LOOPBACK}",
            f"port {port}",
            f"requirepass {self._password}",
            "protected-mode yes",
            "daemonize no",
            f'dir "{self._home}"',
            "appendonly no",
            'save ""',  # a queue that outlived its servers would run old work at the next start
            f"databases {_DATABASES}",
            "maxmemory-policy noeviction",
        ]
        return "\n".join(lines) + "\n"

    def _answers(self, port: int) -> bool:
        try:
            with socket.create_connection((LOOPBACK, port), timeout=1) as connection:
                connection.sendall(f"AUTH {self._password}\r\nPING\r\n".encode("ascii"))
                answer = b""
                while len(answer) < len(b"+OK\r\n+PONG\r\n"):
                    received = connection.recv(64)
                    if not received:
                        return False
                    answer += received
        except OSError:
            return False
        return answer == b"+OK\r\n+PONG\r\n"
