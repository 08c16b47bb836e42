"""上级转来 in a browser: entered by the clerk, handed over, answered to the sender by the unit."""

import datetime as dt

from django.utils import timezone

from congress.models import Role
from congress.tenancy import in_congress
from suggestions import actions
from suggestions.models import Category, Suggestion
from tests import cast
from tests.suggestions import stage

from .conftest import DESK, PHONE

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LIST = "/admin/suggestions/suggestion/"
SENDER = "市人大常委会代表工作委员会"


def test_what_a_higher_congress_sent_is_answered_to_it(binhai, at, shot, accessible, tmp_path):
    today = timezone.localdate()
    clerk, unit = (cast.member(binhai, r) for r in (Role.DEPUTY_AFFAIRS, Role.HANDLING_UNIT))
    with in_congress(binhai):
        stage.ready()
        category = Category.objects.get(name="公共交通").pk
    letter = tmp_path / "来文.pdf"
    letter.write_bytes(b"%PDF-1.4\n%%EOF\n")
    desk, phone = at(clerk, DESK), at(clerk, PHONE)
    desk.goto(LIST)
    desk.click("a:has-text('登记上级转来件')")
    for page, width in ((desk, 1366), (phone, 390)):
        page.goto(desk.url)
        shot(page, f"received-form-{width}")
        accessible(page)
        assert page.evaluate(OVERFLOW) <= 0
    for name, value in {
        "sender": SENDER, "number": "市五届三次第123号", "sent_on": str(today - dt.timedelta(3)),
        "received_on": str(today), "proposer": "市人大代表李明等3人",
        "reply_by": str(today + dt.timedelta(40)), "title": "关于打通湖滨路断头路的建议",
        "situation": stage.SITUATION, "request_1": stage.REQUESTS[0],
    }.items():  # fmt: skip
        desk.fill(f"#id_{name}", value)
    desk.select_option("#id_category", str(category))
    desk.click("button:has-text('登记编号')")
    assert "有 1 处需要修改" in desk.inner_text("main")
    shot(desk, "received-fault-1366")
    desk.set_input_files("#id_scan", letter)
    desk.click("button:has-text('登记编号')")
    assert "5-转001" in desk.inner_text("main")
    with in_congress(binhai):
        row = Suggestion.objects.get()
        batch = actions.open_batch(by=clerk, title="转办", assigned_on=today)
        proposal = actions.Proposal(actions.Plan(unit.unit, "sole"))
        actions.propose_units(row, by=clerk, batch=batch, proposals=[proposal])
        actions.check_units(row, by=cast.second(binhai))
    desk.goto(f"/admin/suggestions/batches/{batch.pk}/hand-over/")
    shot(desk, "received-hand-over-1366")
    accessible(desk)
    with in_congress(binhai):
        actions.hand_over(batch, by=clerk)
        task = row.assignments.get()
    for page, width in ((desk, 1366), (phone, 390)):
        page.goto(f"{LIST}?show=handling")
        shot(page, f"received-list-{width}")
        accessible(page)
        page.click("th a:has-text('湖滨路')")
        shot(page, f"received-one-{width}")
        accessible(page)
        assert page.evaluate(OVERFLOW) <= 0
    page_of_task = f"/desk/tasks/{task.pk}/"
    its, its_phone = at(unit, DESK), at(unit, PHONE)
    with in_congress(binhai):
        actions.sign_for(task, by=unit)
        stage.drafted(task, unit, today)
        actions.sign_off(task, by=unit, signer="局长程某")
    for page, width in ((its, 1366), (its_phone, 390)):
        page.goto(page_of_task)
        shot(page, f"received-task-{width}")
        accessible(page)
        page.goto(f"{page_of_task}serve/")
        shot(page, f"received-serve-{width}")
        accessible(page)
        assert page.evaluate(OVERFLOW) <= 0
    its.click("button:has-text('确认送达')")
    assert "已登记送达来文机关" in its.inner_text("main")
    desk.goto(f"{LIST}{row.pk}/change/")
    assert "办结" in desk.inner_text("main")
    shot(desk, "received-closed-1366")
    accessible(desk)
