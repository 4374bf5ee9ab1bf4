"""What may be uploaded, and what is refused in words. Nothing of a refused file stays on the disk."""

import codecs
import io
import zipfile
from datetime import UTC, datetime

import pytest

from players.imports import preview, upload
from players.imports.sheet import Sheet
from tests import cast

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def take(data: bytes, size: int = 10_000) -> upload.Taken:
    return upload.take(data[at : at + size] for at in range(0, len(data), size))


def rows(taken: upload.Taken) -> list[list[str]]:
    return [line.cells for line in Sheet(upload.path_of(taken.token), taken.delimiter).rows()]


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return out.getvalue()


TABLE = 'id;namn;bet\nu1;Åsa Öberg;12,50\nu2;Zoë "Zed" Ek;-3\n'
CELLS = [["id", "namn", "bet"], ["u1", "Åsa Öberg", "12,50"], ["u2", 'Zoë "Zed" Ek', "-3"]]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TABLE.encode(), "UTF-8"),
        (codecs.BOM_UTF8 + TABLE.encode(), "UTF-8"),
        (TABLE.encode("utf-16"), "UTF-16"),
        (codecs.BOM_UTF16_BE + TABLE.encode("utf-16-be"), "UTF-16"),
        (TABLE.encode("utf-16-le"), "UTF-16"),
        (TABLE.encode("cp1252"), "Windows-1252"),
        (TABLE.replace("\n", "\r\n").encode(), "UTF-8"),
        (TABLE.replace("\n", "\r").encode(), "UTF-8"),
        (b"sep=;\r\n" + TABLE.encode(), "UTF-8"),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_whatever_a_spreadsheet_writes_is_read_the_same(data, encoding, size):
    taken = take(data, size)
    assert (taken.encoding, taken.delimiter, rows(taken)) == (encoding, ";", CELLS)


@pytest.mark.parametrize(
    ("data", "delimiter"),
    [("a,b\n1,2\n", ","), ("a\tb\n1,0\t2\n", "\t"), ("a|b|c\n1|2|3\n", "|"), ("only\nu1\n", ","),
     ('a;b\n"x, y, z";1\n"x, y, z";2\n', ";")],
)  # fmt: skip
def test_the_delimiter_is_found(data, delimiter):
    assert take(data.encode()).delimiter == delimiter


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\n\n , \n\n", "nothing in the file"),
        (archive("xl/workbook.xml"), "Excel workbook"),
        (archive("players.csv"), "archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "old Excel"),
        (b"\x1f\x8b\x08" + bytes(50), "compressed"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n", "picture"),
        (b'<svg xmlns="x"><script/></svg>', "web page"),
        (b'{"event": "x"}', "JSON"),
        (b"id,name\nu1,a\x00b\n", "NUL"),
        ("id,name\nu1,ab\0c\n".encode("utf-16"), "NUL"),
        (b"id,name\nu1,\xed\xa0\x80\n", "surrogate"),
        (codecs.BOM_UTF16_LE + "id,name\nu1,".encode("utf-16-le") + b"\x00\xd8a\x00", "not UTF-16"),
        (codecs.BOM_UTF8 + b"id,name\nu1,\xff\n", "not UTF-8"),
        (b"id,name\nu1,\x81\n", "not Windows-1252"),
        (b"id,name\nu1," + b"a" * 100_000 + b"\n", "longer than 65,536 characters"),
        (("," * 1_000_0).encode() + b"x\n", "columns"),
    ],
)
@pytest.mark.parametrize("size", [4096])
def test_a_file_that_is_no_table_is_refused_in_words(data, words, size, tmp_path):
    with pytest.raises(upload.Refused, match=words):
        take(data, size)
    assert list((tmp_path / "imports").iterdir()) == []


@pytest.mark.django_db
def test_a_quote_that_is_never_closed_names_the_line(azura, tmp_path):
    data = b'id,name\nu1,"never closed\n' + b"x,y\n" * 30_000
    with pytest.raises(upload.Refused, match="From line 2 on .* closing quote"):
        preview.begin("players", azura, "x.csv", [data], cast.olivia(), now=NOW)
    assert list((tmp_path / "imports").iterdir()) == []


def test_a_file_above_the_limit_is_refused_before_it_is_all_there(settings, tmp_path):
    settings.IMPORT_MAX_BYTES = 1_048_576
    given = []

    def endless():
        while True:
            given.append(1)
            yield b"u1,x\n" * 10_000

    with pytest.raises(upload.Refused, match="larger than 1 MB"):
        upload.take(endless())
    assert len(given) < 30
    assert list((tmp_path / "imports").iterdir()) == []


def test_nobody_chooses_the_name_and_nobody_else_may_read_it(tmp_path):
    taken = take(TABLE.encode())
    assert upload.path_of(taken.token).stat().st_mode & 0o777 == 0o600
    assert upload.folder().stat().st_mode & 0o777 == 0o700
    assert len(taken.token) == 32
