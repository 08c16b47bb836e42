"""Signing in: by login name or mobile number, with a second factor, slowed down after failures.

django-allauth leads through the pages, django-axes counts failures, both by what stands here.
"""

import unicodedata
from datetime import timedelta

from allauth.account import forms as account_forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.signals import password_changed
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.password_validation import password_validators_help_texts
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from . import actions, audit, crypto, lockout, sessions
from .access import memberships_in_force
from .actions.accounts import MOBILE
from .actions.sessions import end_sessions_of
from .models import STAFF_ROLES, LogEntry, Membership, User

WRONG = "登录名（手机号）或密码不对，请核对后再试。"
TOO_MANY = "登录失败次数过多，请 15 分钟后再试。忘记密码的，请联系本级人大重新设置。"
JUST_NOW = timedelta(minutes=5)
ADDRESS_LIMIT = 50  # failures from one address within 15 minutes; an office shares one


# -- Who is it ---------------------------------------------------------------------------------


def find_user(login: str) -> User | None:
    """The person of a login name or of a mobile number, in whatever width it was typed."""
    name = _plain(login)
    if MOBILE.fullmatch(name):
        return User.objects.filter(mobile_index=crypto.blind_index(name)).first()
    return User.objects.filter(login_name=name).first()


def account_key(request: HttpRequest | None, credentials: dict | None) -> str:
    """Under which name failures are counted: one for the login name and the mobile number of a
    person, and for an unknown account just the same, so that the answer tells nothing."""
    values = credentials or (request.POST if request else {})
    typed = next((values[k] for k in ("username", "login", "login_name") if values.get(k)), "")
    user = find_user(typed)
    if user:
        return user.login_name
    name = _plain(typed)
    return f"m:{crypto.blind_index(name)[:40]}" if MOBILE.fullmatch(name) else name[:200]


def _plain(login: str) -> str:
    text = unicodedata.normalize("NFKC", login or "").strip().lower().replace("\0", "")
    return text.replace(" ", "").removeprefix("+86")


class AccountBackend(ModelBackend):
    """By login name or mobile number; takes as long for an unknown person as for a known one."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        if not username or not password:
            return None
        user = find_user(username)
        if user is None:
            User().set_password(password)
        elif user.check_password(password) and self.user_can_authenticate(user):
            return user
        return None


# -- The forms of django-allauth ---------------------------------------------------------------


class LoginForm(account_forms.LoginForm):
    """Login name or mobile number, and password; only for members of the host's congress."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label="登录名或手机号",
            max_length=60,
            widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        )
        self.fields["password"].label = "密码"
        self.fields["password"].max_length = 256
        self.fields["password"].help_text = ""
        self.order_fields(["login", "password"])

    def clean(self):
        if lockout.address_failures(self.request) >= ADDRESS_LIMIT:
            self.request.axes_locked_out = True
            raise forms.ValidationError(TOO_MANY)
        cleaned = super().clean()
        if self.user and not memberships_in_force(self.user):
            raise forms.ValidationError("您在本级人大没有有效的身份，请联系本级人大，或核对网址。")
        return cleaned


class ChangePasswordForm(account_forms.ChangePasswordForm):
    """A wrong present password counts as a failed sign-in."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in (
            ("oldpassword", "现在的密码"),
            ("password1", "新密码"),
            ("password2", "再输入一次新密码"),
        ):
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)
            self.fields[name].max_length = 256
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].help_text = password_hint()

    def clean_oldpassword(self):
        request = _request()
        given = self.cleaned_data.get("oldpassword", "")
        if authenticate(request, username=self.user.login_name, password=given) != self.user:
            raise forms.ValidationError("现在的密码不对。")
        return given

    def save(self):
        member = getattr(_request(), "member", None)
        fresh = actions.change_own_password(self.user, self.cleaned_data["password1"], by=member)
        self.user.session_version = fresh.session_version


class _CountedCode:
    """A wrong code counts as a failed sign-in, so that codes cannot be tried out."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _name_code(self.fields["code"])

    def clean_code(self):
        if lockout.locked([self.user.login_name]):
            raise forms.ValidationError(TOO_MANY)
        try:
            return super().clean_code()
        except forms.ValidationError:
            user_login_failed.send(
                __name__, credentials={"username": self.user.login_name}, request=_request()
            )
            raise


class FirstCodeForm(ActivateTOTPForm):
    """The code that shows a new authenticator works."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _name_code(self.fields["code"])


def _name_code(field: forms.Field) -> None:
    field.label = "验证码"
    field.widget.attrs.pop("placeholder", None)


class SecondFactorForm(_CountedCode, AuthenticateForm):
    """The second step of signing in."""


class SecondFactorAgainForm(_CountedCode, ReauthenticateForm):
    """Before a step that concerns the account's safety."""


def _request() -> HttpRequest:
    return context.request


def password_hint() -> str:
    """What a new password must be, in one line."""
    return "".join(password_validators_help_texts())


class AccountAdapter(DefaultAccountAdapter):
    """Our words, our limits, no sign-up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG,
        "incorrect_password": "密码不对。",
        "incorrect_code": "验证码不对，请输入现在显示的 6 位数字。",
        "rate_limited": TOO_MANY,
        "too_many_login_attempts": TOO_MANY,
    }

    def is_open_for_signup(self, request):
        return False

    def is_safe_url(self, url):
        request = _request()
        return url_has_allowed_host_and_scheme(
            url, {request.get_host()}, require_https=request.is_secure()
        )

    def is_reauthentication_required(self, *, app, **kwargs):
        """Whoever signed in just now has shown the password already."""
        began = _request().session.get("signed_in_at", 0)
        return timezone.now().timestamp() - began > JUST_NOW.total_seconds()

    def get_password_change_redirect_url(self, request):
        return reverse("first_screen")

    def get_logout_redirect_url(self, request):
        return "/"

    def get_client_ip(self, request):
        return request.META.get("REMOTE_ADDR", "")


class MfaAdapter(DefaultMFAAdapter):
    """Secrets of authenticators are encrypted; who must have one cannot give it up."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "验证码不对，请输入现在显示的 6 位数字。",
        "cannot_delete_authenticator": "按规定您的账号须用动态验证码，不能停用。",
    }

    def encrypt(self, text):
        return crypto.encrypt(text, "mfa")

    def decrypt(self, encrypted_text):
        return crypto.decrypt(encrypted_text, "mfa")

    def get_totp_issuer(self):
        congress = getattr(_request(), "congress", None)
        return congress.short_name if congress else "人大代表工作平台"

    def can_delete_authenticator(self, authenticator):
        member = getattr(_request(), "member", None)
        return not (
            settings.STAFF_TOTP == "required"
            and member is not None
            and member.role in STAFF_ROLES
            and authenticator.type == Authenticator.Type.TOTP
        )


def locked_out(request: HttpRequest, response: HttpResponse, credentials: dict) -> HttpResponse:
    """The page after too many failures: the same whether the account exists or not."""
    return render(request, "429.html", {"sentence": TOO_MANY}, status=429)


# -- What is noted -----------------------------------------------------------------------------


def _here(request: HttpRequest | None) -> bool:
    return getattr(request, "congress", None) is not None


def _member(user: User | None) -> Membership | None:
    found = memberships_in_force(user) if user else []
    return found[0] if found else None


@receiver(user_logged_in)
def on_sign_in(sender, request, user, **kwargs):
    """A new session knows when it began; the log knows who came."""
    sessions.begin(request, user)
    has_totp = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    request.session["second_factor"] = has_totp
    if _here(request):
        audit.record(_member(user), "congress.sign_in")


@receiver(user_logged_out)
def on_sign_out(sender, request, user, **kwargs):
    if _here(request) and user and request.member:
        audit.record(request.member, "congress.sign_out", note=getattr(request, "ended", ""))


@receiver(user_login_failed)
def on_failure(sender, credentials, request=None, **kwargs):
    """A failed attempt: against whom, never what was typed (a password may stand there)."""
    if _here(request):
        user = find_user(credentials.get("username") or "")
        member = _member(user)
        locked = getattr(request, "axes_locked_out", False)
        audit.record(
            None,
            "congress.sign_in_failed",
            member,
            outcome=LogEntry.Outcome.REFUSED,
            note="账号已锁定" if locked else "" if member else "不是本级人大的账号",
        )


@receiver(password_changed)
def on_password_change(sender, request, user, **kwargs):
    """The session in which the password was changed goes on."""
    sessions.begin(request, user)
    messages.success(request, "密码已修改，其他设备上的登录已经退出。")


def on_second_factor(request: HttpRequest) -> None:
    """After a visit to the pages that open or close it: the session and the log follow.

    (django-allauth's own signals come after the transaction, when no congress is open.)
    """
    has_totp = Authenticator.objects.filter(user=request.user, type="totp").exists()
    if has_totp == request.session.get("second_factor"):
        return
    if has_totp:
        end_sessions_of(request.user)  # those opened without it
        sessions.begin(request, request.user)
    request.session["second_factor"] = has_totp
    step = "congress.second_factor_on" if has_totp else "congress.second_factor_off"
    audit.record(request.member, step)
