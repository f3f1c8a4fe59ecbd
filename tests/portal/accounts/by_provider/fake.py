"""A provider of sign-in as Entra ID is one, on this machine: discovery, keys, sign-in, tokens for codes, over HTTP."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from portal.settings.provider import ProviderSettings

CLIENT, SECRET, DOMAIN = "portal", "a-secret-that-the-provider-knows", "kunta.example"
PATH = "/11111111-2222-3333-4444-555555555555/v2.0"


@cache
def key_pair(name: str) -> rsa.RSAPrivateKey:
    """One pair a name and process: making them takes time."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class FakeProvider:
    """What it answers can be changed by each test before somebody signs in."""

    url: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    """What the id_token says beside iss, aud, exp, iat, nonce; a claim that is None is left out."""
    kid: str = "published"
    signed_by: str = "published"
    algorithm: str = "RS256"
    discovery: dict[str, Any] = field(default_factory=dict)
    refuses: dict[str, str] | None = None
    """What comes back in place of a code."""
    token_error: dict[str, str] | None = None
    asked: dict[str, str] = field(default_factory=dict)
    """The question that the latest browser brought."""
    visits: list[str] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def settings(self, **changes: Any) -> ProviderSettings:
        """As the portal has it set up."""
        chosen: dict[str, Any] = {
            "server_url": self.url,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "email_domains": (DOMAIN,),
            "mfa_claims": (("amr", "mfa"),),
        }
        return ProviderSettings(**chosen | changes)

    def config(self) -> dict[str, Any]:
        host = self.url.removesuffix(PATH)
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{host}/authorize",
            "token_endpoint": f"{host}/token",
            "jwks_uri": f"{host}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            **self.discovery,
        }

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key_pair("published").public_key()))
        return {"keys": [{**public, "kid": "published", "use": "sig", "alg": "RS256"}]}

    def answer(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        self.asked = asked
        if self.refuses is not None:
            return f"{asked['redirect_uri']}?{urlencode(self.refuses | {'state': asked['state']})}"
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: dict[str, str]) -> dict[str, Any]:
        """Tokens for a code, once, and only for whoever asked for it. KeyError, AssertionError otherwise."""
        asked = self._codes.pop(form["code"])
        assert (form["client_id"], form["client_secret"]) == (CLIENT, SECRET)
        assert form["redirect_uri"] == asked["redirect_uri"]
        challenge = (
            base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        )
        assert (challenge, asked["code_challenge_method"]) == (asked["code_challenge"], "S256")
        return {"access_token": "unused", "token_type": "Bearer", "id_token": self.id_token(asked.get("nonce"))}

    def id_token(self, nonce: str | None) -> str:
        now = int(time.time())
        said = {"iss": self.url, "aud": CLIENT, "exp": now + 300, "iat": now, "nonce": nonce} | self.claims
        said = {name: value for name, value in said.items() if value is not None}
        secret: Any = "x" * 32 if self.algorithm.startswith("HS") else key_pair(self.signed_by)
        if self.algorithm == "none":
            secret = None
        return jwt.encode(said, secret, algorithm=self.algorithm, headers={"kid": self.kid})


@contextmanager
def running() -> Iterator[FakeProvider]:
    """The provider on a free port of this machine."""
    fake = FakeProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            fake.visits.append(parts.path)
            if parts.path == f"{PATH}/.well-known/openid-configuration":
                self._json(fake.config())
            elif parts.path == "/keys":
                self._json(fake.keys())
            elif parts.path == "/authorize":
                self._send(302, b"", Location=fake.answer(_flat(parts.query)))
            else:
                self._send(404, b"")

        def do_POST(self) -> None:
            form = _flat(self.rfile.read(int(self.headers["Content-Length"])).decode())
            fake.visits.append(self.path)
            try:
                if fake.token_error is not None:
                    raise KeyError
                self._json(fake.token(form))
            except (KeyError, AssertionError):
                self._json(fake.token_error or {"error": "invalid_grant"}, status=400)

        def _json(self, value: object, status: int = 200) -> None:
            self._send(status, json.dumps(value).encode(), **{"Content-Type": "application/json"})

        def _send(self, status: int, body: bytes, **headers: str) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.url = f"http://127.0.0.1:{server.server_address[1]}{PATH}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}
