"""The log's words for the steps of messages."""

LABELS = {
    "notices.save_channel": "设置消息通道",
    "notices.test_channel": "测试消息通道",
    "notices.retry": "重新发送",
    "notices.drop": "停止发送",
    "notices.export": "导出发送记录",
    "notices.choose_ways": "设置接收方式",
    "notices.confirm_mail": "验证接收邮箱",
    "notices.reveal_phone": "查看电话号码",
    "notices.call": "电话通知",
}
