"""A JupyterLab of our own, driven as a person does: for tests of notebooks that are used by hand, and for their pictures."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SMALL = {"width": 1366, "height": 768}          # a projector, a small laptop
_SETTINGS = ["--ServerApp.open_browser=False", "--IdentityProvider.token=thu", "--LabApp.news_url=",
             "--ServerApp.port_retries=50",
             "--LabApp.extension_manager=readonly", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]


@contextlib.contextmanager
def served(root: Path):
    """A server on a folder that holds notebooks and data; its address."""
    folders = {f"JUPYTER_{name}_DIR": str(root / name.lower()) for name in ("CONFIG", "RUNTIME")}
    env = {**os.environ, **folders, "PYTHONPATH": str(ROOT), "JUPYTERLAB_SETTINGS_DIR": str(root / "settings"),
           "JUPYTERLAB_WORKSPACES_DIR": str(root / "workspaces")}
    told = root / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    told.parent.mkdir(parents=True)
    told.write_text('{"fetchNews": "false"}', encoding="utf-8")         # else a box asks over the page
    as_root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    command = [sys.executable, "-m", "jupyterlab", *_SETTINGS, *as_root, f"--ServerApp.root_dir={root}"]
    server = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield _address(Path(folders["JUPYTER_RUNTIME_DIR"]), server)
    finally:
        server.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
        server.terminate()
        server.wait(20)


def _address(runtime: Path, server) -> str:
    for _ in range(300):
        for info in runtime.glob("jpserver-*.json"):
            url = json.loads(info.read_text(encoding="utf-8"))["url"]
            try:
                urllib.request.urlopen(f"{url}api/status?token=thu", timeout=2)     # noqa: S310  (our own server, loopback)
                return url
            except OSError:
                pass
        assert server.poll() is None, "JupyterLab ended"
        time.sleep(0.2)
    raise AssertionError("JupyterLab did not answer within a minute")


def run_all(browser, lab: str, name: str, viewport=SMALL, seen: list | None = None):
    """A notebook opened, its kernel waited for (else a dialog would ask for one), all its cells run.

    `seen` takes every address that is asked for.
    """
    page = browser.new_page(viewport=viewport, locale="vi-VN")
    page.on("request", lambda one: seen is not None and seen.append(one.url))
    page.goto(f"{lab}lab/tree/notebooks/{name}.ipynb?token=thu&reset")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
    page.get_by_text("| Idle").wait_for(timeout=60_000)
    press_run_all(page)
    return page


def press_run_all(page) -> None:
    """By the menu, as a person does; back when the kernel is idle again and the last cell has its number."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    done = "() => ![...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].some(p => p.textContent.includes('*'))"
    page.wait_for_timeout(300)
    page.wait_for_function(done, timeout=120_000)
