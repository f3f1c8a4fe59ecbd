"""Reading rendered HTML in tests, with the standard library only."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_EMPTY = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)


@dataclass
class Element:
    """An element with its attributes, children and text."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: "list[Element | str]" = field(default_factory=list)

    def all(self, *tags: str) -> "Iterator[Element]":
        """Every element below this one, of these tags if any are named, in page order."""
        for child in self.children:
            if isinstance(child, Element):
                if not tags or child.tag in tags:
                    yield child
                yield from child.all(*tags)

    def one(self, tag: str) -> "Element":
        """The only element of a tag; fails where there are several or none."""
        (found,) = self.all(tag)
        return found

    def classes(self) -> set[str]:
        """The CSS classes."""
        return set(self.attrs.get("class", "").split())

    @property
    def text(self) -> str:
        """The words in it, with single spaces."""
        return " ".join(self._raw().split())

    def _raw(self) -> str:
        return "".join(child if isinstance(child, str) else child._raw() for child in self.children)


class _Builder(HTMLParser):
    """Builds the tree; an element closed in the wrong order fails."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Element("")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        assert len(element.attrs) == len(attrs), f"<{tag}> repeats an attribute: {attrs}"
        self.open[-1].children.append(element)
        if tag not in _EMPTY:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(html: str | bytes) -> Element:
    """The tree of a page or a part of one. AssertionError where elements are not nested rightly."""
    builder = _Builder()
    builder.feed(html.decode() if isinstance(html, bytes) else html)
    builder.close()
    assert builder.open == [builder.root], f"not closed: {[element.tag for element in builder.open[1:]]}"
    return builder.root


def faults(root: Element) -> list[str]:
    """What the portal's pages must not have: styles and scripts inline, doubled ids, references to nothing."""
    found = []
    elements = list(root.all())
    ids = [element.attrs["id"] for element in elements if "id" in element.attrs]
    found += [f"id twice: {one}" for one in sorted({one for one in ids if ids.count(one) > 1})]
    for element in elements:
        found += [f"<{element.tag} {name}>" for name in element.attrs if name == "style" or name.startswith("on")]
        if element.tag == "style" or (element.tag == "script" and "src" not in element.attrs):
            found.append(f"inline <{element.tag}>")
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            found += [
                f"{name}={one} points at nothing" for one in element.attrs.get(name, "").split() if one not in ids
            ]
        if element.tag == "svg" and "role" not in element.attrs and element.attrs.get("aria-hidden") != "true":
            found.append("svg without a role is not hidden")
        if element.attrs.get("role") == "img" and not element.attrs.get("aria-label"):
            found.append("image without a name")
        if element.tag in ("nav", "aside") and not {"aria-label", "aria-labelledby"} & set(element.attrs):
            found.append(f"<{element.tag}> without a name")
    labelled = {element.attrs["for"] for element in elements if element.tag == "label" and "for" in element.attrs}
    for element in root.all("input", "select", "textarea"):
        if element.attrs.get("type") not in ("hidden", "submit") and element.attrs.get("id") not in labelled:
            found.append(f"input without a label: {element.attrs}")
    return found
