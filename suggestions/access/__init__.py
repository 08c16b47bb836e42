"""Who may see which suggestions, tasks and judgements, and take which step.

The only place that decides; one module a subject.
"""

from .assigning import batches_visible_to, consultations_of, find_batch, is_consulted
from .checking import (
    extensions_to_decide,
    has_office,
    is_its_office,
    may_check,
    tasks_to_check,
)
from .files import (
    FILE_PURPOSE,
    LETTER_PURPOSE,
    PAPER_PURPOSE,
    REPORT_PURPOSE,
    RULES_PURPOSE,
    URGE_PURPOSE,
    basis_readable,
    file_readable,
    letter_readable,
    paper_readable,
    report_readable,
    urge_readable,
)
from .handling import (
    assigned_by,
    find_task,
    followed_tasks,
    may_change_units,
    may_object_to_units,
    may_supplement,
    may_urge_on,
    own_tasks,
    rules_on,
    task_steps,
    tasks_visible_to,
    was_returned,
    works_for,
)
from .judging import feedback_visible_to, replies_visible_to, talk_words_visible_to
from .looking_back import lookback_items_visible_to, lookbacks_visible_to
from .promising import promise_steps, promises_at_desk, promises_visible_to
from .publishing import find_public, public, public_texts
from .reporting import own_results, reports_visible_to, rows_visible_to, score_sheets_visible_to
from .roles import HANDLERS, KEEPERS, UNIT_ROLES, may_keep
from .rule_sets import find_rule_set, rule_sets_visible_to
from .rulings import extensions_visible_to, may_approve, returns_visible_to
from .seeing import (
    NOT_YET_REGISTERED,
    PRIVATE,
    SIGNABLE,
    WRITABLE,
    find,
    is_lead,
    may_name_head,
    may_see_names,
    visible_to,
)
from .steps import may_mend, reviewers, steps
from .supervising import supervision_kinds, supervision_steps, supervisions_visible_to

__all__ = [
    "FILE_PURPOSE",
    "HANDLERS",
    "KEEPERS",
    "LETTER_PURPOSE",
    "NOT_YET_REGISTERED",
    "PAPER_PURPOSE",
    "PRIVATE",
    "REPORT_PURPOSE",
    "RULES_PURPOSE",
    "SIGNABLE",
    "UNIT_ROLES",
    "URGE_PURPOSE",
    "WRITABLE",
    "assigned_by",
    "basis_readable",
    "batches_visible_to",
    "consultations_of",
    "extensions_to_decide",
    "extensions_visible_to",
    "feedback_visible_to",
    "file_readable",
    "find",
    "find_batch",
    "find_public",
    "find_rule_set",
    "find_task",
    "followed_tasks",
    "has_office",
    "is_consulted",
    "is_its_office",
    "is_lead",
    "letter_readable",
    "lookback_items_visible_to",
    "lookbacks_visible_to",
    "may_approve",
    "may_change_units",
    "may_check",
    "may_keep",
    "may_mend",
    "may_name_head",
    "may_object_to_units",
    "may_see_names",
    "may_supplement",
    "may_urge_on",
    "own_results",
    "own_tasks",
    "paper_readable",
    "promise_steps",
    "promises_at_desk",
    "promises_visible_to",
    "public",
    "public_texts",
    "replies_visible_to",
    "report_readable",
    "reports_visible_to",
    "returns_visible_to",
    "reviewers",
    "rows_visible_to",
    "rule_sets_visible_to",
    "rules_on",
    "score_sheets_visible_to",
    "steps",
    "supervision_kinds",
    "supervision_steps",
    "supervisions_visible_to",
    "talk_words_visible_to",
    "task_steps",
    "tasks_to_check",
    "tasks_visible_to",
    "urge_readable",
    "visible_to",
    "was_returned",
    "works_for",
]
