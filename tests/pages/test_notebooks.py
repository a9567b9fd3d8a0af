"""The notebooks: thin, without outputs, and runnable by plain papermill from either folder."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT, keep_notebooks, kept_notebook

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMES = [p.stem for p in NOTEBOOKS]


def cells(path: Path) -> list[dict]:
    """Of the notebook as it is kept, not as somebody may have saved it."""
    return json.loads(kept_notebook(path.name))["cells"]


@pytest.fixture
def notebooks(tmp_path) -> Path:
    """The notebooks as they are kept, in the folder notebooks/ of a project."""
    (tmp_path / "data").symlink_to(ROOT / "data")
    return keep_notebooks(tmp_path / "notebooks")


def test_the_notebooks_are_there():
    """The card's pack, and those of the year before December."""
    assert {"check_inputs", "cluster_report", "province_summary", "what_if", "registration", "progress",
            "compare", "inspection", "session"} <= set(NAMES)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_a_notebook_is_kept_without_outputs(path):
    """Outputs in a repository are stale and may carry data."""
    nbformat.validate(nbformat.reads(kept_notebook(path.name), as_version=4))
    for cell in cells(path):
        assert not cell.get("outputs") and cell.get("execution_count") is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_a_notebook_is_thin(path):
    """No def, if, for; on pages no comparison and no number either; imports ctd_analysis alone; a call or two a cell."""
    banned = (ast.FunctionDef, ast.Lambda, ast.If, ast.For, ast.While, ast.ListComp, ast.ClassDef, ast.Try, ast.With)
    is_bench = path.stem == "what_if"
    for cell in cells(path):
        if cell["cell_type"] == "code":
            tree = ast.parse("".join(cell["source"]))
            assert 6 >= len("".join(cell["source"]).splitlines())
            for node in ast.walk(tree):
                assert not isinstance(node, banned), "".join(cell["source"])
                assert is_bench or not isinstance(node, ast.Compare)
                assert is_bench or not (isinstance(node, ast.Constant) and isinstance(node.value, (int, float)))
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    assert "ctd_analysis" == (getattr(node, "module", None) or node.names[0].name)


@pytest.mark.parametrize(("name", "parameters"), [("cluster_report", {"year_dir", "cluster", "scenario"}),
                                                  ("province_summary", {"year_dir", "scenario"}),
                                                  ("check_inputs", {"year_dir", "scenario"}), ("what_if", {"year_dir"}),
                                                  ("compare", {"old_dir", "new_dir", "old_rules"}),
                                                  ("registration", {"year_dir", "scenario"}),
                                                  ("progress", {"year_dir", "scenario", "on"}),
                                                  ("inspection", {"year_dir", "scenario"}),
                                                  ("session", {"year_dir", "cluster"})])
def test_a_notebook_declares_the_contract_s_parameters(notebooks, name, parameters):
    """papermill finds exactly these."""
    import papermill

    assert parameters == set(papermill.inspect_notebook(str(notebooks / f"{name}.ipynb")))


@pytest.mark.parametrize(("folder", "path"), [(".", "notebooks/cluster_report.ipynb"), ("notebooks", "cluster_report.ipynb")],
                         ids=["root", "notebooks"])
def test_plain_papermill_runs_a_cluster_from_either_folder(notebooks, tmp_path, folder, path):
    """`papermill notebooks/cluster_report.ipynb out.ipynb -p cluster cum-2`."""
    done = subprocess.run([sys.executable, "-m", "papermill", path, str(tmp_path / "out.ipynb"), "-p", "cluster", "cum-2"],
                          cwd=notebooks.parent / folder, capture_output=True, text=True, encoding="utf-8", timeout=120,
                          env={**os.environ, "PYTHONPATH": str(ROOT)})

    assert 0 == done.returncode, done.stderr
    assert "Cụm thi đua số 2" in (tmp_path / "out.ipynb").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["check_inputs", "province_summary", "what_if", "compare", "registration", "progress",
                                  "inspection", "session"])
def test_the_other_notebooks_run_with_their_defaults(notebooks, tmp_path, name, monkeypatch):
    """As by hand in JupyterLab: run all cells."""
    import papermill
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    done = papermill.execute_notebook(str(notebooks / f"{name}.ipynb"), str(tmp_path / "out.ipynb"), progress_bar=False,
                                      cwd=str(notebooks))

    assert all("text/html" in o["data"] or "application/vnd.jupyter.widget-view+json" in o["data"]
               for c in done.cells for o in c.get("outputs", []))
    assert any(c.get("outputs") for c in done.cells)


def test_an_unknown_cluster_stops_the_notebook_with_a_sentence(notebooks, tmp_path, monkeypatch):
    """The analyst mistyped a cluster."""
    import papermill
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with pytest.raises(papermill.exceptions.PapermillExecutionError, match="Không có cụm “cum-33” .có phải “cum-3” không"):
        papermill.execute_notebook(str(notebooks / "cluster_report.ipynb"), str(tmp_path / "out.ipynb"),
                                   {"cluster": "cum-33"}, progress_bar=False, cwd=str(ROOT))


def test_links_of_a_notebook_run_by_hand_lead_somewhere(tmp_path, monkeypatch):
    """To the pages of the last run, where there are any; else words alone."""
    from ctd_analysis.pages.notebook import open_cluster
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    page = open_cluster("data/2024", "cum-1")

    assert "<a " not in page.ranking()._repr_html_()
    made = tmp_path / "reports" / "2024" / "don-vi" / "ha-tien.html"
    made.parent.mkdir(parents=True)
    made.write_text("trang", encoding="utf-8")
    assert '<a href="reports/2024/don-vi/ha-tien.html">' in page.ranking()._repr_html_()
    assert 1 == page.ranking()._repr_html_().count("<a ")


def test_a_working_copy_that_was_run_and_saved_is_kept_without_outputs(tmp_path):
    """What `tasks.py lab` tells git, tried in a repository of its own."""
    sys.path.insert(0, str(ROOT))
    import tasks
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", execution_count=3, outputs=[
        nbformat.v4.new_output("stream", text="kết quả riêng")])])
    nbformat.write(made, tmp_path / "a.ipynb")
    (tmp_path / ".gitattributes").write_text((ROOT / ".gitattributes").read_text(encoding="utf-8"), encoding="utf-8")
    quiet = {"cwd": tmp_path, "check": True, "capture_output": True, "text": True, "encoding": "utf-8"}
    subprocess.run(["git", "init", "-q"], **quiet)
    before = tasks.ROOT, tasks.PYTHON
    try:
        tasks.ROOT, tasks.PYTHON = str(tmp_path), sys.executable
        tasks.keep_outputs_out()
    finally:
        tasks.ROOT, tasks.PYTHON = before
    subprocess.run(["git", "add", "a.ipynb"], **quiet)

    kept = subprocess.run(["git", "show", ":a.ipynb"], **quiet).stdout
    assert "kết quả riêng" not in kept and "kết quả riêng" in (tmp_path / "a.ipynb").read_text(encoding="utf-8")
