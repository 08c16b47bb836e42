"""评优 counts as duty; a merged matter counts once."""

import datetime as dt

import pytest
from django.urls import reverse

from congress.flow import NotAllowed
from congress.models import Role
from congress.tenancy import in_congress
from performance.models import DutyRecord
from suggestions import actions
from suggestions.models import Commendation
from tests import cast

from . import stage

pytestmark = pytest.mark.django_db(databases=["default", "platform"])
MARCH = dt.date(2026, 3, 10)


@pytest.fixture
def clerk(binhai):
    return cast.member(binhai, Role.DEPUTY_AFFAIRS)


def facts(code: str):
    return DutyRecord.objects.filter(item__code=code, withdrawn_at=None)


def test_a_commended_suggestion_is_a_duty_of_all_who_raised_it(binhai, people, clerk):
    with in_congress(binhai):
        unit, who = stage.unit("交通局")
        row = stage.assigned(binhai, people[0], [(unit, "sole")], cosigners=people[1:2])
        with stage.on(MARCH):
            with pytest.raises(NotAllowed, match="代工委登记"):
                actions.commend(row, by=who, on=MARCH, document="常委会决定")
            with pytest.raises(NotAllowed, match="依据"):
                actions.commend(row, by=clerk, on=MARCH, document=" ")
            with pytest.raises(NotAllowed, match="决定日期"):
                actions.commend(row, by=clerk, on=dt.date(2026, 12, 1), document="常委会决定")
            award = actions.commend(row, by=clerk, on=MARCH, document="常委会决定")
            with pytest.raises(NotAllowed, match="已经登记"):
                actions.commend(row, by=clerk, on=MARCH, document="常委会决定")
        found = {f.deputy: (f.role, f.level, f.on) for f in facts("E05")}
        assert found == {
            people[0]: ("lead", "outstanding", MARCH),
            people[1]: ("cosigner", "outstanding", MARCH),
        }
        with stage.on(MARCH):
            actions.revoke_commendation(award, by=clerk, reason="重复登记")
        assert not facts("E05").exists()
        with stage.on(MARCH):
            actions.commend(row, by=clerk, on=MARCH, document="常委会决定")
        assert facts("E05").count() == 2


def test_the_page_of_commending(binhai, people, clerk, client_of):
    with in_congress(binhai):
        row = stage.registered(binhai, people[0])
    with stage.on(MARCH):
        desk = client_of(clerk)
        story = reverse("admin:suggestions_suggestion_change", args=[row.pk])
        page = reverse("admin:suggestions_commend", args=[row.pk])
        assert page in desk.get(story).content.decode()
        form = {"name": "优秀建议", "on": "2026-03-10", "document": "常委会第二十次会议"}
        assert desk.post(page, form | {"document": ""}).status_code == 422
        assert desk.post(page, form).status_code == 302
        with in_congress(binhai):
            award = Commendation.objects.get()
        revoke = reverse("admin:suggestions_uncommend", args=[award.pk])
        assert revoke in desk.get(story).content.decode()
        assert desk.post(revoke, {"reason": "登记有误"}).status_code == 302
        assert "已撤销" in desk.get(story).content.decode()


def test_merging_takes_the_facts_back_and_leaving_gives_them_again(binhai, people, clerk):
    with in_congress(binhai):
        main = stage.registered(binhai, people[0])
        other = stage.registered(binhai, people[1], cosigners=people[2:3])
        assert facts("A04").count() == 2 and facts("A05").count() == 1
        with stage.on(MARCH):
            group = actions.merge(main, [other], by=clerk, reason="同一事项")
            assert [f.deputy for f in facts("A04")] == [people[0]]
            assert not facts("A05").exists()
            item = group.items.get(suggestion=other)
            actions.leave_merge(item, by=clerk, reason="内容有别")
        assert facts("A04").count() == 2 and facts("A05").count() == 1
