"""`ctd notebooks`: copies to work in, and nobody's work is written over."""

from __future__ import annotations

from conftest import ROOT

from ctd_analysis import cli
from ctd_analysis.run import worklist

NAMES = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}


def test_the_notebooks_are_copied_byte_for_byte(tmp_path):
    """A folder that is not there yet is made."""
    assert 0 == cli.main(["notebooks", str(tmp_path / "a" / "b")])
    assert NAMES == {path.name for path in (tmp_path / "a" / "b").iterdir()}
    for name in NAMES:
        assert (ROOT / "notebooks" / name).read_bytes() == (tmp_path / "a" / "b" / name).read_bytes()


def test_a_notebook_somebody_works_in_stays(tmp_path, capsys):
    """The new one lies beside it, and is told; what has not changed is there once."""
    (tmp_path / "what_if.ipynb").write_text("{}", encoding="utf-8")

    for _ in range(2):
        assert 0 == cli.main(["notebooks", str(tmp_path)])
    assert "{}" == (tmp_path / "what_if.ipynb").read_text(encoding="utf-8")
    assert NAMES | {"what_if (mới).ipynb"} == {path.name for path in tmp_path.iterdir()}
    assert "what_if.ipynb đã có người ghi vào, giữ nguyên" in capsys.readouterr().err


def test_a_link_that_leads_nowhere_stays_a_link(tmp_path):
    """It is somebody's too."""
    (tmp_path / "what_if.ipynb").symlink_to(tmp_path / "nowhere")

    assert 0 == cli.main(["notebooks", str(tmp_path)])
    assert (tmp_path / "what_if.ipynb").is_symlink() and (tmp_path / "what_if (mới).ipynb").is_file()


def test_a_folder_without_a_name_or_a_file_in_its_place_is_a_wrong_call(tmp_path, capsys):
    """One sentence, exit code 2, nothing written."""
    (tmp_path / "file").write_text("theirs", encoding="utf-8")

    assert 2 == cli.main(["notebooks", " "])
    assert "cần tên một thư mục" in capsys.readouterr().err
    assert 2 == cli.main(["notebooks", str(tmp_path / "file")])
    assert "không ghi được" in capsys.readouterr().err
    assert ["file"] == [path.name for path in tmp_path.iterdir()]


def test_the_notebooks_are_found_inside_the_library_and_beside_it(tmp_path):
    """Installed from a wheel they travel inside; where the project is worked in they lie beside."""
    package = tmp_path / "ctd_analysis"
    (tmp_path / "notebooks").mkdir()
    assert tmp_path / "notebooks" == worklist.find_notebooks(package)

    (package / "notebooks").mkdir(parents=True)
    assert package / "notebooks" == worklist.find_notebooks(package)
