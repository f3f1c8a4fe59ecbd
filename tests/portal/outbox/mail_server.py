"""A mail server of the tests: speaks SMTP on loopback, and can be told to refuse, to hang up or to fall silent."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class MailServer:
    """What the server does: `answers` by command (the word after which it hangs up has none), `mails` it has taken."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    hangs_up_at: str = ""
    """A command, or "." for the end of the text: the connection is closed instead of an answer."""
    mails: list[str] = field(default_factory=list)
    connections: int = 0

    def talk(self, connection: socket.socket) -> None:
        """One client."""
        self.connections += 1
        lines = connection.makefile("rb")
        connection.sendall(b"220 mail.example ready\r\n")
        for raw in lines:
            command = raw.decode().strip().upper().split(" ")[0].split(":")[0]
            if command == self.hangs_up_at:
                return
            answer = self.answers.get(command) or {"EHLO": "250 mail.example", "QUIT": "221 bye"}.get(command, "250 ok")
            if command == "DATA" and command not in self.answers:
                connection.sendall(b"354 go on\r\n")
                if not self._take(lines):
                    return
                answer = self.answers.get(".", f"250 2.0.0 queued as Q{len(self.mails)}")
            connection.sendall(f"{answer}\r\n".encode())
            if command == "QUIT":
                return

    def _take(self, lines: Iterator[bytes]) -> bool:
        """Read the text of a mail; whether to answer."""
        text = []
        for raw in lines:
            if raw == b".\r\n":
                break
            text.append(raw.decode())
        self.mails.append("".join(text))
        return self.hangs_up_at != "."


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A server that runs until the end of the block."""
    server = MailServer()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server.port = listening.getsockname()[1]
        listening.settimeout(0.1)
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                try:
                    connection, _from = listening.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.settimeout(5)
                    try:
                        server.talk(connection)
                    except OSError:
                        continue

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server
        over.set()
        thread.join(5)
