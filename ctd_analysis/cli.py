"""The command `ctd`: every verb of the contract, in words a clerk understands; what a verb does is `verbs`'.

Exit codes: 0 all went well; 1 something in the inputs is wrong and every healthy cluster was still done; 2 the call itself
is wrong.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence

from .verbs import DEFAULT_YEAR, CallError, appraise, check, explain, hint_at, run, say, tell_refused, template, what_if

VERBS = ("run", "appraise", "check", "explain", "what-if", "template")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code; never a traceback for bad input."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    from .problems import Refused
    try:
        options = parser().parse_args(argv)
        return options.verb(options)
    except CallError as error:
        say(f"ctd: {error}")
        return 2
    except Refused as refused:
        return tell_refused(refused)
    except BrokenPipeError:
        return 1
    except OSError as error:
        say(f"ctd: không đọc hoặc không ghi được ({error.strerror or error})")
        return 2
    except MemoryError:
        say("ctd: máy không đủ bộ nhớ cho lệnh này; đóng bớt chương trình rồi chạy lại")
        return 2
    except KeyboardInterrupt:
        say("Đã dừng theo yêu cầu; không có trang nào ghi dở.")
        return 130


# ---------------------------------------------------------------- the call

class Parser(argparse.ArgumentParser):
    """argparse that speaks Vietnamese and suggests the nearest word."""

    def __init__(self, **options):
        super().__init__(allow_abbrev=False, add_help=False, **options)
        self._positionals.title, self._optionals.title = "Nêu", "Tùy chọn"
        self.add_argument("-h", "--help", action="help", help="in trang này")

    def format_usage(self):
        """The usage line, in Vietnamese."""
        return super().format_usage().replace("usage:", "Cách dùng:", 1)

    def format_help(self):
        """The whole help, in Vietnamese."""
        return super().format_help().replace("usage:", "Cách dùng:", 1)

    def parse_known_args(self, args=None, namespace=None):
        """A verb answers for its own options, so that the nearest of them can be suggested."""
        known, rest = super().parse_known_args(args, namespace)
        if rest:
            self.error(f"unrecognized arguments: {' '.join(rest)}")
        return known, rest

    def error(self, message):
        """A wrong call, told in Vietnamese."""
        raise CallError(f"{self._say(message)} (xem: {self.prog} --help)")

    def _say(self, message):
        known = [o for a in self._actions for o in a.option_strings] + list(VERBS)
        if m := re.search(r"unrecognized arguments: (.+)", message):
            first = m[1].split()[0]
            return f"không hiểu “{m[1]}”{hint_at(first, known)}"
        if m := re.search(r"invalid choice: '(.+?)'", message):
            return f"không có lệnh “{m[1]}”{hint_at(m[1], VERBS)}; các lệnh: {', '.join(VERBS)}"
        if m := re.search(r"required: (.+)", message):
            return f"thiếu {m[1]}"
        if m := re.search(r"argument (\S+): ignored explicit argument", message):
            return f"{m[1]} không nhận giá trị nào"
        if m := re.search(r"argument (\S+): expected", message):
            return f"{m[1]} cần một giá trị đứng sau"
        if m := re.search(r"argument (\S+): invalid int value: '(.*)'", message):
            return f"{m[1]} cần một số nguyên; thấy “{m[2]}”"
        return message


def parser() -> Parser:
    """The whole command line."""
    top = Parser(prog="ctd", description="Thẩm định, xếp loại thi đua cuối năm của các huyện, thành Hội Chữ thập đỏ. "
                 "Phần mềm chỉ tính và đề nghị; Hội đồng quyết định.",
                 epilog="Mã kết thúc: 0 là ổn; 1 là số liệu có lỗi, các cụm khác vẫn làm xong; 2 là gọi lệnh chưa đúng.")
    verbs = top.add_subparsers(title="Các lệnh", metavar="LỆNH", required=True, parser_class=Parser)

    def verb(name, does, help):
        one = verbs.add_parser(name, help=help, description=help)
        one.set_defaults(verb=does)
        return one

    def year(one):
        one.add_argument("year", metavar="THƯ_MỤC_NĂM", nargs="?", default=DEFAULT_YEAR,
                         help=f"thư mục của năm (mặc định {DEFAULT_YEAR})")

    def scenario(one):
        one.add_argument("--scenario", metavar="TỆP", help="tệp TOML của một phương án thử")

    def change(one):
        one.add_argument("--set", metavar="KHÓA=GIÁ_TRỊ", action="append", help="thử đổi một giá trị của quy định, "
                         "ví dụ class.excellent.min_a=40 hoặc readings.not_considered=either")

    one = verb("run", run, "Việc chính: kiểm tra số liệu, chạy các sổ tính, ghi các trang HTML")
    one.add_argument("years", metavar="THƯ_MỤC_NĂM", nargs="*",
                     help=f"thư mục của một hay nhiều năm (mặc định {DEFAULT_YEAR})")
    one.add_argument("--out", metavar="THƯ_MỤC", help="nơi ghi các trang (mặc định reports/<năm>)")
    one.add_argument("--cluster", metavar="MÃ_CỤM", action="append", default=[], help="chỉ làm cụm này (có thể nêu nhiều lần)")
    scenario(one)
    one.add_argument("--jobs", metavar="N", type=int, default=os.cpu_count() or 1,
                     help="số sổ tính chạy cùng lúc (mặc định: số nhân của máy)")
    one.add_argument("--force", action="store_true", help="lập lại cả những trang không có gì đổi")
    one.add_argument("--timeout", metavar="GIÂY", type=float, help="dừng sổ tính nào chạy quá lâu")
    one.add_argument("--scheduler", metavar="ĐỊA_CHỈ", help="chạy trên một cụm máy Dask (cần gói phụ [distributed])")
    one.add_argument("-v", "--verbose", action="store_true", help="in nhật ký chi tiết")

    one = verb("appraise", appraise, "Chỉ tính: xếp loại, thứ tự, trường hợp III.2, cách hiểu")
    year(one)
    one.add_argument("--json", metavar="TỆP", help="ghi kết quả dạng JSON vào tệp; “-” là ra màn hình")
    scenario(one)
    change(one)

    one = verb("what-if", what_if, "Nếu như: đơn vị nào đổi, vì sao; đến mức nào thì đổi; còn cách bao xa; hiểu khác thì sao")
    year(one)
    one.add_argument("--json", metavar="TỆP", help="ghi câu trả lời dạng JSON vào tệp; “-” là ra màn hình")
    scenario(one)
    change(one)

    one = verb("check", check, "Chỉ kiểm tra số liệu: liệt kê mọi lỗi và lưu ý")
    year(one)
    one.add_argument("--json", metavar="TỆP", help="ghi danh sách dạng JSON vào tệp; “-” là ra màn hình")
    one.add_argument("--dump", metavar="THƯ_MỤC", help="ghi các bảng đúng như đã đọc được, dạng CSV, mỗi cụm một thư mục")
    one.add_argument("--annotate", metavar="THƯ_MỤC", help="ghi bản sao các bảng tính có lỗi, đánh dấu từng ô, để gửi trả cụm")

    one = verb("template", template, "Lập biểu bảng tính để gửi các cụm ghi, mỗi cụm một tệp")
    year(one)
    one.add_argument("--out", metavar="THƯ_MỤC", help="nơi ghi các biểu (mặc định templates/<năm>)")
    one.add_argument("--cluster", metavar="MÃ_CỤM", action="append", default=[],
                     help="chỉ lập cho cụm này (có thể nêu nhiều lần)")

    one = verb("explain", explain, "Vì sao một đơn vị được xếp như vậy, theo từng điều khoản")
    one.add_argument("unit", metavar="ĐƠN_VỊ", help="mã hoặc tên đơn vị, ví dụ kien-hai")
    year(one)
    return top
