"""Pages are found, not listed: a file in the pages folder with a header is in the menu.

The header is a docstring (its first line is the title), ``SECTION``, ``ORDER`` and ``ICON``, read without running the file.
"""

from __future__ import annotations

import ast
import functools
import threading
from dataclasses import dataclass
from pathlib import Path

from playground.core import paths

SECTIONS = ("Home", "Foundations", "Train", "Pretrained", "Generate", "System")


@dataclass(frozen=True)
class PageHeader:
    """What a page says of itself.

    Attributes:
        path: The script.
        title: Menu label and heading.
        summary: The one sentence below the title: what to try.
        section: One of ``SECTIONS``.
        order: Place within the section.
        icon: A Material symbol (``:material/hub:``).
    """

    path: Path
    title: str
    summary: str
    section: str
    order: int
    icon: str

    @property
    def name(self) -> str:
        """The page's place in a URL and the stem of its files (``mlp``)."""
        return self.path.stem


_parsing = threading.Lock()


def parse(text: str) -> ast.Module:
    """A module's syntax tree, one at a time: Python 3.11's parser counts its depth for all threads together."""
    with _parsing:
        return ast.parse(text)


def split_doc(doc: str) -> tuple[str, str]:
    """A page docstring's title and the paragraph that follows it, on one line each."""
    title, _, rest = doc.strip().partition("\n")
    return title.strip().rstrip("."), " ".join(rest.strip().split("\n\n", 1)[0].split())


def read_header(path: Path) -> PageHeader:
    """Read one page's header; raises ``ValueError`` that names the file and what it lacks."""
    module = parse(path.read_text(encoding="utf-8"))
    values = {
        target.id: ast.literal_eval(node.value)
        for node in module.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id in ("SECTION", "ORDER", "ICON")
    }
    if missing := {"SECTION", "ORDER", "ICON"} - set(values):
        raise ValueError(f"page {path.name} has no {', '.join(sorted(missing))}")
    title, summary = split_doc(ast.get_docstring(module) or "")
    if not title or not summary:
        raise ValueError(f"page {path.name} needs a docstring: a title, an empty line, a sentence on what to try")
    if values["SECTION"] not in SECTIONS:
        raise ValueError(f"page {path.name} stands in section '{values['SECTION']}'; known: {', '.join(SECTIONS)}")
    return PageHeader(path, title, summary, values["SECTION"], values["ORDER"], values["ICON"])


@functools.cache
def discover(folder: Path | None = None) -> tuple[PageHeader, ...]:
    """Every page, by section and order."""
    found = [read_header(path) for path in sorted((folder or paths.pages()).glob("*.py"))]
    return tuple(sorted(found, key=lambda page: (SECTIONS.index(page.section), page.order, page.name)))
