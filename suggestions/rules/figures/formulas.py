"""The figures of suggestions, each defined once: an id, words for numerator and denominator, and
which rows are in them. 办复, 办结 and 解决 are three figures, never one.
"""

from collections.abc import Callable

from .formula import Formula, Keys, has, when
from .items import Item
from .pledges import kept_in_time, pledges_due
from .rows import GOOD, SIGN_WITHIN
from .tasks import Task


def _each(rows: str, test: Callable = lambda row: True) -> Keys:
    """The keys of what hangs on a row, where the test holds."""
    return lambda row: tuple(x.pk for x in getattr(row, rows) if test(x))


base, handled, answered, due = has("is_base"), has("is_handled"), has("is_answered"), has("is_due")
between, closed, in_time = has("is_between"), has("is_closed"), has("is_in_time")


def _assigned_due(i: Item) -> bool:
    if not i.is_between or i.assign_due_on is None:
        return False
    return i.assigned_on is not None or i.assign_due_on < i.on


def _returns(i: Item) -> tuple[int, ...]:
    return tuple(r.pk for t in i.counted for r in t.returns)


def _requests(test: Callable) -> Keys:
    return lambda i: tuple(r.pk for t in i.counted for r in t.returns if test(r))


def _before(name: str) -> Callable[[Item], bool]:
    """Answered by every unit that had such a date, and by that date."""
    return lambda i: all(
        t.answered_on <= getattr(t, name) for t in i.main if getattr(t, name) is not None
    )


def _dated(name: str) -> Callable[[Item], bool]:
    return lambda i: i.is_answered and any(getattr(t, name) is not None for t in i.main)


def _opinions(test: Callable[[Task], bool]) -> Keys:
    return lambda i: tuple(
        t.pk for t in i.joint if (t.opinion_on is not None or t.legal_due_on < t.on) and test(t)
    )


INTAKE = "提出和受理"
ASSIGNING = "交办"
REPLYING = "答复"
RESULTS = "办理结果"
JUDGING = "代表评价"
AFTER = "公开和督办"


FORMULAS: tuple[Formula, ...] = (
    # -- 提出和受理
    Formula("F01", "submitted", "收到", "提交的建议", "", when(has("is_submitted")), group=INTAKE),
    Formula("F02", "waiting", "审查中", "提交后尚未登记的建议", "",
            when(has("is_submitted"), lambda i: not i.is_registered
                 and i.state not in ("withdrawn", "not_accepted")), group=INTAKE),
    Formula("F03", "not_accepted", "不作为建议处理", "有法定理由、不作为建议处理的", "",
            when(has("is_submitted"), lambda i: i.state == "not_accepted"), group=INTAKE),
    Formula("F04", "withdrawn_before", "交办前撤回", "交办前撤回的", "",
            when(has("is_submitted"), has("is_withdrawn_before")), group=INTAKE),
    Formula("F05", "secret", "涉密留号", "涉密、只留编号的", "",
            when(has("is_submitted"), has("is_registered"), has("is_secret"),
                 lambda i: not i.is_withdrawn_before), group=INTAKE),
    Formula("F06", "registered", "登记", "已登记且交办前没有撤回的建议", "", when(base),
            group=INTAKE),
    Formula("F07", "withdrawn_after", "办理中撤回", "交办后撤回的", "",
            when(has("is_withdrawn_after")), group=INTAKE),
    Formula("F08", "terminated", "终止办理", "交办后终止办理的", "", when(has("is_terminated")),
            group=INTAKE),
    Formula("F09", "handled", "应办", "登记件减去办理中撤回和终止办理的", "", when(handled),
            group=INTAKE),
    Formula("F10", "sitting", "会议期间提出", "登记件中会议期间提出的", "",
            when(base, lambda i: i.raised_in == "sitting"), group=INTAKE),
    Formula("F11", "between", "闭会期间提出", "登记件中闭会期间提出的", "", when(between),
            group=INTAKE),
    Formula("F12", "joint", "联名提出", "两人以上签名的", "登记件", when(has("is_joint")),
            when(base), group=INTAKE),
    Formula("F13", "delegations", "代表团提出", "以代表团名义提出的", "登记件",
            when(base, has("is_delegations")), when(base), group=INTAKE),
    Formula("F14", "repeated", "重复建议率", "与往年建议有关联的", "登记件",
            when(base, has("is_repeated")), when(base), group=INTAKE),
    Formula("F15", "merged", "并案办理", "并案办理中的（各件分别计数）", "登记件",
            when(base, has("is_merged")), when(base), group=INTAKE),
    # -- 交办
    Formula("F20", "assigned", "交办率", "已交办的", "应办件",
            when(handled, lambda i: i.assigned_on is not None), when(handled), group=ASSIGNING),
    Formula("F21", "assigned_in_time", "及时交办率（闭会件）", "在规定的工作日内交办的",
            "闭会期间提出、已交办或者交办期限已过的",
            when(handled, _assigned_due,
                 lambda i: i.assigned_on is not None and i.assigned_on <= i.assign_due_on),
            when(handled, _assigned_due), group=ASSIGNING),
    Formula("F22", "tasks", "承办任务", "各单位的承办任务（含会办和已退办的，一件可有多项）", "",
            _each("counted"), kind="task", unit="项", group=ASSIGNING),
    Formula("F23", "signed", "签收率", f"交办后{SIGN_WITHIN}日内签收的任务", "承办任务",
            _each("counted", lambda t: t.signed_on is not None
                  and (t.signed_on - t.assigned_on).days <= SIGN_WITHIN),
            _each("counted"), kind="task", of_kind="task", unit="项", group=ASSIGNING),
    Formula("F24", "returns", "退办率", "退办申请", "承办任务", _returns, _each("counted"),
            kind="return", of_kind="task", unit="件次", group=ASSIGNING),
    Formula("F25", "returns_accepted", "退办成功率", "同意的退办申请", "退办申请",
            _requests(lambda r: r.accepted is True), _returns, kind="return", of_kind="return",
            unit="件次", group=ASSIGNING),
    # -- 答复
    Formula("F30", "answered", "办复率", "承办单位均已答复的", "已答复或者期限已到的",
            when(answered), when(due), group=REPLYING,
            note="没有到期、还没有答复的不计入分母。"),
    Formula("F31", "answered_of_all", "办复占应办", "承办单位均已答复的", "应办件",
            when(answered), when(handled), group=REPLYING),
    Formula("F32", "in_time", "按时办复率", "在法定期限（含到期前批准的延期）内送达的",
            "已答复或者期限已到的", when(in_time), when(due), group=REPLYING,
            note="以最后一位应送达代表的送达日期为准；期限过后批准的延期不算。"),
    Formula("F33", "in_batch", "按批次要求办复率", "在交办批次统一要求的日期前送达的",
            "已答复且有批次要求的", when(_dated("batch_due_on"), _before("batch_due_on")),
            when(_dated("batch_due_on")), group=REPLYING),
    Formula("F34", "in_house", "按内控期限办复率", "在本级内控期限前送达的", "已答复且有内控期限的",
            when(_dated("internal_due_on"), _before("internal_due_on")),
            when(_dated("internal_due_on")), group=REPLYING),
    Formula("F35", "extended", "批准延期", "到期前批准延期的", "应办件",
            when(handled, lambda i: any(t.is_extended for t in i.main)), when(handled),
            group=REPLYING),
    Formula("F36", "overdue", "逾期未答复", "期限已过、还没有答复的", "",
            when(has("is_overdue")), group=REPLYING),
    Formula("F37", "days", "平均办理天数", "首次答复送达日减交办日的合计", "已答复件",
            when(answered), unit="天", amount=lambda i: i.days, group=REPLYING),
    Formula("F38", "met", "面商率", "答复前与领衔代表面谈或者现场沟通、经代表确认的", "已答复件",
            when(has("is_met")), when(answered), group=REPLYING, note="电话、视频、邮件不算面商。"),
    Formula("F39", "three_talks", "三个环节沟通率", "办前、办中、办后都有沟通记录的", "已答复件",
            when(has("has_three_talks")), when(answered), group=REPLYING),
    Formula("F40", "opinions", "会办意见按时率", "在会办期限内提交意见的会办任务",
            "已提交或者期限已到的会办任务",
            _opinions(lambda t: t.opinion_on is not None and t.opinion_on <= t.legal_due_on),
            _opinions(lambda t: True), kind="task", of_kind="task", unit="项", group=REPLYING),
    # -- 办理结果
    Formula("F50", "closed", "办结率", "状态为办结（含归档）的", "应办件", when(closed),
            when(handled), group=RESULTS, note="办结是办理程序结束，不等于问题解决。"),
    Formula("F51", "solved", "解决率", "现在的结果为已经解决或者采纳的", "应办件",
            when(has("is_solved")), when(handled), group=RESULTS),
    Formula("F52", "closed_by_rule", "办结率（本级口径）", "按本级办理规则算作办结的", "应办件",
            when(handled, has("is_closed_by_rule")), when(handled), group=RESULTS),
    Formula("F53", "done", "办成率（解决采纳率）", "现在的结果为解决、采纳或者部分解决的",
            "已答复件", when(has("is_done")), when(answered), group=RESULTS),
    Formula("F54", "carried_out", "落实率", "已经解决，或者承诺都已落实、都在期限内推进的",
            "已答复件", when(answered, has("is_carried_out")), when(answered), group=RESULTS),
    Formula("F55", "pledges_in_time", "承诺按期兑现率", "在最初承诺的日期前落实的承诺",
            "最初承诺日期已到的承诺", pledges_due(kept_in_time), pledges_due(), kind="pledge",
            of_kind="pledge", unit="项", group=RESULTS, note="日期调整过的，仍按最初的日期算。"),
    Formula("F56", "pledges_kept", "承诺兑现率", "其中到现在已落实的承诺", "最初承诺日期已到的承诺",
            pledges_due(lambda p: p.state == "kept"), pledges_due(), kind="pledge",
            of_kind="pledge", unit="项", group=RESULTS),
    Formula("F57", "class_contested", "代表不认可结果类别", "有代表表示不认可结果类别的",
            "收到反馈的",
            when(answered, lambda i: any(w.is_counted and w.contests_class for w in i.words)),
            when(answered, lambda i: any(w.is_counted for w in i.words)), group=RESULTS),
    # -- 代表评价
    Formula("F60", "received", "反馈率", "收到的反馈（份）", "应收的反馈（份）",
            _each("words", has("is_counted")), _each("words"), kind="word", of_kind="word",
            unit="份", group=JUDGING, note="主办、独办、分办单位，各轮次合计；会办另计。"),
    Formula("F61", "satisfied", "满意率（最终）", "最后一轮满意和基本满意的", "收到反馈的件",
            when(lambda i: i.final_value in GOOD), when(lambda i: bool(i.final_value)),
            group=JUDGING, note="没有反馈的不计入，不视为满意。"),
    Formula("F62", "satisfied_first", "满意率（首次）", "第一轮满意和基本满意的",
            "第一轮收到反馈的件", when(lambda i: i.first_value in GOOD),
            when(lambda i: bool(i.first_value)), group=JUDGING,
            note="重办后的评价不改变首次的评价。"),
    Formula("F63", "only_satisfied", "满意率（不含基本满意）", "最后一轮满意的", "收到反馈的件",
            when(lambda i: i.final_value == "satisfied"), when(lambda i: bool(i.final_value)),
            group=JUDGING),
    Formula("F64", "satisfied_of_answered", "满意占已答复", "最后一轮满意和基本满意的", "已答复件",
            when(answered, lambda i: i.final_value in GOOD), when(answered), group=JUDGING),
    Formula("F65", "unsatisfied_first", "首次不满意", "第一轮不满意的", "第一轮收到反馈的件",
            when(lambda i: i.first_value == "unsatisfied"), when(lambda i: bool(i.first_value)),
            group=JUDGING),
    Formula("F66", "unsatisfied", "最终不满意", "最后一轮不满意的", "收到反馈的件",
            when(lambda i: i.final_value == "unsatisfied"), when(lambda i: bool(i.final_value)),
            group=JUDGING),
    Formula("F67", "rehandled", "重办率", "重新办理的", "已答复件",
            when(answered, has("was_rehandled")), when(answered), group=JUDGING),
    Formula("F68", "rehandled_satisfied", "重办转满意率", "首次不满意、重办后满意或者基本满意的",
            "首次不满意且重办的",
            when(has("was_rehandled"), lambda i: i.first_value == "unsatisfied",
                 lambda i: i.final_value in GOOD),
            when(has("was_rehandled"), lambda i: i.first_value == "unsatisfied"), group=JUDGING),
    Formula("F69", "explained", "说明后办结", "研判认为答复适当、向代表说明后办结的", "",
            when(handled, has("is_explained")), group=JUDGING,
            note="评价仍按不满意统计。"),
    # -- 公开和督办
    Formula("F70", "published", "公开率", "答复已公开（全文或者摘要）的", "已答复件",
            when(answered, has("is_published")), when(answered), group=AFTER),
    Formula("F71", "published_of_due", "应公开公开率", "答复已公开的", "已答复件减去依法不公开的",
            when(answered, has("is_published")),
            when(answered, lambda i: i.is_published or not i.is_lawfully_closed), group=AFTER),
    Formula("F72", "key", "重点督办", "主任会议决定重点督办的", "", when(base, has("is_key")),
            group=AFTER),
    Formula("F73", "key_closed", "重点督办办结率", "重点督办件中已办结的", "应办的重点督办件",
            when(closed, has("is_key")), when(handled, has("is_key")), group=AFTER),
)  # fmt: skip
