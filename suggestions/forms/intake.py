"""What reviewers fill in before a suggestion has its number, and what is entered from paper."""

from typing import Any

from django import forms
from django.utils import timezone

from congress.forms.fields import DayField, WordsField
from congress.models import Membership
from congress.uploads import EvidenceField
from deputies import access as registry
from deputies.forms.people import find_people
from deputies.models import Delegation, Deputy

from ..models import Review, Suggestion
from ..queries import Alike, serving
from ..rules.texts import CHECKS, GROUNDS
from .writing import MOST_REQUESTS, CategoryField, DraftForm

REASON = "请填写这一项。"


def checks_field(**kwargs: Any) -> forms.MultipleChoiceField:
    """审查项目 (F2): what was looked at and found in order is ticked."""
    return forms.MultipleChoiceField(
        label="审查项目", choices=list(CHECKS.items()), widget=forms.CheckboxSelectMultiple,
        **kwargs,
    )  # fmt: skip


def as_checks(ticked: list[str]) -> dict[str, bool]:
    """Each check with whether it was ticked."""
    return {key: key in ticked for key in CHECKS}


class PassOnForm(forms.Form):
    """初审意见."""

    checked = checks_field(required=False, help_text="审查没有问题的打勾。")
    opinion = WordsField(
        label="初审意见", rows=3, max_length=500, error_messages={"required": REASON}
    )


class SendBackForm(forms.Form):
    """退回修改."""

    checked = checks_field(
        required=False, help_text="没有问题的打勾；没有打勾的，代表会看到是需要修改的项目。"
    )
    opinion = WordsField(
        label="需要修改的地方", rows=5, max_length=1000, error_messages={"required": REASON},
        help_text="代表会看到这段话。请写明改哪里、怎样改。",
    )  # fmt: skip


class RefuseForm(forms.Form):
    """不作为建议处理."""

    ground = forms.ChoiceField(
        label="理由", choices=list(GROUNDS.items()), widget=forms.RadioSelect,
        error_messages={"required": "请选择理由。"},
    )  # fmt: skip
    explanation = WordsField(
        label="向代表所作的说明", rows=5, max_length=1000, error_messages={"required": REASON},
        help_text="写明依据和转交、转办的去向。代表会看到这段话。",
    )  # fmt: skip
    outcome = forms.ChoiceField(
        label="去向", choices=Review.Outcome.choices, widget=forms.RadioSelect,
        initial=Review.Outcome.BACK, error_messages={"required": "请选择去向。"},
    )  # fmt: skip
    sent_to = forms.CharField(
        label="转给哪个机关或者哪位代表", max_length=80, required=False,
        help_text="转信访、转工作参考、转上级的填写，例如：区信访局、市人大代表王某。",
    )  # fmt: skip
    deputy_told_on = DayField(
        label="向代表说明的日期", help_text="须先向代表说明，再作不作为建议处理。"
    )

    def clean_deputy_told_on(self):
        day = self.cleaned_data["deputy_told_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("须先向代表说明；日期不能晚于今天。")
        return day

    def clean(self):
        values = super().clean()
        elsewhere = values.get("outcome") not in (None, Review.Outcome.BACK)
        if elsewhere and not (values.get("sent_to") or "").strip():
            self.add_error("sent_to", "请写明转给谁。")
        return values


class RegisterForm(forms.Form):
    """登记编号: the whole check list, the category, what it continues."""

    checked = checks_field(error_messages={"required": "请逐项审查。"})
    category = CategoryField(empty="请选择", error_messages={"required": "请选择分类。"})
    raised_before = forms.ChoiceField(
        label="往年的同类建议", required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, suggestion: Suggestion, alike: list[Alike], **kwargs: Any):
        kwargs.setdefault("initial", {"category": suggestion.category, "raised_before": ""})
        super().__init__(*args, **kwargs)
        self.fields["category"].fill()
        self.alike = {str(a.suggestion.pk): a.suggestion for a in alike}
        self.fields["raised_before"].choices = [
            ("", "没有"), *((pk, str(row)) for pk, row in self.alike.items()),
        ]  # fmt: skip
        if not alike:
            del self.fields["raised_before"]

    def clean_checked(self) -> list[str]:
        ticked = self.cleaned_data["checked"]
        if missing := [words for key, words in CHECKS.items() if key not in ticked]:
            raise forms.ValidationError(
                f"还有项目没有通过：{'、'.join(missing)}。不符合的，请退回修改或者不作为建议处理。"
            )
        return ticked

    @property
    def before(self) -> Suggestion | None:
        """The suggestion of an earlier year this one continues."""
        return self.alike.get(self.cleaned_data.get("raised_before") or "")


class PaperWithdrawForm(forms.Form):
    """撤回, on the written request of all who signed."""

    reason = WordsField(
        label="撤回的理由", rows=3, max_length=300, error_messages={"required": REASON}
    )
    paper = forms.BooleanField(
        label="已收到全体提出代表签名的书面撤回申请",
        error_messages={"required": "没有全体提出代表的书面申请，不能撤回。"},
    )


class MergeForm(forms.Form):
    """并案: which others are handled together with this one."""

    others = forms.MultipleChoiceField(
        label="相近的建议", required=False, widget=forms.CheckboxSelectMultiple
    )
    numbers = forms.CharField(
        label="其他建议的编号", required=False, max_length=200,
        help_text="几个编号用逗号或顿号隔开。",
    )  # fmt: skip
    reason = WordsField(
        label="并案的理由", rows=2, max_length=200, error_messages={"required": REASON}
    )

    def __init__(self, *args: Any, suggestion: Suggestion, choices, visible, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.suggestion, self.visible = suggestion, visible
        self.fields["others"].choices = choices
        if not choices:
            del self.fields["others"]

    def clean_numbers(self) -> list[Suggestion]:
        text = self.cleaned_data["numbers"]
        for sign in "，、;；\n ":
            text = text.replace(sign, ",")
        asked = [n for n in (p.strip() for p in text.split(",")) if n]
        found = {
            s.number: s for s in self.visible.filter(term=self.suggestion.term_id, number__in=asked)
        }
        if missing := [n for n in asked if n not in found]:
            raise forms.ValidationError(f"没有找到编号：{'、'.join(missing)}")
        return list(found.values())

    def clean(self):
        values = super().clean()
        ticked = [int(pk) for pk in values.get("others") or []]
        rows = [*self.visible.filter(pk__in=ticked), *(values.get("numbers") or [])]
        self.rows = list({s.pk: s for s in rows if s.pk != self.suggestion.pk}.values())
        if not self.rows and not self.errors:
            raise forms.ValidationError("请选择要并入的其他建议。")
        return values


class LeaveMergeForm(forms.Form):
    """从并案分出."""

    reason = WordsField(
        label="分出的理由", rows=2, max_length=200, error_messages={"required": REASON}
    )


# -- Paper -------------------------------------------------------------------------------------


class WhoseForm(forms.Form):
    """Whose suggestion it is and when it was received."""

    lead_name = forms.CharField(
        label="领衔代表", max_length=60, required=False,
        help_text="同名的，在姓名后写代表证号，例如“张华 023”。",
    )  # fmt: skip
    delegation = forms.ModelChoiceField(
        label="或者以代表团名义提出", queryset=Delegation.objects.none(), required=False,
        empty_label="不是代表团建议",
    )  # fmt: skip
    received_on = DayField(label="收到日期", help_text="会议期间收到的，按会议期间的建议登记。")

    def __init__(self, *args: Any, member: Membership, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.member = member
        self.lead: Deputy | None = None
        self.cosigners: list[Deputy] = []
        self.fields["delegation"].queryset = Delegation.objects.order_by("position", "pk")

    def clean_received_on(self):
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("收到日期不能晚于今天。")
        return day

    def clean_lead_name(self) -> str:
        found = self._people("lead_name")
        if len(found) > 1:
            raise forms.ValidationError("领衔代表只能有一位，其他代表请填入联名代表。")
        self.lead = found[0] if found else None
        return self.cleaned_data["lead_name"]

    def _people(self, name: str) -> list[Deputy]:
        people, faults = find_people(self.cleaned_data[name], registry.visible_to(self.member))
        if faults:
            raise forms.ValidationError(faults)
        return people

    def clean(self):
        values = super().clean()
        if bool(values.get("lead_name")) == bool(values.get("delegation")):
            if not self.has_error("lead_name"):
                self.add_error("lead_name", "请填写领衔代表，或者选择代表团，两者填一项。")
        day = values.get("received_on")
        people = [*([self.lead] if self.lead else []), *self.cosigners]
        if day and people:
            held = serving(people, day)
            if gone := [d.name for d in people if d.pk not in held]:
                self.add_error(None, f"收到当天不在任，不能提出建议：{'、'.join(gone)}")
        return values

    @property
    def whose(self) -> dict[str, Any]:
        """For the action."""
        return {
            "lead": self.lead,
            "delegation": self.cleaned_data.get("delegation"),
            "received_on": self.cleaned_data["received_on"],
        }


class HeadForm(forms.Form):
    """Who speaks for a delegation's suggestion."""

    head_name = forms.CharField(
        label="团长", max_length=60, help_text="同名的，在姓名后写代表证号，例如“张华 023”。",
        error_messages={"required": "请填写团长的姓名。"},
    )  # fmt: skip

    def __init__(self, *args: Any, member: Membership, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.member = member
        self.head: Deputy | None = None

    def clean_head_name(self) -> str:
        self.head = one_person(self.member, self.cleaned_data["head_name"])
        return self.cleaned_data["head_name"]


def one_person(member: Membership, name: str) -> Deputy | None:
    """The one deputy of this name; None for no name. Raises ValidationError."""
    people, faults = find_people(name, registry.visible_to(member))
    if faults:
        raise forms.ValidationError(faults)
    if len(people) > 1:
        raise forms.ValidationError("团长只能有一位。")
    return people[0] if people else None


def require_text(form: forms.Form) -> None:
    """A paper has its whole text: title, matter and a request."""
    for name, words in (
        ("title", "请填写标题。"),
        ("situation", "请填写情况与问题。"),
        ("request_1", "请至少填写一条具体建议。"),
    ):
        form.fields[name].required = True
        form.fields[name].error_messages["required"] = words


class SecretForm(WhoseForm):
    """涉密件: who, when and the category; nothing of the matter."""

    category = CategoryField(required=False, empty="不填")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["category"].fill()


class ReceiveForm(DraftForm):
    """登记上级转来的建议: whose paper it is, then its text as it came."""

    ABOUT = ("sender", "number", "sent_on", "received_on", "proposer", "reply_by", "kind")

    sender = forms.CharField(
        label="来文机关", max_length=80, help_text="例如：市人大常委会代表工作委员会。"
    )
    number = forms.CharField(
        label="原编号", max_length=60, help_text="照来文填写，例如：市五届三次第123号。"
    )
    sent_on = DayField(label="来文日期")
    received_on = DayField(label="收到日期")
    proposer = forms.CharField(
        label="提出人", max_length=120, help_text="照来文填写，例如：市人大代表李明等3人。"
    )
    reply_by = DayField(
        label="要求答复的日期", help_text="来文要求的日期；没有写明的，按来文机关的规定填写。"
    )
    kind = forms.ChoiceField(label="类型", choices=Suggestion.Kind.choices)
    scan = EvidenceField(label="来文扫描件")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        kept = ("title", "situation", "category", *self.ABOUT, "scan")
        for name in list(self.fields):
            if name not in kept and not name.startswith("request_"):
                del self.fields[name]
        require_text(self)
        category = self.fields["category"]
        category.required, category.empty = True, "请选择"
        category.error_messages["required"] = "请选择分类。"
        category.fill()
        self.fields["situation"].help_text = "照来文录入。"

    def clean(self):
        values = super().clean()
        sent, received, due = (values.get(n) for n in ("sent_on", "received_on", "reply_by"))
        if received and received > timezone.localdate():
            self.add_error("received_on", "收到日期不能晚于今天。")
        if sent and received and sent > received:
            self.add_error("sent_on", "来文日期不能晚于收到日期。")
        if due and received and due <= received:
            self.add_error("reply_by", "要求答复的日期应当晚于收到日期。")
        return values

    @property
    def about_fields(self) -> list:
        """Whose paper, and until when."""
        return [self[name] for name in self.ABOUT]

    @property
    def paper(self) -> dict[str, Any]:
        """For actions.receive, the scan left out."""
        data = self.cleaned_data
        requests = [data[f"request_{n}"].strip() for n in range(1, MOST_REQUESTS + 1)]
        names = ("title", "situation", "category", *self.ABOUT)
        return {n: data[n] for n in names} | {"requests": [r for r in requests if r]}


class CloseSecretForm(forms.Form):
    """登记系统外办结: the day alone."""

    on = DayField(label="办结日期")


class EnterForm(WhoseForm, DraftForm):
    """代录: the paper as it was received, with its scan."""

    ABOUT = ("lead_name", "delegation", "head_name", "cosigner_names", "received_on", "kind",
             "channel", "bill_number")  # fmt: skip

    head_name = forms.CharField(
        label="代表团团长", max_length=60, required=False,
        help_text="代表团建议填写。沟通、答复和评价通过团长进行，交办后也可以登记。",
    )  # fmt: skip
    cosigner_names = forms.CharField(
        label="联名代表", required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="已在纸上签名的代表，一行一位，或者用顿号隔开。",
    )  # fmt: skip
    kind = forms.ChoiceField(label="类型", choices=Suggestion.Kind.choices)
    channel = forms.ChoiceField(
        label="提出渠道", required=False,
        choices=[("", "按收到日期确定"), *(
            c for c in Suggestion.Channel.choices
            if c[0] in ("inspection", "station", "other")
        )],
    )  # fmt: skip
    bill_number = forms.CharField(
        label="原议案号", required=False, max_length=60,
        help_text="议案转为建议的填写；保留原议案号和全体提议案人。",
    )  # fmt: skip
    scan = EvidenceField(label="纸质原件扫描件")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        require_text(self)
        for name, words in (
            ("lead_name", "领衔代表和代表团填一项。同名的，在姓名后写代表证号，例如“张华 023”。"),
            ("situation", "照纸质原件录入。"),
            ("hides_name", "代表要求的勾选；沟通和答复由代工委转达。"),
            ("wants_meeting", "代表要求的勾选；没有当面沟通，承办单位不能答复。"),
        ):
            self.fields[name].help_text = words

    def clean_head_name(self) -> str:
        self.head = one_person(self.member, self.cleaned_data["head_name"])
        if self.head and not self.cleaned_data.get("delegation"):
            raise forms.ValidationError("以代表团名义提出的才填写团长。")
        return self.cleaned_data["head_name"]

    def clean_cosigner_names(self) -> str:
        self.cosigners = self._people("cosigner_names")
        return self.cleaned_data["cosigner_names"]

    @property
    def about_fields(self) -> list:
        """Who and when."""
        return [self[name] for name in self.ABOUT]

    @property
    def paper(self) -> dict[str, Any]:
        """For actions.enter, the scan left out."""
        own = {"lead_name", "delegation", "head_name", "received_on", "cosigner_names", "scan"}
        values = {k: v for k, v in self.values.items() if k not in own}
        return {
            **values, **self.whose, "cosigners": self.cosigners, "delegation_head": self.head
        }  # fmt: skip


class MendForm(DraftForm):
    """The mended text of a paper that was sent back."""

    signed_again = forms.BooleanField(label="联名代表已在纸质修改稿上重新签名", required=False)

    def __init__(self, *args: Any, suggestion: Suggestion, joint: bool, **kwargs: Any):
        super().__init__(*args, suggestion=suggestion, **kwargs)
        if joint:
            self.fields["signed_again"].required = True
            self.fields["signed_again"].error_messages["required"] = "联名代表须重新签名。"
        else:
            del self.fields["signed_again"]
