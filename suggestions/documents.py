"""The papers of suggestions as PDF."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from congress.holidays import work_calendar
from congress.models import Congress, Membership
from congress.pdf import document, joined
from congress.rules import WorkCalendar
from congress.tenancy import current_congress

from .models import (
    Assignment,
    AssignmentBatch,
    Reply,
    ReturnRequest,
    Review,
    RuleSet,
)
from .queries import Line, rules_of_batch
from .rules import HandlingRules, first_contact_limit
from .rules.texts import GROUNDS


def reply_letter(reply: Reply, *, names: Sequence[str], together: Sequence[str] = ()) -> bytes:
    """答复函 in the layout of official letters: class mark, number, salutation, the answer point
    by point, promises, contact; `together` are the numbers of the suggestions answered with it.
    A reply not yet signed off bears the word 草稿."""
    suggestion = reply.assignment.suggestion
    answers = {p.number: p.answer for p in reply.points.all()}
    served = reply.services.order_by("-served_on").first()
    first = reply.joint_of or reply
    units = [reply.signed_in_name_of or first.assignment.unit_name]
    units += [r.assignment.unit_name for r in first.signed_together]
    numbers = [first.document_number, *[r.document_number for r in first.signed_together]]
    context = {
        "reply": reply,
        "suggestion": suggestion,
        "unit": "　".join(units),
        "numbers": "　".join(n for n in numbers if n),
        "to": "、".join(names) + ("代表" if suggestion.lead_id else ""),
        "received": suggestion.received if suggestion.is_received else None,
        "points": [(n, text, answers.get(n, "")) for n, text in enumerate(suggestion.requests, 1)],
        "promises": reply.promises.order_by("number"),
        "together": together,
        "is_draft": reply.state == Reply.State.DRAFT,
        "dated": served.served_on if served else reply.signed_off_at,
    }
    return document("suggestions/documents/reply.html", context)


def urge_letter(tasks: Sequence[Assignment], *, text: str, office: str) -> bytes:
    """催办函 to one unit: each of its suggestions with its limit. `tasks` carry `due_on`."""
    context = {
        "unit": tasks[0].unit_name,
        "rows": tasks,
        "text": text if text.endswith("。") else f"{text}。",
        "office": office,
        "today": timezone.localdate(),
    }
    return document("suggestions/documents/urge.html", context)


# -- 交办函, 交办清单 -------------------------------------------------------------------------


def assignment_letters(batch: AssignmentBatch, lines: Sequence[Line]) -> bytes:
    """交办函 with its list, one for each unit of the lines, in one file. At least one line."""
    rules, calendar = rules_of_batch(batch), work_calendar()
    units: dict[int, list[Line]] = {}
    for line in lines:
        units.setdefault(line.unit, []).append(line)
    contexts = [letter_context(batch, of, rules, calendar) for of in units.values()]
    return joined("suggestions/documents/assignment.html", contexts)


def letter_context(
    batch: AssignmentBatch,
    lines: Sequence[Line],
    rules: RuleSet | None,
    calendar: WorkCalendar,
) -> dict[str, Any]:
    """What one unit's letter says. `rules` are those that are frozen on the batch's suggestions,
    None where none are in force yet."""
    handling = HandlingRules.of(rules) if rules else None
    on = batch.assigned_on
    counts = Counter(line.role for line in lines)
    order = [r for r in Assignment.Role if counts[r]]
    joint = [line.legal_due_on for line in lines if line.role == "joint"]
    others = [line for line in lines if line.role != "joint"]
    return {
        "batch": batch,
        "issuer": issuer(batch.by),
        "unit": lines[0].unit_name,
        "lines": lines,
        "shared": any(line.others or line.content for line in lines),
        "total": len(lines),
        "counts": "，".join(f"{r.label}{counts[r]}件" for r in order),
        "is_owner": bool(counts["owner"]),
        "answers": bool(others),
        "legal": others[0].legal_due_on if others else None,
        "effective": others[0].due_on if others else None,
        "joint": joint[0] if joint else None,
        "rules": rules,
        "returns": _return_words(handling),
        "contact_by": first_contact_limit(on, handling, calendar) if handling else None,
        "classes": [f"{c.mark}（{c.label}）" for c in rules.classes.all()] if rules else [],
        "is_draft": batch.state == AssignmentBatch.State.DRAFT,
        "is_received": lines[0].is_received,
        "dated": batch.signed_on or on,
    }


def _return_words(rules: HandlingRules | None) -> str:
    if rules is None:
        return ""
    count = {"wd": "个工作日", "d": "日", "m": "个月"}[rules.return_count]
    start = "收到" if rules.return_clock == "received" else "交办"
    return f"自{start}之日起{rules.return_amount}{count}内"


def issuer(by: Membership) -> str:
    """Who hands over (代表法 art. 51): the working body of the standing committee, in townships
    the presidium."""
    congress = current_congress()
    if congress.level == Congress.Level.TOWNSHIP or by.unit is None:
        return congress.standing_committee_name
    return by.unit.name


def assignment_list(batch: AssignmentBatch, lines: Sequence[Line]) -> bytes:
    """交办清单 of the whole batch, suggestion by suggestion, for signature."""
    return document(
        "suggestions/documents/assignment_list.html",
        {
            "batch": batch,
            "issuer": issuer(batch.by),
            "rows": by_suggestion(lines),
            "is_received": any(line.is_received for line in lines),
            "is_draft": batch.state == AssignmentBatch.State.DRAFT,
        },
    )


def by_suggestion(lines: Sequence[Line]) -> list[dict]:
    """One row per suggestion: its owner or lead units, its joint units, its days."""
    rows: dict[str, dict] = {}
    for line in lines:
        row = rows.setdefault(line.number, {"line": line, "leads": [], "joint": []})
        if line.role == "joint":
            row["joint"].append(line.unit_name)
        else:
            row["leads"].append(f"{line.unit_name}（{line.role_word}）")
            row["line"] = line
    return [rows[number] for number in sorted(rows)]


def reassignment_letter(row: ReturnRequest) -> bytes:
    """改办通知: to the unit that takes a returned task over; the legal date stands as it was."""
    task = row.new_assignment
    return document(
        "suggestions/documents/reassignment.html",
        {
            "row": row,
            "task": task,
            "suggestion": task.suggestion,
            "issuer": task.parent.unit_name if task.parent else issuer(row.decided_by),
            "proposer": "" if task.suggestion.hides_name else task.suggestion.raised_by,
        },
    )


def sent_on_letter(row: Review) -> bytes:
    """转办单: with it a paper that is not handled as a suggestion goes to the petitions office, to
    a body for reference, or to a higher organ; the text as it was then is enclosed."""
    suggestion = row.suggestion
    return document(
        "suggestions/documents/sent_on.html",
        {
            "row": row,
            "title": f"关于转送《{row.revision.title}》的函",
            "text": row.revision,
            "ground": GROUNDS[row.ground],
            "issuer": issuer(row.by),
            "proposer": "" if suggestion.hides_name else suggestion.raised_by,
        },
    )
