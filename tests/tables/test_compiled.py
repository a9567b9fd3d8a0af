"""Templates kept compiled where Python keeps modules: quicker, never in the way, never out of date."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from jinja2 import Environment, FileSystemLoader

from ctd_analysis.tables import markup

SAYS = "from ctd_analysis.tables import markup; print(markup.part('sentences', lines=['<Hội phí>']))"


def said(**environment) -> str:
    """A piece of a page made in a process of its own; `environment` says where Python keeps what it compiles."""
    settled = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHONPYCACHE", "PYTHONDONTWRITE"))}
    return subprocess.run([sys.executable, "-c", SAYS], env=settled | environment, check=True, capture_output=True, text=True,
                          encoding="utf-8", timeout=60).stdout


def kept(folder) -> list:
    """What lies compiled under a folder, of templates."""
    return [path for path in folder.rglob("*.pyc") if "report" in path.parts]


def test_what_was_compiled_once_is_there_the_next_time(tmp_path):
    """The second process reads what the first one left, and says the same."""
    first = said(PYTHONPYCACHEPREFIX=str(tmp_path))
    written = {path: path.stat().st_mtime_ns for path in kept(tmp_path)}

    assert "&lt;Hội phí&gt;" in first
    assert written
    assert said(PYTHONPYCACHEPREFIX=str(tmp_path)) == first
    assert {path: path.stat().st_mtime_ns for path in kept(tmp_path)} == written


def test_what_was_compiled_of_another_text_is_made_anew(tmp_path):
    """A file that does not fit its template (of a former version, half written) changes nothing on a page."""
    first = said(PYTHONPYCACHEPREFIX=str(tmp_path))
    whole = {path: path.read_bytes() for path in kept(tmp_path)}
    for left in (0, 1, 20, 30, 40, 50, 60, -40):
        for path, content in whole.items():
            path.write_bytes(content[:left])

        assert said(PYTHONPYCACHEPREFIX=str(tmp_path)) == first
        assert {path: path.read_bytes() for path in kept(tmp_path)} == whole


@pytest.mark.parametrize("environment", [{"PYTHONPYCACHEPREFIX": os.devnull}, {"PYTHONDONTWRITEBYTECODE": "1"}],
                         ids=["nowhere to write", "not wanted"])
def test_where_nothing_may_be_kept_pages_are_made_all_the_same(environment, tmp_path):
    """No room and no wish are no faults."""
    environment = {"PYTHONPYCACHEPREFIX": str(tmp_path)} | environment

    assert "&lt;Hội phí&gt;" in said(**environment)
    assert not kept(tmp_path)


def test_what_one_environment_has_compiled_is_not_anothers(tmp_path, monkeypatch):
    """The same template, escaped in one and not in the other (nbconvert reads ours by settings of its own)."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "kept"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "said.j2").write_text("{{ text }}", encoding="utf-8")

    for _ in range(2):
        assert ["&lt;", "<"] == [
            Environment(loader=FileSystemLoader(tmp_path), bytecode_cache=markup.Compiled(of),
                        autoescape=escapes)     # noqa: S701
            .get_template("said.j2").render(text="<") for of, escapes in (("ours", True), ("theirs", False))]
    assert 2 == len(kept(tmp_path / "kept"))
