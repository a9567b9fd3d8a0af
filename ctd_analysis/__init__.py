"""ctd-analysis: the year-end appraisal of a provincial Red Cross society, as notebooks and a library.

This is the door: the names below are what a notebook may use. They load when asked for, so that `ctd --help` stays quick, and
pandas with the first table. Questions with the lines that answer them: docs/thu-vien.md.
"""

from importlib import import_module

__version__ = "0.1.0"

_ROOMS = {**dict.fromkeys(("open_cluster", "open_province", "open_inputs"), "pages.notebook"),
          "open_comparison": "pages.comparison", "open_inspection": "pages.inspection", "hold_session": "pages.session",
          **dict.fromkeys(("open_registration", "open_progress"), "pages.midyear"),
          **dict.fromkeys(("explore", "draw_edges", "firmness", "distance", "show"), "bench.story"),
          **dict.fromkeys(("read", "change"), "bench.years"), **dict.fromkeys(("appraise", "moves"), "bench.results"),
          **dict.fromkeys(("sweep", "heat_map"), "bench.sweeps"), "labels": "bench.labels",
          **dict.fromkeys(("Refused", "UnknownCluster", "UnknownColumn", "UnknownTable", "WrongArgument"), "bench.errors"),
          **dict.fromkeys(("UnknownKey", "UnknownUnit", "UnknownValue", "BadScenario"), "plan.scenario")}
__all__ = sorted(_ROOMS)


def __getattr__(name: str):
    if name not in _ROOMS:
        from .terms import hint
        raise AttributeError(f"ctd_analysis không có “{name}”{hint(name, _ROOMS)}")
    return getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)


def __dir__():
    return [*__all__, "__version__"]
