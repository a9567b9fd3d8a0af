# -*- coding: utf-8 -*-
"""Set everything up and run it, with nothing but Python 3.11 or newer: ``python tasks.py run``.

The environment `.venv` is made from `requirements.lock`, every package checked against its hash; it is made again when
something it was made from has changed, or when its making was interrupted. Only the standard library is used, in
words an old Python can read too, so that it can say what is wanted instead of failing with a syntax error.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import sys

USAGE = """\
Cách dùng: python tasks.py VIỆC [tham số…]

  run  [tham số…]  làm việc chính: xếp loại năm mới nhất trong data/ đã có hồ sơ, tạo các trang trong reports/
  open [tham số…]  như run, xong thì mở mục lục các trang trong trình duyệt
  test [tham số…]  chạy các bài kiểm thử (pytest)
  lab              mở JupyterLab ở thư mục notebooks/
  ctd  LỆNH…       chạy một lệnh ctd bất kỳ, ví dụ: python tasks.py ctd explain kien-hai
  lock             ghi lại requirements.lock theo pyproject.toml (cần uv)

Lần đầu, môi trường .venv được dựng tự động (cần mạng). Đường dẫn trong tham số tính từ thư mục chứa tasks.py.
"""
ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
STAMP = os.path.join(VENV, "made-from")
PYTHON = os.path.join(VENV, "Scripts", "python.exe") if os.name == "nt" else os.path.join(VENV, "bin", "python")
JOBS = {
    "run": ["-m", "ctd_analysis", "run"],
    "open": ["-m", "ctd_analysis", "run"],
    "test": ["-m", "pytest", "--numprocesses=auto", "--dist=worksteal"],
    "lab": ["-m", "jupyterlab", "--LabApp.default_url=/lab/tree/notebooks"],
    "ctd": ["-m", "ctd_analysis"],
}
LOCK = "pip compile pyproject.toml --extra test --generate-hashes --universal --python-version 3.11 --quiet".split()
LOCK += ["--custom-compile-command", "python tasks.py lock", "--output-file", "requirements.lock"]


class Stop(Exception):
    """What the user has to be told before anything can go on."""


def say(text):
    """Tell the user, on the error stream: standard output belongs to the job (`ctd appraise --json -`)."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def made_from():
    """Name what the environment depends on: lock, project file, Python version and this folder's place."""
    seen = hashlib.sha256(("%d.%d " % sys.version_info[:2]).encode() + os.fsencode(ROOT))
    for name in ("requirements.lock", "pyproject.toml"):
        with open(os.path.join(ROOT, name), "rb") as file:
            seen.update(file.read())
    return seen.hexdigest()


def is_ready():
    """Was the environment made to the end, and from what is here now?"""
    if not (os.path.exists(PYTHON) and os.path.exists(STAMP)):
        return False
    with open(STAMP) as file:
        return file.read() == made_from()


def prepare():
    """Make the environment where it is not ready; its stamp is written last, so half an environment never passes."""
    if is_ready():
        return
    try:
        import venv  # noqa: F401
        from ensurepip import version  # noqa: F401 - Debian and Ubuntu keep this in a package of its own
    except ImportError:
        message = "Python này thiếu venv: hãy cài gói python3-venv (sudo apt install python3-venv) rồi chạy lại."
        raise Stop(message)  # noqa: B904 - `from None` is no word an old Python can read
    say("Đang dựng môi trường .venv, mất khoảng một phút (chỉ lần đầu và khi thư viện thay đổi)…")
    if os.path.exists(STAMP):
        os.remove(STAMP)
    step(sys.executable, "-m", "venv", "--clear", VENV)
    step(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", "requirements.lock")
    step(PYTHON, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "-e", ".")
    with open(STAMP, "w") as file:
        file.write(made_from())


def step(*command):
    """Run one step of the making in silence; show what it printed only when it fails."""
    quiet = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1")
    done = subprocess.run(command, cwd=ROOT, env=quiet, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        say(done.stdout.decode("utf-8", "replace"))
        raise Stop("Chưa dựng được .venv, lý do ở trên: hãy xem mạng, đóng chương trình đang dùng .venv rồi chạy lại.")


def run(*command):
    """Run the job itself and hand on its exit code; Ctrl-C is for the job to answer."""
    signal.signal(signal.SIGINT, lambda *_: None)
    code = subprocess.call(command, cwd=ROOT)
    return code if code >= 0 else 128 - code


def keep_outputs_out():
    """Notebooks that were run and saved are committed without their outputs; no git, or no repository: nothing to do."""
    if shutil.which("git") and os.path.exists(os.path.join(ROOT, ".git")):
        clean = '"%s" -m nbstripout' % PYTHON.replace(os.sep, "/")
        subprocess.call(["git", "config", "filter.notebook.clean", clean], cwd=ROOT)


def show_index():
    """Open the index of the pages made last: a run writes its run.json anew each time."""
    reports = os.path.join(ROOT, "reports")
    made = [os.path.join(folder, "index.html") for folder, _, files in os.walk(reports)
            if "run.json" in files and "index.html" in files]
    if not made:
        say("Chưa có mục lục nào trong reports/ để mở; lý do ở trên.")
        return
    last = max(made, key=lambda path: os.path.getmtime(os.path.join(os.path.dirname(path), "run.json")))
    say("Mở %s trong trình duyệt…" % os.path.relpath(last, ROOT))
    import pathlib
    import webbrowser
    if not webbrowser.open(pathlib.Path(last).as_uri()):
        say("Máy không mở được trình duyệt: hãy tự mở tệp ấy.")


def main(arguments):
    """Do what was asked for, and return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a Windows console may know no Vietnamese letters
            stream.reconfigure(encoding="utf-8", errors="replace")
    if sys.version_info < (3, 11):
        raise Stop("Cần Python 3.11 trở lên; bản đang chạy là %d.%d." % sys.version_info[:2])
    job, rest = (arguments or ["--help"])[0], arguments[1:]
    if job in ("-h", "--help", "help"):
        sys.stdout.write(USAGE)
        return 0
    if job == "lock":
        uv = shutil.which("uv") or shutil.which("uv", path=os.path.dirname(PYTHON))
        if not uv:
            raise Stop("Cần có uv để ghi lại requirements.lock: hãy cài uv (pip install uv) rồi chạy lại.")
        return run(uv, *LOCK + rest)
    if job not in JOBS:
        raise Stop("Không có việc nào tên là “%s”.\n\n%s" % (job, USAGE))
    prepare()
    if job == "lab":
        keep_outputs_out()
    code = run(PYTHON, *JOBS[job] + rest)
    if job == "open":
        show_index()
    return code


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (Stop, OSError) as problem:
        say("%s" % problem)
        sys.exit(2)
    except KeyboardInterrupt:
        say("Đã dừng giữa chừng; lần chạy sau sẽ làm lại từ đầu.")
        sys.exit(130)
