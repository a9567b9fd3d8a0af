"""Every example beside a public name, and every one of docs/thu-vien.md, run as it is printed."""

from __future__ import annotations

import doctest
import importlib
import re

import pytest
from conftest import ROOT

import ctd_analysis as ctd

ROOMS = ("years", "results", "sweeps", "labels", "errors", "story")
#: Errors are told by their sentence; long tables by their beginning.
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.mark.parametrize("room", ROOMS)
def test_the_examples_are_true(room, monkeypatch):
    """From the project's root, as a reader would type them."""
    monkeypatch.chdir(ROOT)
    found = doctest.testmod(importlib.import_module(f"ctd_analysis.bench.{room}"), optionflags=OPTIONS)

    assert found.attempted and not found.failed


@pytest.mark.parametrize("name", ["read", "change", "appraise", "moves", "sweep", "heat_map", "labels", "explore", "Refused"])
def test_every_name_at_the_door_has_an_example(name):
    """Columns or shapes, errors, and lines to copy."""
    said = getattr(ctd, name).__doc__ + (getattr(getattr(ctd, name), "frame", None) or ctd.read).__doc__

    assert ">>> " in said


def test_the_questions_of_the_docs_are_answered_as_printed(tmp_path, monkeypatch):
    """docs/thu-vien.md from top to bottom, in a folder of its own; a dozen questions at least."""
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "thu-vien.md").read_text(encoding="utf-8")
    text = re.sub(r"^```(python)?$", "", page, flags=re.MULTILINE)
    test = doctest.DocTestParser().get_doctest(text, {}, "thu-vien.md", "thu-vien.md", 0)
    done = doctest.DocTestRunner(optionflags=OPTIONS).run(test)

    assert done.attempted and not done.failed
    assert (tmp_path / "ket-qua.xlsx").exists()
    assert 12 <= len(re.findall(r"^## \d+\.", page, re.MULTILINE))
