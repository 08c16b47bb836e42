"""Who may open which stored file; `congress.files` asks here."""

from django.db.models import Q

from congress.files import readable_by
from congress.models import Membership, Role, StoredFile

from ..models import Attachment, PreReviewer, Urge
from ..rules import GONE
from .handling import own_tasks, tasks_visible_to
from .judging import feedback_visible_to, replies_visible_to, talk_words_visible_to
from .promising import promises_at_desk, promises_visible_to
from .reporting import reports_visible_to
from .reviewing import reviewable_by
from .roles import KEEPERS
from .rule_sets import rule_sets_visible_to
from .seeing import visible_to

FILE_PURPOSE = "suggestions.file"
REPORT_PURPOSE = "suggestions.report"
URGE_PURPOSE = "suggestions.urge"
RULES_PURPOSE = "suggestions.rules"  # the document a set of rules rests on
PAPER_PURPOSE = "suggestions.paper"
TALK_PURPOSE = "suggestions.talk"  # a picture of a talk
PROMISE_PURPOSE = "suggestions.promise"  # what shows that a promise was kept
LETTER_PURPOSE = "suggestions.letter"  # 答复函 as it was served


@readable_by(FILE_PURPOSE)
def file_readable(member: Membership | None, file: StoredFile) -> bool:
    """A file of a suggestion: whoever may open the suggestion, handles or pre-reviews
    it; before, its sender."""
    if member is None:
        return False
    row = Attachment.objects.filter(file=file).select_related("suggestion").first()
    if row is None:
        return file.by_id == member.pk
    if visible_to(member).filter(pk=row.suggestion_id).exists():
        return True
    for step in PreReviewer.Step.values:
        if reviewable_by(member, step).filter(pk=row.suggestion_id).exists():
            return True
    return own_tasks(member).filter(suggestion=row.suggestion_id).exclude(state__in=GONE).exists()


@readable_by(PAPER_PURPOSE)
def paper_readable(member: Membership | None, file: StoredFile) -> bool:
    """A scanned form of feedback, or of a word on a talk: staff who may see it, never a unit."""
    if member is None or member.role not in KEEPERS | {Role.CHAIR, Role.COMMITTEE}:
        return False
    words = feedback_visible_to(member)
    if words.filter(Q(scan=file) | Q(corrections__scan=file)).exists():
        return True
    seen = visible_to(member)
    of_class = Q(assignments__class_changes__scan=file) | Q(signatures__withdrawn_scan=file)
    if seen.filter(of_class).exists():
        return True
    return talk_words_visible_to(member).filter(scan=file).exists()


@readable_by(TALK_PURPOSE)
def talk_readable(member: Membership | None, file: StoredFile) -> bool:
    """A picture of a talk: whoever may open the task it belongs to."""
    if member is None:
        return False
    return tasks_visible_to(member).filter(contacts__photo=file).exists()


@readable_by(PROMISE_PURPOSE)
def promise_readable(member: Membership | None, file: StoredFile) -> bool:
    """What shows that a promise was kept: whoever may see the promise."""
    if member is None:
        return False
    rows = (promises_visible_to(member), promises_at_desk(member))
    return any(r.filter(events__evidence=file).exists() for r in rows)


@readable_by(LETTER_PURPOSE)
def letter_readable(member: Membership | None, file: StoredFile) -> bool:
    """A served letter: whoever may read the reply."""
    return member is not None and replies_visible_to(member).filter(letter=file).exists()


@readable_by(URGE_PURPOSE)
def urge_readable(member: Membership | None, file: StoredFile) -> bool:
    """A letter of 催办: whoever may open a task it is about."""
    if member is None:
        return False
    tasks = Urge.objects.filter(letter=file).values("assignment")
    return tasks_visible_to(member).filter(pk__in=tasks).exists()


@readable_by(REPORT_PURPOSE)
def report_readable(member: Membership | None, file: StoredFile) -> bool:
    """A report's booklet: whoever may read the report; its workbook, which has the details of
    every suggestion, 代工委 and the chairpersons alone."""
    if reports_visible_to(member).filter(document=file).exists():
        return True
    if member is None or member.role not in KEEPERS | {Role.CHAIR}:
        return False
    return reports_visible_to(member).filter(sheet=file).exists()


@readable_by(RULES_PURPOSE)
def basis_readable(member: Membership | None, file: StoredFile) -> bool:
    """The document of a set of rules: whoever may read the rules."""
    if member is None:
        return False
    return rule_sets_visible_to(member).filter(basis_file=file).exists()
