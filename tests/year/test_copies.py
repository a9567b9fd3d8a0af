"""Files that lie there twice, are missing or are read by nobody: each is named, none is chosen."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from conftest import ROOT

from ctd_analysis.year import year

NAMES = ["cum-3 (1).xlsx", "cum-3(2).xlsx", "cum-3 - Copy.xlsx", "cum-3 - Copy (2).xlsx", "Bản sao của cum-3.xlsx",
         "Copy of cum-3.xlsx", "cum-3 - Bản sao.xlsx", "cum-3 - Sao chép.xlsx", "CUM-3 (1).XLSX"]


def about(read: year.Year, cluster: str) -> list[str]:
    """What is wrong with a cluster."""
    return [p.message for p in read.problems if p.cluster == cluster]


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_beside_the_file_is_a_problem_that_names_both_with_their_times(shipped_copy, name):
    """One told for both, and the cluster waits; nothing else is said of the copy."""
    sent = shipped_copy / "submissions" / "cum-3.xlsx"
    copy = Path(shutil.copy(sent, sent.with_name(name)))
    for path, minute in ((sent, 5), (copy, 6)):
        os.utime(path, (at := datetime(2024, 12, 9, 14, minute).timestamp(), at))

    read = year.read(shipped_copy)

    [told] = about(read, "cum-3")
    assert "“cum-3.xlsx” (ghi lúc 14:05 ngày 09/12/2024)" in told
    assert f"“{name}” (ghi lúc 14:06 ngày 09/12/2024)" in told
    assert not any(name in n.message for n in read.notices)


def test_a_copy_alone_is_not_read_but_named(shipped_copy):
    """The sentence asks for `cum-3.xlsx`, before anything else."""
    sent = shipped_copy / "submissions" / "cum-3.xlsx"
    sent.rename(sent.with_name("cum-3 (1).xlsx"))

    [told] = about(year.read(shipped_copy), "cum-3")

    assert "“cum-3 (1).xlsx”" in told
    assert "cần tệp cum-3.xlsx, hoặc thư mục cum-3 có các bảng grades.csv" in told


def test_a_cluster_whose_own_name_looks_like_a_copy_is_read(tmp_path, shipped_copy):
    """Names stand before patterns."""
    for name in ("clusters.csv", "units.csv"):
        text = (shipped_copy / name).read_text(encoding="utf-8")
        (shipped_copy / name).write_text(text.replace("cum-3", "cum-3-copy"), encoding="utf-8")
    (shipped_copy / "submissions" / "cum-3.xlsx").rename(shipped_copy / "submissions" / "cum-3-copy.xlsx")

    assert () == year.read(shipped_copy).problems


@pytest.mark.parametrize(("name", "wanted"), [("decisions.xlsx", "decisions.csv"), ("Quyet dinh.ods", "submissions"),
                                              ("decisions (1).csv", "decisions.csv"), ("units - Copy.csv", "units.csv")])
def test_what_nobody_reads_in_the_year_s_folder_is_named(shipped_copy, name, wanted):
    """A notice with the file that is read instead."""
    (shipped_copy / name).write_bytes(b"x")

    [told] = [n for n in year.read(shipped_copy).notices if n.file == name]

    assert wanted in told.message


def test_a_file_that_lies_there_twice_is_sent_back_as_a_list(shipped_copy, tmp_path):
    """`--annotate`: there is no cell to mark in either."""
    sent = shipped_copy / "submissions" / "cum-3.xlsx"
    shutil.copy(sent, sent.with_name("cum-3 (1).xlsx"))

    done = subprocess.run([sys.executable, "-m", "ctd_analysis", "check", str(shipped_copy), "--annotate", str(tmp_path / "x")],
                          cwd=ROOT, capture_output=True, text=True, encoding="utf-8")

    assert (1, ["cum-3.can-sua.xlsx"]) == (done.returncode, [p.name for p in (tmp_path / "x").iterdir()])
