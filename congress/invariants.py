"""What must be true at all times, checked by `manage.py check_invariants` after faults.

An app puts its checks into its own invariants.py:

    @invariant("名称")
    def name(congress) -> list[str]:   # inside the open congress
        return [sentences about what is wrong]
"""

from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from . import audit, files
from .models import THREE_OFFICERS, Congress, Job, Membership, StoredFile
from .tenancy import in_congress, tenant_links, tenant_models

Check = Callable[[Congress], list[str]]
_CHECKS: dict[str, Check] = {}
STUCK = timedelta(hours=1)


def invariant(title: str) -> Callable[[Check], Check]:
    """Register a check under its Chinese title."""

    def register(check: Check) -> Check:
        _CHECKS[title] = check
        return check

    return register


def check(congress: Congress) -> dict[str, list[str]]:
    """Every check of every app for one congress: title → what is wrong (empty when it holds)."""
    autodiscover_modules("invariants")
    found = {}
    for title, one in _CHECKS.items():
        with in_congress(congress):
            found[title] = one(congress)
    return found


@invariant("日志链完整")
def log_chain(congress: Congress) -> list[str]:
    """No row of the log was changed, removed, inserted or moved."""
    return audit.verify(congress)


@invariant("没有跨人大的关联")
def links_stay_inside(congress: Congress) -> list[str]:
    """Every link leads to a row of the same congress; asked of the database itself, which hides
    the rows of others."""
    faults = []
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for model in tenant_models():
            for field in tenant_links(model):
                target = field.remote_field.model._meta.db_table
                cursor.execute(
                    f"SELECT count(*) FROM {quote(model._meta.db_table)} a "
                    f"WHERE a.{quote(field.column)} IS NOT NULL AND NOT EXISTS ("
                    f"SELECT 1 FROM {quote(target)} b WHERE b.id = a.{quote(field.column)} "
                    f"AND b.congress_id = a.congress_id)"
                )
                count = cursor.fetchone()[0]
                if count:
                    name = f"{model._meta.verbose_name}的“{field.verbose_name}”"
                    faults.append(f"{count} 条{name}指向别的人大或不存在的记录")
    return faults


@invariant("后台任务没有卡住")
def jobs_move(congress: Congress) -> list[str]:
    """No job waits or works in silence for more than an hour."""
    since = timezone.now() - STUCK
    rows = Job.objects.filter(done_at=None, failed_at=None, created_at__lt=since)
    rows = rows.exclude(beat_at__gte=since)
    return [
        f"“{row.title}”（{row.created_at:%Y-%m-%d %H:%M} 提交）一小时以上没有进展" for row in rows
    ]


@invariant("三员由不同的人担任")
def officers_differ(congress: Congress) -> list[str]:
    """Nobody is two of system, security and audit administrator on the same day."""
    held: dict[int, list[Membership]] = {}
    for member in Membership.objects.filter(role__in=THREE_OFFICERS):
        held.setdefault(member.user_id, []).append(member)
    return [
        f"{a.name}同时是{a.get_role_display()}和{b.get_role_display()}"
        for members in held.values()
        for i, a in enumerate(members)
        for b in members[i + 1 :]
        if _overlap(a, b)
    ]


def _overlap(a: Membership, b: Membership) -> bool:
    return all(
        one.valid_to is None or other.valid_from is None or one.valid_to >= other.valid_from
        for one, other in ((a, b), (b, a))
    )


@invariant("文件都在")
def files_are_there(congress: Congress) -> list[str]:
    """Every stored file that may still be had has its bytes, all of them."""
    faults = []
    rows = StoredFile.objects.exclude(expires_at__lte=timezone.now())
    for row in rows.order_by("pk").iterator(chunk_size=500):
        path = files.path_of(row)
        if not path.is_file() or path.stat().st_size != row.size:
            faults.append(f"“{row.name}”（编号 {row.pk}）的内容不在或不完整")
    return faults
