"""What the tests share: the shipped year, the worked cases, years made up in a temporary folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "data" / "2024"
CASES = Path(__file__).resolve().parent / "cases"


def make_year(source: Path, folder: Path) -> Path:
    """A copy of a year (or a worked case, completed with the shipped rule book and criteria) that a test may spoil."""
    shutil.copytree(source, folder, dirs_exist_ok=True)
    for name in ("rulebook.toml", "criteria.csv"):
        if not (folder / name).exists():
            shutil.copy(SHIPPED / name, folder / name)
    return folder


@pytest.fixture
def shipped_copy(tmp_path) -> Path:
    """The shipped year, free to be spoilt."""
    return make_year(SHIPPED, tmp_path / "2024")
