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
from .verbs.appraise import appraise, explain, what_if
from .verbs.check import check
from .verbs.compare import compare
from .verbs.decide import decide
from .verbs.due import due
from .verbs.inspect import inspect
from .verbs.new_year import new_year
from .verbs.notebooks import notebooks
from .verbs.progress import progress
from .verbs.registration import registration
from .verbs.run import run
from .verbs.shared import DEFAULT_YEAR, CallError, newest_year, say, tell_refused
from .verbs.template import template


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code; never a traceback for bad input."""
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
    except KeyboardInterrupt:
        say("Đã dừng theo yêu cầu; không có trang nào ghi dở.")
        return 130


# ---------------------------------------------------------------- the call

class _Help(argparse.HelpFormatter):
    def __init__(self, prog, **given):
        super().__init__(prog, max_help_position=18, **given)       # room for the longest verb beside what it is for

    def add_usage(self, usage, actions, groups, prefix=None):
        """The usage line, in Vietnamese; argparse gives a prefix of its own where it builds names from it."""
        super().add_usage(usage, actions, groups, "Cách dùng: " if prefix is None else prefix)


class CommandLine(argparse.ArgumentParser):
    """argparse that speaks Vietnamese and suggests the nearest word."""

    gathers = ""        # the argument that takes every word, those after options too

    def __init__(self, **options):
        super().__init__(allow_abbrev=False, add_help=False, exit_on_error=False, formatter_class=_Help, **options)
        self._positionals.title, self._optionals.title = "Nêu", "Tùy chọn"
        self.add_argument("-h", "--help", action="help", help="in trang này")

    def parse_known_args(self, args=None, namespace=None):
        """A verb answers for its own options, so that the nearest of them can be suggested."""
        try:
            known, rest = super().parse_known_args(args, namespace)
        except argparse.ArgumentError as error:
            named = [a for a in self._actions if error.argument_name and error.argument_name == "/".join(a.option_strings)]
            if not named:               # from Python 3.12 on, what is missing comes this way
                self.error(error.message)
            self._refuse(f"{error.argument_name} " + ("không nhận giá trị nào" if named[0].nargs == 0 else
                                                      "cần một giá trị đứng sau"))
        if self.gathers and not any(word.startswith("-") for word in rest):
            getattr(known, self.gathers).extend(rest)
            rest = []
        if rest:
            self._refuse(f"không hiểu “{' '.join(rest)}”{hint(rest[0], [*self._option_string_actions, *VERBS])}")
        return known, rest

    def error(self, message):
        """Something is missing: the one wrong call that argparse gives no type. Nothing asks for more than one thing."""
        self._refuse(f"thiếu {next(a.metavar for a in self._actions if a.required)}")

    def _check_value(self, action, value):
        """argparse's own place to refuse a verb that is none."""
        if action.choices is not None and value not in action.choices:
            self._refuse(f"không có lệnh “{value}”{hint(value, VERBS)}; các lệnh: {', '.join(VERBS)}")

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

_NEWEST = "mặc định: năm mới nhất trong data/ đã có hồ sơ"


def _year(one) -> None:
    one.add_argument("year", metavar="THƯ_MỤC_NĂM", nargs="?",
                     help=f"thư mục của năm, ví dụ {DEFAULT_YEAR} ({_NEWEST})")


def _json(one, what: str) -> None:
    one.add_argument("--json", metavar="TỆP", help=f"ghi {what} dạng JSON vào tệp; “-” là ra màn hình")


def _cluster(one, what: str) -> None:
    one.add_argument("--cluster", metavar="MÃ_CỤM", action="append", default=[],
                     help=f"chỉ {what} cụm này (có thể nêu nhiều lần)")


def _scenario(one) -> None:
    one.add_argument("--scenario", metavar="TỆP", help="tệp TOML của một phương án thử")


def _tried(one, what: str) -> None:
    _year(one)
    _json(one, what)
    _scenario(one)
    one.add_argument("--set", metavar="KHÓA=GIÁ_TRỊ", action="append", help="thử đổi một giá trị của quy định, "
                     "ví dụ class.excellent.min_a=40 hoặc readings.not_considered=either")


def _run(one) -> None:
    one.add_argument("years", metavar="THƯ_MỤC_NĂM", nargs="*",
                     help=f"thư mục của một hay nhiều năm, ví dụ {DEFAULT_YEAR} ({_NEWEST})")
    one.add_argument("--out", metavar="THƯ_MỤC", help="nơi ghi các trang (mặc định reports/<năm>)")
    _cluster(one, "làm")
    _scenario(one)
    one.add_argument("--jobs", metavar="N", action=_Number, kind=int, word="một số nguyên",
                     default=os.cpu_count() or 1,
                     help="số sổ tính chạy cùng lúc (mặc định: số nhân của máy)")
    one.add_argument("--force", action="store_true", help="lập lại cả những trang không có gì đổi")
    one.add_argument("--timeout", metavar="GIÂY", action=_Number, kind=float, word="một số giây",
                     help="dừng sổ tính nào chạy quá lâu")
    one.add_argument("--scheduler", metavar="ĐỊA_CHỈ", help="chạy trên một cụm máy Dask (cần gói phụ [distributed])")
    one.add_argument("-v", "--verbose", action="store_true", help="in nhật ký chi tiết")


def _appraise(one) -> None:
    _tried(one, "kết quả")


def _what_if(one) -> None:
    _tried(one, "câu trả lời")
    one.add_argument("--check", action="store_true", help="mã kết thúc 1 nếu kết quả khác với [expected] của tệp phương án")
    one.add_argument("--keys", action="store_true", help="kể mọi khóa đổi được bằng --set: đang là gì, nói về điều gì")


def _check(one) -> None:
    _year(one)
    _json(one, "danh sách")
    one.add_argument("--dump", metavar="THƯ_MỤC", help="ghi các bảng đúng như đã đọc được, dạng CSV, mỗi cụm một thư mục")
    one.add_argument("--against", metavar="THƯ_MỤC", help="so với các bảng đã đọc lần trước (do --dump hay run ghi; mặc định "
                     "reports/<năm>/read): dòng nào, ô nào khác")
    one.add_argument("--account", metavar="TỆP", help="ghi ra CSV mỗi ô có chữ của các bảng tính được hiểu là gì")
    one.add_argument("--annotate", metavar="THƯ_MỤC", help="ghi bản sao các bảng tính có lỗi, đánh dấu từng ô, để gửi trả cụm")


def _registration(one) -> None:
    _year(one)
    _json(one, "đăng ký")


def _progress(one) -> None:
    _year(one)
    one.add_argument("--on", metavar="NGÀY", help="tính đến ngày nào, dạng 2024-06-30 (mặc định 30/6 của năm)")
    _json(one, "tiến độ")


def _due(one) -> None:
    _year(one)
    one.add_argument("--on", metavar="NGÀY", required=True, help="hôm nay là ngày nào, dạng 2024-02-20")
    _json(one, "danh sách")


def _template(one) -> None:
    _year(one)
    one.add_argument("--out", metavar="THƯ_MỤC", help="nơi ghi các biểu (mặc định templates/<năm>)")
    one.add_argument("--round", metavar="ĐỢT", help="biểu của đợt khác: registration (đăng ký tháng Hai, mỗi đơn vị một tệp), "
                     "session (kỳ họp thẩm định, ky-hop.xlsx)")
    _cluster(one, "lập cho")


def _decide(one) -> None:
    one.gathers = "words"
    one.add_argument("words", metavar="ĐƠN_VỊ QUYẾT_ĐỊNH [GIÁ_TRỊ] [THƯ_MỤC_NĂM]", nargs="*",
                     help="ví dụ: kien-hai waive dues; rach-gia \"xếp loại\" Khá; rach-gia withdraw \"class good\". "
                     f"Thư mục năm ví dụ {DEFAULT_YEAR} (mặc định: năm mới nhất)")
    one.add_argument("--rule", metavar="KHÓA=GIÁ_TRỊ", help="thay cho đơn vị và quyết định: Hội đồng đổi một yêu cầu, ngày hay "
                     "thống nhất một cách hiểu, ví dụ class.excellent.min_a=40")
    one.add_argument("--take", metavar="TỆP", help="lấy mọi dòng đã ghi trong biểu ky-hop.xlsx (ctd template --round session)")
    one.add_argument("--reason", metavar="LÝ_DO", default="", help="lý do")
    one.add_argument("--document", metavar="VĂN_BẢN", default="", help="biên bản hay văn bản")
    one.add_argument("--on", metavar="NGÀY", default="", help="ngày quyết định, ví dụ 20/12/2024")
    one.add_argument("--record", action="store_true", help="ghi vào tệp; không có thì chỉ xem trước ai đổi")
    _json(one, "câu trả lời")


def _notebooks(one) -> None:
    one.add_argument("folder", metavar="THƯ_MỤC", help="nơi ghi các sổ tính; tệp đã có thì giữ nguyên. "
                     f"Sổ tính đọc {DEFAULT_YEAR} ở đó hoặc ở thư mục trên; năm khác thì đổi ô đầu")


def _explain(one) -> None:
    one.add_argument("unit", metavar="ĐƠN_VỊ", help="mã hoặc tên đơn vị, ví dụ kien-hai")
    _year(one)


def _compare(one) -> None:
    one.add_argument("years", metavar="THƯ_MỤC_NĂM", nargs="*", help="năm trước rồi năm sau, ví dụ data/2023 data/2024; "
                     "một thư mục nếu có --old-rules")
    one.add_argument("--old-rules", metavar="TỆP", help="so một năm theo quy định của năm và theo tệp quy định này")
    _json(one, "câu trả lời")
    one.add_argument("--out", metavar="THƯ_MỤC", help="ghi thêm trang compare.html vào thư mục này, ví dụ reports/2024")


def _new_year(one) -> None:
    one.add_argument("source", metavar="NĂM_NGUỒN", help="thư mục của năm đã có, ví dụ data/2024")
    one.add_argument("target", metavar="NĂM_MỚI", help="thư mục sẽ lập, chưa có, ví dụ data/2025")


def _inspect(one) -> None:
    _year(one)
    _json(one, "danh sách (cùng --take: các dòng của phiếu và ai đổi)")
    one.add_argument("--xlsx", metavar="TỆP", help="lập phiếu mang theo, mỗi đơn vị một trang, in trên giấy A4")
    one.add_argument("--take", metavar="TỆP", help="đọc phiếu đã điền, xem trước ai đổi; chưa ghi gì")
    one.add_argument("--record", action="store_true", help="cùng --take: ghi thêm vào appraisal.csv và verified.csv")


#: Each verb: what does it, what it may be told, what it is for.
VERBS = {
    "run": (run, _run, "Việc chính: kiểm tra số liệu, chạy các sổ tính, ghi các trang HTML"),
    "appraise": (appraise, _appraise, "Chỉ tính: xếp loại, thứ tự, trường hợp III.2, cách hiểu"),
    "what-if": (what_if, _what_if,
                "Nếu như: đơn vị nào đổi, vì sao; đến đâu thì đổi; còn cách bao xa; hiểu khác thì sao"),
    "check": (check, _check, "Chỉ kiểm tra số liệu: liệt kê mọi lỗi và lưu ý"),
    "compare": (compare, _compare, "So một năm với năm khác, hoặc một năm theo hai thang: đổi bao nhiêu, do đâu"),
    "new-year": (new_year, _new_year, "Lập thư mục năm sau từ một năm, và kể những chỗ người phải xem lại"),
    "registration": (registration, _registration, "Đăng ký thi đua (V.3): ai đã gửi, chỉ tiêu nào, so với phần II; dùng "
                     "được từ tháng Hai"),
    "progress": (progress, _progress, "Sáu tháng đầu năm (IV, II.9): tiến độ từng chỉ tiêu, không xếp loại"),
    "due": (due, _due, "Việc đến hạn theo Kế hoạch: đã qua, ba mươi ngày tới, ai còn chậm"),
    "template": (template, _template, "Lập biểu bảng tính để gửi các cụm ghi, mỗi cụm một tệp"),
    "inspect": (inspect, _inspect, "Kiểm tra thực tế: nên xem gì trước, đi những Hội cơ sở nào; lập phiếu mang theo, nhận lại"),
    "decide": (decide, _decide, "Kỳ họp: thử một quyết định của Hội đồng xem ai đổi, rồi ghi"),
    "notebooks": (notebooks, _notebooks, "Ghi bản sao các sổ tính vào một thư mục để làm việc trong đó"),
    "explain": (explain, _explain, "Vì sao một đơn vị được xếp như vậy, theo từng điều khoản"),
}


def parser() -> CommandLine:
    """The whole command line."""
    top = CommandLine(prog="ctd", description="Thẩm định, xếp loại thi đua cuối năm của các đơn vị Hội Chữ thập đỏ. "
                 "Phần mềm chỉ tính và đề nghị; Hội đồng quyết định.",
                 epilog="Mã kết thúc: 0 là ổn; 1 là số liệu có lỗi, các cụm khác vẫn làm xong; 2 là gọi lệnh chưa đúng.")
    top.add_argument("--version", action="version", version=f"ctd-analysis {__version__}", help="in số phiên bản")
    verbs = top.add_subparsers(title="Các lệnh", metavar="LỆNH", required=True, parser_class=CommandLine)
    for name, (does, told, help) in VERBS.items():
        one = verbs.add_parser(name, help=help, description=help)
        one.set_defaults(verb=does)
        told(one)
    return top
