"""Who signs in, and what that person is in one congress."""

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from guardian.models import UserObjectPermissionBase

from ..tenancy import TenantModel
from .units import Unit


class UserManager(BaseUserManager):
    def create_user(self, login_name: str, password: str | None = None, **fields) -> "User":
        """A login; without a password nobody can sign in with it."""
        user = self.model(login_name=login_name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, login_name: str) -> "User":
        return self.get(login_name=login_name)


class User(AbstractBaseUser, PermissionsMixin):
    """用户: a person's login on the whole platform.

    Holds no name and no readable phone: those belong to a membership, inside a congress.
    """

    login_name = models.CharField("登录名", max_length=60, unique=True)
    mobile_index = models.CharField(
        "手机号索引", max_length=64, unique=True, null=True, blank=True, editable=False
    )
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("须修改密码", default=True)
    password_changed_at = models.DateTimeField("密码修改时间", null=True, blank=True)
    # The last passwords, hashed: none of them may come again.
    password_history = models.JSONField(default=list, editable=False)
    session_version = models.PositiveIntegerField("会话版本", default=1)

    USERNAME_FIELD = "login_name"
    objects = UserManager()

    class Meta:
        verbose_name = verbose_name_plural = "用户"

    def __str__(self):
        return self.login_name

    def remember_password(self) -> None:
        """Put the present password into the history before another one is set."""
        if self.has_usable_password():
            kept = [self.password, *self.password_history]
            self.password_history = kept[: settings.PASSWORD_HISTORY]

    @property
    def is_staff(self) -> bool:
        """The admin asks the membership instead (see admin.StaffSite)."""
        return False


class Role(models.TextChoices):
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"
    DEPUTY_AFFAIRS = "deputy_affairs", "代工委"
    COMMITTEE = "committee", "专工委"
    STREET = "street", "街道工委/镇人大"
    CHAIR = "chair", "主任会议成员"
    GOVERNMENT_OFFICE = "government_office", "政府办"
    HANDLING_UNIT = "handling_unit", "承办单位"
    STATION_LIAISON = "station_liaison", "站点联络员"
    DEPUTY = "deputy", "代表"


THREE_OFFICERS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
STAFF_ROLES = THREE_OFFICERS | {Role.DEPUTY_AFFAIRS, Role.COMMITTEE, Role.STREET, Role.CHAIR}


class Membership(TenantModel):
    """成员身份: what a person is in one congress."""

    class Step(models.TextChoices):
        CHANGE_ROLE = "change_role", "调整角色或单位"
        END = "end", "终止身份"
        RESET = "reset", "重置密码"
        UNLOCK = "unlock", "解除锁定"
        SET_MOBILE = "set_mobile", "登录手机号"
        END_SESSIONS = "end_sessions", "强制退出"
        DISABLE = "disable", "停用账号"
        ENABLE = "enable", "启用账号"
        GRANT = "grant", "单位授权"
        MAKE_TOKEN = "make_token", "创建接口密钥"

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="memberships", verbose_name="用户"
    )
    name = models.CharField("姓名", max_length=40)
    role = models.CharField("角色", max_length=20, choices=Role.choices)
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name="单位",
    )
    valid_from = models.DateField("起", null=True, blank=True)
    valid_to = models.DateField("止", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "成员"
        ordering = ["role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "user", "role"],
                condition=Q(valid_to__isnull=True),
                name="a_person_holds_a_role_once",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=["street", "handling_unit"]) | Q(unit__isnull=False),
                name="street_and_handling_members_have_a_unit",
            ),
            models.UniqueConstraint(
                fields=["congress", "user"],
                condition=Q(
                    role__in=["system_admin", "security_admin", "audit_admin"],
                    valid_to__isnull=True,
                ),
                name="the_three_officers_are_different_people",
            ),
        ]

    def __str__(self):
        return f"{self.name}（{self.get_role_display()}）"

    @property
    def is_staff_member(self) -> bool:
        return self.role in STAFF_ROLES


class UnitGrant(UserObjectPermissionBase):
    """An exception: a person may work for a unit that is not the person's own."""

    content_object = models.ForeignKey(Unit, on_delete=models.CASCADE)
    granted_at = models.DateTimeField("授权时间", auto_now_add=True, null=True)
    valid_to = models.DateField("授权至", null=True, blank=True)
    reason = models.CharField("理由", max_length=200, blank=True)

    row_rule = "EXISTS (SELECT 1 FROM congress_unit u WHERE u.id = content_object_id)"

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = verbose_name_plural = "单位授权"
