"""Pieces of a page as HTML: Python says what, the templates in `report/ctd` say how. Text is escaped everywhere."""

from __future__ import annotations

import base64
import hashlib
import re
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.util import cache_from_source
from pathlib import Path

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, __version__
from markupsafe import Markup

from ..files import write_whole
from ..problems import without_commands

REPORT = Path(__file__).parent.parent / "report"


@dataclass(frozen=True)
class Fragment:
    """A piece of HTML that a notebook shows."""
    html: str = field(repr=False)

    def _repr_html_(self) -> str:
        return self.html


@cache
def _settings() -> str:
    """A few signs for this module: what it has compiled with other settings is made anew."""
    return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8]


class Compiled(BytecodeCache):
    """Templates kept compiled where Python keeps modules: beside them, in `__pycache__`; nowhere where it may not.

    `of` names whose they are: what one environment compiles by its settings (what is escaped, say) is not another's.
    """

    def __init__(self, of: str):
        self.of = of

    def load_bytecode(self, bucket):
        """Jinja's extension point; it looks itself whether a template has changed since."""
        try:
            with open(self._kept(bucket.key), "rb") as file:
                bucket.load_bytecode(file)
        except FileNotFoundError:
            pass
        except Exception:               # half a file, say: made anew
            bucket.reset()

    def dump_bytecode(self, bucket):
        """Jinja's extension point."""
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                write_whole(Path(self._kept(bucket.key)), bucket.bytecode_to_string())

    def _kept(self, key: str) -> str:
        return cache_from_source(str(REPORT / "ctd" / f"{self.of}-{__version__}-{_settings()}-{key}.j2"))


@cache
def _templates() -> Environment:
    environment = Environment(loader=FileSystemLoader(REPORT / "ctd"), autoescape=True, undefined=StrictUndefined,
                              trim_blocks=True, lstrip_blocks=True, auto_reload=False, bytecode_cache=Compiled("ctd"))
    environment.filters["css_string"] = css_string
    environment.globals.update(classes=_classes, entry=_entry, cell_of=_cell)
    return environment


@lru_cache(4096)
def _entry(entry) -> Markup:
    """What stands in a cell, made once: most of a page's grades are the same few letters."""
    return _macro("entry.html.j2", "entry")(cell=entry).strip()


@lru_cache(4096)
def _cell(entry, column, stub: bool, cards: bool, follows: bool) -> Markup:
    """A cell of a table, made once: is it the stub, are rows cards, does a script write into it?"""
    return _macro("entry.html.j2", "cell")(cell=entry, column=column, stub=stub, cards=cards, follows=follows).strip()


@cache
def _classes(kind: str, tone: str) -> Markup:
    """The class attribute of a cell: what its column holds, and its tone; nothing for plain text."""
    names = [kind] * (kind != "text") + [f"tone-{tone}"] * bool(tone)
    return Markup(' class="{}"').format(" ".join(names)) if names else Markup()


@cache
def _macro(file: str, name: str):
    """A macro of a template: a call that gives `Markup`."""
    return getattr(_templates().get_template(file).module, name)


def part(name: str, **context) -> str:
    """One macro of `parts.html.j2` as HTML; a name it uses and is not given raises."""
    return str(_macro("parts.html.j2", name)(**context))


def page(name: str, **context) -> str:
    """A whole page from the template `name` in `report/ctd`; a name it uses and is not given raises."""
    return without_commands(_templates().get_template(name).render(**context))


@cache
def style() -> str:
    """The style sheet for a notebook: stronger than JupyterLab's own, which would set tables its way, light or dark."""
    text = (REPORT / "ctd" / "style.css").read_text(encoding="utf-8") + _IN_JUPYTER
    return re.sub(r"\.ctd(?![\w-])", ".ctd.ctd.ctd", text)


#: What JupyterLab sets for tables and the pages leave as browsers have it.
_IN_JUPYTER = """.ctd { background: #fff; padding: 0 .25rem; }
.ctd table { table-layout: auto; margin: 0; border: 0; border-collapse: separate; border-spacing: 0; }
.ctd tr, .ctd tr:hover { background: none; } .ctd tbody tr.band th { border-top: 0; }
.ctd th, .ctd td { line-height: 1.35; max-width: none; border-width: 0 0 1px; border-style: solid; }
.ctd ul, .ctd ol { padding-left: 0; }
.ctd table.wide { min-width: 52rem; } .ctd td.long { min-width: 11rem; }
"""

#: An answer beside its controls has half the room of a page.
BESIDE = """.widget-html-content .ctd.ctd.ctd .scroll table { min-width: 0; font-size: .8rem; }
.widget-html-content { white-space: normal; min-width: 0; line-height: 1.35; }
"""


def css_string(text: str) -> str:
    """Text as a CSS string: every character that could end it is spelled out."""
    safe = "".join(c if c.isalnum() or c in " .,:–-" else f"\\{ord(c):x} " for c in text)
    return f'"{safe}"'


#: A region that scrolls sideways is a tab stop and says so; nothing else is done by script on the Council's pages.
SCROLLS = """for (const one of document.querySelectorAll(".scroll")) new ResizeObserver(() => {
  if (one.scrollWidth > one.clientWidth + 1) one.tabIndex = 0; else one.removeAttribute("tabindex"); }).observe(one);"""


def hashed(script: str) -> str:
    """As a Content-Security-Policy names a script it allows."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"
