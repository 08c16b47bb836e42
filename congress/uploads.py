"""Uploaded files, accepted by their content, never by their name.

Pictures are drawn anew: no EXIF (place, device), bounded in pixels, nothing hidden behind them.
SVG, HTML and office files with macros are refused.
"""

import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Callable, Collection
from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from PIL import Image, ImageOps, UnidentifiedImageError

MB = 1024 * 1024
OFFICE = "application/vnd.openxmlformats-officedocument."
LONGEST_SIDE = 2560  # pixels kept of a picture: enough for A4 in print
MOST_PIXELS = 60_000_000  # opened at all
MOST_UNPACKED = 200 * MB
MOST_RATIO = 150


class Upload(NamedTuple):
    """An accepted file, ready for congress.files.store(**upload._asdict(), …)."""

    name: str
    content: bytes
    content_type: str


class Kind(NamedTuple):
    word: str
    content_type: str
    suffixes: tuple[str, ...]
    largest: int
    clean: Callable[[bytes], bytes]


def accept(file, kinds: Collection[str] = ("pdf", "png", "jpeg", "webp", "docx", "xlsx")) -> Upload:
    """Read an uploaded file; gives its safe name, content and type.

    Takes a Django UploadedFile and the kinds wanted. Raises forms.ValidationError, in words for
    the user, for a kind that is not wanted, a broken or too large file.
    """
    if not file.size:
        raise ValidationError("文件是空的，请重新选择。")
    if file.size > max(KINDS[k].largest for k in kinds):
        raise ValidationError(_too_large(max(KINDS[k].largest for k in kinds)))
    content = file.read()
    kind = kind_of(content)
    if kind is None or kind not in kinds:
        raise ValidationError(f"不能接收这种文件，请上传 {words_for(kinds)}。")
    if len(content) > KINDS[kind].largest:
        raise ValidationError(_too_large(KINDS[kind].largest))
    content = KINDS[kind].clean(content)
    return Upload(safe_name(file.name, kind), content, KINDS[kind].content_type)


def kind_of(content: bytes) -> str | None:
    """Which kind of file these bytes are; None for anything we do not take."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    if content.startswith(b"PK\x03\x04"):
        return _office_kind(content)
    return None


def _office_kind(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names:
        return None
    return next((k for k, part in OFFICE_PARTS.items() if part in names), None)


def _clean_office(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = package.infolist()
    unpacked = sum(p.file_size for p in parts)
    if unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * len(content) or len(parts) > 5000:
        raise ValidationError("文件展开后过大，不能接收。")
    names = [p.filename.lower() for p in parts]
    if any(n.endswith((".bin", ".exe", ".js")) and "vba" in n for n in names):
        raise ValidationError("文件里带有宏，请另存为不带宏的文件后再上传。")
    return content


def _clean_pdf(content: bytes) -> bytes:
    if b"%%EOF" not in content[-2048:]:
        raise ValidationError("PDF 文件不完整，请重新导出后再上传。")
    return content


def _clean_picture(content: bytes) -> bytes:
    """Drawn anew: the right way up, without EXIF, at most LONGEST_SIDE pixels long."""
    broken = ValidationError("图片打不开，请换一张或者重新保存后再上传。")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=["PNG", "JPEG", "WEBP"])
            kind = picture.format
            if picture.width * picture.height > MOST_PIXELS:
                raise ValidationError("图片的尺寸过大，请缩小后再上传。")
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise ValidationError("图片的尺寸过大，请缩小后再上传。") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise broken from None
    picture = ImageOps.exif_transpose(picture)
    if kind == "JPEG":
        picture = picture.convert("RGB")
    elif picture.mode not in ("RGB", "RGBA", "L"):
        picture = picture.convert("RGBA")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    out = io.BytesIO()
    bare.save(out, kind, **({"quality": 85} if kind != "PNG" else {"optimize": True}))
    return out.getvalue()


def shrunk(content: bytes, side: int) -> bytes:
    """A kept picture as JPEG, at most `side` pixels long, on white where it was transparent."""
    picture = Image.open(io.BytesIO(content), formats=["PNG", "JPEG", "WEBP"])
    picture.draft("RGB", (side, side))
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    if picture.mode != "RGB":
        picture = picture.convert("RGBA")
        white = Image.new("RGB", picture.size, "white")
        white.paste(picture, mask=picture.getchannel("A"))
        picture = white
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


OFFICE_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
KINDS = {
    "pdf": Kind("PDF", "application/pdf", (".pdf",), 20 * MB, _clean_pdf),
    "png": Kind("图片（PNG）", "image/png", (".png",), 15 * MB, _clean_picture),
    "jpeg": Kind("图片（JPG）", "image/jpeg", (".jpg", ".jpeg"), 15 * MB, _clean_picture),
    "webp": Kind("图片（WebP）", "image/webp", (".webp",), 15 * MB, _clean_picture),
    "docx": Kind("Word 文档（docx）", f"{OFFICE}wordprocessingml.document", (".docx",), 10 * MB,
                 _clean_office),
    "xlsx": Kind("Excel 表格（xlsx）", f"{OFFICE}spreadsheetml.sheet", (".xlsx",), 10 * MB,
                 _clean_office),
}  # fmt: skip
PICTURES = ("jpeg", "png", "webp")


def words_for(kinds: Collection[str]) -> str:
    """The kinds as people call them: PDF、图片（JPG）…"""
    return "、".join(KINDS[k].word for k in kinds)


def safe_name(name: str, kind: str) -> str:
    """The file's own name without path, control and direction signs, with the right ending."""
    base = unicodedata.normalize("NFC", name or "").replace("\\", "/").rsplit("/", 1)[-1]
    base = "".join(c for c in base if unicodedata.category(c)[0] != "C")
    base = re.sub(r"[<>:\"|?*]", "", base).strip().rstrip(" .")
    stem, dot, suffix = base.rpartition(".")
    suffixes = KINDS[kind].suffixes
    if dot and f".{suffix.lower()}" in suffixes:
        return f"{stem[:100] or '附件'}.{suffix.lower()}"
    return f"{(stem if dot and len(suffix) <= 5 else base)[:100] or '附件'}{suffixes[0]}"


def _too_large(largest: int) -> str:
    return f"文件过大，最大 {largest // MB} MB。"


class _Several(forms.ClearableFileInput):
    allow_multiple_selected = True


class EvidenceField(forms.FileField):
    """A file of the allowed kinds; cleans to an Upload or None, with `most` above 1 to a list of
    Upload. The form must be multipart; the hint says what is taken."""

    default_error_messages = {
        "required": "请选择文件。",
        "invalid": "没有收到文件，请重新选择。",
        "missing": "没有收到文件，请重新选择。",
        "empty": "文件是空的，请重新选择。",
        "max_length": "文件名过长，请缩短后再上传。",
    }

    def __init__(
        self,
        *,
        kinds: Collection[str] = ("jpeg", "png", "webp", "pdf", "docx", "xlsx"),
        most: int = 1,
        **kwargs,
    ):
        self.kinds, self.most = tuple(kinds), most
        accepted = [s for k in self.kinds for s in KINDS[k].suffixes]
        largest = max(KINDS[k].largest for k in self.kinds) // MB
        words = [
            word
            for word, there in (
                ("图片", set(self.kinds) & set(PICTURES)),
                ("PDF", "pdf" in self.kinds),
                ("Word", "docx" in self.kinds),
                ("Excel", "xlsx" in self.kinds),
            )
            if there
        ]
        several = f"，最多 {most} 个" if most > 1 else ""
        kwargs.setdefault("help_text", f"{'、'.join(words)}，每个不超过 {largest} MB{several}。")
        kwargs.setdefault("widget", _Several if most > 1 else forms.FileInput)
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = ",".join(accepted)

    def clean(self, data, initial=None):
        if self.most == 1:
            file = super().clean(data, None)
            return accept(file, self.kinds) if file else None
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            super().clean(None, None)
            return []
        if len(files) > self.most:
            raise ValidationError(f"最多上传 {self.most} 个文件，您选了 {len(files)} 个。")
        uploads, faults = [], []
        for file in files:
            try:
                uploads.append(accept(super().clean(file, None), self.kinds))
            except ValidationError as fault:
                faults += [f"{file.name}：{m}" for m in fault.messages]
        if faults:
            raise ValidationError(faults)
        return uploads
