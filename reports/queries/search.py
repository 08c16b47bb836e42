"""Search over everything a member may see: deputies, suggestions, activities, facts."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Q

from activities import access as activity_access
from activities.models import Activity
from congress.models import Membership
from congress.names import clean_name
from congress.words import cn_date
from deputies import access as registry_access
from deputies.models import Deputy
from deputies.queries import search as search_deputies
from performance import access as performance_access
from performance.models import DutyRecord, Publication, SelfReport
from suggestions import access as suggestion_access
from suggestions.models import Promise, Suggestion
from suggestions.queries import search_suggestions

from .parts import page_url, row_url, rows_url

SHOWN = 10


@dataclass(frozen=True)
class Hit:
    """One row found."""

    title: str
    url: str
    note: str = ""


@dataclass
class Found:
    """What was found in one subject: the first rows, how many in all, and all of them."""

    title: str
    unit: str
    count: int
    url: str
    hits: list[Hit] = field(default_factory=list)


def cleaned(words: str) -> str:
    """As people type it: full-width letters and digits, blanks inside a name."""
    return clean_name(words)[:40]


def find(member: Membership, words: str) -> list[Found]:
    """What a member may see of what contains these words, subject by subject; two queries each."""
    words = cleaned(words)
    if not words:
        return []
    return [found for look in LOOKS if (found := look(member, words)).count]


def _found(title, unit, rows, url, say: Callable) -> Found:
    first = list(rows[: SHOWN + 1])
    count = len(first) if len(first) <= SHOWN else rows.count()
    return Found(title, unit, count, url, [say(row) for row in first[:SHOWN]])


def deputies(member: Membership, words: str) -> Found:
    """By name, initials or number."""
    rows = search_deputies(registry_access.visible_to(member), words).prefetch_related(
        "mandates__delegation", "mandates__street"
    )

    def say(row: Deputy) -> Hit:
        seats = [
            "，".join(
                str(part)
                for part in (m.get_level_display(), m.delegation or m.street, m.number)
                if part
            )
            for m in row.mandates.all()
        ]
        return Hit(row.name, row_url(row), "；".join([*seats, row.occupation]).strip("；"))

    return _found("代表", "人", rows.order_by("name_key", "pk"), rows_url(Deputy, q=words), say)


def activities(member: Membership, words: str) -> Found:
    """By title or place."""
    rows = activity_access.visible_to(member).filter(
        Q(title__icontains=words) | Q(place__icontains=words)
    )

    def say(row: Activity) -> Hit:
        note = f"{cn_date(row.starts_at)}，{row.place}，{row.get_state_display()}"
        return Hit(row.title, row_url(row), note)

    return _found("活动", "次", rows, rows_url(Activity, q=words), say)


def suggestions(member: Membership, words: str) -> Found:
    """By number, title, text, proposer or what was answered."""
    rows, _ = search_suggestions(suggestion_access.visible_to(member), words)

    def say(row: Suggestion) -> Hit:
        return Hit(str(row), row_url(row), f"{row.raised_by}，{row.state_words}")

    return _found("代表建议", "件", rows, rows_url(Suggestion, q=words), say)


def promises(member: Membership, words: str) -> Found:
    """What units promised in their replies, by content."""
    rows = suggestion_access.promises_visible_to(member).filter(content__icontains=words)

    def say(row: Promise) -> Hit:
        note = f"{row.unit.name}，{cn_date(row.due_on)}前，{row.get_state_display()}"
        return Hit(row.content, row_url(row.suggestion), note)

    return _found("办理承诺", "项", rows.order_by("-due_on", "pk"),
                  page_url("suggestions_promises"), say)  # fmt: skip


def records(member: Membership, words: str) -> Found:
    """Duty facts by content."""
    rows = performance_access.records_visible_to(member).filter(
        title__icontains=words, withdrawn_at=None
    )

    def say(row: DutyRecord) -> Hit:
        return Hit(f"{row.deputy}：{row.title}", row_url(row), f"{cn_date(row.on)}，{row.item}")

    return _found("履职记录", "条", rows, rows_url(DutyRecord, q=words), say)


def reports(member: Membership, words: str) -> Found:
    """Self-reports by content."""
    rows = performance_access.reports_visible_to(member).filter(title__icontains=words)

    def say(row: SelfReport) -> Hit:
        note = f"{cn_date(row.on)}，{row.item}，{row.get_state_display()}"
        return Hit(f"{row.deputy}：{row.title}", row_url(row), note)

    return _found("自行申报", "件", rows, rows_url(SelfReport, q=words), say)


def publications(member: Membership, words: str) -> Found:
    """Publications by title or period."""
    rows = performance_access.publications_visible_to(member).filter(
        Q(title__icontains=words) | Q(period__name__icontains=words)
    )

    def say(row: Publication) -> Hit:
        return Hit(str(row), row_url(row), row.get_state_display())

    return _found("履职公布", "份", rows, rows_url(Publication), say)


LOOKS = (deputies, suggestions, promises, activities, publications, reports, records)
