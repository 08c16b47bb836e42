"""Uploads are accepted by content; pictures are drawn anew; active content is refused."""

import io
import zipfile

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict
from PIL import Image

from congress import uploads
from congress.uploads import EvidenceField, accept


def picture(kind="JPEG", size=(60, 40), **save) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **save)
    return out.getvalue()


def package(*names: str, content: bytes = b"x") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name in ("[Content_Types].xml", *names):
            file.writestr(name, content)
    return out.getvalue()


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("会议材料.pdf", PDF, "application/pdf"),
        ("现场.JPG", picture(), "image/jpeg"),
        ("现场.png", picture("PNG"), "image/png"),
        ("现场.webp", picture("WEBP"), "image/webp"),
        ("总结.docx", package("word/document.xml"), uploads.KINDS["docx"].content_type),
        ("名单.xlsx", package("xl/workbook.xml"), uploads.KINDS["xlsx"].content_type),
    ],
    ids=lambda v: v if isinstance(v, str) and "." in v else "",
)
def test_what_is_allowed_is_taken_by_its_content(name, content, content_type):
    upload = accept(sent(name, content))
    assert upload.content_type == content_type
    assert upload.name == name.replace("JPG", "jpg")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("图.png", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'),
        ("图.svg", b"<?xml version='1.0'?><svg/>"),
        ("页.html", b"<!DOCTYPE html><script>alert(1)</script>"),
        ("页.pdf", b"<html>%PDF-1.7"),
        ("程序.pdf", b"MZ\x90\x00"),
        ("动图.gif", b"GIF89a;"),
        ("表.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("包.docx", b"PK\x03\x04broken"),
        ("包.zip", package("readme.txt")),
        ("宏.xlsx", package("xl/workbook.xml", "xl/vbaProject.bin")),
        ("半.pdf", b"%PDF-1.7 cut"),
        ("半.jpg", picture()[:200]),
        ("空.pdf", b""),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_what_is_not_allowed_is_refused_whatever_its_name(name, content):
    with pytest.raises(ValidationError):
        accept(sent(name, content))


def test_a_picture_loses_place_and_device():
    exif = Image.Exif()
    exif[0x010F], exif[0x8825] = "SecretPhone", {1: "N", 2: (31.0, 2.0, 3.0)}
    original = picture(exif=exif)
    assert b"SecretPhone" in original
    cleaned = accept(sent("a.jpg", original)).content
    assert b"SecretPhone" not in cleaned and not Image.open(io.BytesIO(cleaned)).getexif()


def test_what_hides_behind_a_picture_is_cut_off():
    cleaned = accept(sent("a.png", picture("PNG") + b"<script>alert(1)</script>")).content
    assert b"script" not in cleaned


def test_a_picture_is_turned_the_right_way_up():
    exif = Image.Exif()
    exif[0x0112] = 6
    cleaned = accept(sent("a.jpg", picture(exif=exif))).content
    assert Image.open(io.BytesIO(cleaned)).size == (40, 60)


def test_a_large_picture_is_made_smaller(monkeypatch):
    monkeypatch.setattr(uploads, "LONGEST_SIDE", 30)
    cleaned = accept(sent("a.png", picture("PNG"))).content
    assert Image.open(io.BytesIO(cleaned)).size == (30, 20)


def test_a_picture_of_too_many_pixels_is_not_opened(monkeypatch):
    monkeypatch.setattr(uploads, "MOST_PIXELS", 1000)
    with pytest.raises(ValidationError, match="尺寸过大"):
        accept(sent("a.png", picture("PNG")))


def test_a_bomb_is_refused_before_it_unpacks():
    bomb = package("xl/workbook.xml", content=b"0" * 40_000_000)
    assert len(bomb) < 200_000
    with pytest.raises(ValidationError, match="展开后过大"):
        accept(sent("a.xlsx", bomb))


def test_each_kind_has_its_limit(monkeypatch):
    kinds = {**uploads.KINDS, "pdf": uploads.KINDS["pdf"]._replace(largest=20)}
    monkeypatch.setattr(uploads, "KINDS", kinds)
    with pytest.raises(ValidationError, match="最大"):
        accept(sent("a.pdf", PDF), ["pdf"])


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\用户\\合同.pdf", "合同.pdf"),
        ("报告\u202efdp.exe", "报告fdp.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("", "附件.pdf"),
        (".pdf", "附件.pdf"),
        ("长" * 300 + ".pdf", "长" * 100 + ".pdf"),
        ("材料.html", "材料.pdf"),
    ],
)
def test_a_name_is_made_safe(name, safe):
    got = uploads.safe_name(name, "pdf")
    assert got == safe
    assert not set(got) & set('/\\<>:"|?*\r\n\u202e')


class OneForm(forms.Form):
    evidence = EvidenceField(label="附件", required=False)


class SeveralForm(forms.Form):
    evidence = EvidenceField(label="附件", most=2, kinds=("pdf",))


def several(*files):
    return SeveralForm({}, MultiValueDict({"evidence": list(files)}))


def test_the_field_gives_uploads_and_speaks_in_words():
    form = OneForm({}, {"evidence": sent("a.pdf", PDF)})
    assert form.is_valid() and form.cleaned_data["evidence"].name == "a.pdf"
    assert OneForm({}, {}).is_valid()
    form = OneForm({}, {"evidence": sent("a.html", b"<html>")})
    assert "不能接收" in form.errors["evidence"][0]


def test_the_field_takes_several_files_and_names_the_one_that_is_wrong():
    form = several(sent("a.pdf", PDF), sent("b.pdf", PDF))
    assert form.is_valid() and [u.name for u in form.cleaned_data["evidence"]] == ["a.pdf", "b.pdf"]
    assert "b.pdf：" in several(sent("a.pdf", PDF), sent("b.pdf", b"x")).errors["evidence"][0]
    three = [sent(f"{i}.pdf", PDF) for i in range(3)]
    assert "最多上传 2 个" in several(*three).errors["evidence"][0]
    assert several().errors["evidence"] == ["请选择文件。"]
