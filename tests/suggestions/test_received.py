"""上级转来 (trap_23): what a higher congress sends to be handled here has its number and day, goes
to units as any other, is answered to the sender, and is in no figure of this congress."""

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from congress import files, invariants
from congress.flow import NotAllowed
from congress.models import LogEntry, Role
from congress.tenancy import in_congress
from deadlines.actions import recompute
from deadlines.models import Deadline
from reports.queries import figures as first_screen
from reports.queries import today
from suggestions import access, actions, documents
from suggestions.models import Assignment, Category, Feedback, Reply, Suggestion
from suggestions.queries import letter_names, lists, lookbacks, paper_lines
from suggestions.queries import publishing as publishing_desk
from suggestions.queries.figures import facts
from suggestions.queries.search import search_suggestions
from tests import cast

from . import stage
from .test_intake_desk import scan

LIST = "/admin/suggestions/suggestion/"
MARCH, ASKED, LATE = dt.date(2026, 3, 10), dt.date(2026, 4, 15), dt.date(2026, 12, 31)
SENDER, WHO = "市人大常委会代表工作委员会", "市人大代表李明等3人"
PAPER = {
    "sender": SENDER, "number": "市五届三次第123号", "sent_on": "2026-03-02",
    "received_on": "2026-03-09", "proposer": WHO, "reply_by": "2026-04-15", "kind": "suggestion",
    "title": "关于打通湖滨路断头路的建议", "situation": stage.SITUATION,
    "request_1": stage.REQUESTS[0],
}  # fmt: skip
pytestmark = pytest.mark.django_db(databases=["default", "platform"])


@pytest.fixture
def clerk(binhai, people):
    return stage.clerk(binhai)


@pytest.fixture
def desk(client_of, clerk):
    with stage.on(MARCH):
        yield client_of(clerk)


def at(name: str, *args) -> str:
    return reverse(f"admin:suggestions_{name}", args=args)


def words(response) -> str:
    return response.content.decode()


def pdf(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return "".join(p.extract_text() for p in pages).replace("\n", "")


def received(congress, **more) -> Suggestion:
    """Entered on a day in March."""
    letter = files.store(
        "来文.pdf", b"%PDF", purpose=access.FILE_PURPOSE, content_type="x/y",
        by=stage.clerk(congress),
    )  # fmt: skip
    values = {
        "sender": SENDER, "number": "123", "sent_on": dt.date(2026, 3, 2), "proposer": WHO,
        "received_on": MARCH, "reply_by": ASKED, "title": "关于打通湖滨路断头路的建议",
        "situation": stage.SITUATION, "requests": stage.REQUESTS,
        "category": Category.objects.get(name="物业管理"),
    } | more  # fmt: skip
    with stage.on(MARCH):
        return actions.receive(by=stage.clerk(congress), letter=letter, **values)


def in_batch(congress, row: Suggestion, plans, day: dt.date = MARCH, **more):
    """Proposed by one, checked by another."""
    by = stage.clerk(congress)
    with stage.on(day):
        batch = actions.open_batch(by=by, title="转办", assigned_on=day, **more)
        proposals = [actions.Proposal(actions.Plan(u, role)) for u, role in plans]
        actions.propose_units(row, by=by, batch=batch, proposals=proposals)
        actions.check_units(row, by=cast.second(congress))
    return batch


def handed_over(congress, row: Suggestion, plans, **more) -> Suggestion:
    batch = in_batch(congress, row, plans, **more)
    with stage.on(MARCH):
        actions.hand_over(batch, by=stage.clerk(congress))
    return Suggestion.objects.get(pk=row.pk)


def replied(task: Assignment, who, day: dt.date) -> Reply:
    """Signed for, drafted, signed off and sent to the sender; nobody was talked with."""
    with stage.on(day):
        actions.sign_for(task, by=who)
    stage.drafted(task, who, day)
    with stage.on(day, 15):
        actions.sign_off(task, by=who, signer="局长程某")
        return actions.serve(task, by=who, served={None: ("paper", day)})


def test_the_list_of_a_draft_costs_the_same_for_one_and_for_four(binhai, people):
    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert len(paper_lines(batch)) == Suggestion.objects.count()
        return len(caught)

    with in_congress(binhai):
        plans = [(cast.member(binhai, Role.HANDLING_UNIT).unit, "sole")]
        batch = in_batch(binhai, received(binhai), plans)
        few = cost()
        for n in range(3):
            row = received(binhai, number=f"{n}")
            proposals = [actions.Proposal(actions.Plan(u, role)) for u, role in plans]
            with stage.on(MARCH):
                by = stage.clerk(binhai)
                actions.propose_units(row, by=by, batch=batch, proposals=proposals)
        assert cost() == few


# -- Entered -----------------------------------------------------------------------------------


def test_it_is_entered_with_whose_it_is_and_gets_a_number_of_its_own(binhai, desk, people):
    with in_congress(binhai):
        category = Category.objects.get(name="物业管理").pk
        own = stage.registered(binhai, people[0])
    asked = {**PAPER, "category": category}
    assert "请" in words(desk.post(at("receive"), asked))  # no letter
    answer = desk.post(at("receive"), {**asked, "scan": scan()}, follow=True)
    assert "编号 5-转001" in words(answer) and "4月15日" in words(answer)
    with in_congress(binhai):
        row = Suggestion.objects.get(channel="above")
        assert (own.number, row.number, row.state) == ("5-001", "5-转001", "registered")
        assert (row.lead, row.delegation, row.raised_by) == (None, None, WHO)
        assert row.received.sent_on == dt.date(2026, 3, 2) and row.received.reply_by == ASKED
        assert row.attachments.count() == row.revisions.count() == 1
        assert LogEntry.objects.get(step="suggestions.receive").after["原编号"] == PAPER["number"]
    again = desk.post(at("receive"), {**asked, "scan": scan()})
    assert again.status_code == 409 and "已经登记，编号5-转001" in words(again)
    page = words(desk.get(f"{LIST}{row.pk}/change/"))
    for said in (SENDER, PAPER["number"], WHO, "2026年4月15日", "上级转来"):
        assert said in page, said
    for not_ours in (
        "登记团长",
        "公开审查",
        at("merge", row.pk),
        "None",
        "代表团建议",
        "待代表评价",
    ):
        assert not_ours not in page, not_ours
    listed = words(desk.get(LIST, {"show": "to_assign", "channel": "above"}))
    assert row.title in listed and own.title not in listed and WHO in listed


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("sent_on", "2026-03-10", "来文日期不能晚于收到日期"),
        ("received_on", "2026-03-11", "收到日期不能晚于今天"),
        ("reply_by", "2026-03-09", "应当晚于收到日期"),
        ("sender", "", "来文机关"),
        ("category", "", "请选择分类"),
        ("request_1", "", "请至少填写一条具体建议"),
    ],
)
def test_what_is_wrong_is_said_at_the_form(binhai, desk, name, value, sentence):
    with in_congress(binhai):
        category = Category.objects.get(name="物业管理").pk
    answer = desk.post(at("receive"), {**PAPER, "category": category, "scan": scan(), name: value})
    assert answer.status_code == 422
    assert sentence in words(answer).split("处需要修改")[1].split("</ul>")[0]
    with in_congress(binhai):
        assert not Suggestion.objects.exists()


def test_trap_37_nothing_secret_is_entered(binhai, desk):
    with in_congress(binhai):
        category = Category.objects.get(name="物业管理").pk
    asked = {**PAPER, "category": category, "situation": stage.SITUATION + "机密★二十年"}
    assert desk.post(at("receive"), {**asked, "scan": scan()}).status_code == 409


def test_others_enter_nothing_and_no_deputy_sees_it(binhai, people, client_of):
    with in_congress(binhai):
        row = received(binhai)
        for role in (Role.CHAIR, Role.STREET, Role.HANDLING_UNIT, Role.DEPUTY):
            with pytest.raises(NotAllowed):
                received_by = cast.member(binhai, role)
                actions.receive(
                    by=received_by, letter=row.attachments.get().file, sender="甲", number="1",
                    sent_on=MARCH, proposer="乙", received_on=MARCH, reply_by=ASKED,
                    title=row.title, situation=row.situation, requests=row.requests,
                )  # fmt: skip
        assert not access.visible_to(people[0].membership).filter(pk=row.pk).exists()
        assert not access.visible_to(cast.member(binhai, Role.STREET)).filter(pk=row.pk).exists()


def test_it_is_found_by_the_senders_number_and_by_who_raised_it(binhai, clerk):
    with in_congress(binhai):
        row = received(binhai, number="市五届三次第77号")
        for asked in ("第77号", "李明"):
            found, near = search_suggestions(access.visible_to(clerk), asked)
            assert (list(found), near) == ([row], False)


# -- Handed over -------------------------------------------------------------------------------


def test_it_goes_to_units_in_a_batch_of_its_own(binhai, people, clerk, unit):
    with in_congress(binhai), stage.on(MARCH):
        row, own = received(binhai), stage.registered(binhai, people[0])
        batch = in_batch(binhai, row, [(unit.unit, "sole")])
        proposal = actions.Proposal(actions.Plan(unit.unit, "sole"))
        for put_in in (
            lambda: actions.fill_batch(batch, by=clerk, suggestions=[own]),
            lambda: actions.propose_units(own, by=clerk, batch=batch, proposals=[proposal]),
        ):
            with pytest.raises(NotAllowed, match="分别建立批次"):
                put_in()
        both = actions.open_batch(by=clerk, title="新批次", assigned_on=MARCH)
        more = received(binhai, number="124")
        with pytest.raises(NotAllowed, match="分别建立批次"):
            actions.fill_batch(both, by=clerk, suggestions=[own, more])
        assert row.title in [m.title.split(" ", 1)[1] for s in today.waiting_for(clerk)
                             if s.title == "待交办的建议" for m in s.matters]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "batch_day", "due", "law"),
    [
        (ASKED, None, ASKED, "来文要求"),
        (LATE, None, dt.date(2026, 6, 10), "代表法第五十一条"),  # trap_04: later binds nobody
        (ASKED, dt.date(2026, 4, 1), dt.date(2026, 4, 1), "来文要求"),
    ],
)
def test_trap_23_the_day_the_sender_asks_for_binds_where_it_is_earlier(
    binhai, people, unit, asked, batch_day, due, law
):
    with in_congress(binhai):
        row = received(binhai, reply_by=asked)
        row = handed_over(binhai, row, [(unit.unit, "sole")], reply_due_on=batch_day)
        limit = Deadline.objects.get(kind="suggestions.reply", done_at=None, cancelled_at=None)
        assert (limit.due_on, limit.law) == (due, law)
        assert any("来文要求" in line for line in limit.working)
        assert not Deadline.objects.filter(kind="suggestions.first_contact").exists()
        before = list(Assignment.objects.values_list("working", "legal_due_on", "batch_due_on"))
        with stage.on(MARCH):
            recompute(by=None)
        after = list(Assignment.objects.values_list("working", "legal_due_on", "batch_due_on"))
        assert before == after


def test_its_letters_name_the_sender_and_no_three_months(binhai, people, unit):
    with in_congress(binhai):
        other, _ = stage.unit("财政局")
        row = received(binhai, number="市五届三次第123号")
        batch = in_batch(binhai, row, [(unit.unit, "lead"), (other, "joint")])
        with stage.on(MARCH):
            before = pdf(documents.assignment_letters(batch, paper_lines(batch)))
            days = [(x.role, x.due_on) for x in paper_lines(batch)]
            actions.hand_over(batch, by=stage.clerk(binhai))
            batch.refresh_from_db()
            assert days == [(x.role, x.due_on) for x in paper_lines(batch)]
            after = pdf(documents.assignment_letters(batch, paper_lines(batch)))
            listed = pdf(documents.assignment_list(batch, paper_lines(batch)))
    for text in (before, after):
        assert "转办上级人大" in text and "答复送来文机关" in text and "2026-04-15" in text
        assert "第五十一条" not in text and "三个月" not in text and "None" not in text
    assert SENDER in listed and "2026-04-15" in listed and "三个月" not in listed


def test_who_takes_it_over_reads_whose_it_is(binhai, people, unit):
    with in_congress(binhai):
        other, _ = stage.unit("交通运输局")
        row = handed_over(binhai, received(binhai), [(unit.unit, "sole")])
        task = stage.task_of(row, unit.unit)
        with stage.on(MARCH):
            asked = actions.ask_return(
                task, by=unit, reason="not_ours", explanation="属交通运输局职责",
                legal_basis="三定规定", approved_by_head="局长程某",
            )  # fmt: skip
            asked = actions.decide_return(
                asked, by=stage.clerk(binhai), accept=True, decision="情况属实",
                plan=actions.Plan(other, "sole"),
            )  # fmt: skip
        assert stage.task_of(row, other).batch_due_on == ASKED
        text = pdf(documents.reassignment_letter(asked))
    assert f"{SENDER}转来、{WHO}提出的" in text and "2026年4月15日前答复来文机关" in text
    assert "与代表联系" not in text and "第五十一条" not in text


def test_the_office_names_the_units_and_the_day_stays(binhai, people, unit, office):
    with in_congress(binhai):
        row = handed_over(binhai, received(binhai), [(office.unit, "owner")])
        with stage.on(dt.date(2026, 3, 20)):
            actions.assign_on(
                stage.task_of(row, office.unit), by=office, plans=[actions.Plan(unit.unit, "sole")]
            )
        task = stage.task_of(row, unit.unit)
        assert (task.batch_due_on, task.legal_due_on) == (ASKED, dt.date(2026, 6, 10))
        replied(task, unit, dt.date(2026, 4, 10))
        row.refresh_from_db()
        assert row.state == "closed"
        assert set(row.assignments.values_list("state", flat=True)) == {"done"}


# -- Answered ----------------------------------------------------------------------------------


def test_it_is_answered_to_the_sender_and_is_over(binhai, people, unit):
    with in_congress(binhai):
        row = handed_over(binhai, received(binhai), [(unit.unit, "sole")])
        reply = replied(stage.task_of(row, unit.unit), unit, dt.date(2026, 4, 10))
        row.refresh_from_db()
        assert (row.state, row.closed_at is not None) == ("closed", True)
        service = reply.services.get()
        assert (service.deputy, service.mode, service.served_on) == (
            None, "paper", dt.date(2026, 4, 10),
        )  # fmt: skip
        assert not Feedback.objects.exists()
        assert not Deadline.objects.filter(done_at=None, cancelled_at=None).exists()
        with stage.on(dt.date(2026, 4, 10)):
            assert invariants.check(binhai)["建议的时限与办理情况一致"] == []
        text = pdf(documents.reply_letter(reply, names=letter_names(row)))
    assert f"{SENDER}：" in text and f"转来的{WHO}提出的" in text and "关于对第123号建议" in text
    assert "您提出的《" not in text and "感谢您" not in text


def test_of_several_units_the_last_one_ends_it(binhai, people, unit):
    with in_congress(binhai):
        other, who = stage.unit("财政局")
        row = handed_over(binhai, received(binhai), [(unit.unit, "separate"), (other, "separate")])
        replied(stage.task_of(row, unit.unit), unit, dt.date(2026, 4, 9))
        row.refresh_from_db()
        assert row.state == "handling"
        with stage.on(dt.date(2026, 4, 10)):
            actions.cancel_task(
                stage.task_of(row, other), by=stage.clerk(binhai), reason="改由住建局一并答复"
            )
        row.refresh_from_db()
        assert row.state == "closed" and row.closed_at


def test_the_units_pages_say_what_is_so_here(binhai, people, unit, client_of):
    with in_congress(binhai):
        row = handed_over(binhai, received(binhai), [(unit.unit, "sole")])
        task = stage.task_of(row, unit.unit)
    page = f"/desk/tasks/{task.pk}/"
    with stage.on(MARCH):
        browser = client_of(unit)
        browser.post(f"{page}sign/")
        shown = words(browser.get(page))
        assert SENDER in shown and WHO in shown and "来文要求" in shown
        for gone in ("登记沟通", "申请延期", "代表确认沟通属实", "交办会要求", "None"):
            assert gone not in shown, gone
        assert browser.get(f"{page}extension/").status_code == 409
    stage_day = dt.date(2026, 4, 10)
    with in_congress(binhai):
        stage.drafted(task, unit, stage_day)
    with stage.on(stage_day):
        browser = client_of(unit)
        assert "签发前还要补齐" not in words(browser.get(page))
        browser.post(f"{page}sign-off/", {"signer": "局长程某"})
        form = words(browser.get(f"{page}serve/"))
        assert f"{SENDER}：送达方式" in form and "平台送达" not in form and "代表" not in (
            form.split("<form")[1].split("</form>")[0].replace(SENDER, "")
        )  # fmt: skip
        done = browser.post(f"{page}serve/", {"mode_0": "paper", "on_0": "2026-04-10"}, follow=True)
        assert "已登记送达来文机关" in words(done)
        letter = browser.get(f"{page}letter/")
        assert letter.status_code == 200
    with in_congress(binhai):
        row.refresh_from_db()
        assert row.state == "closed" and Reply.objects.get().letter_id


# -- Not ours ----------------------------------------------------------------------------------


def test_trap_23_it_is_in_no_figure_of_this_congress(binhai, people, clerk, unit):
    with in_congress(binhai):
        own = stage.registered(binhai, people[0])
        row = handed_over(binhai, received(binhai), [(unit.unit, "sole")])

        def told() -> list:
            with stage.on(MARCH):
                groups = first_screen.suggestions(clerk, MARCH)
            return [f.value for f in groups[0].figures]

        assert [i.pk for i in facts(Suggestion.objects.all(), MARCH)] == [own.pk]
        assert told() == [1, 0, 0, 0, 0]
        replied(stage.task_of(row, unit.unit), unit, dt.date(2026, 4, 10))
        assert told() == [1, 0, 0, 0, 0]
        every = lists.listed(clerk)
        left = lists.narrowed(every, {"own": True}, clerk, MARCH)
        apart = lists.narrowed(every, {"channel": "above"}, clerk, MARCH)
        assert (list(left), list(apart)) == ([own], [row])


def test_what_belongs_to_the_sender_is_not_done_here(binhai, people, clerk, unit, client_of):
    with in_congress(binhai):
        row = handed_over(binhai, received(binhai), [(unit.unit, "sole")])
        task = stage.task_of(row, unit.unit)
        with stage.on(MARCH):
            actions.sign_for(task, by=unit)
            with pytest.raises(NotAllowed, match="来文机关"):
                actions.record_contact(
                    task, by=unit, phase="before", mode="face", on=MARCH, who="甲", opinions="乙"
                )
            for verb in (
                lambda: actions.ask_consent(row, by=clerk),
                lambda: actions.give_consent(row, by=clerk, text=True, reply=True, note="电话"),
                lambda: actions.decide_publication(
                    row, by=clerk, part="text", mode="full", title="甲", text="乙",
                    secrecy_checked=True, privacy_checked=True,
                ),
            ):  # fmt: skip
                with pytest.raises(NotAllowed, match="来文机关"):
                    verb()
        replied_on = dt.date(2026, 4, 10)
        stage.drafted(task, unit, replied_on)
        with stage.on(replied_on):
            actions.sign_off(task, by=unit, signer="局长程某")
            with pytest.raises(NotAllowed, match=SENDER):
                actions.serve(task, by=unit, served={})
            actions.serve(task, by=unit, served={None: ("paper", replied_on)})
        with stage.on(replied_on), pytest.raises(NotAllowed, match="来文机关"):
            actions.propose_class(task, by=unit, to_class=stage.klass("A"), reason="已落实")
        term, solved = row.term, [stage.klass("A").canonical]
        assert lookbacks.candidates(term, solved) == []
        assert not publishing_desk.publishable(Suggestion.objects.all()).exists()
        assert not access.may_name_head(clerk, row) and not access.may_commend(clerk, row)
        own, more = stage.registered(binhai, people[0]), received(binhai, number="124")
        with stage.on(replied_on), pytest.raises(NotAllowed, match="来文机关"):
            actions.merge(own, [more], by=clerk, reason="同一件事")
    with stage.on(MARCH):
        browser = client_of(clerk)
        assert browser.get(at("merge", row.pk)).status_code == 409
        assert browser.get(at("head", row.pk)).status_code == 409
