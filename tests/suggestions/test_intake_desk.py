"""The committee staff's desk: the list, one suggestion, the steps from hand-in to number."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from congress.models import Role
from congress.tenancy import in_congress
from suggestions import actions
from suggestions.models import Suggestion
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
def people(binhai):
    with in_congress(binhai):
        stage.ready()
        return stage.people()


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
            "一事一议", "滨海区住房和城乡建设局", "推算过程", "自2026年2月2日", "属实",
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
