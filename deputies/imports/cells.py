"""One cell at a time: what is written becomes a value; what had to be repaired is said.

Every reader takes the raw value and gives `(value, repair)`: the repair is a sentence or "".
It raises CellError with what is wrong and what to do. Nothing is guessed silently.
"""

import datetime as dt
import re
import unicodedata
from operator import mul
from typing import Any

from congress.names import clean_name

from ..models import Deputy, Mandate

Read = tuple[Any, str]
BLANKS = re.compile(r"[\s\u3000\u200b\ufeff\xa0]+")
# Full-width letters and digits only: （）， stay as they are written.
FULL_WIDTH = (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
PLAIN = {code: code - 0xFEE0 for code in FULL_WIDTH} | {
    0x3000: " ", 0xA0: " ", 0x200B: None, 0xFEFF: None,
}  # fmt: skip
MASKED = re.compile(r"[\dX]*\*{3,}[\dX]*", re.I)


class CellError(Exception):
    """What is wrong with a cell and what to do, in one sentence."""


def text_of(raw: Any) -> str:
    """A cell as text: 7.0 is 7, a date is 1975-03-06, full-width letters and digits are plain."""
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < 1e17 else repr(raw)
    if isinstance(raw, dt.datetime):
        return raw.date().isoformat() if raw.time() == dt.time() else str(raw)
    if isinstance(raw, dt.date):
        return raw.isoformat()
    text = str(raw)
    if text.isascii():
        return text.strip()
    return text.translate(PLAIN).strip()


def _repaired(raw: Any, value: str, shown: str | None = None) -> str:
    """The sentence of a repair, "" where only blanks at the ends went away."""
    before = raw.strip() if isinstance(raw, str) else text_of(raw)
    return "" if before == value else f"“{before}”读作“{shown or value}”"


def plain(limit: int, what: str):
    """A reader of free text up to a length."""

    def read(raw: Any) -> Read:
        text = BLANKS.sub(" ", text_of(raw))
        if len(text) > limit:
            raise CellError(f"{what}超过 {limit} 个字，请缩短")
        if isinstance(raw, float) or (isinstance(raw, str) and raw.strip() == text):
            return text, ""
        return text, _repaired(raw, text)

    return read


NAME_NOTE = re.compile(r"^(.+?)[（(](.+?)[)）]$")


def name(raw: Any) -> tuple[str, str, dict[str, str]]:
    """A name; 张　三 is 张三, what stands in brackets after it (女, 回族) is given apart."""
    text = clean_name(text_of(raw))
    extra: dict[str, str] = {}
    noted = NAME_NOTE.match(text)
    if noted:
        note = noted[2].replace("、", ",").replace("，", ",")
        for word in filter(None, (w.strip() for w in note.split(","))):
            if word in ("男", "女"):
                extra["gender"] = word
            elif f"{word.removesuffix('族')}族" in PEOPLES:
                extra["ethnicity"] = f"{word.removesuffix('族')}族"
            else:
                raise CellError(f"姓名后的“（{word}）”不认识，请移到对应的列或备注")
        text = clean_name(noted[1])
    if len(text) < 2 or len(text) > 40 or re.search(r"[\d@#%=<>/\\]", text):
        raise CellError(f"“{text[:20]}”不像姓名，请核对")
    said = _repaired(raw, text)
    return text, said, extra


def gender(raw: Any) -> Read:
    text = BLANKS.sub("", text_of(raw))
    value = text.removesuffix("性")
    if value not in Deputy.Gender.values:
        raise CellError(f"性别“{text[:10]}”不认识，请填男或女")
    return value, _repaired(raw, value)


PEOPLES = {
    p + "族"
    for p in (
        "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 "
        "高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 "
        "塔吉克 怒 "
        "乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺"
    ).split()
} | {"其他族", "未识别民族", "外国血统中国籍人士", "穿青人"}


def ethnicity(raw: Any) -> Read:
    text = BLANKS.sub("", text_of(raw))
    value = text if text in PEOPLES else text + "族"
    if value not in PEOPLES:
        raise CellError(f"民族“{text[:10]}”不认识，请填全称，如汉族、回族")
    return value, _repaired(raw, value)


PARTIES = {
    "中共": "中共党员",
    "党员": "中共党员",
    "中国共产党": "中共党员",
    "中国共产党党员": "中共党员",
    "共产党员": "中共党员",
    "预备党员": "中共预备党员",
    "无党派": "无党派人士",
    "团员": "共青团员",
    "民革": "民革党员",
    "民盟": "民盟盟员",
    "民建": "民建会员",
    "民进": "民进会员",
    "农工党": "农工党党员",
    "致公党": "致公党党员",
    "九三": "九三学社社员",
    "九三学社": "九三学社社员",
    "台盟": "台盟盟员",
}


def party(raw: Any) -> Read:
    text = BLANKS.sub("", text_of(raw))
    value = PARTIES.get(text, text)
    if len(value) > 30:
        raise CellError("党派超过 30 个字，请缩短")
    return value, _repaired(raw, value)


# -- Dates ------------------------------------------------------------------------------------

SERIALS = range(3_654, 60_000)  # 1910 to 2064 as the days a spreadsheet counts
EPOCH = dt.date(1899, 12, 30)
WRITTEN = re.compile(r"^(\d{4}|\d{2})\s*[-./年]\s*(\d{1,2})(?:\s*[-./月]\s*(\d{1,2})?\s*日?)?$")
RUN_TOGETHER = re.compile(r"^(\d{4})(\d{2})(\d{2})?$")


def day_or_month(raw: Any, today: dt.date) -> tuple[str, str, bool]:
    """A birth date as exact as it is known. Gives the value (1975, 1975-03 or 1975-03-06), the
    repair, and whether the month is in doubt: a number 1975.1 may be January or October."""
    if isinstance(raw, dt.datetime | dt.date):
        on = raw.date() if isinstance(raw, dt.datetime) else raw
        return _checked(on.year, on.month, on.day, today), "", False
    if isinstance(raw, float):
        return _from_number(raw, today)
    text = BLANKS.sub("", unicodedata.normalize("NFKC", str(raw))).replace("—", "-")
    text = text.removesuffix("00:00:00").removesuffix("生").rstrip(".")
    if re.fullmatch(r"\d{4}年?", text):
        year = int(text[:4])
        if 1900 <= year <= today.year:
            return str(year), _repaired(raw, str(year)), False
    found = RUN_TOGETHER.match(text) or WRITTEN.match(text)
    if not found:
        raise CellError(f"出生日期“{text[:20]}”看不懂，请写成 1975-03-06 或 1975-03")
    year, month, day = (int(p) if p else 0 for p in found.groups())
    if year < 100:
        year = _century(year, today)
    value = _checked(year, month, day, today)
    return value, _repaired(raw, value), False


def _from_number(raw: float, today: dt.date) -> tuple[str, str, bool]:
    if raw.is_integer():
        number = int(raw)
        if 1900 <= number <= today.year:
            return str(number), "", False
        if number in SERIALS:
            on = EPOCH + dt.timedelta(days=number)
            value = _checked(on.year, on.month, on.day, today)
            return value, f"“{number}”是表格的日期序号，读作“{value}”", False
        found = RUN_TOGETHER.match(str(number))
        if found:
            value = _checked(*(int(p or 0) for p in found.groups()), today)
            return value, _repaired(raw, value), False
        raise CellError(f"出生日期“{number}”看不懂，请写成 1975-03-06 或 1975-03")
    # A spreadsheet drops a zero at the end: 1975.10 stored as a number is 1975.1.
    year, _, after = repr(round(raw, 4)).partition(".")
    if len(after) > 2 or not 0 < int(after) <= 12 or len(year) not in (2, 4):
        raise CellError(f"出生日期“{raw:g}”看不懂，请写成 1975-03-06 或 1975-03")
    full = int(year) if len(year) == 4 else _century(int(year), today)
    value = _checked(full, int(after), 0, today)
    return value, f"“{raw:g}”读作“{value}”", after == "1"


def _century(year: int, today: dt.date) -> int:
    """75 is 1975. A year that could be either century is refused."""
    grown = today.year - 18
    if 2000 + year <= grown and year < 100:
        raise CellError(f"年份“{year:02}”看不出是 19{year:02} 还是 20{year:02}，请写四位年份")
    return 1900 + year


def _checked(year: int, month: int, day: int, today: dt.date) -> str:
    try:
        on = dt.date(year, month, day or 1)
    except ValueError:
        raise CellError(f"没有 {year}年{month}月{day or ''}这个日期，请核对") from None
    if not 1900 <= year or on > today:
        raise CellError(f"出生日期 {on.isoformat()} 不可能，请核对")
    return on.isoformat() if day else f"{year}-{month:02}"


def whole_day(raw: Any) -> Read:
    """A date that must be known to the day."""
    if isinstance(raw, dt.datetime | dt.date):
        return (raw.date() if isinstance(raw, dt.datetime) else raw).isoformat(), ""
    try:
        value, said, _ = day_or_month(raw, dt.date(2100, 1, 1))
    except CellError:
        raise CellError(f"日期“{text_of(raw)[:20]}”看不懂，请写成 2022-01-10") from None
    if len(value) < 10:
        raise CellError(f"日期“{text_of(raw)[:20]}”要写到日，如 2022-01-10")
    return value, said


# -- Numbers of people ------------------------------------------------------------------------

MOBILE = re.compile(r"1[3-9]\d{9}")
COUNTRY = re.compile(r"^(\+|00)?86(?=1[3-9]\d{9}$)")
BETWEEN = re.compile(r"[\s\u3000\u200b—–-]+")
LANDLINE = re.compile(r"(0\d{2,3}-?)?[2-9]\d{6,7}(-\d{1,6})?")


def phone(raw: Any) -> Read:
    """A mobile number; masked ones (138****5678) come through to be compared."""
    if isinstance(raw, float):
        text = f"{raw:.0f}" if raw.is_integer() else repr(raw)
    else:
        text = unicodedata.normalize("NFKC", str(raw)).strip()
        text = re.sub(r"(?<=\d)\.0+$", "", text)
    bare = COUNTRY.sub("", BETWEEN.sub("", text))
    if MOBILE.fullmatch(bare):
        return bare, "" if str(raw).strip() == bare else f"号码整理为 {bare[:3]}****{bare[-4:]}"
    if MASKED.fullmatch(bare):
        return bare, ""
    if len(MOBILE.findall(text)) > 1:
        raise CellError("写了两个手机号，请只留一个")
    if LANDLINE.fullmatch(text.replace(" ", "")):
        return "", "是固定电话，没有导入；需要时请补手机号"
    raise CellError(f"手机号应为 11 位，这里是 {len(bare)} 位，请核对")


ID_NUMBER = re.compile(r"\d{17}[\dX]")
ID_SIGNS = re.compile(r"[\s\u3000\u200b'’‘-]+")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"


def id_number(raw: Any) -> Read:
    """An identity number of 18 signs with a right check digit (GB 11643)."""
    if isinstance(raw, float):
        raise CellError("身份证号是以数字存放的，末几位已经丢失，请把该列设为文本后重新填写")
    text = unicodedata.normalize("NFKC", str(raw)).strip()
    bare = ID_SIGNS.sub("", text).upper()
    if not ID_NUMBER.fullmatch(bare):
        if MASKED.fullmatch(bare):
            return bare, ""
        if re.fullmatch(r"\d{15}", bare):
            raise CellError("这是 15 位的旧号码，请填 18 位身份证号")
        raise CellError(f"身份证号应为 18 位，这里是 {len(bare)} 位，请核对")
    if CHECK_DIGITS[sum(map(mul, map(int, bare[:17]), WEIGHTS)) % 11] != bare[17]:
        raise CellError("身份证号的校验位不对，可能有一位写错，请核对")
    try:
        dt.date(int(bare[6:10]), int(bare[10:12]), int(bare[12:14]))
    except ValueError:
        raise CellError("身份证号里的出生日期不存在，请核对") from None
    return bare, "" if text == bare else "号码去掉了多余的符号"


def born_of(number: str) -> str:
    """The birth date inside an identity number."""
    return f"{number[6:10]}-{number[10:12]}-{number[12:14]}"


def gender_of(number: str) -> str:
    """The gender inside an identity number."""
    return "男" if int(number[16]) % 2 else "女"


# -- The seat ---------------------------------------------------------------------------------

Level = Mandate.Level
LEVEL_WORDS = {
    Level.NATIONAL: ("全国", "国家"),
    Level.PROVINCIAL: ("省", "省级", "自治区", "直辖市"),
    Level.CITY: ("市", "市级", "地市级", "设区的市"),
    Level.COUNTY: ("区县", "区", "县", "区级", "县级", "区县级", "县区", "县市区", "旗"),
    Level.TOWNSHIP: ("乡镇", "镇", "乡", "镇级", "乡级", "乡镇级"),
    Level.STREET_COUNCIL: (
        "街道议政", "议政", "议政会", "街道议政会", "街道", "居民议事员", "议事员", "议事",
    ),
}  # fmt: skip
LEVELS = {word: level for level, words in LEVEL_WORDS.items() for word in words}


def level_of(text: str) -> str:
    """The level these words mean, "" where they mean none: 区人大代表 is the county's."""
    bare = BLANKS.sub("", unicodedata.normalize("NFKC", text))
    for label in Level:
        if bare == label.label:
            return label.value
    for ending in ("名册", "名单", "代表", "人大"):
        bare = bare.removesuffix(ending)
    return LEVELS.get(bare, "")


def level(raw: Any) -> Read:
    text = text_of(raw)
    value = level_of(text)
    if value:
        label = Level(value).label
        return value, "" if text == label else _repaired(raw, value, label)
    if len([w for w in re.split(r"[、,，/和及;；]", text) if level_of(w)]) > 1:
        raise CellError("一行只能写一个层级：担任几级代表的，请每一级各写一行")
    raise CellError(f"层级“{text[:12]}”不认识，请填全国、省、市、区县、乡镇或街道议政")


def whole_number(raw: Any) -> Read:
    text = text_of(raw).rstrip(".、")
    if not re.fullmatch(r"\d{1,6}", text):
        raise CellError(f"序号“{text[:10]}”不是数字，请核对")
    return int(text), "" if isinstance(raw, float) else _repaired(raw, text)


def one_of(choices, what: str):
    """A reader of one word out of a list of labels."""
    known = {c.label: c.value for c in choices}

    def read(raw: Any) -> Read:
        text = BLANKS.sub("", text_of(raw))
        if text not in known:
            raise CellError(f"{what}“{text[:10]}”不认识，请填{'、'.join(known)}")
        return known[text], ""

    return read


PLACE_NOTE = re.compile(r"^(.*?)(?:[（(]([^（）()]+)[)）])?$")


def listed(raw: Any) -> Read:
    """Names with an office in brackets: 东湖第一小组（组长）；医卫小组 → [(name, office), …]."""
    found = []
    for part in re.split(r"[;；\n]+", text_of(raw)):
        part = BLANKS.sub("", part)
        if part:
            match = PLACE_NOTE.match(part)
            found.append((match[1], match[2] or ""))
    return found, ""


def place(raw: Any) -> Read:
    """The name of a place without blanks."""
    text = BLANKS.sub("", text_of(raw))
    if len(text) > 60:
        raise CellError("名称超过 60 个字，请缩短")
    return text, _repaired(raw, text)


READERS = {
    "position": whole_number,
    "gender": gender,
    "ethnicity": ethnicity,
    "party": party,
    "education": plain(30, "学历"),
    "occupation": plain(120, "工作单位及职务"),
    "workplace": plain(80, "工作单位"),
    "post": plain(60, "职务"),
    "id_number": id_number,
    "phone": phone,
    "level": level,
    "constituency": place,
    "delegation": place,
    "street": place,
    "group": listed,
    "group_role": plain(20, "小组职务"),
    "committee": listed,
    "number": plain(30, "代表证号"),
    "starts_on": whole_day,
    "start_reason": one_of(Mandate.Start, "产生方式"),
    "ends_on": whole_day,
    "end_reason": one_of(Mandate.End, "离任原因"),
    "notes": plain(500, "备注"),
}
