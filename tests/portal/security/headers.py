"""What headers each answer of the portal must have; the permission matrix judges every address x method x role."""

from collections.abc import Mapping

from portal.ui.middleware import PERMISSIONS_POLICY

ALWAYS = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": PERMISSIONS_POLICY,
}
NEVER = ("Server", "X-Powered-By", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials")
STYLES_BY_HASH = {"outbox:letter_html"}
"""A page of the demo alone: it draws a mail, whose own styles (mail programs know no others) are let in by hash."""
KEPT_BY_CACHES = {"ui:security_txt"}
"""Addresses whose answer anybody may keep, when nobody is signed in."""


def directives(headers: Mapping[str, str]) -> dict[str, str]:
    """The content security policy, directive by directive."""
    parts = (part.strip().partition(" ") for part in headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _space, value in parts if name}


def wrong_headers(headers: Mapping[str, str], name: str = "") -> list[str]:
    """What is missing or other than it should be, but for caching; `name` is that of the address."""
    wrong = [f"{one}: {headers.get(one)}" for one, value in ALWAYS.items() if headers.get(one) != value]
    if headers.get("Referrer-Policy") not in ("same-origin", "no-referrer"):
        wrong.append(f"Referrer-Policy: {headers.get('Referrer-Policy')}")
    policy = directives(headers)
    if name in STYLES_BY_HASH:
        hashed = all(style.startswith("'sha256-") for style in policy["style-src"].split())
        policy["style-src"] = "'self'" if hashed else policy["style-src"]
    if policy.pop("default-src", "") != "'none'" or policy.pop("object-src", "") != "'none'":
        wrong.append(f"CSP: {headers['Content-Security-Policy']}")
    if policy.pop("base-uri", "") != "'none'" or policy.pop("frame-ancestors", "") != "'none'":
        wrong.append(f"CSP: {headers['Content-Security-Policy']}")
    wrong += [f"CSP {one} {value}" for one, value in policy.items() if value != "'self'"]
    wrong += [f"{one} is told" for one in NEVER if one in headers]
    kind = headers.get("Content-Type", "")
    if kind.startswith("text/") and "charset=utf-8" not in kind.replace('"', ""):
        wrong.append(f"Content-Type: {kind}")
    return wrong


def wrong_caching(headers: Mapping[str, str], name: str, *, signed_in: bool) -> list[str]:
    """Whether a cache may keep what it must not."""
    said = headers.get("Cache-Control", "")
    return [] if "no-store" in said or (not signed_in and name in KEPT_BY_CACHES) else [f"Cache-Control: {said}"]
