"""Storing and serving files: every one goes through a view that asks who may have it."""

import hashlib
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.utils import timezone

from .models import Membership, StoredFile
from .tenancy import current_congress
from .uploads import shrunk

SIZES = {"small": 160, "middle": 960}  # longest side in pixels

# purpose → who may have it; an app adds its purposes in its own apps.py
_READERS: dict[str, Callable[[Membership | None, StoredFile], bool]] = {}
EXPORT = "export"  # a sheet somebody asked for: only that person's
SHOWN_IN_PAGE = {"application/pdf", "image/png", "image/jpeg", "image/webp"}


def readable_by(purpose: str) -> Callable:
    """Register `may(member, file) -> bool` as the reader's check for files of a purpose."""

    def register(check: Callable) -> Callable:
        _READERS[purpose] = check
        return check

    return register


@readable_by(EXPORT)
def _is_own_export(member: Membership | None, row: StoredFile) -> bool:
    return member is not None and row.by_id == member.pk


@readable_by("congress.emblem")
def _is_emblem(member: Membership | None, row: StoredFile) -> bool:
    """The public's while it is the one that is shown."""
    return current_congress().settings.get("emblem") == str(row.public_id)


def store(
    name: str,
    content: bytes,
    *,
    purpose: str,
    content_type: str,
    by: Membership | None,
    expires_at: datetime | None = None,
) -> StoredFile:
    """Keep bytes for the open congress and give their row; the purpose decides who reads."""
    if purpose not in _READERS:
        raise LookupError(f"no reader check for files of purpose {purpose}")
    row = StoredFile(
        congress=current_congress(),
        name=name[:160],
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        purpose=purpose,
        by=by,
        expires_at=expires_at,
    )
    path = path_of(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    row.save()
    return row


def read(row: StoredFile) -> bytes:
    """The bytes of a stored file."""
    return path_of(row).read_bytes()


def path_of(row: StoredFile) -> Path:
    name = row.public_id.hex
    return Path(settings.MEDIA_ROOT) / str(row.congress_id) / name[:2] / name


def smaller(row: StoredFile, size: str) -> Path:
    """Where a picture lies in one of SIZES: drawn when it is first asked for, kept beside it."""
    kept = path_of(row).with_suffix(f".{size}")
    if not kept.is_file():
        making = kept.with_suffix(f"{kept.suffix}-{uuid.uuid4().hex}")
        making.write_bytes(shrunk(read(row), SIZES[size]))
        making.replace(kept)  # whole or not at all, whoever else draws it meanwhile
    return kept


def may_read(member: Membership | None, row: StoredFile) -> bool:
    """Whether this member (None: the public) may have the file now."""
    if row.expires_at and row.expires_at <= timezone.now():
        return False
    check = _READERS.get(row.purpose)
    return bool(check and check(member, row))


def serve(request, public_id) -> HttpResponse:
    """The file, shown in the page where that is safe, otherwise to be saved; else 404. A picture
    asked for with ?small= or ?middle= comes in that size."""
    row = StoredFile.objects.filter(public_id=public_id).first()
    if row is None or not may_read(request.member, row):
        raise Http404
    size = next((name for name in SIZES if name in request.GET), "")
    if size and row.is_picture:
        response = FileResponse(smaller(row, size).open("rb"), content_type="image/jpeg")
        response["Cache-Control"] = "private, no-store"
        return response
    inline = row.content_type in SHOWN_IN_PAGE and "download" not in request.GET
    response = FileResponse(
        path_of(row).open("rb"),
        as_attachment=not inline,
        filename=row.name,
        content_type=row.content_type,
    )
    response["Cache-Control"] = "private, no-store"
    return response
