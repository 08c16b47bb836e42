"""What is found as alike, tuned on published titles and near-duplicates of them."""

import itertools

from suggestions.rules import similarity

# Titles as suggestions bear them, of different matters.
APART = [
    "关于解决城中村停车难问题导致存在消防安全隐患的建议",
    "关于优化统筹各街镇社区食堂方便老年人就餐的建议",
    "关于加快推进老旧小区加装电梯工作的建议",
    "关于增设湖滨路公交站点的建议",
    "关于加强校园周边食品安全监管的建议",
    "关于整治东河黑臭水体的建议",
    "关于规范电动自行车集中充电设施管理的建议",
    "关于提升乡村医生待遇的建议",
    "关于完善生活垃圾分类投放点管理的建议",
    "关于推动非机动车道隔离护栏建设的建议",
    "关于支持中小企业数字化转型的建议",
    "关于加强物业服务企业监管的建议",
    "关于建设口袋公园的建议",
    "关于扩大普惠性托育服务供给的建议",
    "关于修缮历史文化街区破损路面的建议",
]
# A title and another way to say the same.
ALIKE = [
    ("关于加快推进老旧小区加装电梯工作的建议", "关于老旧小区既有住宅加装电梯的建议"),
    ("关于解决城中村停车难问题的建议", "关于缓解城中村停车难的建议"),
    ("关于优化社区食堂方便老年人就餐的建议", "关于加强社区食堂可持续运营的建议"),
    ("关于加强校园周边食品安全监管的建议", "关于中小学校园周边食品安全问题的建议"),
    ("关于整治东河黑臭水体的建议", "关于东河水体黑臭治理的建议"),
    ("关于规范电动自行车集中充电设施管理的建议", "关于小区增设电动自行车充电设施的建议"),
    ("关于建设口袋公园的建议", "关于在老城区建设口袋公园的建议"),
    ("关于增设湖滨路公交站点的建议", "关于湖滨路公交站点优化的建议"),
    ("关于扩大普惠性托育服务供给的建议", "关于发展普惠托育服务的建议"),
    ("关于完善生活垃圾分类投放点管理的建议", "关于优化垃圾分类投放点的建议"),
]


def likeness(one: str, other: str, text: str = "") -> float:
    return similarity.likeness(
        similarity.title_pairs(one), similarity.title_pairs(other), similarity.pairs(text)
    )


def test_what_every_title_has_is_left_out():
    assert similarity.core("关于进一步加强老旧小区加装电梯工作的建议") == "老旧小区加装电梯"
    assert similarity.core("关于建议") == "关于建议"  # nothing else is there
    assert similarity.title_pairs("关于口袋公园的建议") == ["口袋", "袋公", "公园"]


def test_the_same_matter_in_other_words_is_found():
    missed = [pair for pair in ALIKE if likeness(*pair) < similarity.NEAR]
    assert missed == []


def test_different_matters_are_kept_apart():
    found = [
        (a, b) for a, b in itertools.combinations(APART, 2) if likeness(a, b) >= similarity.NEAR
    ]
    assert found == []


def test_a_matter_is_found_in_the_text_before_there_is_a_title():
    text = "我区老旧小区多为六层住宅，居民盼望加装电梯，但手续复杂，资金筹措困难。"
    assert likeness("", "关于老旧小区加装电梯的建议", text) >= similarity.NEAR
    assert likeness("", "关于整治东河黑臭水体的建议", text) < similarity.NEAR


def test_full_width_and_marks_make_no_difference():
    assert likeness("关于５Ｇ基站建设的建议", "关于“5G基站”建设的建议") == 1
