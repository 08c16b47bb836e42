"""How tasks move a suggestion, what a reply must be, what a joint judgement is."""

import pytest

from suggestions.rules import (
    Task,
    feedback_value,
    is_answered,
    item_value,
    outcome,
    reply_faults,
    role_faults,
)


def tasks(*pairs):
    return [Task(n, role, state) for n, (role, state) in enumerate(pairs)]


def test_trap_09_one_of_two_separate_units_answered_is_not_answered():
    assert not is_answered(tasks(("separate", "answered"), ("separate", "handling")))
    assert is_answered(tasks(("separate", "answered"), ("separate", "answered")))


def test_a_joint_unit_and_a_returned_task_owe_no_reply():
    assert is_answered(tasks(("lead", "answered"), ("joint", "handling"), ("sole", "returned")))
    assert not is_answered(tasks(("joint", "done")))


@pytest.mark.parametrize(
    ("roles", "wrong"),
    [
        ([], "至少"),
        (["joint"], "没有负责答复"),
        (["sole", "joint"], "独办"),
        (["separate"], "至少要有两个"),
        (["lead", "separate", "separate"], "不能同时"),
    ],
)
def test_units_without_a_sensible_division_are_refused(roles, wrong):
    assert any(wrong in fault for fault in role_faults(roles))


@pytest.mark.parametrize(
    "roles", [["sole"], ["lead", "joint", "joint"], ["lead", "lead"], ["separate", "separate"]]
)
def test_sensible_divisions_pass(roles):
    assert role_faults(roles) == []


GOOD = {
    "round_number": 1,
    "talked": True,
    "joint": [],
    "has_class": True,
    "needs_promise": False,
    "promises": 0,
    "needs_reason": False,
    "reason": "",
    "publicity": "full",
    "points_asked": 2,
    "points_answered": 2,
    "text": "经研究，现答复如下",
    "signed_in_name_of": "区住房和城乡建设局",
    "unit_name": "区住房和城乡建设局",
}


def test_a_whole_reply_may_go():
    assert reply_faults(**GOOD) == []


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"talked": False}, "沟通"),
        ({"joint": [Task(1, "joint", "handling")]}, "会办单位没有提交"),
        ({"has_class": False}, "结果类别"),
        ({"needs_promise": True}, "承诺"),
        ({"needs_reason": True}, "原因"),
        ({"publicity": ""}, "公开属性"),
        ({"points_answered": 1}, "还有1条没有答复"),
        ({"text": "  "}, "正文"),
        ({"signed_in_name_of": "区住建局物业科"}, "内设机构"),
    ],
    ids=["trap_43_talk", "trap_08_joint", "class", "trap_27_promise", "reason", "publicity",
         "trap_46_points", "text", "trap_42_inner_office"],
)  # fmt: skip
def test_what_keeps_a_reply_from_being_signed_off(changed, wrong):
    found = reply_faults(**{**GOOD, **changed})
    assert len(found) == 1 and wrong in found[0]


def test_trap_08_a_waived_opinion_blocks_nothing():
    assert reply_faults(**{**GOOD, "joint": [Task(1, "joint", "handling", waived=True)]}) == []


def test_trap_41_another_body_may_sign_a_key_item():
    key = {"signed_in_name_of": "区人民政府", "key_signer_allowed": True}
    assert reply_faults(**{**GOOD, **key}) == []


def test_one_deputys_word_is_the_lowest_dimension_or_the_deciding_one():
    ratings = {"态度": "satisfied", "结果": "unsatisfied"}
    assert feedback_value(ratings) == "unsatisfied"
    assert feedback_value({**ratings, "总体": "basically"}, "总体") == "basically"
    assert feedback_value({}) == ""


JOINT = {1: "satisfied", 2: "unsatisfied", 3: "satisfied"}


@pytest.mark.parametrize(
    ("rule", "value"), [("lead", "satisfied"), ("worst", "unsatisfied"), ("majority", "satisfied")]
)
def test_trap_15_lead_and_cosigner_may_differ_and_the_rule_decides(rule, value):
    assert item_value(JOINT, 1, rule) == value


def test_trap_15_a_tie_goes_to_the_lower():
    assert item_value({1: "satisfied", 2: "unsatisfied"}, 1, "majority") == "unsatisfied"


def test_trap_30_who_did_not_answer_is_never_taken_for_satisfied():
    assert item_value({1: ""}, 1, "worst") == ""
    assert outcome([""], expected=1) == "open"


def test_one_unsatisfied_word_is_an_objection_once_all_have_spoken():
    assert outcome(["unsatisfied"], expected=2) == "open"
    assert outcome(["unsatisfied", "satisfied"], expected=2) == "object"
    assert outcome(["satisfied", "basically"], expected=2) == "accept"
