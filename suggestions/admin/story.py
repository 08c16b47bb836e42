"""One suggestion's page: its sections, each a template of its own, and the steps possible now.

A section is shown where there is something to tell. Links to pages of other subjects are drawn
where the page exists and the member may open it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from congress.models import Membership, Role
from congress.steps import LABELS as KERNEL_LABELS
from congress.words import cn_short_date
from deadlines.queries import shown as limits_shown
from deadlines.queries import shown_once

from .. import access, queries
from ..forms.replying import REASONS
from ..models import Assignment, Suggestion
from ..queries import lists, story
from ..rules import ASSIGNMENT_FLOW, GONE, OVER
from ..rules.kinds import ASSIGN, PUBLISH
from ..steps import LABELS
from .frame import LIGHTS, RATING_TONES, TASK_TONES, address, link, list_link, tone_of

State, Step = Suggestion.State, Suggestion.Step
# A step of the flow → the pages it may be taken on (the first that exists), and its look.
STEP_PAGES: dict[Step, tuple[str, str]] = {
    Step.PASS_ON: ("suggestions_pass_on", "primary"),
    Step.REGISTER: ("suggestions_register", "primary"),
    Step.REHANDLE: ("suggestions_rehandle", "primary"),
    Step.ACCEPT: ("suggestions_explain", ""),
    Step.ESCALATE: ("suggestions_escalate", ""),
    Step.SEND_BACK: ("suggestions_send_back", ""),
    Step.RESUBMIT: ("suggestions_mend", "primary"),
    Step.REFUSE: ("suggestions_refuse", "danger"),
    Step.CLOSE_OUTSIDE: ("suggestions_close_secret", "primary"),
    Step.ARCHIVE: ("suggestions_archive", ""),
    Step.WITHDRAW: ("suggestions_withdraw", "danger"),
    Step.TERMINATE: ("suggestions_terminate", "danger"),
}
EARLY = (State.REGISTERED, State.CONSULTING, State.ASSIGNED, State.HANDLING)


@dataclass
class Section:
    """A part of the page: its anchor, heading, template, what it needs, and what can be done."""

    key: str
    title: str
    values: dict[str, Any]
    count: int | None = None
    links: list[tuple[str, str]] = field(default_factory=list)

    @property
    def open_links(self) -> list[tuple[str, str]]:
        """Those whose page exists and is open to the member."""
        return [(words, url) for words, url in self.links if url]

    @property
    def template(self) -> str:
        return f"suggestions/admin/story/{self.key}.html"


def page(request: HttpRequest, row: Suggestion) -> dict[str, Any]:
    """All the page of a suggestion shows to this member."""
    member, today = request.member, timezone.localdate()
    rules = queries.rules_of(row)
    tasks = story.tasks_of(row, member)
    told = {"row": row, "member": member, "today": today, "rules": rules, "tasks": tasks}
    line = lists.for_table(Suggestion.objects.filter(pk=row.pk)).get()
    makers = [text, people, log] if row.is_secret_placeholder else SECTIONS
    if row.is_received:
        makers = [m for m in SECTIONS if m not in OWN_ALONE]
    sections = [made for make in makers if (made := make(**told)) is not None]
    return {
        "title": row.title or "未命名的建议",
        "back": [list_link()],
        "row": row,
        "tone": tone_of(row),
        "due": lists.due_of(line, today),
        "lights": LIGHTS,
        "limits": shown_once([row], [ASSIGN, PUBLISH]),
        "mark": line.current_mark,
        "units": lists.units_of(line),
        "sections": sections,
        "course": queries.course(row, member),
        "step_buttons": buttons(member, row, rules),
        "waits_for": waits_for(member, row, rules),
        "next": next_one(member, row),
    }


def buttons(member: Membership, row: Suggestion, rules) -> list[dict]:
    """The steps of the flow this member may take now, each with its page."""
    possible = access.steps(
        member,
        row,
        pre_review=queries.open_pre_review(row, rules),
        withdraw_until=rules.withdraw_until if rules else "",
    )
    found = []
    for step, (name, look) in STEP_PAGES.items():
        url = link(member, name, row.pk)
        if step in possible and url:
            found.append({"label": step.label, "url": url, look or "plain": True})
    return found


def waits_for(member: Membership, row: Suggestion, rules) -> str:
    """Whose turn it is, where it is not the reader's."""
    if row.state == State.PRE_REVIEW:
        step = queries.open_pre_review(row, rules)
        if step == "street" and member.role != Role.STREET:
            return f"等待{row.street or '街道工委'}初审；代工委也可以代为初审。"
        named = "、".join(m.name for m in queries.named_reviewers(row, step))
        if named and access.may_keep(member):
            return f"等待{named}初审；代工委也可以代为初审。"
        if not access.may_keep(member) and not access.may_pre_review(member, row, step):
            return "本级初审已经完成，等待下一环节。"
    if row.state == State.SENT_BACK:
        return "已退回代表修改，等待代表再次提交。"
    return ""


def next_one(member: Membership, row: Suggestion) -> tuple[str, str] | None:
    """The next suggestion that waits for this member's review, and its page."""
    waits = {Role.STREET: State.PRE_REVIEW, Role.DEPUTY_AFFAIRS: State.REVIEW}.get(member.role)
    if waits is None or row.state == waits:
        return None
    following = (
        lists.listed(member).filter(state=waits).exclude(pk=row.pk).order_by("submitted_at", "pk")
    ).first()
    if following is None:
        return None
    return following.title, address(following)


# -- Sections ----------------------------------------------------------------------------------


def text(row, member, **_) -> Section:
    """The text with its versions, what is enclosed, what the deputy asked for."""
    found = story.versions(row)
    values = {
        "versions": found,
        "files": row.attachments.select_related("file"),
        "wishes": [w.unit.name for w in row.wishes.select_related("unit").order_by("pk")],
    }
    return Section("text", "建议内容", values)


def people(row, member, today, tasks, **_) -> Section:
    """Who raised it, who confirmed which text, who is in conflict with a handling unit."""
    signers = story.signers_of(row, today)
    standing = [s for s in signers if s.is_lead or s.signature.state == "confirmed"]
    values = {
        "signers": signers,
        "standing": len(standing),
        "keeps": access.may_keep(member),
        "may_unsign": {
            s.signature.pk
            for s in signers
            if s.signature and access.may_unsign(member, row, s.signature)
        },
        "conflicts": [t for t in tasks if t.deputies_conflict],
    }
    values["commendations"] = list(row.commendations.all())
    links = []
    if access.may_commend(member, row):
        links.append(("登记优秀建议", link(member, "suggestions_commend", row.pk)))
    if access.may_name_head(member, row):
        words = "变更团长" if row.delegation_head_id else "登记团长"
        links.append((words, link(member, "suggestions_head", row.pk)))
    return Section("people", "提出人", values, len(standing) or None, links)


def review(row, member, rules, **_) -> Section:
    """The stages of review, each review with its check list."""
    looked = story.reviews_of(row)
    values = {"stages": story.stages(row, rules), "reviews": looked}
    links = []
    if row.state == State.NOT_ACCEPTED:
        sent_on = access.sent_on_by(member).filter(suggestion=row)
        links = [("打印转办单", link(member, "suggestions_sent_on", r.pk)) for r in sent_on]
    return Section("review", "审查", values, len(looked) or None, links)


def alike(row, member, **_) -> Section:
    """What is like it, what it continues, what it is merged with."""
    found = queries.similar(row.title, [row.situation, *row.requests], exclude=row.pk)
    merges = story.merges_of(row)
    now = next((m for m in merges if m.left_at is None), None)
    seen = set(
        lists.listed(member)
        .filter(pk__in=[a.suggestion.pk for a in found])
        .values_list("pk", flat=True)
    )
    values = {
        "alike": [(a, round(a.likeness * 100), a.suggestion.pk in seen) for a in found],
        "merges": merges,
        "merged": now,
        "may_merge": access.may_keep(member) and not row.is_received,
        "before": row.raised_before,
        "again": row.raised_again.order_by("pk"),
        "revised_from": row.revised_from,
        "revisions_of": row.revisions_of.order_by("pk"),
    }
    links = []
    mergeable = row.state in EARLY and not row.is_received
    if access.may_keep(member) and mergeable and now is None:
        links.append(("并案", link(member, "suggestions_merge", row.pk)))
    return Section("alike", "相近建议和并案", values, len(found) or None, links)


def tasks(row, member, tasks, **_) -> Section | None:
    """Who handles it, until when and how that was counted; returns and extensions."""
    proposed = list(row.proposed.select_related("unit", "batch")) if not tasks else []
    if not tasks and not proposed and row.registered_at is None:
        return None
    shown: dict[int, list] = {}
    for limit in limits_shown(tasks) if tasks else ():
        shown.setdefault(limit.subject_id, []).append(limit)
    for task in tasks:
        task.limits = shown.get(task.pk, [])
    values = {
        "lines": [
            (t, TASK_TONES[t.state], t.state in OVER, unit_steps(member, row, t)) for t in tasks
        ],
        "proposed": proposed,
        "changes": list(row.unit_changes.select_related("by")),
        "coordinations": list(row.coordinations.prefetch_related("tasks")),
        "objections": list(row.unit_objections.select_related("deputy", "wished_unit")),
    }
    links = []
    for asked in values["objections"]:
        if asked.upheld is None:
            words = f"答复{asked.deputy.name}对承办单位的异议"
            links.append((words, link(member, "suggestions_objection", asked.pk)))
    for meeting in values["coordinations"]:
        if meeting.noted_at is None and meeting.on <= timezone.localdate():
            words = f"登记{cn_short_date(meeting.on, timezone.localdate())}协调会的结果"
            links.append((words, link(member, "suggestions_coordinated", meeting.pk)))
    if access.tasks_to_coordinate(member, row).count() > 1:
        links.append(("召开协调会", link(member, "suggestions_coordination", row.pk)))
    if tasks and access.may_change_units(member, row, None):
        links.append(("增加承办单位", link(member, "suggestions_unit_add", row.pk)))
    for task in tasks:
        for asked in task.return_requests.all():
            if asked.accepted is None:
                url = link(member, "suggestions_ruling_return", asked.pk)
                links.append((f"决定{task.unit_name}的退办申请", url))
        for asked in task.extension_requests.all():
            if asked.granted is None:
                url = link(member, "suggestions_ruling_extension", asked.pk)
                links.append((f"审批{task.unit_name}的延期申请", url))
    if not tasks and row.registered_at:
        links = batches_of(member, row, proposed)
    return Section("tasks", "承办单位和期限", values, len(tasks) or None, links)


def unit_steps(member: Membership, row: Suggestion, task: Assignment) -> list[tuple[str, str]]:
    """What may be done about one unit after 交办: its reply checked, the unit changed."""
    possible = ASSIGNMENT_FLOW.steps(task.state)
    if access.may_check(member, task):
        return [("预审答复", link(member, "suggestions_reply_check", task.pk))]
    if Assignment.Step.CANCEL not in possible or not access.may_change_units(member, row, None):
        return []
    found = [("变更为其他单位", link(member, "suggestions_unit_change", task.pk))]
    if task.role in (Assignment.Role.JOINT, Assignment.Role.SEPARATE, Assignment.Role.OWNER):
        found.append(("调出", link(member, "suggestions_unit_out", task.pk)))
    return [pair for pair in found if pair[1]]


def batches_of(member, row, proposed) -> list[tuple[str, str]]:
    """The batch a suggestion waits in, or all batches."""
    batch = next((p.batch for p in proposed if p.batch_id), None)
    if batch is not None:
        return [(f"交办批次：{batch.title}", link(member, "suggestions_batch", batch.pk))]
    if row.state in EARLY:
        return [("放入交办批次", link(member, "suggestions_batches"))]
    return []


def contacts(tasks, member, **_) -> Section | None:
    """The talks with the deputies, and what these said of them."""
    if not tasks:
        return None
    rows = [(c, t) for t in tasks for c in t.contacts.all()]
    rows.sort(key=lambda pair: (pair[0].on, pair[0].pk))
    values = {"contacts": rows, "keeps": access.may_keep(member), "gone": GONE}
    return Section("contacts", "沟通", values, len(rows))


def replies(tasks, **_) -> Section | None:
    """Opinions of joint units, served replies point by point with their letters and service."""
    rows = story.replies_of(tasks)
    if not tasks:
        return None
    for row in rows:
        row.reason_words = REASONS.get(row.reason_code, row.reason_code)
    opinions = [(t, list(t.opinions.all())) for t in tasks if t.role == "joint"]
    return Section("replies", "答复", {"replies": rows, "opinions": opinions}, len(rows))


def judgement(row, member, **_) -> Section | None:
    """Every round: each deputy on each unit in each dimension; what was found of the unhappy."""
    rounds = story.judgement_of(row, member)
    studies = list(row.studies.select_related("by", "meeting"))
    if not rounds and not studies:
        return None
    values = {"rounds": rounds, "studies": studies, "tones": RATING_TONES}
    links = []
    if access.judged_before(member).filter(pk=row.pk).exists():
        links.append(("评价与重办", link(member, "suggestions_judged", row.pk)))
    return Section("judgement", "评价和重办", values, len(rounds) or None, links)


def supervision(row, member, tasks, **_) -> Section | None:
    """督办: the decision, the visits, the result; 催办 letters."""
    rows = list(story.supervisions_of(row))
    urges = [(u, t) for t in tasks for u in t.urges.all()]
    links = [(x.get_kind_display(), link(member, "suggestions_key", x.pk)) for x in rows]
    if row.registered_at and row.state not in CLOSED:
        links.append(("提出督办", link(member, "suggestions_supervise", row.pk)))
        links.append(("催办", link(member, "suggestions_wall")))
    if not rows and not urges and (row.registered_at is None or row.state in CLOSED):
        return None
    values = {"supervisions": rows, "urges": urges}
    return Section("supervision", "督办", values, len(rows) or None, links)


def promises(row, member, tasks, **_) -> Section | None:
    """What was promised, until when, what became of it; classes raised later."""
    rows = story.promises_of(row)
    changes = [(c, t) for t in tasks for c in t.class_changes.all()]
    if not rows and not changes:
        return None
    links = [(p.content[:30], link(member, "suggestions_promise", p.pk)) for p in rows]
    return Section("promises", "承诺", {"promises": rows, "changes": changes}, len(rows), links)


def publication(row, member, **_) -> Section | None:
    """What is public, what is not and why."""
    rows = list(row.publication_decisions.select_related("decided_by", "taken_down_by"))
    if not rows and row.registered_at is None:
        return None
    links = [("公开审查", link(member, "suggestions_publish", row.pk))]
    return Section("publication", "公开", {"decisions": rows}, len(rows) or None, links)


def log(row, member, **_) -> Section | None:
    """The log of the suggestion and its tasks, for those who keep it."""
    if not access.may_keep(member):
        return None
    words = {**KERNEL_LABELS, **LABELS}
    rows = [(e, words.get(e.step, "其他操作")) for e in story.log_of(row)]
    return Section("log", "操作记录", {"entries": rows}) if rows else None


# What of a suggestion that a higher congress sent is told and done there.
OWN_ALONE = (people, review, contacts, judgement, publication)
CLOSED = (State.CLOSED, State.ARCHIVED, State.NOT_ACCEPTED, State.WITHDRAWN, State.TERMINATED)
SECTIONS: list[Callable[..., Section | None]] = [
    text, people, review, alike, tasks, contacts, replies, judgement, supervision, promises,
    publication, log,
]  # fmt: skip
