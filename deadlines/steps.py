"""The log's words for the steps of time limits."""

LABELS = {
    "deadlines.extend": "延长时限",
    "deadlines.recompute": "按新的节假日安排重算时限",
    "deadlines.save_plan": "设置提醒规则",
    "deadlines.set_posts": "设置单位岗位",
    "deadlines.export": "导出时限",
}
