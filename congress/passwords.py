"""Rules for passwords, by the deployment's profile, on every path.

等保 (GB/T 22239-2019, 8.1.4.1): at least 10 characters of three classes, changed within 90 days,
none of the last five. ASVS 5.0 (6.2): at least 12 characters, none that is widely known, no
forced change by age; the last five are refused there too.
"""

import re
import secrets
import unicodedata
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils import timezone

from .models import User

LENGTHS = {"dengbao": 10, "asvs": 12}
LONGEST = 128
MAX_AGE = timedelta(days=90)  # 等保 only
CLASSES = (r"[a-z]", r"[A-Z]", r"\d", r"[^A-Za-z0-9]")
# Without letters and digits that are mistaken for each other when copied from paper.
ALPHABETS = ("abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789")
# What is guessed first here, besides the list of widely known passwords that comes with Django.
KNOWN_HERE = (
    "woaini iloveyou 5201314 1314520 woaizhongguo renda renminrendabiao rendabiao daibiao "
    "renmindaibiao zhongguo china admin administrator password passw0rd qwerty qwertyuiop asdfgh "
    "zxcvbn 1qaz2wsx qazwsx abc abcd abcdef aa123456 a123456 woaini1314 zhangwei wangwei lilei "
    "gongzuo mima shouji welcome letmein login user test guest root system gov zhengfu"
).split()


def one_time() -> str:
    """A random password that satisfies every profile, easy to read aloud and to copy: four groups
    of four, as Km7p-…"""
    while True:
        letters = "".join(ALPHABETS)
        groups = ["".join(secrets.choice(letters) for _ in range(4)) for _ in range(4)]
        password = "-".join(groups)
        if all(re.search(c, password) for c in CLASSES):
            return password


def is_too_old(user: User) -> bool:
    """Whether the password must be changed because of its age (等保: 90 days)."""
    if settings.PASSWORD_PROFILE != "dengbao" or user.password_changed_at is None:
        return False
    return timezone.now() - user.password_changed_at >= MAX_AGE


class LengthValidator:
    """Between the profile's shortest length and 128 characters."""

    def validate(self, password, user=None):
        shortest = LENGTHS[settings.PASSWORD_PROFILE]
        if len(password) < shortest:
            raise ValidationError(f"密码至少 {shortest} 位，现在是 {len(password)} 位。")
        if len(password) > LONGEST:
            raise ValidationError(f"密码最长 {LONGEST} 位。")

    def get_help_text(self):
        return f"至少 {LENGTHS[settings.PASSWORD_PROFILE]} 位。"


class ThreeClassesValidator:
    """等保: three of small letters, capitals, digits and signs."""

    def validate(self, password, user=None):
        if settings.PASSWORD_PROFILE != "dengbao":
            return
        if sum(bool(re.search(c, password)) for c in CLASSES) < 3:
            raise ValidationError("密码须包含大写字母、小写字母、数字、符号中的至少三种。")

    def get_help_text(self):
        if settings.PASSWORD_PROFILE != "dengbao":
            return ""
        return "包含大写字母、小写字母、数字、符号中的至少三种。"


class WidelyKnownValidator(CommonPasswordValidator):
    """Not a widely known password, nor one with a few digits or signs around it."""

    def __init__(self):
        super().__init__()
        self.known = set(self.passwords) | set(KNOWN_HERE)

    def validate(self, password, user=None):
        text = unicodedata.normalize("NFKC", password).lower().strip()
        core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
        repeated = bool(re.fullmatch(r"(.{1,4}?)\1{2,}", text))
        climbing = text in "01234567890123456789" or text in "abcdefghijklmnopqrstuvwxyz"
        if {text, core} & self.known or repeated or climbing:
            raise ValidationError("这个密码太常见，容易被猜到，请换一个。")

    def get_help_text(self):
        return "不要用常见的密码，例如 Admin@123456。"


class NotTheLoginNameValidator:
    """Does not contain the login name."""

    def validate(self, password, user=None):
        name = getattr(user, "login_name", "").lower()
        if len(name) >= 3 and name in password.lower():
            raise ValidationError("密码里不能包含登录名。")

    def get_help_text(self):
        return "不要包含登录名。"


class HistoryValidator:
    """None of the last five passwords, the present one included."""

    def validate(self, password, user=None):
        if user is None or not user.pk:
            return
        old = [user.password, *user.password_history][: settings.PASSWORD_HISTORY]
        if any(check_password(password, one) for one in old):
            raise ValidationError(f"不能使用最近 {settings.PASSWORD_HISTORY} 次用过的密码。")

    def get_help_text(self):
        return f"不能与最近 {settings.PASSWORD_HISTORY} 次用过的相同。"
