"""消息通道: setting one up and trying it."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership
from congress.tenancy import current_congress

from .. import access, outgoing
from ..models import Channel, Delivery, Way
from ..rules import read_headers, unknown_places

SHOWN = {
    "mode": "状态", "per_day": "每日上限", "opens": "最早时间", "closes": "最晚时间",
    "on_rest_days": "休息日也发送", "rhythm": "节奏", "daily_at": "汇总时间", "timeout": "超时",
    "host": "服务器", "port": "端口", "security": "加密方式", "username": "账号",
    "sender": "发件地址", "url": "接口网址", "method": "方法", "body_kind": "内容格式",
    "headers": "请求头", "body": "请求内容", "accepted": "成功标志",
}  # fmt: skip


@transaction.atomic
def save_channel(kind: str, *, by: Membership, secret: str = "", **values: Any) -> Channel:
    """Set a channel up. An empty `secret` keeps the one that is there; it is never shown or
    logged. Refused where it would reach into our own network."""
    access.require_keeper(by)
    row = Channel.objects.select_for_update().filter(kind=kind).first()
    if row is None:
        Channel.objects.get_or_create(congress=current_congress(), kind=kind)
        row = Channel.objects.select_for_update().get(kind=kind)
    before = {name: getattr(row, name) for name in SHOWN}
    moved = _target(row)
    for name in set(values) & set(SHOWN):
        setattr(row, name, values[name])
    if secret:
        row.secret = secret
    elif row.secret and _target(row) != moved:
        # Whoever names another server must not be handed the secret of the first.
        raise NotAllowed("服务器或网址有改动，请重新填写密码或密钥")
    faults = channel_faults(row)
    if row.mode == Channel.Mode.ON and not row.is_ready:
        missing = "服务器和发件地址" if kind == Way.MAIL else "接口网址和请求内容"
        faults.append(f"启用前请先填写{missing}")
    if faults:
        raise NotAllowed("；".join(faults))
    row.save()
    changed = [name for name in SHOWN if before[name] != getattr(row, name)]
    after = {SHOWN[n]: str(getattr(row, n)) for n in changed}
    if secret:
        after["密码或密钥"] = "已更换"
    audit.record(
        by, "notices.save_channel", row,
        before={SHOWN[n]: str(before[n]) for n in changed}, after=after,
    )  # fmt: skip
    return row


def _target(row: Channel) -> tuple:
    return (row.host, row.port, row.security, row.username) if row.kind == Way.MAIL else (row.url,)


def channel_faults(row: Channel) -> list[str]:
    """What is wrong with a channel's values, in sentences; asks no network."""
    faults = []
    if row.opens >= row.closes:
        faults.append("最晚时间应当晚于最早时间")
    if row.kind == Way.MAIL:
        if row.host:
            faults += outgoing.host_faults(row.host)
        if row.security == Channel.Security.NONE and row.host and not outgoing.is_trusted(row.host):
            faults.append("只有运维人员放行的内网邮件服务器可以不加密")
    else:
        if row.url:
            faults += outgoing.url_faults(row.url.replace("{{", "").replace("}}", ""))
        faults += read_headers(row.headers)[1]
        for name in {*unknown_places(row.body), *unknown_places(row.url)}:
            faults.append(f"不认识占位符 {{{{{name}}}}}")
    return faults


@transaction.atomic
def test_channel(kind: str, *, by: Membership, address: str) -> Delivery:
    """Send one test message to an address, whatever the channel's mode; gives its row, which
    tells how it went."""
    access.require_keeper(by)
    row = access.channel(kind)
    if not row.is_ready:
        raise NotAllowed("请先填写并保存通道设置，再发送测试消息")
    delivery = Delivery.objects.create(
        to=by, way=kind, purpose=Delivery.Purpose.TEST, address=address.strip(), is_urgent=True,
        text="这是一条测试消息", due_at=timezone.now(),
    )  # fmt: skip
    audit.record(by, "notices.test_channel", row)
    return delivery
