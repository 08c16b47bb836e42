"""The text of a suggestion: what it must have, its fingerprint, what must not be typed here."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence

# Looking into these is the reviewer's first check (F2 of the field's forms).
CHECKS = {
    "one_matter": "一事一议",
    "in_competence": "属于本级职权范围",
    "concrete": "有具体建议",
    "not_personal": "不涉及代表本人及亲属的个人事项",
    "not_a_case": "不涉及具体案件、招标投标和具体项目",
    "not_petition": "不是转交的信访材料",
    "not_promotion": "不是学术探讨或者产品推介",
    "not_secret": "不涉及国家秘密",
    "not_duplicate": "与已提出的建议不重复",
}
# The stages a suggestion is looked at in before it is registered.
PRE_REVIEW = {
    "street": "街道（镇）初审",
    "delegation": "代表团初审",
    "motions": "议案组初审",
    "review": "代工委审查",
    "pre_review": "初审",
}
# Grounds on which a paper is not handled as a suggestion (代表法 art. 59 and local rules).
GROUNDS = {
    "personal": "涉及代表本人及其亲属个人问题",
    "case": "涉及具体的司法、监察案件",
    "tender": "涉及招标投标等市场活动",
    "petition": "属于转交的信访材料",
    "academic": "属于学术探讨、产品推介",
    "vague": "没有实际内容",
    "competence": "不属于本级国家机关职权范围",
    "secret": "涉及国家秘密，应当另行办理",
}
SECRET_WORDS = re.compile(r"绝密|机密★|秘密★|机密级|秘密级|内部文件，注意保存")
PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
IDENTITY = re.compile(r"(?<!\d)(\d{4})\d{10}(\d{3}[\dXx])(?!\d)")


def fingerprint(title: str, situation: str, requests: Sequence[str]) -> str:
    """SHA-256 of a text: a co-signer confirms this and nothing else."""
    parts = [title.strip(), situation.strip(), [r.strip() for r in requests]]
    text = unicodedata.normalize("NFC", json.dumps(parts, ensure_ascii=False))
    return hashlib.sha256(text.encode()).hexdigest()


def text_faults(title: str, situation: str, requests: Sequence[str]) -> list[str]:
    """What a suggestion still lacks, in sentences. 代表法 art. 36: 明确具体."""
    faults = []
    if len(title.strip()) < 5:
        faults.append("请填写标题（至少五个字），写清希望解决的一件事")
    if len(situation.strip()) < 20:
        faults.append("请写明情况和问题（至少二十个字）")
    if not [r for r in requests if len(r.strip()) >= 5]:
        faults.append("请至少写一条具体建议")
    return faults


def looks_secret(*texts: str) -> bool:
    """Whether a text carries marks of a secret paper: it must not be typed into this system."""
    return any(SECRET_WORDS.search(text or "") for text in texts)


BANK_CARD = re.compile(r"(?<!\d)(62\d{2})\d{8,11}(\d{4})(?!\d)")
MAIL = re.compile(r"[\w.+-]{2,}@[\w-]+\.[\w.]+", re.ASCII)
# What is hidden by itself, and how much of it stays.
HIDDEN = (
    (IDENTITY, r"\1**********\2"),
    (BANK_CARD, r"\1********\2"),
    (PHONE, r"\1****\2"),
    (MAIL, "（邮箱已隐去）"),
)
# What a reader should look at again: it may tell who somebody is.
TELLING = (
    (re.compile(r"\d+(?:号楼|栋|幢)\S{0,4}?\d+(?:单元|室|号)"), "写明了门牌：{}"),
    (re.compile(r"[\u4e00-\u9fff][A-Z][·\s]?[A-Z0-9]{5,6}(?![A-Z0-9])"), "写明了车牌：{}"),
    (re.compile(r"[\u4e00-\u9fff]{1,3}(?:某某?|先生|女士)"), "提到了个人：{}"),
    (re.compile(r"(?:患者|病人|学生|租户|业主|当事人|残疾人)[\u4e00-\u9fff]{2,3}(?=[，。的、])"),
     "可能提到了姓名：{}"),
    (re.compile(r"(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)"), "写明了固定电话：{}"),
)  # fmt: skip


def mask(text: str) -> str:
    """A text for the public: phones, identity numbers, bank cards and mail addresses hidden."""
    return masked(text)[0]


def masked(text: str) -> tuple[str, list[tuple[str, str]]]:
    """A text for the public, and what was hidden in it: before and after, in order."""
    text, spots = text or "", []
    for pattern, left in HIDDEN:
        spots += [(m.start(), m.group(), m.expand(left)) for m in pattern.finditer(text)]
        text = pattern.sub(left, text)
    return text, [(before, after) for _, before, after in sorted(spots)]


# Words by which a reply tells that the deputies were not content with one before.
JUDGED_BEFORE = re.compile(r"[^，。；：！？\n]{0,8}(?:不满意|重新办理|再次办理|再次答复|重办)")


def judgement_hints(text: str) -> list[str]:
    """What of a reply tells how an earlier one was judged, in sentences for who checks it."""
    found = [f"可能透露代表的评价：{m.group().strip()}" for m in JUDGED_BEFORE.finditer(text or "")]
    return list(dict.fromkeys(found))[:6]


def privacy_hints(*texts: str) -> list[str]:
    """What of a text may tell who somebody is, in sentences for the person who checks it."""
    found = [
        sentence.format(m.group())
        for pattern, sentence in TELLING
        for text in texts
        for m in pattern.finditer(text or "")
    ]
    return list(dict.fromkeys(found))[:12]
