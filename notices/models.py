"""Messages to members: written in the transaction of what they tell, carried outside afterwards."""

import datetime as dt
import uuid

from django.db import models
from django.db.models import F, Q

from congress.crypto import EncryptedTextField
from congress.models import Membership
from congress.tenancy import TenantModel

from .rules import Window


class Way(models.TextChoices):
    """How a message goes outside; in the app it always is."""

    MAIL = "mail", "邮件"
    SMS = "sms", "短信"


class Notice(TenantModel):
    """One message to one member, in the app; never changed but for being read."""

    to = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="notices", verbose_name="收件人"
    )
    template = models.CharField(max_length=80)
    title = models.CharField("标题", max_length=120)
    body = models.TextField("内容")
    link = models.CharField("链接", max_length=300, blank=True)
    created_at = models.DateTimeField("时间", auto_now_add=True)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
    dedupe_key = models.CharField(max_length=120, blank=True)
    # The same words to several people: one batch; whoever of a unit reads, has read for it.
    batch = models.UUIDField(null=True, editable=False)
    is_urgent = models.BooleanField("加急", default=False)
    outside = models.CharField("对外文字", max_length=60, blank=True)
    routed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "to", "dedupe_key"],
                condition=~models.Q(dedupe_key=""),
                name="a_notice_is_sent_once_per_key",
            ),
        ]
        indexes = [
            models.Index(
                fields=["to"], name="unread_notices", condition=models.Q(read_at__isnull=True)
            ),
            models.Index(
                fields=["congress"],
                name="unrouted_notices",
                condition=models.Q(routed_at__isnull=True),
            ),
            models.Index(
                fields=["congress", "created_at"],
                name="unread_notices_by_time",
                condition=models.Q(read_at__isnull=True),
            ),
            models.Index(fields=["batch"], name="notices_of_a_batch"),
        ]

    def __str__(self):
        return self.title


class Channel(TenantModel):
    """消息通道: how this congress's messages go out as mail or SMS, and when."""

    class Mode(models.TextChoices):
        OFF = "off", "停用"
        TRIAL = "trial", "试运行（只记录，不发出）"
        ON = "on", "启用"

    class Rhythm(models.TextChoices):
        EACH = "each", "随时发送"
        DAILY = "daily", "每天汇总一次"

    class Security(models.TextChoices):
        SSL = "ssl", "SSL/TLS（端口多为 465）"
        STARTTLS = "starttls", "STARTTLS（端口多为 587）"
        NONE = "none", "不加密（仅限内网服务器）"

    class Method(models.TextChoices):
        POST = "POST", "POST"
        GET = "GET", "GET"

    class Body(models.TextChoices):
        JSON = "json", "JSON"
        FORM = "form", "表单（key=value&…）"

    kind = models.CharField("通道", max_length=8, choices=Way.choices)
    mode = models.CharField("状态", max_length=8, choices=Mode.choices, default=Mode.OFF)
    per_day = models.PositiveIntegerField("每日上限（条）", default=500)
    opens = models.TimeField("最早时间", default=dt.time(8, 0))
    closes = models.TimeField("最晚时间", default=dt.time(20, 0))
    on_rest_days = models.BooleanField("休息日也发送", default=False)
    rhythm = models.CharField("节奏", max_length=8, choices=Rhythm.choices, default=Rhythm.EACH)
    daily_at = models.TimeField("汇总时间", default=dt.time(9, 0))
    timeout = models.PositiveSmallIntegerField("超时（秒）", default=10)
    # Mail
    host = models.CharField("服务器", max_length=120, blank=True)
    port = models.PositiveIntegerField("端口", default=465)
    security = models.CharField(
        "加密方式", max_length=10, choices=Security.choices, default=Security.SSL
    )
    username = models.CharField("账号", max_length=120, blank=True)
    sender = models.EmailField("发件地址", max_length=120, blank=True)
    # SMS
    url = models.CharField("接口网址", max_length=300, blank=True)
    method = models.CharField("方法", max_length=4, choices=Method.choices, default=Method.POST)
    body_kind = models.CharField("内容格式", max_length=4, choices=Body.choices, default=Body.JSON)
    headers = models.TextField("请求头", max_length=1000, blank=True)
    body = models.TextField("请求内容", max_length=4000, blank=True)
    accepted = models.CharField("成功标志", max_length=80, blank=True)
    # The password of the mailbox, or the gateway's key.
    secret = EncryptedTextField("密码或密钥", blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "消息通道"
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "kind"], name="a_congress_has_one_channel_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(opens__lt=F("closes")), name="a_channel_opens_before_it_closes"
            ),
            models.CheckConstraint(
                condition=Q(timeout__gte=1, timeout__lte=30),
                name="a_channel_waits_one_to_thirty_seconds",
            ),
        ]

    def __str__(self):
        return self.get_kind_display()

    @property
    def window(self) -> Window:
        daily = self.daily_at if self.rhythm == self.Rhythm.DAILY else None
        return Window(self.opens, self.closes, self.on_rest_days, daily)

    @property
    def is_ready(self) -> bool:
        """Whether it knows where to send to."""
        return (
            bool(self.url and self.body)
            if self.kind == Way.SMS
            else bool(self.host and self.sender)
        )


class Preference(TenantModel):
    """By which ways a member wants to hear, and where."""

    member = models.OneToOneField(
        Membership, on_delete=models.CASCADE, related_name="notice_preference", verbose_name="成员"
    )
    wants_sms = models.BooleanField("短信", default=True)
    wants_mail = models.BooleanField("邮件", default=True)
    phone = EncryptedTextField("手机号", blank=True, default="")
    mail = EncryptedTextField("邮箱", blank=True, default="")
    mail_verified_at = models.DateTimeField("邮箱验证时间", null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "接收方式"

    def __str__(self):
        return str(self.member)


class Delivery(TenantModel):
    """One message by one way outside; its row is the truth, the wire only carries it."""

    class State(models.TextChoices):
        WAITING = "waiting", "待发送"
        SENDING = "sending", "发送中"
        SENT = "sent", "已发送"
        TRIAL = "trial", "试运行，未发出"
        FAILED = "failed", "发送失败"
        DROPPED = "dropped", "不再发送"

    class Purpose(models.TextChoices):
        NOTICE = "notice", "消息"
        TEST = "test", "测试"
        VERIFY = "verify", "邮箱验证"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    notice = models.ForeignKey(
        Notice, on_delete=models.CASCADE, null=True, related_name="deliveries", verbose_name="消息"
    )
    to = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="deliveries", verbose_name="收件人"
    )
    way = models.CharField("通道", max_length=8, choices=Way.choices)
    purpose = models.CharField(
        "用途", max_length=8, choices=Purpose.choices, default=Purpose.NOTICE
    )
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.WAITING)
    # Several messages to a person that are due together go as one: the first of them carries it.
    carried_by = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, related_name="carries", verbose_name="合并到"
    )
    text = models.CharField("文字", max_length=200, blank=True)
    link = models.CharField("链接", max_length=300, blank=True)
    address = EncryptedTextField("指定地址", blank=True, default="")  # tests, verification
    shown_to = models.CharField("发往", max_length=80, blank=True)  # masked
    is_urgent = models.BooleanField("加急", default=False)
    created_at = models.DateTimeField("时间", auto_now_add=True)
    due_at = models.DateTimeField("下次发送")
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    tries = models.PositiveSmallIntegerField("次数", default=0)
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "发送记录"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "notice", "way"],
                condition=Q(notice__isnull=False),
                name="a_notice_goes_out_once_by_each_way",
            ),
            models.CheckConstraint(
                condition=~Q(purpose="notice") | Q(notice__isnull=False),
                name="a_delivered_message_has_its_notice",
            ),
        ]
        indexes = [
            models.Index(
                fields=["congress", "due_at"],
                name="open_deliveries",
                condition=Q(state__in=["waiting", "sending"]),
            ),
            models.Index(fields=["congress", "way", "sent_at"], name="deliveries_of_a_day"),
        ]

    def __str__(self):
        return f"{self.get_way_display()}：{self.text}"


class Call(TenantModel):
    """电话通知: somebody called a member who had not read what was sent."""

    class Result(models.TextChoices):
        TOLD = "told", "已告知本人"
        LEFT_WORD = "left_word", "已请人转告"
        NO_ANSWER = "no_answer", "无人接听"
        WRONG_NUMBER = "wrong_number", "号码有误"

    member = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="calls", verbose_name="成员"
    )
    result = models.CharField("结果", max_length=12, choices=Result.choices)
    note = models.CharField("说明", max_length=200, blank=True)
    up_to = models.ForeignKey(
        Notice, on_delete=models.CASCADE, related_name="+", verbose_name="最后一条消息"
    )
    by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", verbose_name="通知人"
    )
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "电话通知"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["member", "up_to"], name="calls_of_a_member")]

    def __str__(self):
        return f"{self.member.name}：{self.get_result_display()}"
