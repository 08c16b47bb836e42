"""What the demo's congress says of its own handling: last year's report and the scores of its
units, and a look back at what could not be solved."""

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from congress.models import Sitting
from suggestions.actions.looking_back import answer_finding, find_again, open_lookback
from suggestions.actions.reports import publish_report, start_report
from suggestions.actions.scores import (
    change_score_sheet,
    decide_score_objection,
    freeze_scores,
    object_to_score,
    show_scores,
    start_score_sheet,
)
from suggestions.models import LookBackItem, YearlyReport

from . import clock
from .people import HEADS

if TYPE_CHECKING:
    from .year import Story

HEARD = dt.date(2025, 12, 22)  # the standing committee hears the report on the year
OPENING = (
    "坚持提前介入，会前组织代表围绕民生实事开展调研，逐件沟通完善建议内容。\n"
    "代表工作委员会会同政府办公室召开交办会，逐件明确承办单位和时限。\n"
    "主任会议成员领衔督办重点建议，各专工委对口督办，街道跟踪督办。"
)
PROBLEMS = "个别单位答复前与代表沟通不够充分，少数列入计划的事项落实进度偏慢。"
NEXT_STEPS = "健全承诺事项台账和回头看制度，推动从答复满意向结果满意转变。"
OBJECTIONS = (  # a unit's words, the decision, the points it gains
    (
        "第4-021号已按期送达代表，统计中列为逾期，请核实。",
        "经核对签收单，已按期送达，予以采纳。",
        "1.5",
    ),
    ("个别代表的评价针对政策本身，建议不计入本单位。", "评价以代表反馈表为准，不予调整。", ""),
)
FOUND = (
    ("solved", "资金已经落实，工程完工并投入使用，群众反映良好。"),
    ("going", "已完成方案设计和资金申请，列入明年工作计划。"),
    ("stuck", "因用地条件限制，目前仍不具备实施条件，已向代表说明。"),
)


class Told:
    """The report on the sitting's year before this one, and the look back of this autumn."""

    def __init__(self, story: "Story"):
        self.story, self.chance = story, story.papers.chance

    def chapters(self) -> Iterator[Callable[[], object]]:
        """In parts: a report is counted in the background between two of them."""
        yield self.report
        yield self.publish
        yield self.scores
        if self.story.stage == "year-end":
            yield self.look_back

    def report(self) -> None:
        """The report is begun; the background counts and prints it."""
        story = self.story
        with clock.at(HEARD - dt.timedelta(days=12), 10):
            start_report(
                Sitting.objects.get(opens_on__year=2025),
                by=story.clerk,
                title=f"关于{story.congress.name}2025年代表建议、批评和意见办理情况的报告",
                texts={"opening": OPENING, "problems": PROBLEMS, "next_steps": NEXT_STEPS},
            )

    def publish(self) -> None:
        """Heard by the standing committee, then public."""
        with clock.at(HEARD + dt.timedelta(days=7), 15):
            for row in YearlyReport.objects.filter(state=YearlyReport.State.FROZEN):
                publish_report(row, by=self.story.chief)

    def scores(self) -> None:
        """Last year's sheet is shown to the units, two object, it is sealed; this year's begins."""
        story, papers = self.story, self.story.papers
        shown = HEARD - dt.timedelta(days=14)
        with clock.at(shown, 9):
            sheet = start_score_sheet(
                Sitting.objects.get(opens_on__year=2025), by=story.clerk, name="2025年办理工作考评"
            )
            change_score_sheet(
                sheet, by=story.clerk, objections_until=shown + dt.timedelta(days=7),
                basis_document=f"{story.place.name}人大常委会代表建议办理工作考评办法（2024年修订）",
            )  # fmt: skip
            show_scores(sheet, by=story.clerk)
        scored = sheet.results.select_related("unit", "sheet").order_by("rank", "pk")
        mine = [(r, papers.people[r.unit_id]) for r in scored if r.unit_id in papers.people]
        for (result, by), (text, decision, points) in zip(mine[2::5], OBJECTIONS, strict=False):
            with clock.at(shown + dt.timedelta(days=2), 10):
                row = object_to_score(result, by=by, text=text)
            with clock.at(shown + dt.timedelta(days=4), 15):
                decide_score_objection(
                    row, by=story.chief, upheld=bool(points), decision=decision,
                    points=Decimal(points or 0),
                )  # fmt: skip
        with clock.at(shown + dt.timedelta(days=9), 9):
            freeze_scores(sheet, by=story.chief)
        if story.stage == "year-end":
            with clock.at(papers.workday_after(papers.today - dt.timedelta(days=9)), 9):
                start_score_sheet(
                    Sitting.objects.get(opens_on__year=2026), by=story.clerk,
                    name="2026年办理工作考评",
                )  # fmt: skip

    def look_back(self) -> None:
        """What had to be left unsolved is looked at once more; two thirds are answered."""
        story, papers = self.story, self.story.papers
        opened = papers.today - dt.timedelta(days=30)
        with clock.at(papers.workday_after(opened), 9):
            campaign = open_lookback(
                by=story.clerk, title="本届暂不能解决的建议回头看", term=story.seats[0].term,
                meanings=["not_now"], due_on=papers.workday_after(opened + dt.timedelta(days=45)),
            )  # fmt: skip
        items = LookBackItem.objects.filter(campaign=campaign).select_related(
            "assignment__unit", "assignment__suggestion__lead__membership"
        )
        for n, item in enumerate(items.order_by("pk")):
            by, lead = papers.people.get(item.assignment.unit_id), item.assignment.suggestion.lead
            if by is None or n % 3 == 2:
                continue
            finding, text = self.chance.choices(FOUND, (30, 50, 20))[0]
            day = papers.workday_after(opened + dt.timedelta(days=5 + n % 12))
            with clock.at(day, 10):
                signer = f"{self.chance.choice(HEADS)}局长"
                item = find_again(item, by=by, finding=finding, text=text, signer=signer)
            if n % 2 == 0 and lead and lead.membership_id:
                with clock.at(papers.workday_after(day + dt.timedelta(days=3)), 20):
                    answer_finding(item, by=lead.membership, word="agrees")
