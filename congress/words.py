"""How dates and numbers are written where people read."""

import re
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

WEEKDAYS = "一二三四五六日"
SOON_DAYS = 3


def local_day(value: date | datetime) -> date:
    """The date of a date or, in local time, of a moment."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def cn_day(value: date | datetime) -> str:
    """2026年3月16日."""
    day = local_day(value)
    return f"{day.year}年{day.month}月{day.day}日"


def cn_date(value: date | datetime) -> str:
    """2026年3月16日（周一）."""
    return f"{cn_day(value)}（周{WEEKDAYS[local_day(value).weekday()]}）"


def cn_short_date(value: date | datetime, today: date) -> str:
    """3月16日 within the year of `today`, 2025年3月16日 otherwise."""
    day = local_day(value)
    year = "" if day.year == today.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"


def cn_datetime(value: datetime) -> str:
    """2026年3月16日（周一）9:30, in local time."""
    moment = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{cn_date(moment)}{moment.hour}:{moment.minute:02}"


def days_left(due: date | datetime, today: date) -> str:
    """还有 9 天, 今天到期 or 已逾期 2 天."""
    days = (local_day(due) - today).days
    if days > 0:
        return f"还有 {days} 天"
    return "今天到期" if days == 0 else f"已逾期 {-days} 天"


def days_left_tone(due: date | datetime, today: date) -> str:
    """`late`, `soon` (SOON_DAYS or fewer) or nothing."""
    days = (local_day(due) - today).days
    return "late" if days < 0 else "soon" if days <= SOON_DAYS else ""


def plain_number(value: Decimal | int | float) -> str:
    """Without trailing zeros or exponent: 12.50 is 12.5, 1E+2 is 100."""
    text = format(Decimal(str(value)), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def signed_number(value: Decimal | int | float) -> str:
    """With a plus sign or a real minus sign: +3, −1.5, 0."""
    text = plain_number(value)
    if text == "0":
        return text
    return "−" + text[1:] if text.startswith("-") else "+" + text


def cn_number(value: int) -> str:
    """十九 for 19; from 1 to 99."""
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十"
    return head + (digits[ones] if ones or not head else "")


# After these a title may be broken without tearing a word; before a figure always.
BREAKS = ("关于", "大会", "年度", "年", "、", "》", "号", "的")


def in_lines(text: str, most: int) -> list[str]:
    """A title in lines of at most `most` characters, as few as there can be and about equally
    long, broken by sense where there is a place for it (GB/T 9704: 词意完整, 长短适宜). Two
    half-width letters are one character; figures and latin words stay whole."""
    pieces = re.findall(r"[!-~]+|.", text)
    widths = [len(p) / 2 if p.isascii() else 1 for p in pieces]
    count = -(-sum(widths) // most)
    lines: list[str] = []
    while count > 1 and len(pieces) > 1:
        aim, ends = sum(widths) / count, {}
        for n in range(1, len(pieces)):
            width, so_far = sum(widths[:n]), "".join(pieces[:n])
            rest = sum(widths[n:])
            if width > most or rest > most * (count - 1) or pieces[n] in "、，。；：》）”":
                continue
            whole = so_far.endswith(BREAKS) or pieces[n].isascii()
            torn = 0 if whole else most / 4
            ends[n] = abs(width - aim) + torn
        if not ends:
            break
        at = min(ends, key=ends.get)
        lines.append("".join(pieces[:at]))
        pieces, widths, count = pieces[at:], widths[at:], count - 1
    return [*lines, "".join(pieces)]
