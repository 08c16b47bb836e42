"""Every kind of message leads its reader to a page that opens."""

import ast
import datetime as dt
from pathlib import Path

import pytest

from congress.models import Meeting, Role, StoredFile, Term, Unit
from congress.tenancy import in_congress
from deputies.models import Delegation
from notices.models import Notice
from suggestions import actions
from suggestions.models import Feedback, LookBack, Promise, Suggestion
from suggestions.rules.texts import CHECKS
from tests import cast

from . import stage
from .year import Maker

pytestmark = pytest.mark.django_db(databases=["default", "platform"])
ROOT = Path(__file__).resolve().parents[2]
FEBRUARY, MARCH, APRIL = dt.date(2026, 2, 5), dt.date(2026, 3, 10), dt.date(2026, 4, 20)
JULY = dt.date(2026, 7, 1)
PLEDGE = actions.Pledge("完成二期加装", "两栋投入使用", "副局长", dt.date(2026, 9, 30))
# What the yearly figures write; they have a year of their own (the last test).
OF_FIGURES = {"report_made", "report_refused", "score_decided", "score_objection", "scores_shown"}


def kinds() -> set[str]:
    return {p.stem for p in (ROOT / "templates/notices/suggestions").glob("*.txt")}


def test_no_message_is_sent_without_a_link():
    """`tell…` gives each reader the own page; whoever writes `send` or `Letter` names it."""
    bare = []
    for path in sorted((ROOT / "suggestions").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            name = getattr(getattr(node, "func", None), "id", "")
            linked = "link" in {k.arg for k in getattr(node, "keywords", ())}
            linked = linked or name == "Letter" and len(node.args) > 1
            if name in ("send", "Letter") and not linked:
                if not (path.name == "tasks.py"):  # its `send` starts a task
                    bare.append(f"{path.name}:{node.lineno}")
    assert bare == []


class Walk:
    """Opens what was written since, as whom it was written to."""

    def __init__(self, congress, client_of):
        self.congress, self.client_of, self.seen = congress, client_of, set()

    def __call__(self) -> None:
        with in_congress(self.congress):
            rows = list(Notice.objects.filter(read_at=None).select_related("to__user"))
            Notice.objects.update(read_at=stage.dt.datetime(2026, 1, 1, tzinfo=stage.dt.UTC))
        opened = set()
        for row in rows:
            assert row.link, row.template
            if (row.to_id, row.link) not in opened:
                page = self.client_of(row.to).get(row.link, follow=True)
                assert page.status_code == 200, (row.template, row.link, row.to.role)
                opened.add((row.to_id, row.link))
            app, _, kind = row.template.partition("/")
            if app == "suggestions":
                self.seen.add(kind)


@pytest.fixture
def walk(binhai, client_of):
    with in_congress(binhai):
        stage.ready(
            extension_approvers=["government_office", "deputy_affairs"],
            reply_precheck="deputy_affairs", signs_apart=False, withdraw_until="answered",
        )  # fmt: skip
    return Walk(binhai, client_of)


@pytest.fixture
def people(walk, binhai):
    with in_congress(binhai):
        return stage.people(6)


@pytest.fixture
def clerk(binhai):
    return cast.member(binhai, Role.DEPUTY_AFFAIRS)


def scan(clerk) -> StoredFile:
    return StoredFile.objects.create(
        name="件.pdf", size=3, sha256="0" * 64, content_type="application/pdf", by=clerk,
        purpose="suggestions.file",
    )  # fmt: skip


def test_what_is_told_before_handing_over(binhai, walk, people, clerk):
    """Also of what staff wrote down: the delegation's, told to who has a login."""
    with in_congress(binhai):
        row = stage.draft(people[0])
        with stage.on(stage.SITTING):
            actions.invite(row, by=people[0].membership, deputies=people[1:4])
    with stage.on(stage.SITTING):
        walk()
        with in_congress(binhai):
            actions.confirm_signature(row, by=people[1].membership, text_sha256=stage.hash_of(row))
            actions.decline_signature(row, by=people[2].membership)
            row = actions.save_draft(row, by=people[0].membership, title="关于增设充电桩的建议")
        walk()
        with in_congress(binhai):
            row = actions.submit(row, by=people[0].membership, without_unanswered=True)
        walk()
        with in_congress(binhai):
            row = actions.send_back(row, by=clerk, opinion="请写明位置")
        walk()
        with in_congress(binhai):
            other = stage.submitted(people[4])
            actions.refuse(other, by=clerk, ground="case", explanation="属诉讼事项。",
                           deputy_told_on=stage.SITTING)  # fmt: skip
            delegation = Delegation.objects.create(name="东湖代表团")
            values = {"title": "关于修复湖岸的建议", "situation": stage.SITUATION,
                      "requests": stage.REQUESTS}  # fmt: skip
            paper = actions.enter(by=clerk, received_on=stage.SITTING, scan=scan(clerk),
                                  delegation=delegation, **values)  # fmt: skip
            actions.enter(by=clerk, received_on=stage.SITTING, scan=scan(clerk), lead=people[5],
                          **values)  # fmt: skip
            actions.name_head(paper, by=clerk, head=people[3])
        walk()
        with in_congress(binhai):
            paper = actions.register(paper, by=clerk, category=None or first_category(),
                                     checks=dict.fromkeys(CHECKS, True))  # fmt: skip
            housing = cast.member(binhai, Role.HANDLING_UNIT)
            actions.propose_units(
                paper, by=clerk,
                proposals=[actions.Proposal(actions.Plan(housing.unit, "sole"))],
            )  # fmt: skip
            actions.consult(paper, by=clerk)
            actions.withdraw(
                Suggestion.objects.get(pk=paper.pk), by=clerk, reason="已经解决", paper=True
            )
        walk()
    assert walk.seen >= {
        "invited", "declined", "text_changed", "submitted", "sent_back", "refused", "entered",
        "head", "registered", "consulted", "withdrawn",
    }  # fmt: skip


def first_category():
    from suggestions.models import Category

    return Category.objects.get(name="物业管理")


def test_what_is_told_from_handing_over_to_the_end(binhai, walk, people, clerk):
    """Every other kind, the readers at both levels: office, units, deputies, staff, chair."""
    office = cast.member(binhai, Role.GOVERNMENT_OFFICE)
    housing = cast.member(binhai, Role.HANDLING_UNIT)
    chair = cast.member(binhai, Role.CHAIR)
    with in_congress(binhai):
        finance, roads = stage.unit("财政局"), stage.unit("交通局")
        row = stage.assigned(binhai, people[0], [(office.unit, "owner")], cosigners=people[1:3])
        own = stage.task_of(row, office.unit)
        plans = [actions.Plan(housing.unit, "lead"), actions.Plan(finance[0], "joint")]
    with stage.on(FEBRUARY):
        with in_congress(binhai):
            actions.assign_on(own, by=office, plans=plans)
            lead, joint = stage.task_of(row, housing.unit), stage.task_of(row, finance[0])
        walk()
        with in_congress(binhai):
            actions.object_to_units(row, by=people[0].membership, text="应当由交通局主办办理")
            objection = row.unit_objections.get()
            request = actions.ask_return(
                joint, by=finance[1], reason="not_ours", explanation="不属职责",
                legal_basis="三定", approved_by_head="局长",
            )  # fmt: skip
        walk()
        with in_congress(binhai):
            actions.answer_objection(objection, by=clerk, upheld=False, answer="分工如此")
            actions.decide_return(request, by=office, accept=True, decision="同意",
                                  plan=actions.Plan(roads[0], "joint"))  # fmt: skip
            joint = stage.task_of(row, roads[0])
        walk()
        with in_congress(binhai):
            actions.sign_for(lead, by=housing)
            actions.sign_for(joint, by=roads[1])
            asked = actions.ask_extension(
                lead, by=housing, reason="wide", progress="正在协调", to_on=dt.date(2026, 6, 1)
            )
        walk()
        with in_congress(binhai):
            actions.decide_extension(asked, by=office, agrees=True)
            actions.decide_extension(asked, by=clerk, agrees=True)
            actions.give_opinion(joint, by=roads[1], text="同意由主办单位答复。", signer="局长")
        walk()
        with in_congress(binhai):
            actions.send_opinion_back(joint, by=housing, reason="没有具体意见")
            actions.urge(lead, by=clerk, text="请抓紧办理")
            meeting = actions.call_coordination(
                row, by=clerk, tasks=[lead, joint], on=FEBRUARY, issue="资金由谁承担"
            )
            actions.note_coordination(meeting, by=clerk, result="由财政局承担，住建局牵头。")
            added = actions.add_unit(
                row, by=office, parent=own, plan=actions.Plan(finance[0], "joint"), reason="需要"
            )
        walk()
        with in_congress(binhai):
            actions.cancel_task(added, by=office, reason="不再需要")
            actions.give_opinion(
                joint, by=roads[1], text="同意由主办单位统一答复，资金已经列入预算。", signer="局长"
            )
            actions.send_supplement(
                joint, by=roads[1], text="路口改造已经排入今年计划。", signer="局长"
            )
            proposed = actions.propose_key(row, by=clerk, plan="实地视察")
            meeting = Meeting.objects.create(
                kind=Meeting.Kind.CHAIRPERSONS, number=41, title="主任会议", held_on=FEBRUARY
            )
            actions.decide_key(proposed, by=clerk, meeting=meeting, leader=chair,
                               committee=Unit.objects.get(short_name="财经委"))  # fmt: skip
        walk()
        with in_congress(binhai):
            actions.record_contact(lead, by=housing, phase="before", mode="phone", on=FEBRUARY,
                                   who="局长", opinions="同意", deputies=people[:1])  # fmt: skip
        walk()
    with in_congress(binhai):
        stage.talked(lead, housing, MARCH)
        stage.drafted(lead, housing, MARCH, "B", promises=[PLEDGE])
    with stage.on(MARCH):
        with in_congress(binhai):
            actions.sign_off(lead, by=housing, signer="局长程某")
            actions.send_to_check(lead, by=housing)
        walk()
        with in_congress(binhai):
            actions.check_reply(lead, by=clerk, passes=True)
            to = actions.answered_deputies(lead)
            lead.refresh_from_db()
            actions.serve(lead, by=housing, served={d: ("face", MARCH) for d in to})
            row.refresh_from_db()
            actions.remind_feedback(row, by=clerk)
            actions.ask_consent(row, by=clerk)
        walk()
        with in_congress(binhai):
            actions.commend(row, by=clerk, on=MARCH, document="常委会决定")
            actions.propose_class(lead, by=housing, to_class=stage.klass("A"), reason="已经完成")
            actions.withdraw_signature(
                row.signatures.get(deputy=people[2]), by=people[2].membership, reason="情况有变"
            )
            promise = Promise.objects.get()
            actions.ask_progress(promise, by=clerk)
            actions.note_progress(promise, by=housing, text="完成一半", signer="局长")
            actions.change_promise(promise, by=housing, text="汛期推迟", signer="局长",
                                   new_due_on=dt.date(2026, 10, 30))  # fmt: skip
            actions.report_promise(promise, by=housing, text="已经完成", signer="局长")
            actions.receipt_promise(
                promise, by=people[0].membership, value="unsatisfied", text="没有完成"
            )
            promise.refresh_from_db()
            actions.reopen_promise(promise, by=clerk, text="现场没有完成")
        walk()
    with stage.on(dt.date(2026, 10, 30)):
        with in_congress(binhai):
            actions.open_due_promises(dt.date(2026, 10, 30))
        walk()
        with in_congress(binhai):
            promise.refresh_from_db()
            actions.fail_promise(promise, by=housing, text="征地未成", signer="局长")
        walk()
    with in_congress(binhai):
        stage.judged(row, APRIL, "unsatisfied")
    with stage.on(APRIL):
        walk()
        with in_congress(binhai):
            row.refresh_from_db()
            actions.order_rehandling(row, by=clerk, opinion="请落实", dimensions=["结果"])
        walk()
        with in_congress(binhai):
            back = actions.open_lookback(by=clerk, title="回看", term=Term.objects.get(),
                                         meanings=["planned"], due_on=JULY)  # fmt: skip
        walk()
        with in_congress(binhai):
            actions.remind_lookback(back, by=clerk)
            item = LookBack.objects.get().items.get()
            actions.find_again(item, by=housing, finding="going", text="正在施工。", signer="程某")
        walk()
        with in_congress(binhai):
            both = [stage.assigned(binhai, people[3], [(roads[0], "sole")]) for _ in range(2)]
            actions.merge(both[0], both[1:], by=clerk, reason="同一事项")
            actions.terminate(both[0], by=clerk, reason="法律修改")
            actions.withdraw(both[1], by=people[3].membership, reason="已经解决")
            told = Feedback.objects.filter(suggestion=row).count()
            assert told
        walk()
    leads_together(binhai, walk, people, clerk)
    took_consent_back(binhai, walk, people, clerk)
    early = {
        "invited", "declined", "text_changed", "submitted", "sent_back", "refused", "entered",
        "head", "registered", "consulted", "withdrawn",
    }  # fmt: skip
    assert kinds() - walk.seen - early - OF_FIGURES == set()


def leads_together(binhai, walk, people, clerk) -> None:
    with in_congress(binhai):
        one, two = stage.unit("水务局"), stage.unit("民政局")
        row = stage.assigned(binhai, people[4], [(one[0], "lead"), (two[0], "lead")])
        tasks = [stage.task_of(row, u) for u in (one[0], two[0])]
        with stage.on(MARCH):
            for task, (_, who) in zip(tasks, (one, two), strict=True):
                actions.sign_for(task, by=who)
        stage.talked(tasks[0], one[1], MARCH)
        draft = stage.drafted(tasks[0], one[1], MARCH)
        with stage.on(MARCH):
            actions.countersign(tasks[1], by=two[1], version=draft.version, signer="局长")
    with stage.on(MARCH):
        walk()


def took_consent_back(binhai, walk, people, clerk) -> None:
    with in_congress(binhai):
        row = Suggestion.objects.get(lead=people[0])
        with stage.on(APRIL):
            actions.give_consent(row, by=people[0].membership, text=True, reply=True)
            actions.decide_publication(
                row, by=clerk, part="text", mode="full", title="建议", text="全文",
                secrecy_checked=True, privacy_checked=True,
            )  # fmt: skip
            actions.give_consent(row, by=people[0].membership, text=False, reply=False)
    with stage.on(APRIL):
        walk()


def test_what_the_figures_of_a_year_tell(binhai, client_of):
    with stage.on(dt.date(2026, 11, 20)):
        walk = Walk(binhai, client_of)
        with in_congress(binhai):
            stage.ready()
            maker = Maker(4)
            maker.year(25)
            actions.make_report(
                actions.start_report(maker.sitting, by=maker.clerk, title="报告", texts={}),
                by=maker.clerk,
            )
            sheet = actions.start_score_sheet(maker.sitting, by=maker.clerk, name="考评")
            actions.change_score_sheet(sheet, by=maker.clerk, basis_document="常发〔2026〕8号",
                                       objections_until=dt.date(2026, 11, 27))  # fmt: skip
            actions.show_scores(sheet, by=maker.clerk)
            housing = cast.member(binhai, Role.HANDLING_UNIT)
            own = sheet.results.get(unit=housing.unit)
            row = actions.object_to_score(own, by=housing, text="数据与实际不符，请复核。")
        walk()
        with in_congress(binhai):
            actions.decide_score_objection(row, by=maker.clerk, upheld=False, decision="无误")
        walk()
    assert walk.seen >= OF_FIGURES - {"report_refused"}
