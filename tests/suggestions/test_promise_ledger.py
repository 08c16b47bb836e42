"""承诺台账: by day, in the fourth quarter, changed, disputed, followed again, raised by three."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from congress.models import Role, Term
from congress.tenancy import in_congress
from notices.models import Notice
from suggestions import actions, tasks
from suggestions.models import ClassChange, Promise
from tests import cast

from . import stage

MARCH = dt.date(2026, 3, 10)
AUTUMN = dt.date(2026, 10, 12)
NEXT = dt.date(2027, 6, 30)
pytestmark = pytest.mark.django_db


@pytest.fixture
def housing(binhai):
    who = cast.member(binhai, Role.HANDLING_UNIT)
    return who.unit, who


@pytest.fixture
def clerk(binhai, people, client_of):
    return client_of(stage.clerk(binhai))


def page(name: str, *args) -> str:
    return reverse(f"admin:suggestions_{name}", args=args)


def promised(congress, people, housing, due: dt.date = NEXT) -> Promise:
    row = stage.assigned(congress, people[0], [(housing[0], "sole")])
    pledge = actions.Pledge("首批加装电梯十二部", "通过验收", "副局长李某", due)
    stage.answered(stage.task_of(row, housing[0]), housing[1], MARCH, "B", promises=[pledge])
    return Promise.objects.get(suggestion=row)


def held(client, place: str, **more) -> list[Promise]:
    shown = client.get(page("promises"), {"place": place} | more)
    return [p for p, *_ in shown.context["lines"]]


def test_a_promise_moves_through_the_ledger_by_its_day(binhai, clerk, people, housing, client_of):
    with in_congress(binhai):
        row = promised(binhai, people, housing)
    with stage.on(MARCH):
        assert held(clerk, "running") == [row] and held(clerk, "due") == []
        assert held(clerk, "quarter") == []
    with stage.on(AUTUMN):
        assert held(clerk, "quarter") == [row]
    with stage.on(NEXT):
        clerk = client_of(stage.clerk(binhai))
        assert held(clerk, "due") == [row]
        assert held(clerk, "due", year=2027) == [row]


def test_the_unit_sees_what_is_still_to_be_kept_in_front(binhai, people, housing, client_of):
    with in_congress(binhai):
        kept, late, soon = (
            promised(binhai, people, housing, NEXT + dt.timedelta(days=n)) for n in (0, 9, 5)
        )
        Promise.objects.filter(pk=kept.pk).update(state=Promise.State.KEPT, kept_on=NEXT)
    shown = client_of(housing[1]).get(reverse("desk_promises"))
    assert [p for p, _ in shown.context["lines"]] == [soon, late, kept]


def test_in_the_fourth_quarter_the_unit_is_asked_and_reports_how_far_it_is(
    binhai, clerk, people, housing, client_of
):
    with in_congress(binhai):
        row = promised(binhai, people, housing)
    unit = client_of(housing[1])
    with stage.on(AUTUMN):
        for _ in range(2):
            clerk.post(page("promises_ask"), {"pick": [row.pk]})
        with in_congress(binhai):
            assert Notice.objects.filter(template="suggestions/promise_ask").count() == 1
        address = reverse("desk_promise_progress", args=[row.pk])
        assert unit.post(address, {"text": "已装六部。"}).status_code == 422  # unsigned
        unit.post(address, {"text": "已装六部。", "signer": "局长程某"})
        assert held(clerk, "quarter") == []
        assert "已装六部" in clerk.get(page("promise", row.pk)).content.decode()
    with in_congress(binhai):
        row.refresh_from_db()
        assert row.state == "running"
        told = Notice.objects.filter(template="suggestions/promise_progress")
        assert told.filter(to=people[0].membership).exists()


def test_trap_27_a_promise_that_was_changed_keeps_its_old_day_and_signed_reason(
    binhai, clerk, people, housing
):
    with in_congress(binhai):
        row = promised(binhai, people, housing)
        with stage.on(AUTUMN):
            actions.change_promise(row, by=housing[1], text="资金年底才能到位。", signer="局长程某",
                                   new_due_on=dt.date(2027, 12, 31))  # fmt: skip
    shown = clerk.get(page("promise", row.pk)).content.decode()
    assert "2027年6月30日" in shown and "2027年12月31日" in shown and "局长程某" in shown


def test_a_report_is_confirmed_or_followed_again_when_the_deputy_differs(
    binhai, clerk, people, housing
):
    with in_congress(binhai):
        row = promised(binhai, people, housing)
        with stage.on(NEXT):
            actions.report_promise(row, by=housing[1], text="全部装完。", signer="局长程某")
    assert held(clerk, "reported") == [row]
    with in_congress(binhai):
        actions.receipt_promise(
            row, by=people[0].membership, value="unsatisfied", text="只装了六部"
        )
    assert held(clerk, "disputed") == [row]
    assert clerk.post(page("promise_reopen", row.pk), {"text": ""}).status_code == 422
    clerk.post(page("promise_reopen", row.pk), {"text": "现场只有六部"})
    with in_congress(binhai):
        row.refresh_from_db()
        assert row.state == "running" and row.events.count() == 3
    assert clerk.post(page("promise_confirm", row.pk), {"text": "看过"}).status_code == 409
    with in_congress(binhai), stage.on(NEXT):
        actions.report_promise(row, by=housing[1], text="已补装。", signer="局长程某")
    clerk.post(page("promise_confirm", row.pk), {"text": "到现场看过"})
    assert held(clerk, "kept") == [row]


@pytest.mark.django_db(transaction=True, databases=["default", "platform"])
def test_a_promise_asks_by_itself_on_its_day_and_once(binhai, shanyang, people, housing):
    with in_congress(binhai):
        promised(binhai, people, housing)
    found: list[int] = []
    with stage.on(NEXT - dt.timedelta(1)):
        assert tasks.start_sweep(found.append) == 0
    with stage.on(NEXT):
        assert tasks.start_sweep(found.append) == 1 and found == [binhai.pk]
        for _ in range(2):
            tasks.follow_promises(binhai.pk)
    with in_congress(binhai):
        asked = Notice.objects.filter(template="suggestions/promise_due", to=housing[1])
        assert asked.count() == 1


def test_promises_are_carried_into_the_next_term(binhai, people, housing, client_of):
    with in_congress(binhai):
        row = promised(binhai, people, housing)
        old = Term.objects.get()
        old.ends_on = dt.date(2026, 12, 31)
        old.save()
        Term.objects.create(number=old.number + 1, name="新一届", starts_on=dt.date(2027, 1, 1))
    with stage.on(NEXT):
        clerk = client_of(stage.clerk(binhai))
        shown = clerk.get(page("promises"), {"place": "due"})
        assert [(p, carried) for p, _, carried in shown.context["lines"]] == [(row, True)]
        assert held(clerk, "due", term=old.pk) == [row]


def test_trap_25_a_class_is_raised_only_when_three_agree(binhai, clerk, people, housing, client_of):
    with in_congress(binhai):
        row = promised(binhai, people, housing)
        task = stage.task_of(row.suggestion, housing[0])
        change = actions.propose_class(
            task, by=housing[1], to_class=stage.klass("A"), reason="已装完"
        )
    assert "待代表确认" in clerk.get(page("classes")).content.decode()
    clerk.post(page("class_agree", change.pk), {"agrees": "yes"})
    with in_congress(binhai):
        assert actions.current_class(task).mark == "B"  # the deputy has not spoken
    client_of(people[0].membership).post(
        reverse("portal_class_change", args=[change.pk]), {"agrees": "yes"}
    )
    with in_congress(binhai):
        assert actions.current_class(task).mark == "A"
        assert ClassChange.objects.get().from_class.mark == "B"
    assert clerk.post(page("class_agree", change.pk), {"agrees": "no"}).status_code == 409
    assert "B类调整为A类" in clerk.get(page("classes"), {"show": "all"}).content.decode()


def test_strangers_and_neighbours_do_not_get_in(binhai, shanyang, people, housing, client_of):
    with in_congress(binhai):
        row = promised(binhai, people, housing)
    there = client_of(cast.member(shanyang, Role.DEPUTY_AFFAIRS))
    assert there.get(page("promise", row.pk)).status_code == 404
    assert client_of(housing[1]).get(page("promises")).status_code == 403
    chair = client_of(cast.member(binhai, Role.CHAIR))
    assert chair.get(page("promise", row.pk)).status_code == 200
    assert chair.get(page("promise_confirm", row.pk)).status_code == 403


def test_the_list_asks_the_database_the_same_however_long(binhai, clerk, people, housing):
    def one():
        with in_congress(binhai):
            promised(binhai, people, housing)

    one()
    for asked in ({"place": "running"}, {"place": "running", "export": "1"}):
        clerk.get(page("promises"), asked)
        with CaptureQueriesContext(connection) as few:
            clerk.get(page("promises"), asked)
        for _ in range(3):
            one()
        with CaptureQueriesContext(connection) as many:
            assert clerk.get(page("promises"), asked).status_code == 200
        assert len(many) == len(few), asked
