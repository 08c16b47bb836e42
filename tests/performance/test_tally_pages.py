"""The staff's pages of periods, tallies and publications: who sees what, and how it grows."""

import datetime as dt
from decimal import Decimal as D

import pytest
from django.urls import reverse

from congress.models import Role
from congress.tenancy import in_congress
from congress.xlsx import read
from performance import actions
from performance.models import ManualAward, Period, Publication, Tally
from tests import cast
from tests.performance import year

READERS = (Role.DEPUTY_AFFAIRS, Role.CHAIR, Role.COMMITTEE, Role.STREET)


def made(count=6):
    period = year.period()
    year.facts(year.seats(count))
    actions.tally(period, by=year.keeper())
    return period


@pytest.fixture
def period(in_binhai):
    return made()


@pytest.fixture
def tally(period):
    return Tally.objects.get()


@pytest.fixture
def clerk(in_binhai, client_of):
    return client_of(year.keeper())


def url(name, *args):
    return reverse(f"admin:{name}", args=args)


def drafted(period, **more):
    return actions.draft_publication(
        period,
        by=year.keeper(),
        title="2025年度代表履职情况通报",
        audience=more.pop("audience", "deputies"),
        columns=["total", "aspects", "days", "grade"],
    )


def published(period, **more):
    row = drafted(period, **more)
    actions.propose_publication(row, by=year.keeper())
    actions.confirm_publication(row, by=year.keeper())
    return actions.freeze_publication(row, by=year.second_keeper())


def pages_of(tally):
    deputy = tally.totals.first().deputy_id
    return [
        url("performance_period_changelist"),
        url("performance_period_change", tally.period_id),
        url("performance_awards", tally.period_id),
        url("performance_tally", tally.pk),
        url("performance_difference", tally.pk),
    ], url("performance_total", tally.pk, deputy)


def test_the_committee_reads_every_page(tally, in_binhai, client_of):
    pages, account = pages_of(tally)
    for role in READERS:
        client = client_of(cast.member(in_binhai, role))
        assert [client.get(page).status_code for page in pages] == [200] * len(pages), role
        assert client.get(account).status_code == (404 if role == Role.STREET else 200)


def test_others_do_not_come_in(tally, in_binhai, client_of, stranger_at):
    pages, account = pages_of(tally)
    for role in set(Role) - set(READERS):
        client = client_of(cast.member(in_binhai, role))
        for page in [*pages, account]:
            assert client.get(page).status_code in (302, 403), (role, page)
    assert stranger_at(in_binhai).get(account).status_code == 302


def test_the_neighbour_finds_nothing(tally, shanyang, client_of):
    publication = published(tally.period)
    client = client_of(cast.member(shanyang, Role.DEPUTY_AFFAIRS))
    pages, account = pages_of(tally)
    mine = [
        *pages[1:],
        account,
        url("performance_period_tally", tally.period_id),
        url("performance_publication_preview", publication.pk),
        url("performance_publication_correct", publication.pk),
        url("performance_publication_files", publication.pk),
    ]
    assert {client.get(page).status_code for page in mine} == {404}
    found = client.get(url("performance_publication_change", publication.pk))
    assert found.status_code == 404
    assert client.post(mine[6]).status_code == 404


def test_a_street_sees_its_own_deputies_alone(period, in_binhai, client_of):
    street = cast.member(in_binhai, Role.STREET)
    seat = year.seat("街上人", 77)
    seat.street = street.unit
    seat.save()
    tally = actions.tally(period, by=year.keeper())
    client = client_of(street)
    text = client.get(url("performance_tally", tally.pk)).content.decode()
    assert "街上人" in text and "单林芳" not in text
    own = url("performance_total", tally.pk, seat.deputy_id)
    assert client.get(own).status_code == 200
    other = client.get(url("performance_difference", tally.pk)).content.decode()
    assert "街上人" in other and "单林芳" not in other


# -- Periods -------------------------------------------------------------------------------------


def test_a_clerk_opens_a_period(clerk):
    version = year.rule_book()
    form = {
        "name": "2025年度",
        "kind": "year",
        "level": "county",
        "starts_on": "2025-01-01",
        "ends_on": "2025-12-31",
        "version": version.pk,
        "objections_until": "2026-01-20",
    }
    assert clerk.get(url("performance_period_new")).status_code == 200
    wrong = clerk.post(url("performance_period_new"), form | {"ends_on": "2024-12-31"})
    assert wrong.status_code == 422 and "结束日期早于开始日期" in wrong.content.decode()
    assert clerk.post(url("performance_period_new"), form).status_code == 302
    row = Period.objects.get()
    assert (row.version, row.objections_until) == (version, dt.date(2026, 1, 20))
    again = clerk.post(url("performance_period_new"), form)
    assert again.status_code == 422 and "已有名为" in again.content.decode()


def test_without_a_published_book_the_page_says_so(clerk):
    assert "还没有已发布的积分办法" in clerk.get(url("performance_period_new")).content.decode()


def test_a_clerk_tallies_and_the_page_shows_it(in_binhai, clerk, run_jobs):
    period = year.period()
    year.facts(year.seats(6))
    page = url("performance_period_change", period.pk)
    assert "还没有汇总" in clerk.get(page).content.decode()
    answer = clerk.post(url("performance_period_tally", period.pk))
    assert answer["Location"].startswith("/jobs/")
    twice = clerk.post(url("performance_period_tally", period.pk))
    assert twice["Location"] == answer["Location"]
    run_jobs(in_binhai)
    done = clerk.get(answer["Location"])
    assert done["Location"] == page
    assert "平均分" in clerk.get(page).content.decode()


def test_the_page_says_when_facts_changed_since(period, clerk):
    page = url("performance_period_change", period.pk)
    assert "条履职记录或酌定分变动" not in clerk.get(page).content.decode()
    deputy = Tally.objects.get().totals.first().deputy
    year.fact(deputy, "B06", dt.date(2025, 6, 1), outcome="present", source="late")
    assert "又有 1 条履职记录或酌定分变动" in clerk.get(page).content.decode()


def test_only_the_committee_tallies(period, in_binhai, client_of):
    for role in (Role.CHAIR, Role.COMMITTEE, Role.STREET):
        client = client_of(cast.member(in_binhai, role))
        assert client.post(url("performance_period_tally", period.pk)).status_code == 403
    assert Tally.objects.count() == 1


def test_the_end_of_objections_can_be_set_and_taken_away(period, clerk):
    page = url("performance_period_objections", period.pk)
    assert clerk.post(page, {"objections_until": "2026-02-01"}).status_code == 302
    assert Period.objects.get().objections_until == dt.date(2026, 2, 1)
    assert clerk.post(page, {"objections_until": "二月"}).status_code == 422
    assert clerk.post(page, {"objections_until": ""}).status_code == 302
    assert Period.objects.get().objections_until is None


def test_a_locked_period_offers_nothing(period, clerk):
    actions.lock_period(period, by=year.keeper())
    text = clerk.get(url("performance_period_change", period.pk)).content.decode()
    assert "重新汇总" not in text and "step/lock" not in text
    assert clerk.post(url("performance_period_tally", period.pk)).status_code == 409
    page = url("performance_period_objections", period.pk)
    assert clerk.post(page, {"objections_until": ""}).status_code == 409


# -- Awards --------------------------------------------------------------------------------------


def test_points_at_discretion_are_entered_and_withdrawn(period, clerk):
    seat = period.tallies.get().totals.first().mandate
    node = period.version.nodes.get(kind="manual")
    page = url("performance_award_new", period.pk)
    form = {"deputy": seat.deputy_id, "node": node.pk, "points": "５", "reason": "抢险中带头"}
    assert clerk.post(page, form | {"points": "500"}).status_code == 422
    assert clerk.post(page, form | {"reason": " "}).status_code == 422
    assert clerk.post(page, form).status_code == 302
    row = ManualAward.objects.get()
    assert (row.points, row.deputy) == (5, seat.deputy)
    assert "抢险中带头" in clerk.get(url("performance_awards", period.pk)).content.decode()
    assert clerk.post(url("performance_award_withdraw", row.pk)).status_code == 302
    assert ManualAward.objects.get().withdrawn_at


# -- Results -------------------------------------------------------------------------------------


def test_results_are_found_by_name_delegation_grade_and_points(tally, clerk):
    page = url("performance_tally", tally.pk)
    everybody = [t.deputy.name for t in tally.totals.select_related("deputy")]
    one = tally.totals.order_by("-total").first()

    def names(query):
        found = clerk.get(page + query).context["page"].object_list
        return [row.deputy.name for row in found]

    assert sorted(names("")) == sorted(everybody)
    assert names(f"?q={one.deputy.name}") == [one.deputy.name]
    assert names(f"?low={one.total}&high={one.total + 1}") == [one.deputy.name]
    place = one.mandate.delegation
    assert set(names(f"?delegation={place.pk}")) == {
        t.deputy.name for t in tally.totals.filter(mandate__delegation=place)
    }
    assert set(names(f"?grade={one.band}")) == {
        t.deputy.name for t in tally.totals.filter(band=one.band)
    }
    assert names("?order=high")[0] == one.deputy.name
    assert names("?order=low")[-1] == one.deputy.name
    assert len(names("?low=abc&delegation=x&order=y&page=999")) == len(everybody)
    assert "没有符合条件的代表" in clerk.get(page + "?q=查无此人").content.decode()


def test_the_figures_are_those_of_the_rows(tally, clerk):
    figures = clerk.get(url("performance_tally", tally.pk)).context["figures"]
    totals = [t.total for t in tally.totals.all()]
    assert figures.deputies == len(totals)
    assert round(figures.mean, 4) == round(sum(totals) / len(totals), 4)
    assert sum(n for _, n in figures.grades) == len(totals)
    assert sum(d["deputies"] for d in figures.delegations) == len(totals)


def test_results_are_exported_as_they_are_filtered(tally, clerk):
    one = tally.totals.first()
    answer = clerk.get(url("performance_tally", tally.pk) + f"?q={one.deputy.name}&export=1")
    first, items = read(answer.content, "a.xlsx")
    names = [row[1] for row in first.rows if row[0] == 1]
    assert names == [one.deputy.name]
    assert D(str(first.rows[-1][-4])) == one.total
    assert len(items.rows[-1]) > 20


def test_an_account_adds_up_and_names_every_fact(tally, clerk):
    for total in tally.totals.all():
        page = clerk.get(url("performance_total", tally.pk, total.deputy_id))
        account = page.context["account"]
        top = [line for line in account.lines if line.view.depth == 0]
        assert sum(line.view.points for line in top) == total.total
        behind = {e.record.pk for line in account.lines for e in line.entries if e.record}
        beside = {e.record.pk for e in account.uncounted}
        facts = set(total.deputy.duty_records.values_list("pk", flat=True))
        assert behind | beside == facts and not behind & beside


def test_facts_out_of_office_are_told_apart(period, clerk):
    seat = year.seat("半年人", 90, starts_on=dt.date(2025, 7, 1))
    year.fact(seat.deputy, "B06", dt.date(2025, 8, 1), outcome="present")
    from performance.models import DutyItem, DutyRecord

    DutyRecord.objects.create(
        deputy=seat.deputy,
        item=DutyItem.objects.get(code="B06"),
        on=dt.date(2025, 3, 1),
        outcome="present",
        source_kind="old",
        source_id="1",
    )
    tally = actions.tally(period, by=year.keeper())
    account = clerk.get(url("performance_total", tally.pk, seat.deputy_id)).context["account"]
    assert [e.note for e in account.uncounted] == ["当日不在任，不计分"]
    assert account.facts == 1


def test_two_runs_are_compared(period, clerk):
    deputy = period.tallies.get().totals.first().deputy
    year.fact(deputy, "B06", dt.date(2025, 6, 2), outcome="present", source="late")
    second = actions.tally(period, by=year.keeper())
    page = clerk.get(url("performance_difference", second.pk))
    [change] = page.context["page"].object_list
    assert change.deputy == deputy and change.by > 0
    [sheet] = read(
        clerk.get(url("performance_difference", second.pk) + "?export=1").content, "a.xlsx"
    )
    assert sheet.rows[-1][0] == deputy.name
    first = period.tallies.get(number=1)
    alone = clerk.get(url("performance_difference", first.pk) + f"?with={second.pk}")
    assert [c.by for c in alone.context["page"].object_list] == [-change.by]


def test_queries_do_not_grow_with_the_deputies(in_binhai, clerk, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(page):
        clerk.get(page)
        with CaptureQueriesContext(connection) as seen:
            assert clerk.get(page).status_code == 200
        return len(seen)

    period = made(2)
    publication = published(period)
    few = Tally.objects.get()
    pages, account = pages_of(few)
    public = reverse("public_publication", args=[publication.public_id])
    before = [count(p) for p in [*pages, account, public, public + "?part=all"]]
    Publication.objects.all()  # the first year is over; a second, larger one follows
    for n in range(30):
        year.seat(f"后来第{n}", 200 + n)
    later = actions.open_period(
        by=None,
        name="2024年度",
        starts_on=dt.date(2024, 1, 1),
        ends_on=dt.date(2024, 12, 31),
        version=period.version,
        level="county",
    )
    many = actions.tally(later, by=year.keeper())
    pages, account = pages_of(many)
    public = reverse("public_publication", args=[published(later).public_id])
    after = [count(p) for p in [*pages, account, public, public + "?part=all"]]
    assert all(a <= b + 1 for a, b in zip(after, before, strict=True)), (before, after)


# -- Publications --------------------------------------------------------------------------------


def test_a_publication_is_drafted_looked_at_and_confirmed_twice(
    period, in_binhai, clerk, client_of, run_jobs
):
    form = {
        "period": period.pk,
        "title": "2025年度代表履职情况通报",
        "audience": "public",
        "columns": ["total", "days"],
        "partition": "delegation",
    }
    new = url("performance_publication_new")
    assert clerk.get(new).status_code == 200
    bad = clerk.post(new, form | {"columns": []})
    assert bad.status_code == 422 and "请至少选择一项公布内容" in bad.content.decode()
    assert clerk.post(new, form | {"columns": ["total", "rank"]}).status_code == 422
    assert clerk.post(new, form).status_code == 302
    row = Publication.objects.get()
    again = clerk.post(new, form)
    assert again.status_code == 422 and "已有一份" in again.content.decode()
    assert clerk.get(url("performance_publication_preview", row.pk)).status_code == 200

    def step(client, name, form=()):
        return client.post(url("performance_publication_step", row.pk, name), dict(form))

    page = url("performance_publication_change", row.pk)
    assert clerk.get(page).status_code == 200
    shown = clerk.get(url("performance_publication_step", row.pk, "propose")).content.decode()
    assert "积分逐条复算" in shown
    assert step(clerk, "propose").status_code == 302
    assert step(clerk, "confirm").status_code == 422
    assert step(clerk, "confirm", {"looked": "on"}).status_code == 302
    assert "须由另一位同志办理" in clerk.get(page).content.decode()
    assert step(clerk, "freeze", {"looked": "on"}).status_code == 403
    other = client_of(year.second_keeper())
    assert step(other, "freeze", {"looked": "on"}).status_code == 302
    assert step(other, "freeze", {"looked": "on"}).status_code == 409
    run_jobs(in_binhai)
    text = clerk.get(page).content.decode()
    assert "内容与公布时一致" in text and "大字版" in text


def test_a_failing_check_closes_the_button(period, clerk):
    row = drafted(period)
    deputy = period.tallies.get().totals.first().deputy
    year.fact(deputy, "B06", dt.date(2025, 6, 3), outcome="present", source="late")
    page = url("performance_publication_step", row.pk, "propose")
    text = clerk.get(page).content.decode()
    assert "没有通过" in text and "disabled" in text
    assert clerk.post(page).status_code == 409


def test_a_returned_draft_is_changed(period, clerk):
    row = drafted(period)
    actions.propose_publication(row, by=year.keeper())
    edit = url("performance_publication_edit", row.pk)
    assert clerk.get(edit).status_code == 409
    back = url("performance_publication_step", row.pk, "return")
    assert clerk.post(back, {"reason": " "}).status_code == 422
    assert clerk.post(back, {"reason": "标题有误"}).status_code == 302
    form = {"title": "更好的标题", "audience": "internal", "columns": ["total"]}
    assert clerk.post(edit, form | {"partition": "level"}).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.audience, row.partition) == ("更好的标题", "internal", "level")


def test_a_correction_goes_its_way_in_the_browser(period, clerk):
    first = published(period)
    correct = url("performance_publication_correct", first.pk)
    assert clerk.post(correct, {"reason": ""}).status_code == 422
    assert clerk.post(correct, {"reason": "漏记一次接待"}).status_code == 302
    second = Publication.objects.get(edition=2)
    new = url("performance_correction_new", second.pk)
    deputy = first.rows.first().deputy
    node = period.version.nodes.get(key="B06")
    form = {"deputy": deputy.pk, "node": node.pk, "points": "6", "days": "1", "reason": "补记"}
    assert clerk.get(new).status_code == 200
    assert clerk.post(new, form | {"points": "", "days": ""}).status_code == 422
    assert clerk.post(new, form | {"node": "999999"}).status_code == 422
    assert clerk.post(new, form).status_code == 302
    entry = second.corrections.get()
    assert (entry.points, entry.days) == (6, 1)
    assert clerk.post(url("performance_correction_remove", entry.pk)).status_code == 302
    assert not second.corrections.exists()


def test_only_the_committee_opens_the_forms(period, in_binhai, client_of):
    row = drafted(period)
    for role in (Role.CHAIR, Role.COMMITTEE, Role.STREET):
        client = client_of(cast.member(in_binhai, role))
        for name in ("edit", "preview", "correct", "files"):
            page = url(f"performance_publication_{name}", row.pk)
            assert client.get(page).status_code == 403, (role, name)
        assert client.get(url("performance_publication_new")).status_code == 403
        listed = client.get(url("performance_publication_changelist"))
        assert row.title not in listed.content.decode()


# -- Readers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        ("public", {None: 200, Role.DEPUTY: 200, Role.CHAIR: 200}),
        ("deputies", {None: 404, Role.DEPUTY: 200, Role.HANDLING_UNIT: 404}),
        ("internal", {None: 404, Role.DEPUTY: 404, Role.CHAIR: 200}),
    ],
)
def test_an_edition_opens_to_its_audience(
    period, in_binhai, client_of, stranger_at, audience, expected
):
    row = published(period, audience=audience)
    pages = [reverse(name, args=[row.public_id]) for name in ("public_publication", "public_seal")]
    for role, status in expected.items():
        client = client_of(cast.member(in_binhai, role)) if role else stranger_at(in_binhai)
        for page in pages:
            assert client.get(page).status_code == status, (role, page)
        listed = client.get(reverse("public_publications")).content.decode()
        assert (row.title in listed) == (status == 200)


def test_a_draft_has_no_public_page(period, stranger_at, in_binhai):
    row = drafted(period, audience="public")
    page = reverse("public_publication", args=[row.public_id])
    assert stranger_at(in_binhai).get(page).status_code == 404


def test_the_neighbours_host_does_not_show_it(period, shanyang, stranger_at):
    row = published(period, audience="public")
    page = reverse("public_publication", args=[row.public_id])
    assert stranger_at(shanyang).get(page).status_code == 404


def test_the_page_shows_parts_and_finds_names(period, stranger_at, in_binhai):
    row = published(period, audience="public")
    page = reverse("public_publication", args=[row.public_id])
    stranger = stranger_at(in_binhai)

    def names(query):
        return [
            value
            for _, rows in stranger.get(page + query).context["parts"]
            for cells in rows
            for head, value in cells
            if head.key == "name"
        ]

    everybody = [r.name for r in row.rows.all()]
    assert names("?part=all") == everybody
    assert names("") + names("?part=2") == everybody
    assert names(f"?q={everybody[-1]}") == [everybody[-1]]
    assert names("?q=查无此人") == [] and names("?part=99") == names("")


def test_a_deputy_sees_the_own_result_first(period, in_binhai, client_of, stranger_at):
    member = cast.member(in_binhai, Role.DEPUTY)
    person = period.tallies.get().totals.first().deputy
    person.membership = member
    person.save()
    row = published(period, audience="public")
    page = reverse("public_publication", args=[row.public_id])
    assert "公布的您的履职情况" in client_of(member).get(page).content.decode()
    assert "公布的您的履职情况" not in stranger_at(in_binhai).get(page).content.decode()


def test_the_seal_page_checks_a_printed_code(period, stranger_at, in_binhai):
    row = published(period, audience="public")
    page = reverse("public_seal", args=[row.public_id])
    stranger = stranger_at(in_binhai)
    assert "与公布时一致" in stranger.get(page).content.decode()
    spaced = " ".join(row.manifest[:10].upper())
    assert "就是这一版" in stranger.get(page, {"code": spaced}).content.decode()
    assert "不相同" in stranger.get(page, {"code": "0" * 12}).content.decode()
    assert "至少填写前 8 位" in stranger.get(page, {"code": "abc"}).content.decode()


def test_an_older_edition_points_at_the_newer_one(period, stranger_at, in_binhai):
    first = published(period, audience="public")
    second = actions.correct_publication(first, by=year.keeper(), reason="漏记一次接待")
    actions.enter_correction(
        second,
        by=year.keeper(),
        deputy=first.rows.first().deputy,
        node=period.version.nodes.get(key="B06"),
        points=D(6),
        reason="补记",
    )
    actions.propose_publication(second, by=year.keeper())
    actions.confirm_publication(second, by=year.keeper())
    actions.freeze_publication(second, by=year.second_keeper())
    stranger = stranger_at(in_binhai)
    old = stranger.get(reverse("public_publication", args=[first.public_id])).content.decode()
    new = stranger.get(reverse("public_publication", args=[second.public_id])).content.decode()
    assert "已有更正版" in old and "漏记一次接待" in new and "补记" in new


def test_the_booklet_is_shown_in_the_page(period, in_binhai, stranger_at, run_jobs):
    row = published(period, audience="public")
    page = reverse("public_booklet", args=[row.public_id])
    stranger = stranger_at(in_binhai)
    assert stranger.get(page).status_code == 404
    run_jobs(in_binhai)
    shown = stranger.get(page)
    row.refresh_from_db()
    assert f"/files/{row.booklet.public_id}/" in shown.content.decode()
    assert stranger.get(f"/files/{row.booklet.public_id}/")["Content-Type"] == "application/pdf"
    assert f"/files/{row.large_print.public_id}/" in stranger.get(page + "?large").content.decode()


def test_nothing_is_left_of_the_open_congress(shanyang, client_of):
    with in_congress(shanyang):
        clerk = client_of(year.keeper())
    assert "还没有考核期" in clerk.get(url("performance_period_changelist")).content.decode()
    listed = clerk.get(url("performance_publication_changelist")).content.decode()
    assert "还没有履职公布" in listed
    assert clerk.get(url("performance_publication_new")).status_code == 200
