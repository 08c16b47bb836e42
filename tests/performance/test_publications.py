"""The year-end publication: every step, every refusal, and that what is frozen stays frozen."""

import datetime as dt
import hashlib
import io
import json
from decimal import Decimal as D

import pytest
from django.db import ProgrammingError, transaction
from pypdf import PdfReader

from congress import audit, files, xlsx
from congress.flow import NotAllowed
from congress.models import LogEntry, Membership, Role
from congress.tenancy import across_congresses, in_congress
from notices.models import Notice
from performance import actions
from performance.models import Objection, Period, Publication, PublicationRow
from performance.queries import publications as queries
from performance.rules.publications import mean, places, seal
from tests import cast

from . import year

ALL = ["total", "aspects", "days", "grade"]


@pytest.fixture
def period(in_binhai):
    period = year.period()
    year.facts(year.seats(12, 3))
    actions.tally(period, by=year.keeper())
    return period


def draft(period, **more):
    choices = {"title": "2025年度代表履职情况通报", "audience": "public", "columns": ALL} | more
    return actions.draft_publication(period, by=year.keeper(), **choices)


def publish(publication):
    one, other = year.keeper(), year.second_keeper()
    actions.propose_publication(publication, by=one)
    actions.confirm_publication(publication, by=one)
    return actions.freeze_publication(publication, by=other)


def fresh(publication):
    return Publication.objects.select_related(*queries.LINKS).get(pk=publication.pk)


# -- The way through ------------------------------------------------------------------------------


def test_two_people_confirm_then_it_is_frozen_and_the_period_locked(period):
    publication = publish(draft(period))
    assert publication.state == "published" and len(publication.manifest) == 64
    assert Period.objects.get().state == "locked"
    assert publication.rows.count() == 12
    assert [r.name for r in publication.rows.all()][:4] == year.NAMES[:4]
    steps = LogEntry.objects.filter(object_type="performance.publication").order_by("number")
    assert [e.step.split(".")[1] for e in steps] == [
        "draft_publication",
        "propose_publication",
        "confirm_publication",
        "freeze_publication",
    ]
    assert audit.verify(publication.congress) == []


def test_the_frozen_rows_are_the_tally_exactly(period):
    publication = publish(draft(period))
    totals = {t.deputy_id: t for t in publication.tally.totals.all()}
    for row in publication.rows.all():
        mine = totals[row.deputy_id]
        assert (row.total, row.days, row.grade) == (mine.total, mine.days, mine.band)
        assert {k: D(v) for k, v in row.aspects.items()} == {
            k: D(v) for k, v in mine.aspects.items()
        }
    everybody = [t.total for t in totals.values()]
    assert publication.figures["all"]["mean"] == str(mean(everybody, 1))
    assert sum(f["deputies"] for _, f in publication.figures["parts"]) == 12


def test_the_seal_is_a_plain_sha_256_over_the_canonical_content(period):
    publication = fresh(publish(draft(period)))
    content = queries.content(publication, queries.stored_rows(publication))
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == publication.manifest
    assert queries.verify_all() == []


# -- Refusals -------------------------------------------------------------------------------------


def test_the_same_person_never_confirms_twice(period):
    publication = draft(period)
    one = year.keeper()
    actions.propose_publication(publication, by=one)
    actions.confirm_publication(publication, by=one)
    with pytest.raises(NotAllowed, match="不能由同一人"):
        actions.freeze_publication(publication, by=one)
    Membership.objects.filter(pk=one.pk).update(valid_to=dt.date(2020, 1, 1))
    again = Membership.objects.create(user=one.user, name=one.name, role=one.role, unit=one.unit)
    with pytest.raises(NotAllowed, match="不能由同一人"):
        actions.freeze_publication(publication, by=again)
    assert actions.freeze_publication(publication, by=year.second_keeper()).is_frozen


def test_nobody_else_drafts_proposes_or_confirms(period, in_binhai):
    publication = draft(period)
    for role in (Role.CHAIR, Role.COMMITTEE, Role.STREET, Role.DEPUTY, Role.SYSTEM_ADMIN):
        by = cast.member(in_binhai, role)
        with pytest.raises(NotAllowed, match="只有代工委"):
            actions.propose_publication(publication, by=by)
        with pytest.raises(NotAllowed, match="只有代工委"):
            actions.draft_publication(period, by=by, title="甲", audience="internal", columns=ALL)


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        ("confirm_publication", "“拟订中”状态下不能“第一人确认”"),
        ("freeze_publication", "“拟订中”状态下不能“第二人确认并公布”"),
    ],
)
def test_steps_out_of_turn_are_refused(period, step, sentence):
    with pytest.raises(NotAllowed, match=sentence):
        getattr(actions, step)(draft(period), by=year.keeper())


def test_ranking_needs_the_congresss_own_decision(period, in_binhai):
    for choice in ({"columns": ["total", "rank"]}, {"order": "score"}):
        with pytest.raises(NotAllowed, match="没有开启排名"):
            draft(period, **choice)
    in_binhai.settings = {"ranking": True}
    in_binhai.save()
    publication = publish(
        draft(period, columns=["total", "rank"], order="score", partition="level")
    )
    rows = list(publication.rows.all())
    assert [r.total for r in rows] == sorted((r.total for r in rows), reverse=True)
    assert rows[0].rank == 1


def test_equal_scores_share_a_place():
    assert places([D(9), D(7), D(7), D(3)]) == {D(9): 1, D(7): 2, D(3): 4}


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"title": "  "}, "请写明公布的标题"),
        ({"columns": []}, "至少选择一项"),
        ({"columns": ["total", "secret"]}, "至少选择一项"),
        ({"audience": "everybody"}, "请选择公布范围"),
    ],
)
def test_choices_that_make_no_sense_are_refused(period, choices, sentence):
    with pytest.raises(NotAllowed, match=sentence):
        draft(period, **choices)


def test_one_publication_per_period_and_audience(period):
    draft(period)
    with pytest.raises(NotAllowed, match="已有一份"):
        draft(period)
    assert draft(period, audience="deputies").edition == 1


def test_a_period_without_a_tally_cannot_be_published(in_binhai):
    with pytest.raises(NotAllowed, match="还没有汇总"):
        draft(year.period())


def failing(publication):
    return [c.title for c in queries.checks(fresh(publication)) if not c.ok]


def test_a_fact_written_after_the_tally_stops_it(period):
    publication = draft(period)
    assert failing(publication) == []
    seat = year.seat("后来人", 99)
    year.fact(seat.deputy, "B06", dt.date(2025, 3, 1), outcome="present")
    assert failing(publication) == ["用的是最近一次汇总", "积分逐条复算", "在任代表没有遗漏"]
    with pytest.raises(NotAllowed, match="请重新汇总"):
        actions.propose_publication(publication, by=year.keeper())
    actions.tally(period, by=year.keeper())
    assert actions.propose_publication(publication, by=year.keeper()).state == "proposed"


def test_somebody_who_turns_out_not_to_have_been_in_office_stops_it(period):
    publication = draft(period)
    mandate = period.tallies.get().totals.first().mandate
    year.suspend(mandate, dt.date(2024, 1, 1))
    assert "没有计入不在任的时间" in failing(publication)


def test_a_figure_changed_behind_the_back_stops_it(period):
    publication = draft(period)
    row = period.tallies.get().totals.first()
    row.total += D("0.1")
    row.save()
    checks = {c.title: c for c in queries.checks(fresh(publication))}
    assert not checks["积分逐条复算"].ok and checks["积分逐条复算"].rows == [row.deputy.name]


def test_open_objections_and_a_running_objection_period_stop_it(period):
    publication = draft(period)
    deputy = period.tallies.get().totals.first().deputy
    objection = Objection.objects.create(
        period=period, deputy=deputy, kind="missing", text="少记一次"
    )
    assert failing(publication) == ["异议都已处理"]
    objection.delete()
    Period.objects.update(objections_until=dt.date(2199, 1, 1))
    assert failing(publication) == ["异议期已满"]


def test_what_fails_between_the_confirmations_stops_the_second(period):
    publication = draft(period)
    actions.propose_publication(publication, by=year.keeper())
    actions.confirm_publication(publication, by=year.keeper())
    deputy = period.tallies.get().totals.first().deputy
    year.fact(deputy, "B06", dt.date(2025, 3, 3), outcome="present", source="late")
    with pytest.raises(NotAllowed, match="核对没有通过"):
        actions.freeze_publication(publication, by=year.second_keeper())
    assert Period.objects.get().state == "open" and not PublicationRow.objects.exists()


def test_a_returned_publication_begins_its_confirmations_anew(period):
    publication = draft(period)
    actions.propose_publication(publication, by=year.keeper())
    actions.confirm_publication(publication, by=year.keeper())
    with pytest.raises(NotAllowed, match="请写明退回的原因"):
        actions.return_publication(publication, by=year.second_keeper(), reason=" ")
    publication = actions.return_publication(
        publication, by=year.second_keeper(), reason="标题有误"
    )
    assert (publication.state, publication.first_by) == ("returned", None)
    actions.change_publication(publication, by=year.keeper(), title="更好的标题")
    assert publish(fresh(publication)).title == "更好的标题"


def test_what_is_proposed_or_frozen_cannot_be_changed(period):
    publication = draft(period)
    actions.propose_publication(publication, by=year.keeper())
    with pytest.raises(NotAllowed, match="不能修改"):
        actions.change_publication(publication, by=year.keeper(), title="乙")
    actions.confirm_publication(publication, by=year.keeper())
    actions.freeze_publication(publication, by=year.second_keeper())
    for step in (
        lambda: actions.return_publication(publication, by=year.keeper(), reason="迟了"),
        lambda: actions.change_publication(publication, by=year.keeper(), title="乙"),
        lambda: actions.tally(period, by=year.keeper()),
        lambda: year.fact(period.tallies.get().totals.first().deputy, "B06", dt.date(2025, 3, 9)),
    ):
        with pytest.raises(NotAllowed):
            step()


# -- Tampering ------------------------------------------------------------------------------------


def test_the_applications_login_cannot_touch_a_frozen_row(period):
    publication = publish(draft(period))
    for change in (
        lambda: publication.rows.update(total=0),
        lambda: publication.rows.all()._raw_delete(using="default"),
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()


def test_a_seal_that_no_longer_fits_is_found(period):
    publication = publish(draft(period))
    for field, value in (("title", "别的标题"), ("columns", ["total"]), ("edition", 7)):
        row = fresh(publication)
        setattr(row, field, value)
        assert queries.verify(row) != [], field
    row = fresh(publication)
    row.figures["all"]["mean"] = "999.9"
    assert queries.verify(row) != []
    rows = queries.stored_rows(publication)
    for forged in (
        rows[1:],
        [rows[1], rows[0], *rows[2:]],
        [_with(rows[0], total=D(1)), *rows[1:]],
    ):
        sealed = seal(queries.content(fresh(publication), forged))
        assert sealed != publication.manifest


def _with(row, **values):
    return type(row)(**{**vars(row), **values})


@pytest.mark.django_db(transaction=True, databases=["default", "owner", "platform"])
def test_a_row_changed_by_the_databases_owner_is_found(binhai):
    with in_congress(binhai):
        period = year.period()
        year.facts(year.seats(4))
        actions.tally(period, by=year.keeper())
        publication = publish(draft(period))
        assert queries.verify_all() == []
    with across_congresses() as alias:
        PublicationRow.objects.using(alias).filter(publication=publication.pk).update(days=365)
    with in_congress(binhai):
        [fault] = queries.verify_all()
        assert "校验码不符" in fault


# -- Editions -------------------------------------------------------------------------------------


def test_a_correction_makes_a_second_edition_and_the_first_stays(period):
    first = publish(draft(period))
    before = queries.stored_rows(first)
    with pytest.raises(NotAllowed, match="请写明更正的原因"):
        actions.correct_publication(first, by=year.keeper(), reason="")
    second = actions.correct_publication(first, by=year.keeper(), reason="一条接待记录漏记")
    with pytest.raises(NotAllowed, match="正在办理"):
        actions.correct_publication(first, by=year.keeper(), reason="再来")
    with pytest.raises(NotAllowed, match="没有区别"):
        actions.propose_publication(second, by=year.keeper())
    deputy = first.rows.first().deputy
    node = period.version.nodes.get(key="B06")
    actions.enter_correction(
        second, by=year.keeper(), deputy=deputy, node=node, points=D(6), days=1, reason="补记"
    )
    second = publish(second)
    assert (second.edition, second.corrects_id) == (2, first.pk)
    old, new = before[0], queries.stored_rows(second)[0]
    assert (new.total - old.total, new.days - old.days) == (6, 1)
    assert D(new.aspects["between_sessions"]) - D(old.aspects["between_sessions"]) == 6
    assert queries.stored_rows(first) == before
    assert queries.newer_edition(first) == second
    assert queries.verify_all() == []
    with pytest.raises(NotAllowed, match="已有更新的版次"):
        actions.correct_publication(first, by=year.keeper(), reason="再来")
    third = actions.correct_publication(second, by=year.keeper(), reason="又一处")
    assert third.edition == 3


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"points": D(0)}, "请填写分值"),
        ({"reason": " "}, "请写明更正的理由"),
        ({"key": "B"}, "一条计分规则"),
    ],
)
def test_corrections_that_make_no_sense_are_refused(period, values, sentence):
    second = actions.correct_publication(publish(draft(period)), by=year.keeper(), reason="漏记")
    node = period.version.nodes.get(key=values.pop("key", "B06"))
    entry = {"points": D(6), "reason": "补记"} | values
    deputy = period.tallies.get().totals.first().deputy
    with pytest.raises(NotAllowed, match=sentence):
        actions.enter_correction(second, by=year.keeper(), deputy=deputy, node=node, **entry)


def test_a_first_edition_takes_no_corrections(period):
    with pytest.raises(NotAllowed, match="首次公布之前"):
        actions.enter_correction(
            draft(period),
            by=year.keeper(),
            deputy=period.tallies.get().totals.first().deputy,
            node=period.version.nodes.get(key="B06"),
            points=D(6),
            reason="补记",
        )


# -- Documents ------------------------------------------------------------------------------------


def made(publication):
    return actions.make_files(publication, by=year.keeper())


def text_of(stored):
    return "".join(
        "".join(p.extract_text().split()) for p in PdfReader(io.BytesIO(files.read(stored))).pages
    )


def test_the_booklet_names_every_deputy_once(period):
    publication = made(publish(draft(period)))
    for stored in (publication.booklet, publication.large_print):
        text = text_of(stored)
        for row in publication.rows.all():
            assert text.count(row.name) == 1, row.name
        for words in (
            "一、总体情况",
            "二、计分办法",
            "第一代表团" if False else "第1代表团（4人）",
        ):
            assert words in text
        assert publication.manifest in text


def test_the_sheet_holds_exact_values(period):
    publication = made(publish(draft(period)))
    content = files.read(publication.sheet)
    [first, *others] = xlsx.read(content, "a.xlsx")
    assert len(others) == 2
    flat = [[str(v) for v in row] for row in first.rows]
    for row in publication.rows.all():
        assert any(row.name in line for line in flat), row.name


def test_documents_are_made_once_however_often_the_job_runs(period):
    publication = made(publish(draft(period)))
    again = made(publication)
    assert again.booklet_id == publication.booklet_id
    assert Notice.objects.filter(template="performance/publication_files").exists()


def test_only_chosen_columns_are_shown(period):
    publication = made(publish(draft(period, columns=["days", "grade"])))
    text = text_of(publication.booklet)
    assert "平均得分" not in text and "总分" not in text and "人均履职天数" in text


@pytest.mark.parametrize(
    ("audience", "readers"),
    [
        ("public", [None, Role.DEPUTY, Role.STREET, Role.CHAIR, Role.HANDLING_UNIT]),
        ("deputies", [Role.DEPUTY, Role.STREET, Role.CHAIR, Role.COMMITTEE]),
        ("internal", [Role.CHAIR, Role.COMMITTEE, Role.DEPUTY_AFFAIRS]),
    ],
)
def test_files_open_to_their_audience_alone(period, in_binhai, audience, readers):
    publication = made(publish(draft(period, audience=audience)))
    for role in [None, *Role]:
        member = cast.member(in_binhai, role) if role else None
        expected = role in readers or role == Role.DEPUTY_AFFAIRS or audience == "public"
        assert files.may_read(member, publication.booklet) == expected, role


def test_deputies_are_told_once_and_nobody_for_an_internal_one(period, in_binhai):
    deputy = cast.member(in_binhai, Role.DEPUTY)
    person = period.tallies.get().totals.first().deputy
    person.membership = deputy
    person.save()
    publish(draft(period, audience="internal"))
    told = Notice.objects.filter(to=deputy, template="performance/publication_published")
    assert not told.exists()
    publish(draft(period, audience="deputies"))
    assert told.count() == 1


def test_queries_do_not_grow_with_the_deputies(period, django_assert_max_num_queries):
    publication = draft(period)
    with django_assert_max_num_queries(40) as few:
        queries.snapshot(fresh(publication))
    for n in range(40):
        year.seat(f"代表乙{n}", 200 + n)
    actions.tally(period, by=year.keeper())
    publication = actions.change_publication(publication, by=year.keeper())
    with django_assert_max_num_queries(len(few)):
        assert len(queries.snapshot(fresh(publication)).rows) == 52
