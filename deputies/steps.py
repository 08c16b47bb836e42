"""The log's words for the registry's steps."""

LABELS = {
    "deputies.add": "登记代表",
    "deputies.correct": "更正代表资料",
    "deputies.by_elect": "补选代表",
    "deputies.resign": "接受代表辞职",
    "deputies.terminate": "代表资格终止",
    "deputies.suspend": "暂停执行代表职务",
    "deputies.resume": "恢复执行代表职务",
    "deputies.move": "调整选区、代表团或街道",
    "deputies.reveal": "查看隐藏信息",
    "deputies.export": "导出代表名单",
    "deputies.upload_roster": "上传名册",
    "deputies.confirm_roster": "确认导入名册",
    "deputies.undo_roster": "撤销名册导入",
    "deputies.open_login": "开通代表登录",
}
