"""Units as a tree, terms, sittings and meetings: each step, each refusal, each page."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from congress import actions
from congress.access import units_of
from congress.flow import NotAllowed
from congress.models import (
    LogEntry,
    Meeting,
    Membership,
    Role,
    Sitting,
    Term,
    Unit,
    UnitContact,
    UnitName,
)
from congress.tenancy import in_congress
from tests import cast

pytestmark = pytest.mark.django_db(databases=["default", "platform"])
UNITS = "/admin/congress/unit/"
TODAY = timezone.localdate


@pytest.fixture
def keeper(binhai, client_of):
    return client_of(cast.member(binhai, Role.SYSTEM_ADMIN))


def by(congress) -> Membership:
    return cast.member(congress, Role.SYSTEM_ADMIN)


def unit(short_name: str) -> Unit:
    return Unit.objects.get(short_name=short_name)


def words(response) -> str:
    return response.content.decode()


# -- Steps -------------------------------------------------------------------------------------


def test_a_renamed_unit_keeps_its_old_name(in_binhai):
    row = unit("住建局")
    old = row.name
    actions.rename_unit(
        row, by=by(in_binhai), name="滨海区住房城乡建设局", short_name="住建局", on=TODAY()
    )
    kept = UnitName.objects.get()
    assert (kept.name, kept.valid_to) == (old, TODAY() - dt.timedelta(days=1))
    assert LogEntry.objects.get(step="congress.rename_unit").before["全称"] == old
    with pytest.raises(NotAllowed, match="曾用名"):
        actions.add_unit(by=by(in_binhai), kind="organ", name=old, short_name="另一个")
    again = {"name": "又一个名称", "short_name": "住建局"}
    for day in (TODAY() + dt.timedelta(days=1), TODAY() - dt.timedelta(days=1)):
        with pytest.raises(NotAllowed):
            actions.rename_unit(unit("住建局"), by=by(in_binhai), on=day, **again)


def test_a_unit_of_the_same_name_is_refused(in_binhai):
    with pytest.raises(NotAllowed, match="已经有名为"):
        actions.add_unit(
            by=by(in_binhai), kind="organ", name=unit("住建局").name, short_name="重名"
        )


def test_the_tree_has_no_circle(in_binhai):
    top, low = unit("政府办"), unit("住建局")
    place = {"by": by(in_binhai), "kind": "handling_unit", "position": 1}
    actions.move_unit(low, parent=top, **place)
    for wrong in (low, top):
        with pytest.raises(NotAllowed, match="上级不能是"):
            actions.move_unit(top, parent=wrong, **place)


def test_a_merged_units_people_work_on_for_the_other(in_binhai):
    housing, planning = unit("住建局"), unit("财经委")
    clerk = cast.member(in_binhai, Role.HANDLING_UNIT)
    actions.merge_unit(housing, by=by(in_binhai), into=planning, on=TODAY())
    clerk = Membership.objects.get(pk=clerk.pk)
    assert clerk.unit == planning
    assert housing.pk in units_of(clerk), "what the old unit had open"
    housing.refresh_from_db()
    assert housing.valid_to == TODAY() and housing.merged_into == planning
    for step in (
        lambda: actions.reopen_unit(housing, by=by(in_binhai)),
        lambda: actions.merge_unit(planning, by=by(in_binhai), into=housing, on=TODAY()),
        lambda: actions.merge_unit(planning, by=by(in_binhai), into=planning, on=TODAY()),
    ):
        with pytest.raises(NotAllowed):
            step()


def test_a_unit_with_people_or_lower_units_is_not_closed(in_binhai):
    top, low = unit("西园街道"), unit("财经委")
    with pytest.raises(NotAllowed, match="成员属于本单位"):
        actions.close_unit(low, by=by(in_binhai), on=TODAY())
    actions.move_unit(low, by=by(in_binhai), kind=low.kind, parent=top, position=0)
    with pytest.raises(NotAllowed, match="下级单位"):
        actions.close_unit(top, by=by(in_binhai), on=TODAY())
    actions.move_unit(low, by=by(in_binhai), kind=low.kind, parent=None, position=0)
    actions.close_unit(top, by=by(in_binhai), on=TODAY())
    with pytest.raises(NotAllowed, match="已经停用"):
        actions.close_unit(top, by=by(in_binhai), on=TODAY())
    assert actions.reopen_unit(top, by=by(in_binhai)).valid_to is None


@pytest.mark.parametrize("number", ["13912345678", "139-1234-5678", "+86 139 1234 5678"])
def test_a_private_number_is_no_contact(in_binhai, number):
    with pytest.raises(NotAllowed, match="办公电话"):
        actions.set_contact(
            UnitContact(unit=unit("住建局")), by=by(in_binhai), duty="liaison", name="李",
            post="", telephone=number,
        )  # fmt: skip


@pytest.mark.parametrize("role", [r for r in Role if r not in (
    Role.SYSTEM_ADMIN, Role.DEPUTY_AFFAIRS)])  # fmt: skip
def test_units_are_kept_by_the_system_administrator_and_deputy_affairs(in_binhai, role):
    with pytest.raises(NotAllowed):
        actions.close_unit(unit("西园街道"), by=cast.member(in_binhai, role), on=TODAY())


# -- Pages -------------------------------------------------------------------------------------


def test_units_are_walked_through_in_the_browser(binhai, keeper):
    form = {"name": "滨海区教育局", "short_name": "教育局", "kind": "handling_unit", "position": 9}
    sent = keeper.post(f"{UNITS}add/", form)
    assert sent.status_code == 302
    assert keeper.post(f"{UNITS}add/", form).status_code == 422
    with in_congress(binhai):
        row = unit("教育局")
    page = f"{UNITS}{row.pk}"
    names = {"name": "滨海区教育体育局", "short_name": "教体局", "on": str(TODAY())}
    assert keeper.post(f"{page}/rename/", names).status_code == 302
    person = {"duty": "liaison", "name": "王联络", "post": "科长", "telephone": "022-25300001"}
    assert keeper.post(f"{page}/contacts/", person).status_code == 302
    assert (
        keeper.post(f"{page}/contacts/", person | {"telephone": "13912345678"}).status_code == 422
    )
    shown = words(keeper.get(f"{page}/change/"))
    assert "曾用名" in shown and "滨海区教育局" in shown and "王联络" in shown
    found = words(keeper.get(UNITS, {"q": "滨海区教育局"}))
    assert "教体局" in found and "王联络 022-25300001" in found
    with in_congress(binhai):
        contact = UnitContact.objects.get()
    assert keeper.post(f"/admin/congress/contact/{contact.pk}/", {"remove": "1"}).status_code == 302
    assert keeper.post(f"{page}/close/", {"on": str(TODAY())}).status_code == 302
    assert "教体局" not in words(keeper.get(UNITS))
    assert "教体局" in words(keeper.get(UNITS, {"state": "closed"}))
    assert keeper.post(f"{page}/reopen/").status_code == 302
    with in_congress(binhai):
        other = unit("住建局")
    assert keeper.post(f"{page}/merge/", {"into": other.pk, "on": str(TODAY())}).status_code == 302
    assert "并入本单位的" in words(keeper.get(f"{UNITS}{other.pk}/change/"))


def test_the_tree_is_drawn_below_its_parents(binhai, keeper):
    with in_congress(binhai):
        top, low = unit("政府办"), unit("代工委")
        Unit.objects.filter(pk=low.pk).update(parent=top)
    page = words(keeper.get(UNITS)).split("<tbody>")[1]
    assert page.index("东湖街道") < page.index(">政府办<") < page.index(">代工委<")
    assert page.count("└") == 1


def test_readers_see_units_and_change_nothing(binhai, client_of):
    clerk = client_of(cast.member(binhai, Role.COMMITTEE))
    with in_congress(binhai):
        row = unit("住建局")
    assert "新增单位" not in words(clerk.get(UNITS))
    assert "改名" not in words(clerk.get(f"{UNITS}{row.pk}/change/"))
    for step in ("rename", "move", "merge", "close", "reopen", "contacts"):
        assert clerk.post(f"{UNITS}{row.pk}/{step}/").status_code == 403
    assert clerk.post(f"{UNITS}add/").status_code == 403


def test_a_unit_of_the_neighbour_is_not_there(binhai, shanyang, keeper):
    with in_congress(shanyang):
        row = unit("住建局")
        contact = UnitContact.objects.create(unit=row, duty="liaison", name="山阳人")
    for step in ("change", "rename", "move", "merge", "close", "reopen", "contacts"):
        assert keeper.get(f"{UNITS}{row.pk}/{step}/").status_code == 404, step
    assert keeper.post(f"/admin/congress/contact/{contact.pk}/", {"remove": "1"}).status_code == 404
    with in_congress(binhai):
        ours = unit("财经委")
    page = keeper.post(f"{UNITS}{ours.pk}/merge/", {"into": row.pk, "on": str(TODAY())})
    assert page.status_code == 422


def test_a_long_tree_costs_no_more_queries(binhai, keeper):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert keeper.get(UNITS).status_code == 200
        return len(seen)

    few = queries()
    with in_congress(binhai):
        for n in range(30):
            row = Unit.objects.create(kind="handling_unit", name=f"单位{n}", short_name=f"单{n}")
            UnitContact.objects.create(unit=row, duty="liaison", name="人")
    assert queries() == few


# -- Terms, sittings, meetings -----------------------------------------------------------------


def test_a_term_a_sitting_and_a_meeting_are_named_by_themselves(binhai, keeper):
    assert keeper.post(
        "/admin/congress/term/add/", {"number": 20, "starts_on": "2027-01-11"}
    ).status_code == 302  # fmt: skip
    with in_congress(binhai):
        term = Term.objects.get(number=20)
    sitting = {"term": term.pk, "number": 1, "opens_on": "2027-01-11", "closes_on": "2027-01-14"}
    assert keeper.post("/admin/congress/sitting/add/", sitting).status_code == 302
    meeting = {"kind": "standing_committee", "number": 3, "held_on": "2027-03-29"}
    assert keeper.post("/admin/congress/meeting/add/", meeting).status_code == 302
    with in_congress(binhai):
        assert term.name == "第二十届"
        assert Sitting.objects.get().name == "第二十届人民代表大会第一次会议"
        assert Meeting.objects.get().title == "第三次常委会会议"
    for kind in ("term", "sitting", "meeting"):
        assert "第" in words(keeper.get(f"/admin/congress/{kind}/"))


@pytest.mark.parametrize(
    "kind, form, said",
    [
        ("term", {"number": 19, "starts_on": "2027-01-11"}, "这一届已经登记"),
        ("term", {"number": 20, "starts_on": "2027-01-11", "ends_on": "2026-01-11"}, "不能早于起"),
        ("term", {"number": 0, "starts_on": "2027-01-11"}, "有 1 处需要修改"),
        ("sitting", {"number": 1, "opens_on": "2027-01-11", "closes_on": "2027-01-01"}, "闭幕不能"),
    ],
)
def test_what_the_frame_does_not_allow_is_said_in_words(binhai, keeper, kind, form, said):
    with in_congress(binhai):
        term = Term.objects.get()
    page = keeper.post(f"/admin/congress/{kind}/add/", form | {"term": term.pk})
    assert page.status_code == 422 and said in words(page)


def test_what_something_hangs_on_is_not_removed(binhai, keeper):
    with in_congress(binhai):
        term = Term.objects.get()
        sitting = Sitting.objects.create(
            term=term, number=1, name="一次", opens_on="2026-01-10", closes_on="2026-01-12"
        )
    page = keeper.post(f"/admin/congress/term/{term.pk}/delete/")
    assert page.status_code == 422 and "不能删除" in words(page)
    assert keeper.post(f"/admin/congress/sitting/{sitting.pk}/delete/").status_code == 302
    with in_congress(binhai):
        assert not Sitting.objects.exists() and Term.objects.exists()
        assert LogEntry.objects.filter(step="congress.delete").count() == 1


def test_a_term_is_corrected_and_the_log_says_what(binhai, keeper):
    with in_congress(binhai):
        term = Term.objects.get()
    form = {"number": 19, "name": "第十九届", "starts_on": "2022-01-12", "ends_on": "2027-01-10"}
    assert keeper.post(f"/admin/congress/term/{term.pk}/change/", form).status_code == 302
    with in_congress(binhai):
        row = LogEntry.objects.get(step="congress.change")
        assert row.before["起"] == "2022-01-10" and row.after["起"] == "2022-01-12"


def test_the_frame_of_the_neighbour_is_not_there(binhai, shanyang, keeper, client_of):
    with in_congress(shanyang):
        term = Term.objects.get()
    for page in ("change", "delete"):
        assert keeper.get(f"/admin/congress/term/{term.pk}/{page}/").status_code == 404
    clerk = client_of(cast.member(binhai, Role.COMMITTEE))
    assert clerk.get("/admin/congress/term/add/").status_code == 403
    assert clerk.get("/admin/congress/term/").status_code == 200
