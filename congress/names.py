"""Chinese names: cleaned, ordered by sound, found by initials."""

import re
import unicodedata

from pypinyin import Style, lazy_pinyin

# Surnames whose reading differs from the character's everyday one.
SURNAME_READINGS = {
    "单": "shan",
    "仇": "qiu",
    "解": "xie",
    "曾": "zeng",
    "查": "zha",
    "区": "ou",
    "朴": "piao",
    "尉迟": "yu chi",
    "万俟": "mo qi",
    "盖": "ge",
    "任": "ren",
    "华": "hua",
    "葛": "ge",
    "冼": "xian",
    "乐": "yue",
    "翟": "zhai",
    "缪": "miao",
    "宁": "ning",
    "覃": "qin",
    "员": "yun",
    "长孙": "zhang sun",
    "令狐": "ling hu",
    "折": "she",
    "洗": "xian",
    "黑": "he",
    "秘": "bi",
    "种": "chong",
    "重": "chong",
    "召": "shao",
    "逄": "pang",
    "阚": "kan",
    "那": "na",
    "澹台": "tan tai",
    "单于": "chan yu",
    "尹": "yin",
    "都": "du",
    "祭": "zhai",
    "牟": "mu",
}
DOTS = re.compile(r"[•‧∙⋅・.﹒]")
BLANKS = re.compile(r"[\s\u3000\u200b\ufeff]+")


def clean_name(text: str) -> str:
    """A name as it is stored: 张　三 becomes 张三, the inner dot of a minority name is ·."""
    text = BLANKS.sub(" ", unicodedata.normalize("NFKC", text or "")).strip()
    if re.search(r"[\u4e00-\u9fff]", text):
        text = DOTS.sub("·", text.replace(" ", ""))
    return text


def readings(name: str) -> list[str]:
    """The syllables of a name, the surname read as a surname."""
    for length in (2, 1):
        known = SURNAME_READINGS.get(name[:length])
        if known and len(name) > length:
            return known.split() + lazy_pinyin(name[length:], style=Style.NORMAL)
    return lazy_pinyin(name, style=Style.NORMAL)


def pinyin_key(name: str) -> str:
    """A key that orders names by sound, syllable by syllable; the name itself breaks ties."""
    return (" ".join(readings(name)).lower() + "|" + name)[:120]


def initials(name: str) -> str:
    """单雄信 → sxx, to find a person by."""
    return "".join(s[0] for s in readings(name) if s and s[0].isalpha()).lower()[:20]
