"""What is going on these days after the reply: not satisfied, on paper, promises, commended."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from congress.files import store
from congress.models import StoredFile
from congress.pdf import from_html
from suggestions import actions as act
from suggestions.access import FILE_PURPOSE
from suggestions.models import Feedback, Promise, Suggestion

from . import matters

if TYPE_CHECKING:
    from .current import Current


def not_satisfied(now: "Current") -> None:
    """One to be studied, one handled again, one before the chairpersons."""
    for n, mark in enumerate("CBBA"):
        age = (50, 55, 72, 90)[n]
        row = now.go(now.somebody(n), age, "judged", mark=mark, value="unsatisfied")
        on = now.ago((0, 9, 20, 30)[n])
        with now.at(on, 15):
            if n in (1, 2):
                act.order_rehandling(
                    row, by=now.story.clerk, dimensions=["结果"],
                    opinion=matters.WORDS["again"],
                )  # fmt: skip
            elif n == 3:
                words = "涉及多个部门职责交叉，单靠承办单位难以解决。"
                act.escalate(row, by=now.story.clerk, opinion=words)


def on_paper(now: "Current") -> None:
    """A deputy of eighty filled in the form by hand. In mid-year a second person has yet to
    compare it; at the year's end, when the report is to be printed, that is done."""
    row = now.go(now.people[40], 48, "served")
    feedback = Feedback.objects.filter(suggestion=row, deputy=row.lead).first()
    with now.at(now.ago(2), 16):
        scan = _scan(now, row, "征询意见表", "结果：基本满意", "意见：希望抓好后续落实。")
        feedback = act.enter_paper_feedback(
            feedback, by=now.story.clerk, scan=scan, opinion="希望抓好后续落实。",
            ratings={"态度": "satisfied", "结果": "basically"},
        )  # fmt: skip
    if now.story.stage == "year-end":
        with now.at(now.ago(1), 9):
            act.confirm_paper_feedback(feedback, by=now.story.chief)


def corrected(now: "Current") -> None:
    """A deputy said on paper that the wrong box was ticked; a second person has yet to compare."""
    row = now.go(now.people[42], 60, "judged")
    feedback = Feedback.objects.get(suggestion=row, deputy=row.lead, superseded_at=None)
    with now.at(now.ago(1), 16):
        scan = _scan(now, row, "更正评价的书面说明", "结果：基本满意（原填满意，系误选）")
        act.enter_correction(
            feedback, by=now.story.clerk, reason="代表来信说明，结果一栏误选了满意。", scan=scan,
            ratings={"态度": "satisfied", "结果": "basically"},
            opinion="二期还没有动工，请继续跟进。",
        )  # fmt: skip


def _scan(now: "Current", row: Suggestion, name: str, *said: str) -> StoredFile:
    """What a deputy filled in and sent."""
    lines = [f"建议编号：{row.number}", f"建议标题：{row.title}", f"代表：{row.lead}",
             "态度：满意", *said]  # fmt: skip
    body = "".join(f"<p>{line}</p>" for line in lines)
    return store(
        f"{name}.pdf", from_html(f"<html lang=zh><h1>{name}</h1>{body}"),
        purpose=FILE_PURPOSE, content_type="application/pdf", by=now.story.clerk,
    )  # fmt: skip


def commended(now: "Current") -> None:
    """Two of this year's that were handled well are commended by the chairpersons' meeting."""
    on = now.ago(8)
    rows = Suggestion.objects.filter(
        state=Suggestion.State.CLOSED, closed_at__date__lt=on, round=1, raised_in="sitting",
        sitting__opens_on__year=now.today.year,
    )  # fmt: skip
    with now.at(now.ago(7), 10):
        for row in rows.order_by("number")[:2]:
            act.commend(row, by=now.story.clerk, on=on, document=f"主任会议纪要〔{on.year}〕11号")


def promises(now: "Current") -> None:
    """Promises just reported, a class to be raised."""
    running = Promise.objects.filter(
        state=Promise.State.RUNNING, reply__state="served", suggestion__closed_at__isnull=False
    ).select_related("reply__assignment", "suggestion", "unit")
    for n, row in enumerate(_each(running.order_by("due_on", "pk"), 3)):
        by = now.papers.people.get(row.unit_id)
        if by is None:
            continue
        with now.at(now.ago(2), 10 + n):
            act.report_promise(row, by=by, signer="局长", text=f"{row.content}，已经完成。")
            solved = row.suggestion.rule_set.classes.filter(canonical="solved").first()
            if n == 0 and solved:
                act.propose_class(row.reply.assignment, by=by, to_class=solved,
                                  reason="承诺事项已经完成")  # fmt: skip


def _each(rows: Iterable[Promise], count: int) -> Iterator[Promise]:
    """The first of as many different units."""
    seen: set[int] = set()
    for row in rows:
        if row.unit_id not in seen and len(seen) < count:
            seen.add(row.unit_id)
            yield row
