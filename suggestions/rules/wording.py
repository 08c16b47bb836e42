"""A rule set in plain words: the lines of each part, for reading and for comparing versions."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ..models.rule_sets import ResultClass, RuleSet
from .numbering import examples, number_format_fault

PRE_REVIEW = {"street": "街道工委（镇人大）", "delegation": "代表团", "motions": "议案建议组"}
APPROVERS = {"government_office": "政府办", "deputy_affairs": "代工委"}
DUTIES = {
    "lead_sitting": "会议期间领衔提出",
    "lead_between": "闭会期间领衔提出",
    "cosign": "联名提出",
    "feedback": "评价办理",
    "excellent": "被评为优秀建议",
}


@dataclass(frozen=True)
class Line:
    """One matter that is ruled on: its words, the fields it stands in, how it reads."""

    label: str
    fields: tuple[str, ...]
    read: Callable[[RuleSet], str]


@dataclass(frozen=True)
class Part:
    """A part of the rules as people think of it."""

    key: str
    title: str
    lines: tuple[Line, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(name for line in self.lines for name in line.fields)


def _yes(name: str, yes: str = "是", no: str = "否") -> Callable[[RuleSet], str]:
    return lambda row: yes if getattr(row, name) else no


def _choice(name: str) -> Callable[[RuleSet], str]:
    return lambda row: str(getattr(row, f"get_{name}_display")())


def _count(name: str, unit: str) -> Callable[[RuleSet], str]:
    return lambda row: f"{getattr(row, name)} {unit}"


def _amount(row: RuleSet, name: str) -> str:
    unit = RuleSet.Count(getattr(row, f"{name}_count")).label
    return f"{getattr(row, f'{name}_amount')} {unit}"


def _contact(row: RuleSet) -> str:
    days = row.first_contact_days
    return f"交办后 {days} 个工作日内" if days else "不作要求"


def _urgent(row: RuleSet) -> str:
    days = row.urgent_days
    return f"自交办之日起 {days} 日内答复" if days else "不另作要求"


def _sign(row: RuleSet) -> str:
    return f"交办后 {row.sign_days} 个工作日内" if row.sign_days else "不作要求"


def _joint(row: RuleSet) -> str:
    if row.joint_limit == RuleSet.JointLimit.BEFORE_REPLY:
        return f"主办单位答复期限之前 {_amount(row, 'joint')}"
    return f"自交办起 {_amount(row, 'joint')}"


def _format(row: RuleSet) -> str:
    if number_format_fault(row.number_format):
        return row.number_format
    (_, at_sitting), (_, between), _ = examples(row.number_format)
    return f"如 {at_sitting}、{between}"


def duties(row: RuleSet, names: Mapping[str, str] | None = None) -> str:
    """What counts as duty and as which item; `names` are the items' by their codes."""
    names = names or {}
    found = [
        f"{words}计入“{names.get(row.duty_items[key], row.duty_items[key])}”"
        for key, words in DUTIES.items()
        if row.duty_items.get(key)
    ]
    return "、".join(found) or "不计入履职"


def _steps(row: RuleSet) -> str:
    return "、".join(PRE_REVIEW.get(s, s) for s in row.pre_review_steps) or "不设初审"


def _approve(row: RuleSet) -> str:
    words = "、".join(APPROVERS.get(r, r) for r in row.extension_approvers)
    return f"{words}批准" if words else "无须批准，向代表说明"


PARTS = (
    Part(
        "intake",
        "登记和交办",
        (
            Line("初审环节", ("pre_review_steps",), _steps),
            Line("编号", ("number_format",), _format),
            Line("闭会期间交办", ("assign_closed_days",),
                 lambda r: f"提交后 {r.assign_closed_days} 个工作日内"),
            Line("交办前征询承办单位", ("has_pre_assign_round",), _yes("has_pre_assign_round")),
            Line("代表可撤回至", ("withdraw_until",), _choice("withdraw_until")),
            Line("并案", ("merge_mode",), _choice("merge_mode")),
        ),
    ),
    Part(
        "returns",
        "签收、退办和改办",
        (
            Line("签收", ("sign_days",), _sign),
            Line("退办申请", ("return_amount", "return_count", "return_clock"),
                 lambda r: f"{r.get_return_clock_display()}起 {_amount(r, 'return')}内"),
            Line("逾期仍可申请退办", ("allows_late_return",), _yes("allows_late_return")),
            Line("决定和改办", ("reassign_days",), _count("reassign_days", "个工作日内")),
        ),
    ),
    Part(
        "handling",
        "办理和答复",
        (
            Line("答复期限", ("reply_months",),
                 lambda r: f"自交办之日起 {r.reply_months} 个月"),
            Line("延长后最晚", ("reply_max_months",),
                 lambda r: f"自交办之日起 {r.reply_max_months} 个月"),
            Line("加急建议", ("urgent_days",), _urgent),
            Line("延期", ("extension_approvers",), _approve),
            Line("每次延期最长", ("extension_max_days",),
                 lambda r: f"{r.extension_max_days} 日" if r.extension_max_days else "不另作限制"),
            Line("延期次数", ("extension_max_times",),
                 lambda r: f"最多 {r.extension_max_times} 次" if r.extension_max_times
                 else "不另作限制"),
            Line("首次沟通", ("first_contact_days",), _contact),
            Line("会办意见", ("joint_limit", "joint_amount", "joint_count"), _joint),
            Line("会办意见退回后重报", ("joint_redo_days",),
                 _count("joint_redo_days", "个工作日内")),
            Line("答复前预审", ("reply_precheck",), _choice("reply_precheck")),
            Line("不能解决的须复核", ("needs_second_check_of_no",),
                 _yes("needs_second_check_of_no")),
            Line("答复由谁签发", ("signer_min_rank",), _choice("signer_min_rank")),
            Line("签发人与拟稿人分开", ("signs_apart",), _yes("signs_apart")),
            Line("联名建议的答复", ("answers_to",), _choice("answers_to")),
        ),
    ),
    Part(
        "feedback",
        "评价和重办",
        (
            Line("反馈期限", ("feedback_amount", "feedback_count"),
                 lambda r: f"送达后 {_amount(r, 'feedback')}"),
            Line("催请反馈", ("feedback_reminders",), _count("feedback_reminders", "次")),
            Line("由谁反馈", ("feedback_from",), _choice("feedback_from")),
            Line("纸质评价由谁收集", ("feedback_collector",), _choice("feedback_collector")),
            Line("背靠背评价", ("hides_names_until_closed",), _yes("hides_names_until_closed")),
            Line("评价方面", ("dimensions",), lambda r: "、".join(r.dimensions) or "未设定"),
            Line("评价档次", ("scale",),
                 lambda r: "、".join(s.get("word", "") for s in r.scale) or "未设定"),
            Line("联名建议以谁的评价为准", ("item_value",), _choice("item_value")),
            Line("重办期限", ("rehandle_amount", "rehandle_count"),
                 lambda r: _amount(r, "rehandle")),
            Line("重办次数", ("rehandle_rounds_max",),
                 lambda r: f"最多 {r.rehandle_rounds_max} 次，仍不满意的提级协调"),
        ),
    ),
    Part(
        "after",
        "承诺和公开",
        (
            Line("承诺跟踪", ("promise_reports_years",), _count("promise_reports_years", "年")),
            Line("代表评价承诺", ("promise_feedback_days",),
                 _count("promise_feedback_days", "个工作日内")),
            Line("公开期限", ("publish_days",),
                 lambda r: f"答复后 {r.publish_days} 个工作日内"),
            Line("公开须经代表同意", ("publish_needs_consent",), _yes("publish_needs_consent")),
        ),
    ),
    Part(
        "figures",
        "统计和履职",
        (
            Line("办结率按", ("closed_means",), _choice("closed_means")),
            Line("计入履职", ("duty_items",), duties),
        ),
    ),
)  # fmt: skip
PART_OF = {part.key: part for part in PARTS}


@dataclass(frozen=True)
class Change:
    """What one version says otherwise than another."""

    part: str
    label: str
    before: str
    after: str


def changes(old: RuleSet, new: RuleSet) -> list[Change]:
    """Line by line what changed, the class dictionaries of both included."""
    found = [
        Change(part.title, line.label, line.read(old), line.read(new))
        for part in PARTS
        for line in part.lines
        if any(getattr(old, name) != getattr(new, name) for name in line.fields)
    ]
    was, now = _marks(old.classes.all()), _marks(new.classes.all())
    for mark in [*was, *(m for m in now if m not in was)]:
        if was.get(mark) != now.get(mark):
            found.append(Change("结果类别", f"{mark}类", was.get(mark, ""), now.get(mark, "")))
    return found


def _marks(classes: Iterable[ResultClass]) -> Mapping[str, str]:
    return {c.mark: class_words(c) for c in classes}


def class_words(row: ResultClass) -> str:
    """A class with its canonical meaning and what it asks for."""
    asks = []
    if row.needs_promise:
        asks.append("须有承诺和时限")
    if row.needs_reason:
        asks.append("须写明原因")
    return "，".join([f"{row.label}（统一口径：{row.get_canonical_display()}）", *asks])
