"""The demo's longest story: one suggestion from a draft to a promise kept the year after.

Co-signers and an edited text, sent back once, handed over to one unit that returns it, then to a
lead with two joint units, an extension, a reply with two promises, a deputy who is not satisfied, a
second round, key supervision, publication. Every step is the action's own, on its day.
"""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from congress.models import Meeting, Membership, Role
from suggestions import actions as act
from suggestions.actions import Plan, Pledge
from suggestions.models import (
    Assignment,
    AssignmentBatch,
    Feedback,
    Reply,
    ReturnRequest,
    Suggestion,
)
from suggestions.queries.publishing import reply_to_publish, text_to_publish
from suggestions.rules.texts import CHECKS, fingerprint

from . import clock

if TYPE_CHECKING:
    from .year import Story

Part = Assignment.Role
TITLE = "关于解决宁安里片区老旧住宅加装电梯难的建议"
SITUATION = (
    "宁安里片区建于1986年至1994年，共有六层住宅三十六栋、居民1260户，六十岁以上老人占三成五，"
    "其中八十岁以上182人，行动不便长期不能下楼的27人。\n"
    "2023年以来，有九个单元自发商议加装电梯，只有一个单元建成。主要困难：一是低层住户担心采光和通行，"
    "没有人组织协商；二是自来水、燃气、电力管线迁移要分别找三家单位，一台电梯的迁移费用超过八万元；"
    "三是审批材料多、环节多，居民不清楚进度。"
)  # fmt: skip
REQUESTS = (
    "由街道牵头、专业调解力量参与，建立低层与高层住户的协商机制和补偿参考标准",
    "统筹水、电、气管线一次勘察、一次施工，迁移费用由财政给予补助",
    "压缩审批环节，在街道设立受理窗口，进度可以查询",
)
FIRST_REPLY = (
    "您领衔提出的建议切中加装电梯工作的难点。我们会同规划资源局、财政局多次研究，并三次到宁安里片区"
    "与居民座谈。由于管线权属复杂、资金渠道尚未落实，所提问题需要分步解决，现将安排答复如下。"
)  # fmt: skip
SECOND_REPLY = (
    "您对前次答复提出意见后，区政府分管领导召集专题会议，明确管线迁移补助由区财政列支，由我局统一组织实施。"
    "八月一日，我们与您和居民代表在现场逐栋核对，现将重新办理的情况答复如下。"
)  # fmt: skip


class LongWay:
    """The steps in order of their days."""

    def __init__(self, story: "Story"):
        self.story, self.papers = story, story.papers
        seats = [s for s in story.seats if s.ends_on is None and s.starts_on.year == 2022]
        self.seat = seats[0]
        self.lead = seats[0].deputy
        same = [s.deputy for s in seats[1:] if s.delegation_id == seats[0].delegation_id]
        self.cosigners = same[:4]

    def steps(self) -> list[tuple[dt.date, Callable[[], object]]]:
        """What happens, each with its day."""
        day = dt.date
        return [
            (day(2025, 1, 12), self.write),
            (day(2025, 1, 14), self.hand_in),
            (day(2025, 2, 10), self.assign),
            (day(2025, 2, 17), self.change_unit),
            (day(2025, 3, 20), self.handle),
            (day(2025, 4, 24), self.extend),
            (day(2025, 6, 26), self.answer),
            (day(2025, 7, 3), self.judge),
            (day(2025, 7, 10), self.order_again),
            (day(2025, 8, 8), self.answer_again),
            (day(2025, 8, 18), self.judge_again),
            (day(2025, 9, 5), self.publish),
            (day(2025, 11, 6), self.end_supervision),
            (day(2025, 12, 22), lambda: self.keep(0, day(2025, 12, 22))),
            (day(2026, 6, 18), lambda: self.keep(1, day(2026, 6, 18))),
        ]

    # -- Who and what --------------------------------------------------------------------------

    @property
    def row(self) -> Suggestion:
        return Suggestion.objects.select_related("rule_set").get(title=TITLE)

    def task(self, short: str) -> Assignment:
        rows = self.row.assignments.exclude(state__in=["returned", "cancelled"])
        return rows.get(unit=self.papers.unit(short))

    def at(self, short: str) -> Membership:
        return self.papers.people[self.papers.unit(short).pk]

    def text_hash(self) -> str:
        row = self.row
        return fingerprint(row.title, row.situation, row.requests)

    # -- Written and handed in -----------------------------------------------------------------

    def write(self) -> None:
        """Four are asked to sign; one declines; an edit makes the others confirm once more."""
        self.papers.learn()
        on, by = dt.date(2025, 1, 12), self.lead.membership
        first = [SITUATION.split("\n")[0] + "居民多次反映加装电梯难。"]
        with clock.at(on, 20):
            row = act.start_draft(
                by=by, lead=self.lead, title=TITLE, situation=first[0], requests=[*REQUESTS[:2]],
                wants_meeting=True, may_publish_text=True, may_publish_reply=True,
                wished_units=[self.papers.unit("房产局")],
            )  # fmt: skip
            act.invite(row, by=by, deputies=self.cosigners)
        with clock.at(on, 20, 40):
            act.confirm_signature(
                row, by=self.cosigners[0].membership, text_sha256=self.text_hash()
            )
            act.decline_signature(row, by=self.cosigners[3].membership)
        with clock.at(on, 21, 30):
            act.save_draft(row, by=by, situation=SITUATION, requests=[*REQUESTS])

    def hand_in(self) -> None:
        """Confirmed, looked at by the street, sent back once by 代工委, registered."""
        on, story, by = dt.date(2025, 1, 13), self.story, self.lead.membership
        street = story.of_street.get(self.seat.street_id) or story.chief
        checks = dict.fromkeys(CHECKS, True)
        with clock.at(on, 8, 30):
            for deputy in self.cosigners[:3]:
                act.confirm_signature(self.row, by=deputy.membership, text_sha256=self.text_hash())
        with clock.at(on, 9, 10):
            act.submit(self.row, by=by)
        with clock.at(on, 11):
            act.pass_on(self.row, by=street, checks=checks, opinion="反映问题属实，建议受理。")
        with clock.at(on, 15, 30):
            words = "请补充片区楼栋、户数和已商议单元的情况，便于承办单位测算。"
            act.send_back(self.row, by=story.clerk, opinion=words)
        with clock.at(on, 19, 20):
            text = f"{SITUATION}\n目前有意愿加装的单元共41个，已初步达成一致的14个。"
            act.save_draft(self.row, by=by, situation=text)
        with clock.at(on, 20):
            digest = self.text_hash()
            if self.row.state == Suggestion.State.SENT_BACK:
                act.invite(self.row, by=by, deputies=[])
            for deputy in self.cosigners[:3]:
                act.confirm_signature(self.row, by=deputy.membership, text_sha256=digest)
            act.submit(self.row, by=by)
        with clock.at(dt.date(2025, 1, 14), 9):
            act.pass_on(self.row, by=street, checks=checks)
        with clock.at(dt.date(2025, 1, 14), 11):
            category = self.papers.categories["老旧小区改造"]
            act.register(self.row, by=story.clerk, category=category, checks=checks)

    # -- Handed over, returned, handled --------------------------------------------------------

    def assign(self) -> None:
        """交办会; the government office names 住建局, which asks to return it."""
        story, office = self.story, self.papers.office
        batch = AssignmentBatch.objects.get(assigned_on=dt.date(2025, 2, 10))
        with clock.at(dt.date(2025, 2, 10), 15):
            act.assign(self.row, by=story.clerk, plans=[Plan(office, Part.OWNER)], batch=batch)
        with clock.at(dt.date(2025, 2, 12), 10):
            plans = [Plan(self.papers.unit("住建局"), Part.LEAD, "牵头研究加装电梯支持办法")]
            plans += [Plan(self.papers.unit(s), Part.JOINT) for s in ("规划资源局", "财政局")]
            act.assign_on(self.task("政府办"), by=self.at("政府办"), plans=plans)
        with clock.at(dt.date(2025, 2, 14), 9, 40):
            act.ask_return(
                self.task("住建局"), by=self.at("住建局"), reason=ReturnRequest.Reason.MOVED,
                explanation="2024年机构改革后，既有住宅加装电梯工作已划转房产局。",
                legal_basis="《房产管理局职能配置规定》第四条第七项",
                approved_by_head="程局长", proposed_unit=self.papers.unit("房产局"),
            )  # fmt: skip

    def change_unit(self) -> None:
        """The office agrees; 房产局 leads, with the same legal day."""
        request = ReturnRequest.objects.get(assignment__suggestion=self.row)
        with clock.at(dt.date(2025, 2, 17), 14):
            plan = Plan(self.papers.unit("房产局"), Part.LEAD, "牵头研究加装电梯支持办法")
            act.decide_return(
                request, by=self.at("政府办"), accept=True, plan=plan,
                decision="职责确已划转，同意退办，改由房产局主办。",
            )  # fmt: skip
        with clock.at(dt.date(2025, 2, 18), 9):
            for short in ("房产局", "规划资源局", "财政局"):
                act.sign_for(self.task(short), by=self.at(short))

    def handle(self) -> None:
        """Talks on the spot, joint opinions (one of them twice), key supervision."""
        papers, story, task = self.papers, self.story, self.task("房产局")
        on = dt.date(2025, 3, 5)
        with clock.at(on, 17):
            contact = act.record_contact(
                task, by=self.at("房产局"), phase="before", mode="site", on=on,
                place="宁安里片区", who="傅局长、城市更新科沈科长",
                opinions="代表要求先解决管线迁移和协商组织两件事，并公布时间表。",
                deputies=[self.lead, *self.cosigners[:2]],
            )  # fmt: skip
        with clock.at(on, 20):
            for deputy in (self.lead, *self.cosigners[:2]):
                act.confirm_contact(contact, by=deputy.membership, confirmed=True)
        with clock.at(dt.date(2025, 3, 7), 10):
            plan = "到现场督办，听取三家管线单位汇报，十一月向主任会议报告。"
            committee = papers.unit("城建环资工委")
            key = act.propose_key(self.row, by=story.clerk, plan=plan, committee=committee)
        with clock.at(dt.date(2025, 3, 10), 11):
            act.give_opinion(
                self.task("规划资源局"), by=self.at("规划资源局"), signer="许副局长",
                text="加装电梯不涉及新增用地的，免于办理规划许可，我局提供日照分析技术指导。",
                document_number="古楼规划资源函〔2025〕18号",
            )  # fmt: skip
            act.give_opinion(
                self.task("财政局"), by=self.at("财政局"), signer="邓副局长",
                text="请主办单位按现行政策研究办理。",
            )  # fmt: skip
        with clock.at(dt.date(2025, 3, 11), 9):
            words = "没有就补助资金提出具体意见"
            act.send_opinion_back(self.task("财政局"), by=self.at("房产局"), reason=words)
        with clock.at(dt.date(2025, 3, 14), 16):
            act.give_opinion(
                self.task("财政局"), by=self.at("财政局"), signer="邓副局长",
                text="管线迁移补助拟按每台四万元测算，请主办单位提出年度计划后列入下半年预算调整。",
                document_number="古楼财函〔2025〕22号",
            )  # fmt: skip
        meeting = Meeting.objects.get(kind=Meeting.Kind.CHAIRPERSONS, held_on=dt.date(2025, 3, 18))
        chair = Membership.objects.filter(role=Role.CHAIR).select_related("user").earliest("pk")
        with clock.at(dt.date(2025, 3, 19), 10):
            key = act.decide_key(
                key, by=story.clerk, meeting=meeting, leader=chair, committee=committee,
                government_leader="副区长袁某",
            )  # fmt: skip

    def extend(self) -> None:
        """Asked in time, with the interim word to the deputies; agreed by 代工委."""
        with clock.at(dt.date(2025, 4, 22), 10):
            request = act.ask_extension(
                self.task("房产局"), by=self.at("房产局"), reason="wide",
                to_on=dt.date(2025, 7, 10),
                progress="已完成片区管线初步勘察，补助资金需待预算调整，拟延期答复。",
                deputy_told_on=dt.date(2025, 4, 21),
            )  # fmt: skip
        with clock.at(dt.date(2025, 4, 24), 15):
            words = "同意延期，请先向代表书面说明进展。"
            act.decide_extension(request, by=self.story.clerk, agrees=True, note=words)
        key = self.row.supervisions.get(kind="key")
        with clock.at(dt.date(2025, 5, 14), 17):
            act.note_supervision(
                key, by=self.story.clerk, kind="site", on=dt.date(2025, 5, 14),
                text="常委会领导带队到宁安里现场督办，要求六月底前拿出管线统一迁移方案。",
                deputies=[self.lead, *self.cosigners[:2]],
            )  # fmt: skip

    # -- Answered, judged, answered again ------------------------------------------------------

    def reply(self, on: dt.date, mark: str, text: str, points: dict, promises=()) -> None:
        """Drafted, signed off and served within a week."""
        by, task = self.at("房产局"), self.task("房产局")
        classes = {c.mark: c for c in self.row.rule_set.classes.all()}
        with clock.at(on - dt.timedelta(days=5), 10):
            act.draft_reply(
                task, by=by, text=text, result_class=classes[mark], points=points,
                promises=promises, publicity="full", contact_person="沈科长",
                contact_phone="100-0000",
                document_number=f"古楼房产函〔2025〕{61 if mark == 'B' else 74}号",
            )  # fmt: skip
        with clock.at(on - dt.timedelta(days=2), 16):
            act.sign_off(task, by=by, signer="傅局长", signer_rank="head")
        with clock.at(on, 16):
            people = act.answered_deputies(self.task("房产局"))
            served = {d: ("face" if d == self.lead else "platform", on) for d in people}
            act.serve(task, by=by, served=served)

    def answer(self) -> None:
        """B: planned, with two promises."""
        self.reply(
            dt.date(2025, 6, 26), "B", FIRST_REPLY,
            {
                1: "已会同湖滨街道制定协商指引，下半年在六个单元试点，由专业调解员驻点。",
                2: "已与供水、燃气、供电单位商定统一勘察，迁移方案年底前完成，补助资金正在争取。",
                3: "正会同行政审批局修订流程，拟由七个环节减为三个，明年上半年开设街道窗口。",
            },
            [
                Pledge("完成宁安里片区管线统一勘察和迁移方案，首批六台电梯开工",
                       "六台电梯取得开工手续", "傅副局长", dt.date(2025, 12, 31)),
                Pledge("在湖滨街道便民服务中心开设加装电梯受理窗口",
                       "窗口对外受理，审批环节不超过三个", "沈科长", dt.date(2026, 6, 30)),
            ],
        )  # fmt: skip

    def judge(self) -> None:
        """The lead is not satisfied with the result, the co-signers are."""
        rows = Feedback.objects.filter(suggestion=self.row, state="expected", round=1)
        for n, feedback in enumerate(rows.select_related("deputy__membership").order_by("pk")):
            angry = feedback.deputy == self.lead and feedback.assignment.role == Part.LEAD
            with clock.at(dt.date(2025, 7, 1 + n % 3), 20, n):
                act.give_feedback(
                    feedback, by=feedback.deputy.membership,
                    ratings={"态度": "satisfied", "结果": "unsatisfied" if angry else "satisfied"},
                    opinion="管线迁移补助没有落实，首批电梯哪一天开工没有时间表，居民还在等。"
                    if angry else "", was_contacted=True, asks_rehandling=angry,
                )  # fmt: skip

    def order_again(self) -> None:
        with clock.at(dt.date(2025, 7, 10), 10):
            act.order_rehandling(
                self.row, by=self.story.clerk, dimensions=["结果"],
                opinion="请对管线迁移补助和首批开工时间作出明确答复，一个月内再次答复代表。",
            )  # fmt: skip

    def answer_again(self) -> None:
        """A: the money is there, the first lifts are under way."""
        on = dt.date(2025, 8, 1)
        with clock.at(on, 17):
            contact = act.record_contact(
                self.task("房产局"), by=self.at("房产局"), phase="during", mode="site", on=on,
                place="宁安里三号院", who="副区长袁某、傅局长、三家管线单位负责人",
                opinions="代表对补助办法和开工计划表示认可，要求公布每栋的进度。",
            )  # fmt: skip
        with clock.at(on, 20):
            act.confirm_contact(contact, by=self.lead.membership, confirmed=True)
        self.reply(
            dt.date(2025, 8, 8), "A", SECOND_REPLY,
            {
                1: "六个试点单元全部签订协议，协商指引和补偿参考标准已在全区印发。",
                2: "区财政安排管线迁移补助240万元，每台补助四万元，首批六台八月五日开工。",
                3: "审批环节已减为三个，线上可以查询进度；街道窗口按承诺时间开设。",
            },
        )  # fmt: skip

    def judge_again(self) -> None:
        rows = Feedback.objects.filter(suggestion=self.row, state="expected", round=2)
        for n, feedback in enumerate(rows.select_related("deputy__membership").order_by("pk")):
            with clock.at(dt.date(2025, 8, 14 + n % 4), 19, n):
                act.give_feedback(
                    feedback, by=feedback.deputy.membership,
                    ratings={"态度": "satisfied", "结果": "satisfied"},
                    opinion="首批已经开工，居民很高兴。", was_contacted=True,
                    agrees_to_publish=True,
                )  # fmt: skip

    # -- And after -----------------------------------------------------------------------------

    def publish(self) -> None:
        """The text and both replies made public after both checks."""
        row = self.row
        parts = [("text", None, text_to_publish(row))]
        served = Reply.objects.filter(assignment__suggestion=row, state=Reply.State.SERVED)
        parts += [("reply", r, reply_to_publish(r)) for r in served.order_by("round")]
        with clock.at(dt.date(2025, 9, 5), 15):
            for part, reply, words in parts:
                act.decide_publication(
                    row, by=self.story.chief, part=part, reply=reply, mode="full", title=row.title,
                    text=words, secrecy_checked=True, privacy_checked=True,
                )  # fmt: skip

    def end_supervision(self) -> None:
        key = self.row.supervisions.get(kind="key")
        with clock.at(dt.date(2025, 11, 6), 16):
            act.end_supervision(
                key, by=self.story.clerk, rating="好",
                result="首批六台电梯建成三台，补助办法在全区推开，代表和居民满意。",
            )  # fmt: skip

    def keep(self, which: int, on: dt.date) -> None:
        """A promise kept, looked at, and the deputy's receipt; after the first year it is filed."""
        promise = self.row.promises.order_by("number")[which]
        said = (
            "宁安里片区管线统一勘察和迁移方案已完成，首批六台电梯全部建成，第二批十一台已经开工。",
            "湖滨街道便民服务中心受理窗口六月十六日启用，审批环节三个，平均办理十八天。",
        )[which]
        with clock.at(on, 10):
            act.report_promise(promise, by=self.at("房产局"), text=said, signer="傅局长")
        with clock.at(on + dt.timedelta(days=3), 15):
            act.confirm_promise(promise, by=self.story.clerk, text="到现场核实，已经落实。")
        with clock.at(on + dt.timedelta(days=5), 20):
            act.receipt_promise(
                promise, by=self.lead.membership, value="satisfied", text="承诺兑现，感谢。"
            )
        if which == 0:
            with clock.at(dt.date(2026, 1, 6), 10):
                act.archive(self.row, by=self.story.clerk)
