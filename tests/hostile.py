"""Files that are broken or mean harm, made when asked for: name, bytes, and what the refusal must speak of."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

import openpyxl
import xlsxwriter

TYPES = ('<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
         '<Default Extension="xml" ContentType="application/xml"/></Types>')
RELS = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://'
        'schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>')
BOOK = ('<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>')
BOOK_RELS = RELS.replace("officeDocument\" Target=\"xl/workbook.xml", "worksheet\" Target=\"worksheets/sheet1.xml")


def zipped(parts: dict[str, str | bytes], level: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of some parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", level) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def minimal(sheet: str | bytes, **more) -> bytes:
    """The smallest .xlsx, with this sheet."""
    return zipped({"[Content_Types].xml": TYPES, "_rels/.rels": RELS, "xl/workbook.xml": BOOK,
                   "xl/_rels/workbook.xml.rels": BOOK_RELS, "xl/worksheets/sheet1.xml": sheet, **more})


def sheet(rows: str, head: str = "") -> str:
    """A sheet's XML."""
    return (f'<?xml version="1.0" encoding="UTF-8"?>{head}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            f"<sheetData>{rows}</sheetData></worksheet>")


def _saved(fill) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": True})
    fill(book)
    book.close()
    return buffer.getvalue()


def _corners(book):
    page = book.add_worksheet()
    page.write("A1", "STT")
    page.write("XFD1048576", "A")


def _circular(book):
    page = book.add_worksheet()
    page.write_formula("A1", "=B1")
    page.write_formula("B1", "=A1")


def _hundred(book):
    for n in range(100):
        book.add_worksheet(f"S{n}").write(0, 0, n)


def _wide_merges(book):
    page = book.add_worksheet()
    page.merge_range(0, 0, 1048575, 16383, "gộp")
    page.write(5, 5, "x")


def files() -> Iterator[tuple[str, bytes, str]]:
    """Each hostile file: its name, its bytes, a word the refusal must hold."""
    plain = _saved(lambda book: book.add_worksheet().write("A1", "x"))
    yield "empty.xlsx", b"", "rỗng"
    yield "zeros.xlsx", b"\0" * 5000, "rỗng"
    yield "truncated.xlsx", plain[:len(plain) // 2], "hỏng"
    yield "truncated-end.xlsx", plain[:-30], "hỏng"
    yield "flipped.xlsx", bytes(b ^ 0x55 if 200 < i < 400 else b for i, b in enumerate(plain)), ""
    yield "noise.xlsx", bytes((i * 37) % 256 for i in range(20000)), "bên trong"
    yield "html.xls", "<html><body><table><tr><td>Điểm</td></tr></table></body></html>".encode(), "HTML"
    yield "csv.xls", "STT;Tiêu chí;Điểm\n1;x;A\n".encode(), "CSV"
    yield "csv.xlsx", "STT,Tiêu chí\n1,A\n".encode("utf-16"), "CSV"
    yield "xml.xls", b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "XML"
    yield "xlsx-called.xls", plain, ".xlsx"
    yield "xlsx-called.ods", plain, ".xlsx"
    yield "zip.xlsx", zipped({"readme.txt": "không phải bảng tính"}), "tệp nén"
    yield "binary.xlsx", zipped({"[Content_Types].xml": TYPES, "xl/workbook.bin": b"\0"}), "xlsb"
    yield "password.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 900, "mật khẩu"
    yield "word.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "WordDocument".encode("utf-16-le") + b"\0" * 900, "không phải"
    yield "ole.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "Workbook\0".encode("utf-16-le") + b"\xff" * 4000, "hỏng"
    yield "locked.ods", zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"\x01\x02",
                                "META-INF/manifest.xml": "<manifest:encryption-data/>"}), "mật khẩu"
    yield "bomb.xlsx", minimal(sheet("<row>" + " " * 200_000_000 + "</row>")), "lớn"
    yield "bomb-many.xlsx", minimal(sheet(""), **{f"xl/media/{n}.xml": b"\0" * 9_000_000 for n in range(20)}), "lớn"
    yield "bomb.ods", zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": " " * 150_000_000}), "lớn"
    yield "entries.xlsx", zipped({f"xl/{n}.xml": "" for n in range(5000)}), "phần"
    yield "liar.xlsx", _liar(), ""
    yield "xxe.xlsx", minimal(sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row>',
                                    '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>')), "DOCTYPE"
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    yield "laughs.xlsx", minimal(sheet('<row r="1"><c r="A1"><v>&l9;</v></c></row>', f'<!DOCTYPE w [<!ENTITY l0 "ha">{laughs}]>')), \
        "DOCTYPE"
    yield "laughs.ods", zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml":
                                f'<!DOCTYPE w [<!ENTITY l0 "ha">{laughs}]><a>&l9;</a>'}), "DOCTYPE"
    yield "million-rows.xlsx", minimal(sheet("".join(f'<row r="{n}"/>' for n in range(1, 1_048_577)))), "không nhận ra"
    yield "corners.xlsx", _saved(_corners), "không nhận ra"
    yield "merged-all.xlsx", _saved(_wide_merges), "không nhận ra"
    yield "circular.xlsx", _saved(_circular), "không nhận ra"
    yield "hundred.xlsx", _saved(_hundred), "không nhận ra"
    cells = "".join(f'<c r="{c}{{0}}"><v>1</v></c>' for c in ("A", "B", "C", "D", "E", "F", "G", "H", "I", "J"))
    yield "many-cells.xlsx", minimal(sheet("".join(f'<row r="{n}">{cells.format(n)}</row>' for n in range(1, 60_000)))), "nhiều ô"
    yield "long-text.xlsx", minimal(sheet(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"STT " * 400_000}</t></is></c></row>')), ""
    yield "bad-index.xlsx", minimal(sheet('<row r="1"><c r="A1" t="s"><v>99</v></c></row>')), "hỏng"
    yield "bad-number.xlsx", minimal(sheet('<row r="1"><c r="A1"><v>một</v></c></row>')), "hỏng"
    yield "no-sheet.xlsx", zipped({"[Content_Types].xml": TYPES, "_rels/.rels": RELS, "xl/workbook.xml": "<workbook/>"}), "trang"
    yield "deep.xlsx", minimal(sheet("<a>" * 200_000 + "</a>" * 200_000)), ""
    yield "repeats.ods", zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": _repeats()}), "lặp"
    yield "nan.xlsx", minimal(sheet('<row r="1"><c r="A1"><v>NaN</v></c><c r="B1"><v>1e999</v></c></row>')), "không nhận ra"


def _repeats() -> str:
    spaces = "".join(f' xmlns:{p}="urn:oasis:names:tc:opendocument:xmlns:{p}:1.0"' for p in ("office", "table", "text"))
    return (f'<office:document-content{spaces}><office:body><office:spreadsheet><table:table table:name="S"><table:table-row '
            'table:number-rows-repeated="1000000"><table:table-cell office:value-type="string" table:number-columns-repeated="1000">'
            "<text:p>A</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>"
            "</office:document-content>")


def _liar() -> bytes:
    """An archive whose directory says a part is small and whose part is not."""
    name, packed = b"xl/workbook.xml", zlib.compress(b" " * 80_000_000)[2:-4]
    head = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, zlib.crc32(b""), len(packed), 100, len(name), 0) + name
    entry = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0, zlib.crc32(b""), len(packed), 100, len(name), 0, 0, 0, 0,
                        0, 0) + name
    body = head + packed
    other = b"[Content_Types].xml"
    second = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 0, 0, 0, 0, 0, 0, len(other), 0) + other
    entry2 = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 0, 0, 0, 0, 0, 0, len(other), 0, 0, 0, 0, 0, len(body)) + other
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 2, 2, len(entry) + len(entry2), len(body) + len(second), 0)
    return body + second + entry + entry2 + end


def harmless() -> Iterator[tuple[str, str]]:
    """Parts that may lie in an otherwise valid workbook, and what the notice must say."""
    yield "xl/vbaProject.bin", "macro"
    yield "xl/media/image1.png", "hình ảnh"
    yield "xl/charts/chart1.xml", "biểu đồ"
    yield "xl/pivotTables/pivotTable1.xml", "pivot"
    yield "xl/externalLinks/externalLink1.xml", "liên kết"
    yield "xl/connections.xml", "kết nối"


def with_part(raw: bytes, name: str) -> bytes:
    """A workbook with one part more."""
    buffer = io.BytesIO(raw)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(name, b"\x89PNG")
    return buffer.getvalue()


assert openpyxl  # the tests' own writer
