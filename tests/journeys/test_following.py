"""What follows a reply: watched, judged, promised, looked back at, published, read by everybody."""

import datetime as dt

import pytest
from django.utils import timezone

from congress.models import Meeting, Role, Term
from congress.tenancy import in_congress
from suggestions import actions
from suggestions.models import PublicationDecision, Suggestion, Supervision
from tests import cast
from tests.suggestions import stage

from .conftest import DESK, PHONE

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
MARCH = dt.date(2026, 3, 10)


@pytest.fixture
def people(binhai):
    with in_congress(binhai):
        stage.ready()
        return stage.people(6)


@pytest.fixture
def housing(binhai):
    who = cast.member(binhai, Role.HANDLING_UNIT)
    return who.unit, who


def answered(congress, people, housing, mark: str = "A", day: dt.date = MARCH, **more):
    row = stage.assigned(congress, people[0], [(housing[0], "sole")], [people[1]], **more)
    pledge = actions.Pledge(
        "首批加装电梯十二部，老人较多的楼栋优先", "通过验收并投入使用", "副局长李某",
        dt.date(2027, 6, 30),
    )  # fmt: skip
    reply = {"promises": [pledge]} if mark == "B" else {}
    return stage.answered(stage.task_of(row, housing[0]), housing[1], day, mark, **reply)


def test_staff_publish_with_the_deputys_word_and_everybody_reads(
    binhai, people, housing, at, shot, accessible
):
    with in_congress(binhai):
        row = answered(
            binhai, people, housing, title="关于在湖滨社区增设公交站点的建议",
            situation=stage.SITUATION + "联系人电话13812345678。",
        )  # fmt: skip
        answered(binhai, people, housing)
    desk = at(stage.clerk(binhai), DESK)
    desk.goto("/admin/suggestions/publishing/?place=consent")
    shot(desk, "publishing-1366")
    accessible(desk)
    desk.click("text=勾选本页")
    desk.click("text=请所选的代表答复")
    assert "已请 2 件" in desk.inner_text("main")

    phone = at(people[0].membership, PHONE)
    phone.goto("/me/suggestions/")
    phone.click(f"a:has-text('{row.title}'):has-text('是否同意公开')")
    shot(phone, "consent-390")
    accessible(phone)
    phone.check("input[name=text][value=yes]")
    phone.check("input[name=reply][value=yes]")
    phone.click("button:has-text('提交')")
    assert "已记下您的意见" in phone.inner_text("main")

    desk.goto("/admin/suggestions/publishing/")
    desk.click(f"th a:has-text('{row.title}')")
    shot(desk, "publish-1366")
    accessible(desk)
    desk.click("a:has-text('审查建议')")
    desk.click("text=核对公开后的样子")
    assert "须通过这项审查" in desk.inner_text("main")
    for name in ("secrecy_checked", "privacy_checked", "stability_checked"):
        desk.check(f"#id_{name}")
    shot(desk, "publish-form-1366")
    accessible(desk)
    desk.click("text=核对公开后的样子")
    assert "138****5678" in desk.inner_text("main")
    shot(desk, "publish-check-1366")
    accessible(desk)
    desk.click("button:has-text('公开')")
    desk.click("a:has-text('的答复')")
    for name in ("secrecy_checked", "privacy_checked", "stability_checked"):
        desk.check(f"#id_{name}")
    desk.click("text=核对公开后的样子")
    desk.click("button:has-text('公开')")
    with in_congress(binhai):
        assert PublicationDecision.objects.exclude(published_at=None).count() == 2

    for size, name in ((PHONE, "390"), (DESK, "1366")):
        anyone = at(None, size, binhai)
        anyone.goto("/")
        shot(anyone, f"public-home-{name}")
        accessible(anyone)
        anyone.goto("/suggestions/")
        anyone.fill("input[name=q]", "公交")
        anyone.click("button:has-text('筛选')")
        shot(anyone, f"public-suggestions-{name}")
        accessible(anyone)
        assert anyone.evaluate(OVERFLOW) <= 0
        anyone.click(f"a:has-text('{row.title}')")
        shot(anyone, f"public-suggestion-{name}")
        accessible(anyone)
        assert anyone.evaluate(OVERFLOW) <= 0
        assert "13812345678" not in anyone.inner_text("main")
    anyone.goto("/suggestions/data/")
    shot(anyone, "public-data-1366")
    accessible(anyone)


def test_staff_watch_urge_and_lead_key_supervision(binhai, people, housing, at, shot, accessible):
    chair = cast.member(binhai, Role.CHAIR)
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(housing[0], "sole")])
        for _ in range(3):
            stage.assigned(binhai, people[2], [(housing[0], "sole")])
        Meeting.objects.create(kind="chairpersons", number=12, title="第十二次主任会议",
                               held_on=dt.date(2026, 3, 2))  # fmt: skip
    desk = at(stage.clerk(binhai), DESK)
    desk.goto("/admin/suggestions/wall/")
    shot(desk, "wall-1366")
    accessible(desk)
    desk.click("text=勾选本页")
    desk.click("text=催办所选")
    shot(desk, "urge-1366")
    accessible(desk)
    desk.click("button:has-text('催办')")
    assert "已催办 4 项任务" in desk.inner_text("main")
    shot(desk, "urges-1366")
    accessible(desk)
    desk.goto("/admin/suggestions/wall/units/")
    shot(desk, "wall-units-1366")
    accessible(desk)

    desk.goto(f"/admin/suggestions/{row.pk}/supervise/")
    desk.select_option("#id_committee", index=1)
    desk.fill("#id_plan", "三月到现场督办，六月听取承办单位汇报。")
    shot(desk, "propose-1366")
    accessible(desk)
    desk.click("button:has-text('提出')")
    desk.click("text=登记主任会议的决定")
    desk.select_option("#id_meeting", index=1)
    with in_congress(binhai):
        key = Supervision.objects.get().pk
    desk.select_option(f"#id_k{key}-leader", index=1)
    desk.fill(f"#id_k{key}-government_leader", "副区长李某")
    shot(desk, "decide-1366")
    accessible(desk)
    desk.click("button:has-text('登记')")

    phone = at(chair, PHONE)
    phone.goto("/admin/suggestions/keys/")
    shot(phone, "keys-390")
    accessible(phone)
    phone.click(f"a:has-text('{row.title}')")
    phone.click("text=登记督办情况")
    phone.fill("#id_text", "到湖滨社区现场察看，要求汛期前完成首批。")
    phone.fill("#id_names", people[1].name)
    phone.click("button:has-text('登记')")
    shot(phone, "key-390")
    accessible(phone)
    assert people[1].name in phone.inner_text("main")
    assert phone.evaluate(OVERFLOW) <= 0


def test_an_unhappy_judgement_leads_to_another_round(binhai, people, housing, at, shot, accessible):
    with in_congress(binhai):
        row = stage.judged(answered(binhai, people, housing), MARCH, "unsatisfied")
        answered(binhai, people, housing)
    desk = at(stage.clerk(binhai), DESK)
    desk.goto("/admin/suggestions/judging/")
    shot(desk, "judging-1366")
    accessible(desk)
    desk.click("text=待研判")
    desk.click(f"th a:has-text('{row.title}')")
    shot(desk, "judged-1366")
    accessible(desk)
    desk.click("a:has-text('重新办理')")
    desk.fill("#id_opinion", "落实资金，排出工期，当面向代表说明。")
    shot(desk, "rehandle-1366")
    accessible(desk)
    desk.click("text=通知承办单位重办")
    assert "已通知承办单位重新办理" in desk.inner_text("main")
    with in_congress(binhai):
        row.refresh_from_db()
        assert (row.state, row.round) == (Suggestion.State.REHANDLING, 2)


def test_promises_are_followed_and_a_term_is_looked_back_at(
    binhai, people, housing, at, shot, accessible
):
    with in_congress(binhai):
        row = answered(binhai, people, housing, "B")
        promise = row.promises.get()
    desk = at(stage.clerk(binhai), DESK)
    desk.goto("/admin/suggestions/promises/?place=running")
    shot(desk, "promises-1366")
    accessible(desk)
    with in_congress(binhai):
        actions.report_promise(
            promise, by=housing[1], text="十二部全部装完，已验收。", signer="局长程某"
        )
    desk.goto("/admin/suggestions/promises/?place=reported")
    desk.click(f"th a:has-text('{promise.content}')")
    shot(desk, "promise-1366")
    accessible(desk)
    desk.click("a:has-text('确认落实')")
    desk.fill("#id_text", "到现场看过，十二部都在用。")
    desk.click("button:has-text('确认落实')")
    assert "已落实" in desk.inner_text("main")

    desk.goto("/admin/suggestions/lookbacks/")
    shot(desk, "lookbacks-empty-1366")
    desk.click("text=开展回头看 >> nth=0")
    desk.fill("#id_title", "本届建议办理回头看")
    with in_congress(binhai):
        desk.select_option("#id_term", str(Term.objects.get().pk))
    desk.fill("#id_due_on", f"{timezone.localdate() + dt.timedelta(30)}")
    shot(desk, "lookback-new-1366")
    accessible(desk)
    desk.click("button:has-text('开始')")
    shot(desk, "lookback-1366")
    accessible(desk)

    unit = at(housing[1], PHONE)
    unit.goto("/desk/lookbacks/")
    unit.click(f"a:has-text('{row.title}')")
    unit.check("input[name=finding][value=solved]")
    unit.fill("#id_text", "十二部电梯全部装完并投入使用。")
    unit.fill("#id_signer", "局长程某")
    shot(unit, "desk-lookback-390")
    accessible(unit)
    unit.click("text=提交自查情况")

    phone = at(people[0].membership, PHONE)
    phone.goto("/me/suggestions/")
    phone.click("a:has-text('请核对自查情况')")
    shot(phone, "portal-lookback-390")
    accessible(phone)
    phone.check("input[name=word][value=agrees]")
    phone.click("button:has-text('提交')")
    desk.reload()
    shot(desk, "lookback-done-1366")
    assert "属实" in desk.inner_text("main")
