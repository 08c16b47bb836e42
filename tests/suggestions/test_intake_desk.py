"""The committee staff's desk: the list, one suggestion, the steps from hand-in to number."""

import datetime as dt
import io

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from congress.models import Role
from congress.tenancy import in_congress
from deputies import actions as registry
from deputies.models import Delegation
from suggestions import actions
from suggestions.models import Suggestion
from suggestions.rules.texts import CHECKS
from tests import cast

from . import stage

MARCH = dt.date(2026, 3, 10)
LIST = "/admin/suggestions/suggestion/"
pytestmark = pytest.mark.django_db(databases=["default", "platform"])


@pytest.fixture(autouse=True)
def _march():
    with time_machine.travel(dt.datetime(2026, 3, 10, 2, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def desk(binhai, client_of):
    return client_of(cast.member(binhai, Role.DEPUTY_AFFAIRS))


@pytest.fixture
def housing(binhai):
    return cast.member(binhai, Role.HANDLING_UNIT)


def words(response) -> str:
    return response.content.decode()


def page_of(row: Suggestion) -> str:
    return f"{LIST}{row.pk}/change/"


def at(name: str, *args) -> str:
    return reverse(f"admin:suggestions_{name}", args=args)


# -- The list ----------------------------------------------------------------------------------


def test_the_clerk_begins_with_what_waits_for_review(binhai, people, desk):
    with in_congress(binhai):
        new = stage.submitted(people[0], title="关于增设湖滨公交站点的建议")
        old = stage.registered(binhai, people[1], title="关于治理西河水质的建议")
    page = words(desk.get(LIST))
    assert new.title in page and old.title not in page
    page = words(desk.get(LIST, {"show": "to_assign"}))
    assert old.title in page and new.title not in page
    assert "5-001" in page


def test_every_filter_narrows(binhai, people, client_of, housing):
    with in_congress(binhai):
        late = stage.assigned(binhai, people[0], [(housing.unit, "sole")], people[1:3])
        other = stage.registered(binhai, people[3], category="教育", title="关于校车的建议")
        delegation, above = people[3].mandates.first().delegation, late.category.parent_id
    with time_machine.travel(dt.datetime(2026, 5, 9, 2, tzinfo=dt.UTC), tick=False):
        desk = client_of(cast.member(binhai, Role.DEPUTY_AFFAIRS))

        def found(**asked) -> tuple[bool, bool]:
            page = words(desk.get(LIST, {"show": "all", **asked}))
            return f"{late.title}</a>" in page, f"{other.title}</a>" in page

        assert found() == (True, True)
        assert found(q="校车") == (False, True)
        assert found(q=late.number) == (True, False)
        assert found(q=people[1].name) == (True, False)  # a co-signer
        assert found(q="校车 审批手续") == (False, True)  # a word of the title, one of the requests
        assert found(q="校车 没有这个词") == (False, False)
        assert found(light="red") == (True, False)
        assert found(light="green") == (False, False)
        assert found(unit=housing.unit_id) == (True, False)
        assert found(category=other.category_id) == (False, True)
        assert found(category=above) == (True, False)
        assert found(joint="on") == (True, False)
        assert found(key="on") == (False, False)
        assert found(state="registered") == (False, True)
        assert found(publicity="open") == (True, True)
        assert found(publicity="public") == (False, False)
        assert found(mark="A") == (False, False)
        assert found(lead=people[3].pk) == (False, True)
        if delegation:
            assert found(delegation=delegation.pk)[1]
        page = words(desk.get(LIST, {"show": "all", "q": "没有这件"}))
        assert "没有符合条件的建议" in page
        page = words(desk.get(LIST, {"show": "handling"}))
        assert "已逾期 3 天" in page


def test_bad_filters_are_as_good_as_none(binhai, people, desk):
    asked = {"show": "nonsense", "sitting": "x", "unit": "9999999", "light": "pink", "lead": "a"}
    assert desk.get(LIST, asked).status_code == 200


def test_rare_filters_come_when_they_are_asked_for_or_in_use(binhai, people, desk):
    def there(**asked):
        return 'name="street"' in desk.get(LIST, asked).content.decode()

    assert not there() and not there(show="review", q="电梯")
    assert there(more="1") and there(joint="on")


def test_the_list_costs_the_same_for_one_and_for_thirty(binhai, people, desk, housing):
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert desk.get(LIST, {"show": "all"}).status_code == 200
        return len(caught)

    with in_congress(binhai):
        stage.assigned(binhai, people[0], [(housing.unit, "sole")], people[1:2])
    desk.get(LIST)
    one = cost()
    with in_congress(binhai):
        for n in range(12):
            stage.assigned(binhai, people[n % 4], [(housing.unit, "sole")])
            stage.submitted(people[n % 4])
    assert cost() == one


def test_the_list_is_exported_as_it_is_filtered(binhai, people, desk):
    from congress.xlsx import read

    with in_congress(binhai):
        stage.registered(binhai, people[0], title="关于校车的建议")
        stage.registered(binhai, people[1], title="关于水质的建议")
    answer = desk.get(LIST, {"show": "all", "q": "校车", "export": "1"})
    rows = read(answer.content, "x.xlsx")[0].rows
    assert [r[1] for r in rows] == ["标题", "关于校车的建议"]


def test_a_street_sees_its_own_and_a_neighbour_nothing(
    binhai, shanyang, people, client_of, stranger_at
):
    with in_congress(binhai):
        street = cast.member(binhai, Role.STREET)
        own = stage.submitted(people[0], title="关于东湖菜场的建议")
        other = stage.submitted(people[1], title="关于西园菜场的建议")
        Suggestion.objects.filter(pk=own.pk).update(street=street.unit)
        Suggestion.objects.filter(pk=other.pk).update(street=None)
    page = words(client_of(street).get(LIST, {"show": "all"}))
    assert own.title in page and other.title not in page
    assert client_of(street).get(page_of(other)).status_code == 404
    neighbour = client_of(cast.member(shanyang, Role.DEPUTY_AFFAIRS))
    assert own.title not in words(neighbour.get(LIST, {"show": "all"}))
    assert neighbour.get(page_of(own)).status_code == 404
    assert client_of(cast.member(binhai, Role.SYSTEM_ADMIN)).get(LIST).status_code == 403
    assert stranger_at(binhai).get(LIST).status_code == 302


# -- One suggestion ----------------------------------------------------------------------------

APRIL, MAY = dt.date(2026, 4, 15), dt.date(2026, 5, 8)


def long_story(congress, people, unit, who) -> Suggestion:
    """Answered with a promise, found unsatisfactory, ordered again, answered, judged."""
    row = stage.assigned(congress, people[0], [(unit, "sole")], people[1:3])
    stage.answered(
        stage.task_of(row, unit), who, APRIL, "B",
        promises=[actions.Pledge("完成首批十二部电梯", "验收合格", "局长程某", MAY)],
    )  # fmt: skip
    row = stage.judged(Suggestion.objects.get(pk=row.pk), APRIL, "unsatisfied")
    with stage.on(APRIL, 16):
        actions.order_rehandling(
            row, by=stage.clerk(congress), opinion="请落实资金后重新答复", dimensions=["结果"]
        )
    row = stage.answered(stage.task_of(row, unit), who, MAY, "A")
    return stage.judged(row, MAY)


def test_one_page_tells_the_whole_story(binhai, people, housing, client_of):
    with in_congress(binhai):
        row = long_story(binhai, people, housing.unit, housing)
        assert row.state == "closed"
    with stage.on(MAY, 17):
        desk = client_of(cast.member(binhai, Role.DEPUTY_AFFAIRS))
        page = words(desk.get(page_of(row)))
        for said in (
            "5-001", stage.SITUATION, stage.REQUESTS[0], people[1].name, "已确认", "代工委审查",
            "一事一议", "滨海区住房和城乡建设局", "怎样推算的", "自2026年2月2日", "属实",
            "第 2 次办理", "首次评价", "资金没有落实", "请落实资金后重新答复", "重办期限",
            "完成首批十二部电梯", "验收合格", "操作记录", "送达答复", "当面送达",
        ):  # fmt: skip
            assert said in page, said
        with in_congress(binhai):
            reply = row.assignments.get().replies.filter(state="served").first()
        letter = desk.get(at("letter", reply.pk))
        assert letter["Content-Type"] == "application/pdf" and letter.content[:4] == b"%PDF"


def test_trap_29_the_first_round_stays_beside_the_second(binhai, people, housing, client_of):
    with in_congress(binhai):
        row = long_story(binhai, people, housing.unit, housing)
    with stage.on(MAY, 17):
        page = words(client_of(cast.member(binhai, Role.CHAIR)).get(page_of(row)))
    assert page.count('badge-late">不满意') == 6  # three deputies, two dimensions
    assert "首次评价" in page and "第 2 次办理的评价" in page


def test_a_street_is_not_told_who_judged_how(binhai, people, housing, client_of):
    with in_congress(binhai):
        row = long_story(binhai, people, housing.unit, housing)
        street = cast.member(binhai, Role.STREET)
        Suggestion.objects.filter(pk=row.pk).update(street=street.unit)
    with stage.on(MAY, 17):
        page = words(client_of(street).get(page_of(row)))
    assert "首次评价" not in page and "资金没有落实，仍未开工" not in page
    assert "操作记录" not in page


def test_a_page_costs_the_same_for_one_and_for_twelve_signers(binhai, housing, desk):
    def cost(row) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert desk.get(page_of(row)).status_code == 200
        return len(caught)

    with in_congress(binhai):
        stage.ready()
        crowd = stage.people(13)
        row = stage.assigned(binhai, crowd[0], [(housing.unit, "sole")], crowd[1:2])
        others = [stage.unit(f"单位{n}")[0] for n in range(6)]
        plans = [(housing.unit, "lead"), *((u, "joint") for u in others)]
        big = stage.assigned(binhai, crowd[0], plans, crowd[1:])
    cost(row)
    assert cost(big) == cost(row)


def test_versions_show_what_was_changed(binhai, people, desk):
    with in_congress(binhai):
        row = stage.submitted(people[0])
        clerk = stage.clerk(binhai)
        with stage.on(stage.SITTING, 12):
            row = actions.send_back(row, by=clerk, opinion="请写明涉及的楼栋")
            lead = people[0].membership
            more = stage.SITUATION + "其中一号楼、二号楼最急需。"
            row = actions.save_draft(row, by=lead, situation=more)
            row = actions.submit(row, by=lead)
    page = words(desk.get(page_of(row)))
    assert "<ins>其中一号楼、二号楼最急需。</ins>" in page
    assert "请写明涉及的楼栋" in page and "第 1 稿" in page


# -- Before the number -------------------------------------------------------------------------

ALL = {"checked": list(CHECKS)}


@pytest.fixture
def street(binhai, client_of):
    return client_of(cast.member(binhai, Role.STREET))


@pytest.fixture
def staged(binhai):
    """A suggestion of a 东湖 deputy that goes through its street and its delegation first."""
    with in_congress(binhai):
        stage.ready(pre_review_steps=["street", "delegation"])
        row = stage.submitted(stage.people()[0])
        own = cast.member(binhai, Role.STREET).unit
        Suggestion.objects.filter(pk=row.pk).update(street=own)
        return Suggestion.objects.get(pk=row.pk)


def state(binhai, row) -> str:
    with in_congress(binhai):
        return Suggestion.objects.get(pk=row.pk).state


def test_a_street_passes_its_own_on_and_no_further(binhai, staged, street, desk):
    assert staged.title in words(street.get(LIST))
    page = words(street.get(page_of(staged)))
    assert "街道（镇）初审" in page and "登记编号" not in page
    assert "同意提交" in words(street.get(at("pass_on", staged.pk)))
    answer = street.post(at("pass_on", staged.pk), {**ALL, "opinion": ""})
    assert answer.status_code == 422 and "有 1 处需要修改" in words(answer)
    street.post(at("pass_on", staged.pk), {**ALL, "opinion": "情况属实，同意。"})
    assert state(binhai, staged) == "pre_review"  # now the delegation's turn
    assert street.post(at("pass_on", staged.pk), {**ALL, "opinion": "再来"}).status_code == 409
    assert "情况属实，同意。" in words(desk.get(page_of(staged)))
    desk.post(at("pass_on", staged.pk), {**ALL, "opinion": "代表团同意。"})
    assert state(binhai, staged) == "review"
    assert street.get(at("register", staged.pk)).status_code == 403


def test_a_street_finds_no_suggestion_of_another(binhai, staged, street):
    with in_congress(binhai):
        Suggestion.objects.filter(pk=staged.pk).update(street=None)
    for name in ("pass_on", "send_back"):
        assert street.get(at(name, staged.pk)).status_code == 404


def test_sent_back_with_words_and_looked_at_again(binhai, people, desk, client_of):
    with in_congress(binhai):
        row = stage.submitted(people[0], people[1:2])
    assert desk.post(at("send_back", row.pk), {"opinion": " "}).status_code == 422
    desk.post(at("send_back", row.pk), {"opinion": "一件建议写了两件事，请分开提出"})
    assert state(binhai, row) == "sent_back"
    with in_congress(binhai):
        phone = client_of(people[0].membership)
    page = words(phone.get(reverse("portal_suggestion", args=[row.pk])))
    assert "请分开提出" in page
    assert desk.get(at("send_back", row.pk)).status_code == 409


def test_trap_36_refused_only_after_the_deputy_was_told(binhai, people, desk):
    with in_congress(binhai):
        row = stage.submitted(people[0])
    asked = {
        "ground": "petition",
        "explanation": "已转信访部门办理。",
        "outcome": "petition",
        "sent_to": "区信访局",
        "deputy_told_on": "2026-03-11",
    }
    answer = desk.post(at("refuse", row.pk), asked)
    assert answer.status_code == 422 and "须先向代表说明" in words(answer)
    assert (
        desk.post(
            at("refuse", row.pk), {**asked, "ground": "", "deputy_told_on": "2026-03-09"}
        ).status_code
        == 422
    )
    desk.post(at("refuse", row.pk), {**asked, "deputy_told_on": "2026-03-09"})
    assert state(binhai, row) == "not_accepted"
    page = words(desk.get(page_of(row)))
    assert "属于转交的信访材料" in page and "已转信访部门办理" in page
    with in_congress(binhai):
        assert Suggestion.objects.get(pk=row.pk).number == ""  # no number is used
        again = actions.revise_refused(row, by=people[0].membership)
        again = actions.save_draft(again, by=people[0].membership, situation=stage.SITUATION * 2)
        again = actions.submit(again, by=people[0].membership)
    assert "修改前的建议" in words(desk.get(page_of(again)))
    assert "修改后重新提出" in words(desk.get(page_of(row)))


def test_registered_only_when_every_check_is_ticked(binhai, people, desk):
    with in_congress(binhai):
        row = stage.submitted(people[0])
        category = stage.Category.objects.get(name="物业管理")
    some = {"checked": list(CHECKS)[1:], "category": category.pk}
    answer = desk.post(at("register", row.pk), some)
    assert answer.status_code == 422 and "还有项目没有通过：一事一议" in words(answer)
    assert desk.post(at("register", row.pk), ALL).status_code == 422  # no category
    answer = desk.post(at("register", row.pk), {**ALL, "category": category.pk}, follow=True)
    assert "编号 5-001" in words(answer)  # handed in at the sitting, registered as such


def test_trap_13_what_is_raised_again_is_shown_and_linked(binhai, people, desk):
    title = "关于在湖滨社区增设公交站点的建议"
    with in_congress(binhai):
        old = stage.registered(binhai, people[1], title=title)
        row = stage.submitted(people[0], title=title)
        category = old.category_id
    assert "可能是同一件事" in words(desk.get(at("register", row.pk)))
    desk.post(at("register", row.pk), {**ALL, "category": category, "raised_before": old.pk})
    page = words(desk.get(page_of(row)))
    assert "往年的同类建议" in page and "5-001" in page
    assert "以后再次提出" in words(desk.get(page_of(old)))


def test_trap_45_a_form_sent_twice_uses_one_number(binhai, people, desk):
    with in_congress(binhai):
        row, other = stage.submitted(people[0]), stage.submitted(people[1])
        category = stage.Category.objects.get(name="物业管理").pk
    token = "0f8fad5b-d9cb-469f-a165-70867728950e"
    for _ in range(2):
        answer = desk.post(at("register", row.pk), {**ALL, "category": category, "once": token})
        assert answer.status_code == 302
    desk.post(at("register", other.pk), {**ALL, "category": category})
    with in_congress(binhai):
        numbers = Suggestion.objects.exclude(number="").values_list("number", flat=True)
        assert sorted(numbers) == ["5-001", "5-002"]


def test_many_are_registered_at_once_in_the_order_they_came(binhai, people, desk):
    with in_congress(binhai):
        category = stage.Category.objects.get(name="物业管理")
        rows = [stage.submitted(p, category=category) for p in people[:2]]
        bare = stage.submitted(people[2])
    page = words(desk.get(LIST))
    assert "所选登记编号" in page and "勾选本页 3 件" in page
    picks = [r.pk for r in [*rows, bare]]
    answer = desk.post(at("register_several"), {"pick": picks}, follow=True)
    assert "请先确认" in words(answer)
    answer = desk.post(at("register_several"), {"pick": picks, "checked": "on"}, follow=True)
    page = words(answer)
    assert "登记编号 2 件" in page and "没有办理：请选择分类" in page
    with in_congress(binhai):
        found = {s.pk: s.number for s in Suggestion.objects.all()}
    assert [found[pk] for pk in picks] == ["5-001", "5-002", ""]
    assert "请先勾选" in words(desk.post(at("register_several"), {"checked": "on"}, follow=True))


def test_many_are_passed_on_and_strangers_stay(binhai, people, street):
    with in_congress(binhai):
        stage.RuleSet.objects.update(pre_review_steps=["street"])
        own = cast.member(binhai, Role.STREET).unit
        mine, other = stage.submitted(people[0]), stage.submitted(people[1])
        Suggestion.objects.filter(pk=mine.pk).update(street=own)
        Suggestion.objects.filter(pk=other.pk).update(street=None)
    picks = {"pick": [mine.pk, other.pk]}
    answer = street.post(at("pass_on_several"), picks, follow=True)
    assert "初审通过 1 件" in words(answer)
    assert (state(binhai, mine), state(binhai, other)) == ("review", "pre_review")


# -- Withdrawn, merged, succeeded ----------------------------------------------------------------


def test_trap_35_staff_withdraw_only_with_everybodys_word_on_paper(binhai, people, desk):
    with in_congress(binhai):
        row = stage.registered(binhai, people[0], people[1:2])
    assert desk.post(at("withdraw", row.pk), {"reason": "已经解决"}).status_code == 422
    desk.post(at("withdraw", row.pk), {"reason": "已经解决", "paper": "on"})
    assert state(binhai, row) == "withdrawn"
    with in_congress(binhai):
        assert Suggestion.objects.get(pk=row.pk).number == "5-001"  # stays used
    assert row.title in words(desk.get(LIST, {"show": "gone"}))


def test_a_matter_that_fell_away_ends_with_its_reason(binhai, people, housing, desk):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(housing.unit, "sole")])
        early = stage.registered(binhai, people[1])
    assert desk.get(at("terminate", early.pk)).status_code == 409
    assert desk.post(at("terminate", row.pk), {"reason": ""}).status_code == 422
    desk.post(at("terminate", row.pk), {"reason": "该项法规已经废止"})
    assert state(binhai, row) == "terminated"
    assert "该项法规已经废止" in words(desk.get(page_of(row)))  # in the log


def test_a_closed_one_is_archived_once(binhai, people, housing, client_of):
    with in_congress(binhai):
        row = long_story(binhai, people, housing.unit, housing)
    with stage.on(MAY, 17):
        desk = client_of(cast.member(binhai, Role.DEPUTY_AFFAIRS))
        assert "归档" in words(desk.get(page_of(row)))
        assert desk.post(at("archive", row.pk)).status_code == 302
        assert state(binhai, row) == "archived"
        assert desk.post(at("archive", row.pk)).status_code == 409


def test_trap_12_merged_and_left_again(binhai, people, desk):
    with in_congress(binhai):
        title = "关于在湖滨社区增设公交站点的建议"
        main = stage.registered(binhai, people[0], title=title)
        near = stage.registered(binhai, people[1], title=title)
        far = stage.registered(binhai, people[2], title="关于校车的建议")
        early = stage.submitted(people[3])
    page = words(desk.get(at("merge", main.pk)))
    assert near.number in page and far.title not in page
    answer = desk.post(at("merge", main.pk), {"reason": "同一件事", "numbers": "5-099"})
    assert "没有找到编号：5-099" in words(answer)
    assert "请选择要并入" in words(desk.post(at("merge", main.pk), {"reason": "同一件事"}))
    asked = {"reason": "同一件事", "others": [near.pk], "numbers": far.number}
    assert "共 3 件" in words(desk.post(at("merge", main.pk), asked, follow=True))
    for row in (main, near, far):
        page = words(desk.get(page_of(row)))
        assert "已并案办理" in page and row.number in page
    assert desk.get(at("merge", early.pk)).status_code == 409
    with in_congress(binhai):
        item = far.merges.get().pk
    desk.post(at("leave_merge", item), {"reason": "诉求不同"})
    page = words(desk.get(page_of(far)))
    assert "诉求不同" in page and "已并案办理" not in page
    assert desk.get(at("leave_merge", item)).status_code == 409


def test_trap_12_each_of_the_merged_is_answered_and_judged_for_itself(
    binhai, people, housing, desk
):
    with in_congress(binhai):
        main = stage.registered(binhai, people[0], title="关于增设公交站点的建议")
        near = stage.registered(binhai, people[1], title="关于增加公交站点的建议")
        asked = {"reason": "同一件事", "others": [near.pk], "numbers": near.number}
        desk.post(at("merge", main.pk), asked)
        for row in (main, near):
            plans = [actions.Plan(housing.unit, "sole")]
            actions.assign(row, by=stage.clerk(binhai), plans=plans)
        main = stage.answered(stage.task_of(main, housing.unit), housing, MARCH)
        near.refresh_from_db()
        assert (main.state, near.state) == ("answered", "handling")
        near = stage.answered(stage.task_of(near, housing.unit), housing, MARCH)
        assert [f.deputy for f in near.feedbacks.all()] == [people[1]]
        main = stage.judged(main, MARCH)
        near = stage.judged(near, MARCH, "unsatisfied")
        assert (main.state, near.state) == ("closed", "dissatisfied")
        assert main.number != near.number


def test_trap_14_the_next_cosigner_leads_when_the_seat_ends(binhai, people, desk):
    with in_congress(binhai):
        row = stage.submitted(people[0], people[1:3])
        seat = people[0].mandates.get()
        registry.resign(seat, by=stage.clerk(binhai), on=MARCH, document="常发〔2026〕1号")
        row = Suggestion.objects.get(pk=row.pk)
        assert row.lead == people[1] and row.signatures.count() == 1
    page = words(desk.get(page_of(row)))
    assert "联名代表接替领衔" in page and people[1].name in page


def test_trap_34_who_left_office_stays_the_one_to_be_answered(binhai, people, housing, desk):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(housing.unit, "sole")])
        registry.resign(
            people[0].mandates.get(),
            by=stage.clerk(binhai),
            on=dt.date(2026, 3, 9),
            document="常发〔2026〕1号",
        )
        row = Suggestion.objects.get(pk=row.pk)
        assert (row.lead, row.state) == (people[0], "handling")
    assert "现不在任" in words(desk.get(page_of(row)))


# -- Paper -------------------------------------------------------------------------------------

PAPER = {
    "received_on": "2026-01-13", "kind": "suggestion", "title": "关于增设校车的建议",
    "situation": stage.SITUATION, "request_1": stage.REQUESTS[0],
}  # fmt: skip


def scan() -> SimpleUploadedFile:
    page = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(page, "PNG")
    return SimpleUploadedFile("原件.png", page.getvalue(), "image/png")


def test_a_paper_is_entered_with_its_scan_and_its_day(binhai, people, desk, client_of):
    asked = {**PAPER, "lead_name": people[0].name, "cosigner_names": people[1].name}
    assert "请" in words(desk.post(at("enter"), asked))  # no scan
    answer = desk.post(at("enter"), {**asked, "scan": scan()}, follow=True)
    assert "已代录，转入待复审" in words(answer)
    with in_congress(binhai):
        row = Suggestion.objects.get()
        assert (row.raised_in, row.lead, row.state) == ("sitting", people[0], "review")
        assert row.signatures.get().state == "confirmed"
        assert row.attachments.get().file.name == "原件.png"
        phone = client_of(people[0].membership)
    assert row.title in words(phone.get(reverse("portal_suggestions")))


def test_what_is_wrong_with_a_paper_is_said(binhai, people, desk):
    def faults(**more) -> str:
        return words(desk.post(at("enter"), {**PAPER, "scan": scan(), **more}))

    assert "请填写领衔代表，或者选择代表团" in faults()
    assert "没有找到“查无此人”" in faults(lead_name="查无此人")
    assert "不能晚于今天" in faults(lead_name=people[0].name, received_on="2026-03-11")
    assert "不在任" in faults(lead_name=people[0].name, received_on="2020-03-11")
    secret = desk.post(at("enter"), {**PAPER, "lead_name": people[0].name, "scan": scan(),
                                     "situation": stage.SITUATION + "机密★二十年"})  # fmt: skip
    assert secret.status_code == 409 and "涉密内容不得在本系统填写" in words(secret)
    with in_congress(binhai):
        assert not Suggestion.objects.exists()


def test_trap_18_received_after_the_sitting_is_between_sittings(binhai, people, desk):
    paper = {**PAPER, "lead_name": people[0].name, "received_on": "2026-01-20", "scan": scan()}
    desk.post(at("enter"), paper)
    with in_congress(binhai):
        row = Suggestion.objects.get()
        assert row.raised_in == "between"
        category = stage.Category.objects.get(name="教育").pk
    desk.post(at("register", row.pk), {**ALL, "category": category})
    with in_congress(binhai):
        assert Suggestion.objects.get().number == "5-闭001"
    page = words(desk.get(LIST, {"show": "to_assign"}))
    assert "前交办" in page and "已逾期" in page  # seven working days from hand-in


def test_trap_16_a_delegation_raises_one_without_a_lead(binhai, people, desk):
    with in_congress(binhai):
        own = Delegation.objects.first() or Delegation.objects.create(name="东湖代表团")
    desk.post(at("enter"), {**PAPER, "delegation": own.pk, "scan": scan()})
    with in_congress(binhai):
        row = Suggestion.objects.get()
        assert row.lead is None and row.delegation == own
    page = words(desk.get(page_of(row)))
    assert "代表团建议" in page and "以代表团名义提出" in page
    desk.post(at("send_back", row.pk), {"opinion": "请写明站点位置"})
    mended = {"title": PAPER["title"], "situation": stage.SITUATION + "在湖滨路东段。",
              "request_1": stage.REQUESTS[1]}  # fmt: skip
    assert "退回意见：请写明站点位置" in words(desk.get(at("mend", row.pk)))
    desk.post(at("mend", row.pk), mended)
    assert state(binhai, row) == "review"
    assert "<ins>在湖滨路东段。</ins>" in words(desk.get(page_of(row)))


def test_trap_17_a_bill_keeps_its_number_and_all_its_names(binhai, desk):
    with in_congress(binhai):
        stage.ready()
        crowd = stage.people(11)
        for deputy, name in zip(crowd, "赵钱孙李周吴郑王冯陈褚", strict=True):
            deputy.name = f"{name}建国"
            deputy.save()
    few = {**PAPER, "lead_name": crowd[0].name, "bill_number": "议3",
           "cosigner_names": "、".join(p.name for p in crowd[1:5])}  # fmt: skip
    answer = desk.post(at("enter"), {**few, "scan": scan()})
    assert answer.status_code == 409 and "须有10人以上" in words(answer)
    names = "、".join(p.name for p in crowd[1:])
    answer = desk.post(at("enter"), {**few, "cosigner_names": names, "scan": scan()})
    assert answer.status_code == 302, words(answer)[words(answer).find("error-summary") :][:900]
    with in_congress(binhai):
        row = Suggestion.objects.get()
        assert (row.channel, row.bill_number) == ("bill", "议3")
        assert row.signatures.filter(state="confirmed").count() == 10
        category = stage.Category.objects.get(name="教育").pk
    desk.post(at("register", row.pk), {**ALL, "category": category})
    page = words(desk.get(page_of(row)))
    assert "5-案001" in page and "原议案号 议3" in page
    again = desk.post(at("enter"), {**few, "cosigner_names": names, "scan": scan()})
    assert again.status_code == 409 and "已经转为建议" in words(again)


def test_trap_37_of_a_secret_one_only_the_number_is_here(binhai, people, desk):
    asked = {"lead_name": people[0].name, "received_on": "2026-01-13"}
    answer = desk.post(at("secret"), asked, follow=True)
    assert "编号 5-001" in words(answer)
    with in_congress(binhai):
        row = Suggestion.objects.get()
        assert (row.situation, row.requests) == ("", [])
    page = words(desk.get(page_of(row)))
    assert "本系统只保留编号" in page and at("merge", row.pk) not in page
    for name in ("withdraw", "send_back"):
        assert desk.get(at(name, row.pk)).status_code == 409
    assert desk.get(at("merge", row.pk)).status_code == 409


def test_only_the_keepers_enter_and_number(binhai, people, client_of, stranger_at):
    with in_congress(binhai):
        row = stage.submitted(people[0])
    for role in (Role.CHAIR, Role.COMMITTEE, Role.STREET, Role.DEPUTY, Role.HANDLING_UNIT):
        client = client_of(cast.member(binhai, role))
        for name, args in (("enter", ()), ("secret", ()), ("register", (row.pk,))):
            assert client.get(at(name, *args)).status_code in (403, 404), (role, name)
    assert stranger_at(binhai).get(at("enter")).status_code == 302
