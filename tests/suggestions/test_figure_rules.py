"""What counts in which figure, and what keeps a report from being printed: no database."""

import datetime as dt
import itertools
from dataclasses import replace
from decimal import Decimal

import pytest

from suggestions.rules.figures import (
    EVERY,
    FORMULAS,
    Answer,
    Item,
    Klass,
    Place,
    Pledge,
    Talk,
    Task,
    Word,
    by_class,
    by_place,
    by_unit,
    by_value,
    checks,
    evaluate,
    evaluate_all,
    faults,
    percent,
    reply_limit,
)

keys = itertools.count(1)
DAY, LEGAL, ON = dt.date(2026, 2, 2), dt.date(2026, 5, 6), dt.date(2026, 11, 20)
A, B = Klass("A", "已经解决", "solved"), Klass("B", "列入计划", "planned")
C = Klass("C", "暂不能解决", "not_now")
LEAD, OTHER = Place(1, "张三"), Place(2, "李四")
HOUSING = Place(7, "城乡建设")


def word(value: str = "satisfied", *, deputy: int = 1, round: int = 1, task: int = 0, **more):
    ratings = {"结果": value} if value else {}
    return Word(next(keys), task, deputy, round, is_given=bool(value), ratings=ratings, **more)


def task(served: dt.date | None = dt.date(2026, 4, 1), klass: Klass = A, **more) -> Task:
    values = {
        "pk": next(keys), "item": 0, "unit": 5, "unit_name": "住建局", "role": "sole",
        "state": "answered" if served else "handling", "assigned_on": DAY,
        "legal_due_on": LEGAL, "on": ON, "lead": 1,
        "answers": (Answer(1, klass, (served,)),) if served else (),
    } | more  # fmt: skip
    return Task(**values)


def item(*tasks: Task, **more) -> Item:
    values = {
        "pk": next(keys), "number": f"5-{next(keys):03}", "title": "建议", "state": "closed",
        "raised_in": "sitting", "on": ON, "category": HOUSING, "subcategory": HOUSING,
        "committee": Place(None, ""), "delegation": Place(3, "一团"), "street": Place(None, ""),
        "lead": LEAD, "signers": (LEAD,), "assigned_on": DAY, "tasks": tasks,
    } | more  # fmt: skip
    return Item(**values)


def figure(key: str, *items: Item):
    return evaluate_all(FORMULAS, items)[key]


def pair(key: str, *items: Item) -> tuple[int, int]:
    found = figure(key, *items)
    return len(found.top), len(found.of)


# -- Numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("top", "of", "value"),
    [(2, 3, "66.67"), (1, 3, "33.33"), (1, 8, "12.5"), (1, 16, "6.25"), (1, 32, "3.13"),
     (0, 5, "0"), (5, 5, "100"), (994, 1210, "82.15")],
)  # fmt: skip
def test_percentages_come_from_whole_numbers_with_one_rounding(top, of, value):
    assert percent(top, of) == Decimal(value)


def test_of_nothing_there_is_no_percentage():
    assert percent(0, 0) is None
    assert figure("answered").words == "—"


def test_every_formula_has_an_id_and_words_of_its_own():
    assert len(EVERY) == len({f.key + f.id[0] for f in EVERY.values()})
    assert all(f.words and f.name and f.group for f in EVERY.values())


# -- Replies ------------------------------------------------------------------------------------


def test_trap_04_a_batch_later_than_the_law_makes_no_reply_timely():
    late = task(dt.date(2026, 5, 20), batch_due_on=dt.date(2026, 6, 30))
    assert pair("in_time", item(late)) == (0, 1)
    assert pair("in_batch", item(late)) == (1, 1)


def test_trap_06_an_extension_granted_after_the_limit_moves_nothing():
    to = dt.date(2026, 7, 1)
    assert reply_limit(LEGAL, [(LEGAL + dt.timedelta(days=1), to)]) == LEGAL
    assert reply_limit(LEGAL, [(LEGAL, to)]) == to
    further = dt.date(2026, 8, 2)  # asked again within the first extension
    assert reply_limit(LEGAL, [(to, further), (LEGAL, to)]) == further


def test_trap_09_separate_units_answered_in_part_are_not_answered_and_have_the_worst_class():
    one, two = task(role="separate", klass=A), task(None, role="separate", unit=6)
    row = item(one, two, state="handling")
    assert pair("answered", row) == (0, 1)  # due: the limit is over
    both = item(one, replace(two, answers=(Answer(1, C, (LEGAL,)),)))
    assert pair("answered", both) == (1, 1)
    assert both.current_class == C


def test_trap_43_and_44_served_to_three_of_seven_is_not_answered():
    days = (dt.date(2026, 4, 1),) * 3 + (None,) * 4
    row = item(task(answers=(Answer(1, A, days),)), state="handling")
    assert pair("answered", row) == (0, 1)
    served = (dt.date(2026, 4, 1),) * 6 + (dt.date(2026, 5, 9),)
    last = item(task(answers=(Answer(1, A, served),)))
    assert pair("answered", last) == (1, 1)
    assert pair("in_time", last) == (0, 1)  # the last service decides


def test_trap_49_what_is_not_yet_due_is_in_no_denominator():
    october = item(
        task(None, legal_due_on=dt.date(2027, 1, 8)), state="handling", raised_in="between"
    )
    assert pair("answered", item(task()), october) == (1, 1)
    assert pair("answered_of_all", item(task()), october) == (1, 2)
    assert all(c.ok for c in checks([item(task()), october]))


def test_what_is_for_reference_alone_is_never_overdue():
    row = item(task(None, is_for_reference=True), state="handling", is_for_reference=True)
    assert pair("answered", row) == (0, 0)
    assert figure("overdue", row).value == 0


def test_the_days_are_of_the_first_round_alone():
    again = Answer(2, A, (dt.date(2026, 7, 1),))
    row = item(task(answers=(Answer(1, B, (dt.date(2026, 4, 1),)), again)), round=2)
    assert figure("days", row).value == 58


def test_a_telephone_call_is_no_meeting_and_the_lead_must_confirm_it():
    def met(mode, confirmed, on=dt.date(2026, 3, 1)):
        return pair("met", item(task(talks=(Talk("before", mode, on, frozenset(confirmed)),))))

    assert met("face", {1}) == (1, 1)
    assert met("phone", {1}) == (0, 1)
    assert met("face", {2}) == (0, 1)
    assert met("site", {1}, dt.date(2026, 4, 2)) == (0, 1)  # after the reply


# -- What is counted at all ---------------------------------------------------------------------


def test_trap_35_withdrawn_ones_vanish_from_the_rates_and_are_shown_apart():
    before = item(state="withdrawn", assigned_on=None)
    after = item(task(None, state="cancelled"), state="withdrawn")
    found = evaluate_all(FORMULAS, [before, after, item(task())])
    assert (found["registered"].value, found["handled"].value) == (2, 1)
    assert (found["withdrawn_before"].value, found["withdrawn_after"].value) == (1, 1)
    assert found["answered"].words == "100.00%"
    assert found["submitted"].value == 3


def test_trap_36_what_was_not_accepted_is_counted_apart():
    refused = item(number="", is_registered=False, state="not_accepted", assigned_on=None)
    found = evaluate_all(FORMULAS, [refused, item(task())])
    assert (found["not_accepted"].value, found["registered"].value) == (1, 1)
    assert all(c.ok for c in checks([refused, item(task())]))


def test_trap_12_merged_ones_count_each():
    rows = [item(task(), is_merged=True), item(task(), is_merged=True)]
    assert pair("merged", *rows) == (2, 2)
    assert pair("answered", *rows) == (2, 2)


def test_trap_37_a_placeholder_of_a_secret_one_is_in_no_rate():
    row = item(is_secret=True, assigned_on=None, state="registered")
    found = evaluate_all(FORMULAS, [row])
    assert (found["secret"].value, found["registered"].value) == (1, 0)
    assert all(c.ok for c in checks([row]))


def test_trap_01_a_returned_task_counts_as_a_task_and_owes_no_reply():
    gone = task(None, state="returned", unit=6, unit_name="城管局")
    row = item(gone, task())
    assert figure("tasks", row).value == 2
    assert pair("in_time", row) == (1, 1)


def test_trap_22_a_unit_renamed_within_the_year_is_one_unit_with_both_names():
    old = item(task(unit_name="建设局"))
    new = item(task(unit_name="住建局", assigned_on=dt.date(2026, 7, 1)))
    parts = by_unit([old, new])
    assert [(p.name, p.figures["main"].value) for p in parts] == [("住建局（原建设局）", 2)]


# -- Results ------------------------------------------------------------------------------------


def test_answered_closed_and_solved_are_three_figures():
    planned = item(task(klass=B), state="answered")
    solved = item(task(klass=A))
    rows = [planned, solved, item(task(None), state="handling")]
    assert pair("answered", *rows) == (2, 3)
    assert pair("closed", *rows) == (1, 3)
    assert pair("solved", *rows) == (1, 3)
    means = [replace(r, closed_means="answered") for r in rows]
    assert pair("closed_by_rule", *means) == (2, 3)


def test_trap_26_the_same_mark_with_another_meaning_stands_apart():
    here = item(task(klass=C))
    there = item(task(klass=Klass("C", "列入计划", "planned")))
    found = [(k.words, len(f.top)) for k, f in by_class([here, there])]
    assert found == [("C（列入计划）", 1), ("C（暂不能解决）", 1)]


def test_trap_29_a_second_round_leaves_first_class_and_first_judgement():
    answers = (Answer(1, B, (dt.date(2026, 4, 1),)), Answer(2, A, (dt.date(2026, 7, 1),)))
    words = (word("unsatisfied"), word("satisfied", round=2))
    row = item(task(answers=answers, words=words), round=2)
    assert (row.first_class, row.current_class) == (B, A)
    assert pair("satisfied_first", row) == (0, 1)
    assert pair("satisfied", row) == (1, 1)
    assert pair("rehandled_satisfied", row) == (1, 1)


def test_trap_25_and_28_explained_and_closed_it_stays_unsatisfied():
    row = item(task(words=(word("unsatisfied", contests_class=True),)), is_explained=True)
    assert pair("unsatisfied", row) == (1, 1)
    assert pair("satisfied", row) == (0, 1)
    assert pair("class_contested", row) == (1, 1)
    assert figure("explained", row).value == 1


def test_trap_30_silence_is_never_satisfaction():
    silent = item(task(words=(word(""),)))
    said = item(task(words=(word("satisfied"),)))
    assert pair("satisfied", silent, said) == (1, 1)
    assert pair("received", silent, said) == (1, 2)
    assert {v: len(f.top) for v, f in by_value([silent, said])}["silent"] == 1


def test_trap_15_a_joint_suggestion_is_judged_by_the_congress_own_rule():
    words = (word("satisfied", deputy=1), word("unsatisfied", deputy=2))

    def rows(rule):
        return item(task(words=words), value_rule=rule, signers=(LEAD, OTHER))

    assert pair("satisfied", rows("lead")) == (1, 1)
    assert pair("satisfied", rows("worst")) == (0, 1)
    silent = item(task(words=(word("", deputy=1), words[1])), value_rule="lead")
    assert pair("satisfied", silent) == (0, 0)  # the lead has not spoken
    assert len(evaluate(EVERY["F60"], [rows("lead")]).top) == 2  # both words are kept


def test_joint_units_are_judged_apart():
    joint = task(None, role="joint", state="done", unit=6, words=(word("unsatisfied"),))
    row = item(task(role="lead", words=(word("satisfied"),)), joint)
    assert pair("satisfied", row) == (1, 1)
    parts = {p.key: p.figures for p in by_unit([row])}
    assert parts[6]["joint_satisfied"].words == "0.00%"
    assert parts[6]["satisfied"].words == "—"


def test_trap_27_a_promise_put_off_is_judged_by_the_day_first_given():
    due = dt.date(2026, 6, 1)
    kept = Pledge(1, 1, dt.date(2026, 9, 1), due, "kept", dt.date(2026, 8, 1))
    row = item(task(klass=B, pledges=(kept,)))
    assert pair("pledges_in_time", row) == (0, 1)
    assert pair("pledges_kept", row) == (1, 1)
    assert pair("carried_out", row) == (1, 1)
    later = Pledge(2, 1, dt.date(2027, 6, 1), dt.date(2027, 6, 1), "running")
    assert pair("pledges_kept", item(task(klass=B, pledges=(later,)))) == (0, 0)


# -- Checks -------------------------------------------------------------------------------------


def failing(*items: Item) -> dict:
    return {c.key: c for c in checks(items) if not c.ok}


def test_a_year_that_agrees_has_no_fault():
    assert failing(item(task()), item(task(None), state="handling")) == {}
    assert failing() == {}


def test_a_suggestion_without_category_is_named():
    row = item(task(), category=Place(None, ""))
    check = failing(item(task()), row)["categories"]
    assert (check.left_number, check.right_number, check.rows) == (2, 1, (row.pk,))
    said = faults(checks([row]), lambda kind, pk: f"{kind}{pk}")
    assert any(f"没有分类：item{row.pk}" in line for line in said)


def test_trap_45_a_number_used_twice_is_named_with_both_rows():
    rows = [item(task(), number="5-001"), item(task(), number="5-001")]
    assert set(failing(*rows)["numbers"].rows) == {r.pk for r in rows}


def test_a_paper_form_nobody_compared_keeps_the_sum_open():
    """瑞安's 460 + 24 ≠ 482 must be impossible."""
    open_ = word("satisfied", is_unchecked=True)
    check = failing(item(task(words=(open_, word("satisfied", deputy=2)))))["judgements"]
    assert (check.left_number, check.right_number, check.rows) == (2, 1, (open_.pk,))
    assert check.kind == "word"


def test_a_judgement_without_a_value_is_named():
    blank = Word(99, 1, 1, 1, is_given=True)
    assert failing(item(task(words=(blank,))))["judgements"].rows == (99,)


def test_a_state_that_the_replies_do_not_bear_out_is_named():
    said = item(task(None), state="closed")
    silent = item(task(), state="handling")
    found = failing(said, silent)
    assert found["served"].rows == (said.pk,)
    assert found["answered"].rows == (silent.pk,)


def test_a_reply_served_before_it_was_assigned_is_named():
    row = item(task(dt.date(2026, 1, 5)))
    assert failing(row)["service"].rows == (row.pk,)


def test_units_whose_division_is_no_division_are_named():
    row = item(task(role="lead"), task(role="sole", unit=6))
    assert failing(row)["divisions"].rows == (row.pk,)
    nobody = item(task(None, state="returned"), state="handling")
    assert failing(nobody)["owned"].rows == (nobody.pk,)


def test_parts_add_up_to_the_whole_in_every_breakdown():
    rows = [item(task()), item(task(), lead=OTHER, street=Place(4, "东湖街道"))]
    for by in ("category", "delegation", "deputy", "committee", "street"):
        assert sum(p.figures["registered"].value for p in by_place(rows, by)) == 2
