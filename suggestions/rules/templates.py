"""Three sets of rules a congress may start from: a plain county, a strict municipality, a township.

Figures as local rules print them; each set is to be edited, none is a standard. The law's ceilings
(代表法 art. 51) hold for all of them.
"""

from typing import Any

SATISFACTION = [
    {"value": "satisfied", "word": "满意"},
    {"value": "basically", "word": "基本满意"},
    {"value": "unsatisfied", "word": "不满意"},
]
ABCD = [
    ("A", "已经解决或者采纳", "solved", False, False),
    ("B", "列入计划逐步解决", "planned", True, False),
    ("C", "因条件限制暂不能解决", "not_now", False, True),
    ("D", "留作工作参考", "explained", False, False),
]
WORDS = [
    ("甲", "解决采纳", "solved", False, False),
    ("乙", "计划解决", "planned", True, False),
    ("丙", "留作参考", "explained", False, True),
]
# What counts as duty, by the codes of the list of duties; lead and co-signers apart.
DUTIES = {
    "lead_sitting": "A04", "lead_between": "B09", "cosign": "A05", "feedback": "B11",
    "excellent": "E05",
}  # fmt: skip

PLAIN: dict[str, Any] = {
    "name": "区县代表建议办理规则",
    "rules": {
        "pre_review_steps": ["street"],
        "assign_closed_days": 7,
        "urgent_days": 30,
        "extension_max_times": 2,
        "sign_days": 5,
        "return_amount": 7,
        "return_count": "wd",
        "joint_amount": 1,
        "joint_count": "m",
        "signs_apart": True,
        "feedback_amount": 15,
        "dimensions": ["态度", "结果"],
        "scale": SATISFACTION,
        "extension_approvers": ["deputy_affairs"],
        "duty_items": DUTIES,
    },
    "classes": ABCD,
}
STRICT: dict[str, Any] = {
    "name": "从严办理规则",
    "rules": {
        "pre_review_steps": ["street", "delegation"],
        "assign_closed_days": 10,
        "has_pre_assign_round": True,
        "sign_days": 5,
        "return_amount": 10,
        "return_count": "wd",
        "return_clock": "assigned",
        "joint_amount": 30,
        "joint_count": "wd",
        "first_contact_days": 20,
        "urgent_days": 30,
        "extension_max_days": 90,
        "extension_max_times": 1,
        "signer_min_rank": "head",
        "reply_precheck": "government_office",
        "signs_apart": True,
        "feedback_amount": 20,
        "dimensions": ["答复", "承诺落实"],
        "scale": SATISFACTION,
        "rehandle_amount": 2,
        "rehandle_count": "m",
        "extension_approvers": ["government_office", "deputy_affairs"],
        "promise_reports_years": 2,
        "duty_items": DUTIES,
    },
    "classes": ABCD,
}
TOWNSHIP: dict[str, Any] = {
    "name": "乡镇代表建议办理规则",
    "rules": {
        "pre_review_steps": [],
        "assign_closed_days": 5,
        "sign_days": 3,
        "return_amount": 5,
        "return_count": "d",
        "joint_amount": 20,
        "joint_count": "d",
        "joint_limit": "before",
        "feedback_amount": 10,
        "feedback_count": "d",
        "feedback_from": "lead",
        "item_value": "lead",
        "answers_to": "lead",
        "dimensions": ["总体"],
        "scale": SATISFACTION,
        "rehandle_amount": 30,
        "rehandle_count": "d",
        "extension_approvers": ["deputy_affairs"],
        "duty_items": DUTIES,
    },
    "classes": WORDS,
}
TEMPLATES = {"plain": PLAIN, "strict": STRICT, "township": TOWNSHIP}

# Two levels; the committee that supervises is each congress's own choice.
CATEGORIES = {
    "城乡建设": ("城市规划建设", "老旧小区改造", "物业管理", "停车设施", "市政设施"),
    "交通运输": ("道路建设", "公共交通", "交通管理"),
    "教科文卫体": ("教育", "医疗卫生", "文化旅游", "体育", "科技"),
    "民政社保": ("养老服务", "社会救助", "社区治理", "就业和社会保障"),
    "财政经济": ("产业发展", "财税金融", "营商环境", "市场监管"),
    "农业农村": ("农业生产", "乡村建设", "水利"),
    "生态环境": ("污染防治", "绿化和公园", "垃圾分类"),
    "政法和公共安全": ("治安", "消防和安全生产", "司法服务"),
    "其他": ("人大工作", "综合"),
}
