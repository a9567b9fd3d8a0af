"""Every example beside a public name, and every one of docs/thu-vien.md, run as it is printed."""

from __future__ import annotations

import doctest
import importlib

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
