"""The figures of units: over their tasks, 主办 (独办, 分办) and 会办 apart."""

from .formula import Formula, Keys, has, when
from .pledges import kept_in_time, pledges_due
from .rows import DONE, GOOD, SIGN_WITHIN

answered, due, in_time = has("is_answered"), has("is_due"), has("is_in_time")
MAIN, JOINT = "主办、独办、分办", "会办"
main, joint = has("is_main"), has("is_joint")
replied = when(main, answered)


def _task(id: str, key: str, name: str, top_words: str, of_words: str, top: Keys, of=None, **more):
    more = {"kind": "task", "of_kind": "task", "unit": "项", "group": MAIN} | more
    return Formula(id, key, name, top_words, of_words, top, of, **more)


UNIT_FORMULAS: tuple[Formula, ...] = (
    _task("U01", "main", "主办", "独办、主办、分办的任务", "", when(main)),
    _task("U02", "answered", "办复率", "已答复的", "已答复或者期限已到的", replied,
          when(main, due)),
    _task("U03", "in_time", "按时办复率", "在法定期限（含到期前批准的延期）内送达的",
          "已答复或者期限已到的", when(main, in_time), when(main, due)),
    _task("U04", "days", "平均办理天数", "首次答复送达日减交办日的合计", "已答复的任务", replied,
          unit="天", amount=lambda t: (t.answered_on - t.assigned_on).days),
    _task("U05", "met", "面商率", "答复前与领衔代表面商、经代表确认的", "已答复的",
          when(main, has("is_met")), replied),
    _task("U06", "done", "办成率", "现在的结果为解决、采纳或者部分解决的", "已答复的",
          when(main, answered, lambda t: t.current_class.canonical in DONE),
          replied),
    _task("U07", "satisfied_first", "满意率（首次）", "第一轮满意和基本满意的", "第一轮收到反馈的",
          when(main, lambda t: t.first_value in GOOD), when(main, lambda t: bool(t.first_value))),
    _task("U08", "satisfied", "满意率（最终）", "最后一轮满意和基本满意的", "收到反馈的",
          when(main, lambda t: t.final_value in GOOD), when(main, lambda t: bool(t.final_value))),
    _task("U09", "pledges", "承诺按期兑现率", "在最初承诺的日期前落实的承诺",
          "最初承诺日期已到的承诺", lambda t: pledges_due(kept_in_time)(t) if t.is_main else (),
          lambda t: pledges_due()(t) if t.is_main else (), kind="pledge", of_kind="pledge"),
    _task("U10", "returned", "退办申请", "提出过退办申请的任务", "承办任务",
          when(has("is_counted"), lambda t: bool(t.returns)), when(has("is_counted"))),
    _task("U11", "signed", "签收率", f"交办后{SIGN_WITHIN}日内签收的", "承办任务",
          when(has("is_counted"), lambda t: t.signed_on is not None
               and (t.signed_on - t.assigned_on).days <= SIGN_WITHIN),
          when(has("is_counted"))),
    _task("U12", "overdue", "逾期未答复", "期限已过、还没有答复的", "",
          when(main, due, lambda t: not t.is_answered)),
    _task("V01", "joint", "会办", "会办的任务", "", when(joint), group=JOINT),
    _task("V02", "joint_in_time", "会办意见按时率", "在会办期限内提交意见的",
          "已提交或者期限已到的",
          when(joint, lambda t: t.opinion_on is not None and t.opinion_on <= t.legal_due_on),
          when(joint, lambda t: t.opinion_on is not None or t.legal_due_on < t.on), group=JOINT),
    _task("V03", "joint_sent_back", "会办意见被退回", "意见被主办单位退回过的", "会办的任务",
          when(joint, lambda t: t.opinions_sent_back > 0), when(joint), group=JOINT),
    _task("V04", "joint_satisfied", "会办满意率（最终）", "最后一轮满意和基本满意的",
          "收到反馈的", when(joint, lambda t: t.final_value in GOOD),
          when(joint, lambda t: bool(t.final_value)), group=JOINT),
)  # fmt: skip
