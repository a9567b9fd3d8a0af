"""What a kernel says outside a notebook: kept from the terminal, told where the kernel did not start."""

from __future__ import annotations

import itertools
import re
import socket
import time

import pytest
from conftest import SHIPPED
from jupyter_client.connect import LocalPortCache

from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.run import kernels, render, worklist
from ctd_analysis.year.year import read


@pytest.fixture
def taken_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


@pytest.fixture
def made(monkeypatch, tmp_path, taken_port):
    """The first page, made while a port taken by somebody else is held for a free one, each of these times."""
    job = worklist.plan(appraise(read(SHIPPED)), None)[0]

    def make(times) -> render.Made:
        asked, find = itertools.count(), LocalPortCache.find_available_port
        monkeypatch.setattr(LocalPortCache, "find_available_port",
                            lambda cache, ip: taken_port if next(asked) in times else find(cache, ip))
        try:
            return render.make(render.Task(job.name, str(worklist.NOTEBOOKS / job.notebook), job.parameters,
                                           worklist.context(job, "nay"), str(tmp_path)))
        finally:
            kernels.close()
    return make


@pytest.mark.parametrize("channel", range(5), ids=["shell", "iopub", "stdin", "heartbeat", "control"])
def test_a_port_taken_meanwhile_is_told_to_nobody(made, capfd, channel):
    """The kernel is started anew, or does without (nobody listens to its heartbeat)."""
    start = time.monotonic()
    page = made({channel})

    assert time.monotonic() - start < kernels.READY / 2
    assert not page.reasons and page.page and ("", "") == capfd.readouterr()


def test_a_kernel_that_never_starts_is_told_with_its_last_word(made, capfd):
    page = made(range(10))

    assert page.is_ours and re.fullmatch(r"nhân tính toán \(kernel\) không chạy lên được "
                                         r"\(RuntimeError: [^;]+; .*ZMQError.*\), đã thử lại một lần", page.reasons[0])
    assert ("", "") == capfd.readouterr()


PRINTS = ["print('một'); import sys; print('hai', file=sys.stderr); 'ba'",
          "print('không xuống dòng', end=''); sys.stdout.flush(); sys.stdout.flush(); print('!')",
          "from IPython.display import display; print(1); display(2); print(3); display(4); sys.stderr.write('năm')",
          "from threading import Thread; t = Thread(target=print, args=('bảy',)); t.start(); t.join()",
          "import logging; logging.warning('tám'); sys.stdout.writelines(['chín', 'mười'])",
          "for n in range(3000): print(n)",
          "print('trước khi hỏng'); 1 / 0"]


def test_what_a_notebook_prints_comes_as_from_any_kernel(tmp_path):
    """In the same order, nothing lost: our own stream and engine beside papermill's and ipykernel's."""
    import nbformat
    import papermill
    for name, sources in (("whole", PRINTS[:-1]), ("fails", PRINTS)):
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
        book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(book, tmp_path / f"{name}.ipynb")
    try:
        ours = render.execute(tmp_path / "whole.ipynb", tmp_path / "ours.ipynb", {})
        with pytest.raises(papermill.PapermillExecutionError):
            render.execute(tmp_path / "fails.ipynb", tmp_path / "failed.ipynb", {})
    finally:
        kernels.close()
    theirs = papermill.execute_notebook(tmp_path / "whole.ipynb", None, progress_bar=False)
    failed = nbformat.read(tmp_path / "failed.ipynb", 4)

    assert [cell.outputs for cell in ours.cells] == [cell.outputs for cell in theirs.cells]
    assert ["trước khi hỏng\n", "ZeroDivisionError"] == [one.get("text") or one.ename for one in failed.cells[-1].outputs]
