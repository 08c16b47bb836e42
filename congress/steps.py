"""The log's words for the kernel's steps."""

LABELS = {
    "congress.add": "新增",
    "congress.change": "修改",
    "congress.delete": "删除",
    "congress.refuse": "拒绝操作",
    "congress.create": "建立人大",
}
