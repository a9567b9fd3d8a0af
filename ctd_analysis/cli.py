"""The command `ctd`: every verb of the contract, in words a clerk understands; what a verb does is `verbs`'.

Exit codes: 0 all went well; 1 something in the inputs is wrong and every healthy cluster was still done; 2 the call itself
is wrong.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from . import __version__
from .problems import Refused, why
from .terms import hint
from .values import plain
from .verbs.appraise import appraise, explain, what_if
from .verbs.check import check
from .verbs.compare import compare
from .verbs.decide import decide
from .verbs.inspect import inspect
from .verbs.midyear import due, progress, registration
from .verbs.new_year import new_year
from .verbs.notebooks import notebooks
from .verbs.run import run
from .verbs.shared import DEFAULT_YEAR, CallError, newest_year, say, tell_refused
from .verbs.template import template


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code; never a traceback for bad input. Ctrl-C passes: `__main__` answers it."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        options = parser().parse_args(argv)
        if getattr(options, "year", "") is None:
            options.year = newest_year()
        return options.verb(options)
    except CallError as error:
        say(f"ctd: {error}")
        return 2
    except Refused as refused:
        return tell_refused(refused)
    except BrokenPipeError:
        return 1
    except OSError as error:
        say(f"ctd: không đọc hoặc không ghi được ({why(error)})")
        return 2
    except MemoryError:
        say("ctd: máy không đủ bộ nhớ cho lệnh này; đóng bớt chương trình rồi chạy lại")
        return 2


# ---------------------------------------------------------------- the call

class _Help(argparse.HelpFormatter):
    def __init__(self, prog, **given):
        super().__init__(prog, max_help_position=18, **given)       # room for the longest verb beside what it is for

    def add_usage(self, usage, actions, groups, prefix=None):
        """The usage line, in Vietnamese; argparse gives a prefix of its own where it builds names from it."""
        super().add_usage(usage, actions, groups, "Cách dùng: " if prefix is None else prefix)


_WANTED = "cần một giá trị đứng sau"


class CommandLine(argparse.ArgumentParser):
    """argparse that speaks Vietnamese and suggests the nearest word."""

    GATHERS = "words"       # the argument that takes every word, those after options too

    def __init__(self, **options):
        super().__init__(allow_abbrev=False, add_help=False, exit_on_error=False, formatter_class=_Help, **options)
        self._positionals.title, self._optionals.title = "Nêu", "Tùy chọn"
        self.add_argument("-h", "--help", action="help", help="in trang này")

    def parse_known_args(self, args=None, namespace=None):
        """A verb answers for its own options, so that the nearest of them can be suggested."""
        self._typed = list(sys.argv[1:] if args is None else args)
        try:
            known, rest = super().parse_known_args(self._typed, namespace)
        except argparse.ArgumentError as error:
            named = [a for a in self._actions if error.argument_name and error.argument_name == "/".join(a.option_strings)]
            if not named:               # from Python 3.12 on, what is missing comes this way
                self.error(error.message)
            self._refuse(f"{error.argument_name} " + ("không nhận giá trị nào" if named[0].nargs == 0 else _WANTED))
        for one in self._actions:       # `--out "$OUT"` where OUT is not set asks for something, and does not say what
            value = getattr(known, one.dest, None)
            if one.option_strings and one.default is None and isinstance(value, str) and not plain(value):
                self._refuse(f"{'/'.join(one.option_strings)} {_WANTED}")
        if hasattr(known, self.GATHERS) and not any(word.startswith("-") for word in rest):
            getattr(known, self.GATHERS).extend(rest)
            rest = []
        self._refuse_unknown(rest)
        return known, rest

    def error(self, message):
        """What is missing, which argparse names last; before it an option nobody knows, for what is missing may hang on it."""
        self._refuse_unknown(self._strange(self._typed))
        self._refuse(f"thiếu {message.rpartition(': ')[2]}")

    def _check_value(self, action, value):
        """argparse's own place to refuse a verb that is none."""
        if action.choices is not None and value not in action.choices:
            self._refuse_unknown(self._strange(self._typed[:self._typed.index(value)]))
            self._refuse(f"không có lệnh “{value}”{hint(value, VERBS)}; các lệnh: {', '.join(VERBS)}")

    def _strange(self, words):
        """The first of some words that looks like an option and is none of this parser's, alone in a list; else nothing."""
        return [word for word in words if word.startswith("-") and word.strip("-")
                and word.partition("=")[0] not in self._option_string_actions][:1]

    def _refuse_unknown(self, words):
        if words:
            near = hint(words[0].partition("=")[0], [*self._option_string_actions, *VERBS])
            self._refuse(f"không hiểu “{' '.join(words)}”{near}")

    def _refuse(self, why):
        raise CallError(f"{why} (xem: {self.prog} --help)")


class _Number(argparse.Action):
    """An option whose value is a number: `kind` is int or float, `word` what that is called."""

    def __init__(self, kind, word, **options):
        super().__init__(**options)
        self.kind, self.word = kind, word

    def __call__(self, parser, namespace, values, option_string=None):
        try:
            setattr(namespace, self.dest, self.kind(values))
        except ValueError:
            parser._refuse(f"{option_string} cần {self.word}; thấy “{values}”")


# ---------------------------------------------------------------- what each verb may be told

def _option(*names: str, **told) -> tuple[tuple[str, ...], dict]:
    """What a verb may be told, as argparse's `add_argument` takes it."""
    return names, told


def _json(what: str):
    return _option("--json", metavar="TỆP", help=f"ghi {what} dạng JSON vào tệp; “-” là ra màn hình")


def _cluster(what: str):
    return _option("--cluster", metavar="MÃ_CỤM", action="append", default=[],
                   help=f"chỉ {what} cụm này (có thể nêu nhiều lần)")


def _on(help: str, **more):
    return _option("--on", metavar="NGÀY", help=help, **more)


_NEWEST = "mặc định: năm mới nhất trong data/ đã có hồ sơ"
_YEAR = _option("year", metavar="THƯ_MỤC_NĂM", nargs="?", help=f"thư mục của năm, ví dụ {DEFAULT_YEAR} ({_NEWEST})")
_SCENARIO = _option("--scenario", metavar="TỆP", help="tệp TOML của một phương án thử")
_SET = _option("--set", metavar="KHÓA=GIÁ_TRỊ", action="append", help="thử đổi một giá trị của quy định, "
               "ví dụ class.excellent.min_a=40 hoặc readings.not_considered=either")

#: Each verb: what does it, what it is for, what it may be told.
VERBS = {
    "run": (
        run, "Việc chính: kiểm tra số liệu, chạy các sổ tính, ghi các trang HTML",
        _option("years", metavar="THƯ_MỤC_NĂM", nargs="*",
                help=f"thư mục của một hay nhiều năm, ví dụ {DEFAULT_YEAR} ({_NEWEST})"),
        _option("--out", metavar="THƯ_MỤC", help="nơi ghi các trang (mặc định reports/<năm>)"),
        _cluster("làm"), _SCENARIO,
        _option("--jobs", metavar="N", action=_Number, kind=int, word="một số nguyên", default=os.cpu_count() or 1,
                help="số sổ tính chạy cùng lúc (mặc định: số nhân của máy)"),
        _option("--force", action="store_true", help="lập lại cả những trang không có gì đổi"),
        _option("--timeout", metavar="GIÂY", action=_Number, kind=float, word="một số giây",
                help="dừng sổ tính nào chạy quá lâu"),
        _option("--scheduler", metavar="ĐỊA_CHỈ", help="chạy trên một cụm máy Dask (cần gói phụ [distributed])"),
        _option("-v", "--verbose", action="store_true", help="in nhật ký chi tiết")),
    "appraise": (appraise, "Chỉ tính: xếp loại, thứ tự, trường hợp III.2, cách hiểu", _YEAR, _json("kết quả"), _SCENARIO, _SET),
    "what-if": (
        what_if, "Nếu như: đơn vị nào đổi, vì sao; đến đâu thì đổi; còn cách bao xa; hiểu khác thì sao",
        _YEAR, _json("câu trả lời"), _SCENARIO, _SET,
        _option("--check", action="store_true", help="mã kết thúc 1 nếu kết quả khác với [expected] của tệp phương án"),
        _option("--keys", action="store_true", help="kể mọi khóa đổi được bằng --set: đang là gì, nói về điều gì")),
    "check": (
        check, "Chỉ kiểm tra số liệu: liệt kê mọi lỗi và lưu ý", _YEAR, _json("danh sách"),
        _option("--dump", metavar="THƯ_MỤC", help="ghi các bảng đúng như đã đọc được, dạng CSV, mỗi cụm một thư mục"),
        _option("--against", metavar="THƯ_MỤC", help="so với các bảng đã đọc lần trước (do --dump hay run ghi; mặc định "
                "reports/<năm>/read): dòng nào, ô nào khác"),
        _option("--account", metavar="TỆP", help="ghi ra CSV mỗi ô có chữ của các bảng tính được hiểu là gì"),
        _option("--annotate", metavar="THƯ_MỤC", help="ghi bản sao các bảng tính có lỗi, đánh dấu từng ô, để gửi trả cụm")),
    "compare": (
        compare, "So một năm với năm khác, hoặc một năm theo hai thang: đổi bao nhiêu, do đâu",
        _option("years", metavar="THƯ_MỤC_NĂM", nargs="*", help="năm trước rồi năm sau, ví dụ data/2023 data/2024; "
                "một thư mục nếu có --old-rules"),
        _option("--old-rules", metavar="TỆP", help="so một năm theo quy định của năm và theo tệp quy định này"),
        _json("câu trả lời"),
        _option("--out", metavar="THƯ_MỤC", help="ghi thêm trang compare.html vào thư mục này, ví dụ reports/2024")),
    "new-year": (
        new_year, "Lập thư mục năm sau từ một năm, và kể những chỗ người phải xem lại",
        _option("source", metavar="NĂM_NGUỒN", help="thư mục của năm đã có, ví dụ data/2024"),
        _option("target", metavar="NĂM_MỚI", help="thư mục sẽ lập, chưa có, ví dụ data/2025")),
    "registration": (registration, "Đăng ký thi đua (V.3): ai đã gửi, chỉ tiêu nào, so với phần II; dùng được từ tháng Hai",
                     _YEAR, _json("đăng ký")),
    "progress": (progress, "Sáu tháng đầu năm (IV, II.9): tiến độ từng chỉ tiêu, không xếp loại", _YEAR,
                 _on("tính đến ngày nào, dạng 2024-06-30 (mặc định 30/6 của năm)"), _json("tiến độ")),
    "due": (due, "Việc đến hạn theo Kế hoạch: đã qua, ba mươi ngày tới, ai còn chậm", _YEAR,
            _on("hôm nay là ngày nào, dạng 2024-02-20", required=True), _json("danh sách")),
    "template": (
        template, "Lập biểu bảng tính để gửi các cụm ghi, mỗi cụm một tệp", _YEAR,
        _option("--out", metavar="THƯ_MỤC", help="nơi ghi các biểu (mặc định templates/<năm>)"),
        _option("--round", metavar="ĐỢT", help="biểu của đợt khác: registration (đăng ký tháng Hai, mỗi đơn vị một tệp), "
                "session (kỳ họp thẩm định, ky-hop.xlsx)"),
        _cluster("lập cho")),
    "inspect": (
        inspect, "Kiểm tra thực tế: nên xem gì trước, đi những Hội cơ sở nào; lập phiếu mang theo, nhận lại", _YEAR,
        _json("danh sách (cùng --take: các dòng của phiếu và ai đổi)"),
        _option("--xlsx", metavar="TỆP", help="lập phiếu mang theo, mỗi đơn vị một trang, in trên giấy A4"),
        _option("--take", metavar="TỆP", help="đọc phiếu đã điền, xem trước ai đổi; chưa ghi gì"),
        _option("--record", action="store_true", help="cùng --take: ghi thêm vào appraisal.csv và verified.csv")),
    "decide": (
        decide, "Kỳ họp: thử một quyết định của Hội đồng xem ai đổi, rồi ghi",
        _option(CommandLine.GATHERS, metavar="ĐƠN_VỊ QUYẾT_ĐỊNH [GIÁ_TRỊ] [THƯ_MỤC_NĂM]", nargs="*",
                help="ví dụ: kien-hai waive dues; rach-gia \"xếp loại\" Khá; rach-gia withdraw \"class good\". "
                f"Thư mục năm ví dụ {DEFAULT_YEAR} (mặc định: năm mới nhất)"),
        _option("--rule", metavar="KHÓA=GIÁ_TRỊ", help="thay cho đơn vị và quyết định: Hội đồng đổi một yêu cầu, ngày hay "
                "thống nhất một cách hiểu, ví dụ class.excellent.min_a=40"),
        _option("--take", metavar="TỆP", help="lấy mọi dòng đã ghi trong biểu ky-hop.xlsx (ctd template --round session)"),
        _option("--reason", metavar="LÝ_DO", default="", help="lý do"),
        _option("--document", metavar="VĂN_BẢN", default="", help="biên bản hay văn bản"),
        _on("ngày quyết định, ví dụ 20/12/2024", default=""),
        _option("--record", action="store_true", help="ghi vào tệp; không có thì chỉ xem trước ai đổi"),
        _json("câu trả lời")),
    "notebooks": (
        notebooks, "Ghi bản sao các sổ tính vào một thư mục để làm việc trong đó",
        _option("folder", metavar="THƯ_MỤC", help="nơi ghi các sổ tính; tệp đã có thì giữ nguyên. "
                f"Sổ tính đọc {DEFAULT_YEAR} ở đó hoặc ở thư mục trên; năm khác thì đổi ô đầu")),
    "explain": (explain, "Vì sao một đơn vị được xếp như vậy, theo từng điều khoản",
                _option("unit", metavar="ĐƠN_VỊ", help="mã hoặc tên đơn vị, ví dụ kien-hai"), _YEAR),
}


def parser() -> CommandLine:
    """The whole command line."""
    top = CommandLine(prog="ctd", description="Thẩm định, xếp loại thi đua cuối năm của các đơn vị Hội Chữ thập đỏ. "
                 "Phần mềm chỉ tính và đề nghị; Hội đồng quyết định.",
                 epilog="Mã kết thúc: 0 là ổn; 1 là số liệu có lỗi, các cụm khác vẫn làm xong; 2 là gọi lệnh chưa đúng.")
    top.add_argument("--version", action="version", version=f"ctd-analysis {__version__}", help="in số phiên bản")
    verbs = top.add_subparsers(title="Các lệnh", metavar="LỆNH", required=True, parser_class=CommandLine)
    for name, (does, help, *options) in VERBS.items():
        one = verbs.add_parser(name, help=help, description=help)
        one.set_defaults(verb=does)
        for names, told in options:
            one.add_argument(*names, **told)
    return top
