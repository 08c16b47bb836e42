"""涉密件 (trap_37): a number is here and nothing else; it waits for nobody in this system."""

import datetime as dt

import pytest
from django.urls import reverse

from congress.flow import NotAllowed
from congress.models import LogEntry, Role
from congress.tenancy import in_congress
from deputies import actions as registry
from reports.queries import figures, today
from suggestions import actions
from suggestions.models import Suggestion
from suggestions.queries import lists
from tests import cast

from . import stage

LIST = "/admin/suggestions/suggestion/"
MARCH = dt.date(2026, 3, 10)
pytestmark = pytest.mark.django_db(databases=["default", "platform"])


@pytest.fixture
def clerk(binhai):
    return stage.clerk(binhai)


@pytest.fixture
def secret(binhai, people, clerk) -> Suggestion:
    with in_congress(binhai), stage.on(stage.SITTING):
        return actions.reserve_secret(by=clerk, received_on=stage.SITTING, lead=people[0])


@pytest.fixture
def desk(client_of, clerk):
    with stage.on(MARCH):
        yield client_of(clerk)


def at(name: str, *args) -> str:
    return reverse(f"admin:suggestions_{name}", args=args)


def words(response) -> str:
    return response.content.decode()


def page_of(row: Suggestion) -> str:
    return f"{LIST}{row.pk}/change/"


def test_it_is_not_among_what_is_to_be_assigned(binhai, people, clerk, secret, desk):
    with in_congress(binhai):
        plain = stage.registered(binhai, people[1])
        with stage.on(MARCH):
            waits = {s.title: s for s in today.waiting_for(clerk)}["待交办的建议"]
        assert waits.count == 1 and plain.title in waits.matters[0].title
    page = words(desk.get(LIST, {"show": "to_assign"}))
    assert plain.title in page and secret.title not in page
    page = words(desk.get(LIST, {"show": "secret"}))
    assert plain.title not in page and secret.title in page and "系统外办理" in page
    for group in lists.GROUPS:
        shown = secret.title in words(desk.get(LIST, {"show": group}))
        assert shown == (group == "secret"), group


def test_each_stands_in_one_group_and_all_are_counted(binhai, people, secret, clerk):
    with in_congress(binhai):
        stage.registered(binhai, people[1])
        stage.submitted(people[2])
        counts = lists.counts_by_group(lists.listed(clerk))
        found = {g: lists.listed(clerk).filter(lists.in_group(g)).count() for g in lists.GROUPS}
    total = counts.pop("")
    assert counts == found and sum(found.values()) == total == 3
    assert (found["secret"], found["to_assign"], found["review"]) == (1, 1, 1)


def test_the_tab_is_there_where_there_is_one(binhai, people, desk, clerk):
    assert "show=secret" not in words(desk.get(LIST))
    with in_congress(binhai), stage.on(stage.SITTING):
        actions.reserve_secret(by=clerk, received_on=stage.SITTING, lead=people[0])
    assert "show=secret" in words(desk.get(LIST))


def test_the_figures_of_the_first_screen_leave_it_out(binhai, people, clerk, secret):
    def registered_and_closed() -> list:
        with in_congress(binhai), stage.on(MARCH):
            shown = figures.suggestions(clerk, MARCH)[0].figures
        return [f.value for f in shown if f.label in ("已登记", "已办结")]

    assert registered_and_closed() == [0, 0]
    with in_congress(binhai), stage.on(MARCH):
        actions.close_secret(secret, by=clerk, on=MARCH)
    assert registered_and_closed() == [0, 0]


def test_its_page_has_no_handling_and_one_way_out(binhai, secret, desk):
    page = words(desk.get(page_of(secret)))
    assert "系统外办理" in page and "由代工委在系统以外办理" in page and "等待交办" not in page
    assert at("close_secret", secret.pk) in page
    for gone in ("放入交办批次", "公开审查", "提出督办", "相近建议"):
        assert gone not in page, gone


def test_it_ends_outside_with_a_day_and_nothing_else(binhai, people, secret, desk, client_of):
    form = words(desk.get(at("close_secret", secret.pk)))
    assert "textarea" not in form and 'type="file"' not in form  # nothing can be told of it
    desk.post(at("close_secret", secret.pk), {"on": "2026-03-09"})
    with in_congress(binhai):
        secret.refresh_from_db()
        assert (secret.state, secret.state_words) == ("closed", "办结")
        assert secret.closed_at.date() == dt.date(2026, 3, 9)
        assert (secret.situation, secret.requests, secret.assigned_on) == ("", [], None)
        assert LogEntry.objects.filter(step="suggestions.close_secret").count() == 1
    page = words(desk.get(page_of(secret)))
    assert "在系统以外办结" in page and at("close_secret", secret.pk) not in page
    assert desk.post(at("close_secret", secret.pk), {"on": "2026-03-09"}).status_code == 409
    assert secret.title in words(desk.get(LIST, {"show": "secret"}))
    mine = client_of(people[0].membership)
    own = words(mine.get(f"/me/suggestions/{secret.pk}/"))
    assert "办结" in own and "内容不在本系统" in own and "同意公开" not in own


@pytest.mark.parametrize(
    ("day", "sentence"), [("2026-03-11", "不能晚于今天"), ("2026-01-12", "不能早于收到")]
)
def test_its_day_lies_between_receipt_and_today(secret, desk, day, sentence):
    answer = desk.post(at("close_secret", secret.pk), {"on": day})
    assert answer.status_code == 409 and sentence in words(answer)


def test_no_other_suggestion_takes_this_way_and_nobody_else(
    binhai, people, secret, desk, client_of
):
    with in_congress(binhai):
        plain = stage.registered(binhai, people[1])
    assert at("close_secret", plain.pk) not in words(desk.get(page_of(plain)))
    assert desk.post(at("close_secret", plain.pk), {"on": "2026-03-09"}).status_code == 409
    chair = client_of(cast.member(binhai, Role.CHAIR))
    assert chair.post(at("close_secret", secret.pk), {"on": "2026-03-09"}).status_code == 403
    with in_congress(binhai):
        assert set(Suggestion.objects.values_list("state", flat=True)) == {"registered"}


def test_nowhere_is_anything_taken_down_about_it(binhai, people, clerk, secret, desk, client_of):
    with in_congress(binhai):
        committee = cast.member(binhai, Role.COMMITTEE).unit
    own, plan = client_of(people[0].membership), {"plan": "到现场督办", "committee": committee.pk}
    asked = [
        (desk, at("supervise", secret.pk), plan | {"kind": "key"}),
        (desk, at("supervise", secret.pk), plan | {"kind": "committee"}),
        (desk, at("withdraw", secret.pk), {"reason": "内容"}),
        (own, f"/me/suggestions/{secret.pk}/withdraw/", {"reason": "内容"}),
        (own, f"/me/suggestions/{secret.pk}/publish/", {"text": "yes", "reply": "yes"}),
    ]
    for client, address, values in asked:
        assert "本系统只保留编号" in words(client.get(address)), address
        assert client.post(address, values).status_code == 409, address
    with in_congress(binhai), stage.on(MARCH):
        verbs = [
            lambda: actions.propose_key(secret, by=clerk, plan="到现场"),
            lambda: actions.start_supervision(
                secret, by=clerk, kind="committee", plan="到现场", committee=committee
            ),
            lambda: actions.give_consent(secret, by=people[0].membership, text=True, reply=True),
            lambda: actions.ask_consent(secret, by=clerk),
        ]
        for verb in verbs:
            with pytest.raises(NotAllowed, match="只保留编号"):
                verb()
        secret.refresh_from_db()
        assert not secret.supervisions.exists() and secret.may_publish_text is None


def test_it_goes_on_outside_when_its_deputys_seat_ends(binhai, people, clerk, secret):
    with in_congress(binhai), stage.on(MARCH):
        plain = stage.registered(binhai, people[0])
        registry.resign(people[0].mandates.get(), by=clerk, on=MARCH, document="常发〔2026〕9号")
        states = [Suggestion.objects.get(pk=row.pk).state for row in (secret, plain)]
    assert states == ["registered", "withdrawn"]
