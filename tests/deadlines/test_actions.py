"""Setting, meeting, extending, counting anew, reminding."""

import datetime as dt

import pytest
from django.utils import timezone

from congress import audit, holidays
from congress.flow import NotAllowed
from congress.models import LogEntry, Role, Unit
from congress.tenancy import in_congress
from deadlines import actions, queries, tasks
from deadlines.models import Deadline
from deadlines.rules import Light, Limit
from deadlines.rules import Unit as In
from notices.models import Notice
from tests import cast

pytestmark = pytest.mark.django_db
START = dt.date(2026, 3, 2)
WEEK = Limit(In.WORKING_DAYS, 5, law="办法第三条")


def moment(text: str) -> dt.datetime:
    return timezone.make_aware(dt.datetime.fromisoformat(text))


@pytest.fixture
def staff(in_binhai):
    return cast.member(in_binhai, Role.DEPUTY_AFFAIRS)


@pytest.fixture
def deputy(in_binhai):
    return cast.member(in_binhai, Role.DEPUTY)


@pytest.fixture
def subject(in_binhai):
    return Unit.objects.first()


def given(staff, subject, members, limit=WEEK, kind="t.reply", what="答复", **more) -> int:
    return actions.set_deadline(
        kind, subject, by=staff, members=members, what=what, limit=limit, start_on=START, **more
    )


def test_each_member_gets_one(staff, deputy, subject):
    assert given(staff, subject, [deputy, deputy, None, staff]) == 2
    row = Deadline.objects.get(member=deputy)
    assert row.due_on == dt.date(2026, 3, 9) and row.limit == WEEK
    assert row.working[0].startswith("期限5个工作日（办法第三条）")


def test_set_again_the_open_one_moves(staff, deputy, subject):
    given(staff, subject, [deputy])
    Deadline.objects.update(reminded_on=START)
    given(staff, subject, [deputy], Limit(In.FIXED, on=dt.date(2026, 3, 20)))
    row = Deadline.objects.get()
    assert (row.due_on, row.reminded_on) == (dt.date(2026, 3, 20), None)


def test_what_is_done_is_closed_and_may_be_set_anew(staff, deputy, subject):
    given(staff, subject, [deputy, staff])
    assert actions.meet("t.reply", subject, by=deputy, members=[deputy]) == 1
    assert queries.open_deadlines().count() == 1
    assert actions.cancel("", subject, by=staff) == 1
    given(staff, subject, [deputy])
    assert Deadline.objects.filter(member=deputy).count() == 2


def test_another_kind_or_subject_is_left_alone(staff, deputy, subject):
    given(staff, subject, [deputy])
    given(staff, subject, [deputy], kind="t.sign")
    other = Unit.objects.exclude(pk=subject.pk).first()
    assert actions.meet("t.reply", other, by=staff) == 0
    assert actions.meet("t.sign", subject, by=staff) == 1


def test_an_extension_is_told_logged_and_shown(staff, deputy, subject):
    given(staff, subject, [deputy])
    row = Deadline.objects.get()
    actions.extend(row, by=staff, to_on=dt.date(2026, 3, 31), reason="涉及多个部门")
    row.refresh_from_db()
    assert row.due_on == dt.date(2026, 3, 31)
    assert row.working[-1] == "经批准延至2026年3月31日（周二），理由：涉及多个部门。"
    assert "由2026年3月9日（周一）延至2026年3月31日（周二）" in Notice.objects.get(to=deputy).body
    entry = LogEntry.objects.get(step="deadlines.extend")
    assert entry.after == {"截止日期": "2026-03-31"}


@pytest.mark.parametrize(
    ("who", "to_on", "reason", "state", "told"),
    [
        ("deputy", "2026-03-31", "理由", "", "工作人员批准"),
        ("staff", "2026-03-09", "理由", "", "应当晚于"),
        ("staff", "2026-03-31", "  ", "", "请写明"),
        ("staff", "2026-03-31", "理由", "done", "已经办结或取消"),
    ],
)
def test_an_extension_is_refused(staff, deputy, subject, who, to_on, reason, state, told):
    given(staff, subject, [deputy])
    if state:
        actions.meet("t.reply", subject, by=deputy)
    by = {"staff": staff, "deputy": deputy}[who]
    with pytest.raises(NotAllowed, match=told):
        actions.extend(
            Deadline.objects.get(), by=by, to_on=dt.date.fromisoformat(to_on), reason=reason
        )


def test_nobody_extends_an_own_deadline(staff, subject):
    given(staff, subject, [staff])
    with pytest.raises(NotAllowed, match="不能给自己延期"):
        actions.extend(Deadline.objects.get(), by=staff, to_on=dt.date(2026, 3, 31), reason="理由")


def test_a_changed_day_counts_open_ones_anew_and_tells_whose_moved(staff, deputy, subject):
    given(staff, subject, [deputy])
    given(staff, subject, [staff], Limit(In.FIXED, on=dt.date(2026, 3, 9)), kind="t.fixed")
    holidays.change_day(
        dt.date(2026, 3, 4), by=staff, is_working=False, name="防汛停工", reason="政府通告"
    )
    moved, fixed = Deadline.objects.get(member=deputy), Deadline.objects.get(member=staff)
    assert (moved.due_on, fixed.due_on) == (dt.date(2026, 3, 10), dt.date(2026, 3, 9))
    assert "其间放假不计：3月4日。" in moved.working
    notice = Notice.objects.get()
    assert notice.to == deputy
    assert "由2026年3月9日（周一）改为2026年3月10日（周二）" in notice.body
    holidays.restore_day(dt.date(2026, 3, 4), by=staff, reason="通告已撤销")
    assert Deadline.objects.get(member=deputy).due_on == dt.date(2026, 3, 9)


def test_entering_the_notice_of_a_year_takes_the_provisional_mark_away(staff, deputy, subject):
    actions.set_deadline(
        "t.reply",
        subject,
        by=staff,
        members=[deputy],
        what="答复",
        limit=Limit(In.WORKING_DAYS, 5),
        start_on=dt.date(2026, 12, 28),
    )
    assert Deadline.objects.get().is_provisional
    text = "一、元旦：1月1日（周五）至3日（周日）放假，共3天。"
    holidays.enter_notice(2027, by=staff, document="国务院办公厅通知", text=text)
    row = Deadline.objects.get()
    assert not row.is_provisional and row.due_on == dt.date(2027, 1, 5)


def test_lights_select_their_rows(staff, deputy, subject):
    today = dt.date(2026, 3, 16)
    for n, due in enumerate(("2026-03-13", "2026-03-16", "2026-03-21", "2026-03-23")):
        limit = Limit(In.FIXED, on=dt.date.fromisoformat(due))
        given(staff, subject, [deputy], limit, kind=f"t.{n}")
    rows = queries.waiting_for(deputy, today)
    counts = [queries.with_light(rows, light, today).count() for light in Light]
    assert counts == [1, 2, 1]


# -- Reminding --------------------------------------------------------------------------------


def test_one_message_for_all_that_is_due(staff, deputy, subject):
    given(staff, subject, [deputy], what="答复建议", link="/me/a/")
    given(staff, subject, [deputy], what="签到确认", kind="t.sign")
    assert actions.remind(moment("2026-03-06T09:00")) == 1
    notice = Notice.objects.get()
    assert notice.title == "您有 2 件事项需要在时限内办理"
    assert "答复建议：2026年3月9日（周一）截止" in notice.body
    assert notice.link == "/first/"


def test_a_single_one_leads_to_its_own_page(staff, deputy, subject):
    given(staff, subject, [deputy], what="答复建议", link="/me/a/")
    actions.remind(moment("2026-03-06T09:00"))
    assert Notice.objects.get().link == "/me/a/"


def test_any_number_of_sweeps_says_it_once(staff, deputy, subject):
    given(staff, subject, [deputy])
    told = [actions.remind(moment(f"2026-03-06T{hour:02}:00")) for hour in range(8, 18)]
    assert sum(told) == 1 and Notice.objects.count() == 1
    actions.remind(moment("2026-03-10T09:00"))
    assert Notice.objects.count() == 2  # late: once a day


def test_after_an_outage_everything_missed_is_one_message(staff, deputy, subject):
    given(staff, subject, [deputy], Limit(In.MONTHS, 2))
    actions.remind(moment("2026-05-06T09:00"))
    assert Notice.objects.count() == 1


def test_nothing_is_said_at_night_and_it_is_not_lost(staff, deputy, subject):
    given(staff, subject, [deputy])
    assert actions.remind(moment("2026-03-06T22:00")) == 0
    assert actions.remind(moment("2026-03-07T10:00")) == 0  # Saturday
    assert actions.remind(moment("2026-03-09T08:05")) == 1


def test_how_early_one_is_reminded_is_the_matters_own(staff, deputy, subject):
    given(staff, subject, [deputy], Limit(In.MONTHS, 1), remind_before=(3,))
    assert actions.remind(moment("2026-03-27T09:00")) == 0  # T−5 is not asked for
    assert actions.remind(moment("2026-03-30T09:00")) == 1


def test_what_is_done_cancelled_or_lapsed_is_not_spoken_of(staff, deputy, subject):
    given(staff, subject, [deputy], kind="t.done")
    given(staff, subject, [deputy], kind="t.cancelled")
    given(staff, subject, [deputy], kind="t.lapsed", lapses=True)
    actions.meet("t.done", subject, by=deputy)
    actions.cancel("t.cancelled", subject, by=staff)
    assert actions.remind(moment("2026-03-11T09:00")) == 0


def test_the_neighbour_hears_nothing(staff, deputy, subject, shanyang):
    given(staff, subject, [deputy])
    with in_congress(shanyang):
        assert actions.remind(moment("2026-03-06T09:00")) == 0
        assert Deadline.objects.count() == 0


def test_the_queries_of_a_sweep_do_not_grow(staff, subject, django_assert_max_num_queries):
    people = [cast.add_member(staff.congress, Role.DEPUTY, f"代表{n}", f"d{n}") for n in range(30)]
    with django_assert_max_num_queries(8):
        given(staff, subject, people)
    holidays.change_day(
        dt.date(2026, 12, 30), by=staff, is_working=False, name="停工", reason="通告"
    )
    with django_assert_max_num_queries(13):  # four of them ask the app above for its own days
        actions.recompute(by=staff)


def test_the_log_stays_whole(staff, deputy, subject, in_binhai):
    given(staff, subject, [deputy])
    actions.extend(Deadline.objects.get(), by=staff, to_on=dt.date(2026, 4, 1), reason="理由")
    assert audit.verify(in_binhai) == []


@pytest.mark.django_db(transaction=True, databases=["default", "platform"])
def test_the_sweep_goes_to_the_congresses_that_wait(binhai, shanyang, monkeypatch):
    with in_congress(binhai):
        staff = cast.member(binhai, Role.DEPUTY_AFFAIRS)
        given(staff, Unit.objects.first(), [cast.member(binhai, Role.DEPUTY)])
    monkeypatch.setattr(timezone, "now", lambda: moment("2026-03-06T09:00"))
    sent = []
    assert tasks.start_sweep(sent.append) == 1 and sent == [binhai.pk]
    assert tasks.remind(binhai.pk) == 1
    assert tasks.start_sweep(sent.append) == 0
