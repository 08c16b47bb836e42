"""单位考评: how figures become points; the sheet's way to its frozen end; units' objections."""

import datetime as dt
from decimal import Decimal as D

import pytest
import time_machine

from congress.flow import NotAllowed
from congress.models import Role
from notices.models import Notice
from suggestions import access, actions
from suggestions.models import ScoreIndicator, ScoreObjection, ScoreResult, ScoreSheet
from suggestions.queries import scores
from suggestions.rules.figures import EVERY, Figure
from suggestions.rules.scoring import (
    DEFAULT,
    Line,
    Measure,
    grade,
    part_points,
    points_of,
    ranks,
    score,
    sheet_faults,
    without_conflict,
)
from tests import cast

from .test_figure_rules import task, word
from .year import ON, at


def rate(top: int, of: int, id: str = "U03") -> Figure:
    return Figure(EVERY[id], tuple(range(top)), tuple(range(of)))


# -- Rules --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("top", "of", "points"),
    [(6, 10, "0"), (5, 10, "0"), (8, 10, "10"), (10, 10, "20"), (9, 10, "15"), (2, 3, "3.34")],
)
def test_a_linear_indicator_runs_from_its_floor_to_its_full_mark(top, of, points):
    measure = Measure("main", "U03", "linear", D(20), floor=D(60))
    assert points_of(measure, rate(top, of)) == D(points)


@pytest.mark.parametrize(("top", "points"), [(79, 0), (80, 6), (89, 6), (90, 10), (100, 15)])
def test_steps_give_the_points_of_the_highest_step_reached(top, points):
    steps = ((D(80), D(6)), (D(90), D(10)), (D(98), D(15)))
    measure = Measure("main", "U08", "step", D(15), steps=steps)
    assert points_of(measure, rate(top, 100)) == points


def test_deductions_and_bonuses_stop_at_their_cap():
    late = Measure("main", "U12", "deduct", D(10), each=D(2))
    assert points_of(late, Figure(EVERY["U12"], (1, 2, 3))) == -6
    assert points_of(late, Figure(EVERY["U12"], tuple(range(9)))) == -10
    bonus = Measure("main", "U01", "bonus", D(5), each=D("0.5"))
    assert points_of(bonus, Figure(EVERY["U01"], (1, 2, 3))) == D("1.5")


def test_what_cannot_be_measured_falls_out_and_the_rest_is_counted_up():
    half, none = Measure("main", "U03", "linear", D(40)), Measure("main", "U09", "linear", D(60))
    lines = [Line(half, rate(1, 2), D(20)), Line(none, rate(0, 0), None)]
    assert points_of(none, rate(0, 0)) is None
    assert part_points(lines) == D(50)
    assert part_points([lines[1]]) is None


def test_points_never_fall_below_nothing():
    bad = Measure("main", "U03", "linear", D(100))
    late = Measure("main", "U12", "deduct", D(10), each=D(5))
    assert part_points([Line(bad, rate(0, 4), D(0)), Line(late, rate(2, 2), D(-10))]) == 0


def test_trap_51_a_unit_with_one_task_at_a_hundred_does_not_outrank_one_with_eighty():
    points, volumes = {1: D(100), 2: D(95), 3: D(95), 4: D(80)}, {1: 1, 2: 80, 3: 20, 4: 5}
    assert ranks(points, volumes, 3) == {2: 1, 3: 1, 4: 3}


def test_trap_32_the_word_of_a_deputy_who_heads_the_unit_counts_in_no_score():
    own = word("satisfied", deputy=1, has_conflict=True)
    other = word("unsatisfied", deputy=2)
    row = task(words=(own, other), value_rule="majority")
    assert without_conflict(row).words == (other,)
    found = score(5, [row], (Measure("main", "U07", "linear", D(100)),), 20)
    assert found.points == 0
    assert score(5, [task(words=(own,))], (Measure("main", "U07", "linear", D(100)),), 0) is None


def test_joint_handling_weighs_its_share_where_there_is_both():
    lead = task(dt.date(2026, 4, 1))
    joint = task(None, role="joint", state="done", opinion_on=dt.date(2026, 9, 1))
    measures = (Measure("main", "U03", "linear", D(100)), Measure("joint", "V02", "linear", D(100)))
    assert score(5, [lead, joint], measures, 20).points == 80
    assert score(5, [lead], measures, 20).points == 100
    assert score(5, [joint], measures, 20).points == 0


def test_grades_are_the_highest_mark_reached():
    grades = [["优秀", 90], ["良好", 80], ["不合格", 0]]
    assert [grade(D(p), grades) for p in (95, 90, 89.99, 3)] == ["优秀", "优秀", "良好", "不合格"]


def test_a_sheet_must_add_up_to_a_hundred():
    assert sheet_faults(DEFAULT, 20) == []
    assert any("100分" in f for f in sheet_faults(DEFAULT[1:], 20))
    assert any("会办" in f for f in sheet_faults([m for m in DEFAULT if m.part == "main"], 20))
    days = Measure("main", "U04", "linear", D(100))
    assert any("不是比率" in f for f in sheet_faults([days], 0))


# -- The way of a sheet -------------------------------------------------------------------------


@pytest.fixture
def binhai(congress_of_year):
    return congress_of_year


@pytest.fixture
def maker(in_binhai, maker_of_year):
    with time_machine.travel(at(ON), tick=False):
        yield maker_of_year


@pytest.fixture
def shown(maker) -> ScoreSheet:
    sheet = actions.start_score_sheet(maker.sitting, by=maker.clerk, name="办理工作考评")
    actions.change_score_sheet(
        sheet, by=maker.clerk, basis_document="常发〔2026〕8号",
        objections_until=ON + dt.timedelta(days=7),
    )  # fmt: skip
    return actions.show_scores(sheet, by=maker.clerk)


def housing(in_binhai):
    return cast.member(in_binhai, Role.HANDLING_UNIT)


def after(days: int):
    return time_machine.travel(at(ON + dt.timedelta(days=days)), tick=False)


@pytest.mark.django_db
def test_a_sheet_goes_from_draft_to_frozen(maker, shown, in_binhai):
    results = list(shown.results.all())
    assert len(results) >= 5 and all(0 <= r.points <= 100 for r in results)
    assert [r.rank for r in results if r.rank] == sorted(r.rank for r in results if r.rank)
    who = housing(in_binhai)
    own = access.own_results(who).get()
    assert own.unit_id == who.unit_id
    assert Notice.objects.filter(to=who, title="办理考评结果征求意见").exists()
    name = own.lines[0]["name"]
    row = actions.object_to_score(own, by=who, text="第5-002号已经送达，统计有误。", indicator=name)
    with pytest.raises(NotAllowed, match="还没有结束"):
        actions.freeze_scores(shown, by=maker.clerk)
    with after(8):
        with pytest.raises(NotAllowed, match="没有处理"):
            actions.freeze_scores(shown, by=maker.clerk)
        before = own.points
        actions.decide_score_objection(
            row, by=maker.clerk, upheld=True, decision="经核实，已送达。", points=D("1.5")
        )
        own.refresh_from_db()
        assert own.points == before + D("1.5") and own.counted == before
        sheet = actions.freeze_scores(shown, by=maker.clerk)
        assert sheet.state == "frozen"
        assert actions.scores_manifest(sheet) == sheet.manifest
        with pytest.raises(NotAllowed):
            actions.object_to_score(own, by=who, text="再提一次意见。")
        with pytest.raises(NotAllowed):
            actions.freeze_scores(sheet, by=maker.clerk)
    ScoreResult.objects.filter(pk=own.pk).update(points=D(100))
    assert actions.scores_manifest(sheet) != sheet.manifest


@pytest.mark.django_db
def test_what_was_shown_is_not_changed_any_more(maker, shown):
    indicator = shown.indicators.first()
    with pytest.raises(NotAllowed):
        actions.save_indicator(shown, by=maker.clerk, indicator=indicator, weight=D(30))
    with pytest.raises(NotAllowed):
        actions.remove_indicator(indicator, by=maker.clerk)
    with pytest.raises(NotAllowed):
        actions.change_score_sheet(shown, by=maker.clerk, minimum=1)


@pytest.mark.django_db
def test_a_unit_objects_only_to_its_own_result_in_time_and_once(maker, shown, in_binhai):
    who = housing(in_binhai)
    own = access.own_results(who).get()
    other = shown.results.exclude(pk=own.pk).first()
    with pytest.raises(NotAllowed, match="本单位"):
        actions.object_to_score(other, by=who, text="这不是我们的结果。")
    with pytest.raises(NotAllowed, match="依据"):
        actions.object_to_score(own, by=who, text="不对")
    row = actions.object_to_score(own, by=who, text="数据与实际不符，请复核。")
    with pytest.raises(NotAllowed, match="正在处理"):
        actions.object_to_score(own, by=who, text="数据与实际不符，请复核。")
    with pytest.raises(NotAllowed):
        actions.decide_score_objection(row, by=who, upheld=True, decision="好", points=D(1))
    actions.decide_score_objection(row, by=maker.clerk, upheld=False, decision="经核对无误。")
    assert ScoreObjection.objects.get().points == 0
    with after(8), pytest.raises(NotAllowed, match="截止"):
        actions.object_to_score(own, by=who, text="数据与实际不符，请复核。")


@pytest.mark.django_db
def test_a_sheet_that_does_not_add_up_is_not_shown(maker):
    sheet = actions.start_score_sheet(maker.sitting, by=maker.clerk, name="考评")
    with pytest.raises(NotAllowed, match="依据文件"):
        actions.show_scores(sheet, by=maker.clerk)
    actions.remove_indicator(sheet.indicators.first(), by=maker.clerk)
    with pytest.raises(NotAllowed, match="100分"):
        actions.show_scores(sheet, by=maker.clerk)
    with pytest.raises(NotAllowed, match="已有"):
        actions.start_score_sheet(maker.sitting, by=maker.clerk, name="考评")


@pytest.mark.django_db
def test_the_next_year_begins_with_the_indicators_of_the_last(maker, shown):
    indicator = ScoreIndicator.objects.filter(sheet=shown, formula="U05").get()
    following = actions.start_score_sheet(maker.sitting_before, by=maker.clerk, name="另一年")
    copied = {(m.formula, m.kind, m.weight) for m in scores.measures(following)}
    assert (indicator.formula, indicator.kind, indicator.weight) in copied
    assert len(copied) == shown.indicators.count()


# -- Pages --------------------------------------------------------------------------------------

HERE = "/admin/suggestions/scores/"


@pytest.mark.django_db
def test_staff_draft_preview_show_and_export(binhai, maker, client_of):
    clerk = client_of(cast.member(binhai, Role.DEPUTY_AFFAIRS))
    assert "还没有考评表" in clerk.get(HERE).content.decode()
    clerk.post(HERE + "new/", {"sitting": maker.sitting.pk, "name": "办理工作考评"})
    sheet = ScoreSheet.objects.get()
    page = f"{HERE}{sheet.pk}/"
    html = clerk.get(page).content.decode()
    assert "按今天的数据预览" in html and "住房和城乡建设局" in html
    bad = {"formula": "U11", "kind": "step", "weight": "5", "floor": "0", "full": "100",
           "steps": "九十 5", "each": "0"}  # fmt: skip
    assert "看不懂" in clerk.post(page + "indicator/", bad).content.decode()
    good = bad | {"steps": "90 5\n80 3"}
    assert clerk.post(page + "indicator/", good).status_code == 302
    row = sheet.indicators.get(formula="U11")
    assert row.part == "main" and row.steps == [["90", "5"], ["80", "3"]]
    assert "105分" in clerk.get(page).content.decode()
    clerk.post(f"{HERE}indicators/{row.pk}/", {"remove": "1"})
    day = (ON + dt.timedelta(days=5)).isoformat()
    edit = {"name": "办理工作考评", "basis_document": "常发〔2026〕8号", "minimum": "3",
            "joint_share": "20", "objections_until": day}  # fmt: skip
    assert clerk.post(page + "edit/", edit).status_code == 302
    assert clerk.post(page + "show/").status_code == 302
    assert clerk.get(page + "?export=xlsx").content[:2] == b"PK"
    assert clerk.get(page + "?export=pdf").content[:4] == b"%PDF"
    result = sheet.results.first()
    assert "怎样计分" in clerk.get(f"{HERE}results/{result.pk}/").content.decode()
    assert clerk.get(page + "edit/").status_code == 409


@pytest.mark.django_db
def test_a_unit_sees_its_own_result_alone_and_objects_at_its_desk(
    binhai, maker, shown, client_of, shanyang
):
    unit = client_of(housing(binhai))
    own = shown.results.get(unit=housing(binhai).unit)
    other = shown.results.exclude(pk=own.pk).first()
    assert "办理工作考评" in unit.get("/desk/scores/").content.decode()
    assert "提出意见" in unit.get(f"/desk/scores/{own.pk}/").content.decode()
    assert unit.get(f"/desk/scores/{other.pk}/").status_code == 404
    assert unit.post(f"/desk/scores/{own.pk}/object/", {"text": "少"}).status_code == 422
    sent = unit.post(f"/desk/scores/{own.pk}/object/", {"text": "第5-002号统计有误，请复核。"})
    assert sent.status_code == 302
    row = ScoreObjection.objects.get()
    clerk = client_of(cast.member(binhai, Role.DEPUTY_AFFAIRS))
    decide = f"{HERE}objections/{row.pk}/"
    assert clerk.post(decide, {"upheld": "yes", "decision": "属实"}).status_code == 422
    done = clerk.post(decide, {"upheld": "yes", "points": "2", "decision": "属实"})
    assert done.status_code == 302
    assert "属实" in unit.get(f"/desk/scores/{own.pk}/").content.decode()
    assert unit.get(HERE).status_code == 403
    neighbour = client_of(cast.member(shanyang, Role.DEPUTY_AFFAIRS))
    assert neighbour.get(f"{HERE}{shown.pk}/").status_code == 404
    stranger = client_of(cast.member(binhai, Role.DEPUTY))
    assert stranger.get("/desk/scores/").status_code == 403
