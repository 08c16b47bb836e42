"""What a congress sets of itself."""

from django import forms

from ..actions.congresses import clean_host
from ..files import store
from ..flow import NotAllowed
from ..models import Congress, Membership
from ..uploads import accept
from .fields import WordsField

EMBLEM = "congress.emblem"


class NamesForm(forms.Form):
    """The official names."""

    name = WordsField(label="人民代表大会全称", max_length=60)
    standing_committee_name = WordsField(
        label="常务委员会（主席团）全称", max_length=60, help_text="显示在每一页的页头。"
    )
    short_name = WordsField(label="简称", max_length=20)


class HostsForm(forms.Form):
    """Addresses besides the platform's own."""

    hosts = WordsField(
        label="网址",
        rows=4,
        max_length=1000,
        required=False,
        help_text="一行一个主机名，不写协议和端口。须先由网络管理员把它指向本平台。",
    )

    def clean_hosts(self) -> list[str]:
        wanted, faults = [], []
        for line in self.cleaned_data["hosts"].split():
            try:
                wanted.append(clean_host(line))
            except NotAllowed as refusal:
                faults.append(refusal.sentence)
        if faults:
            raise forms.ValidationError(faults)
        return wanted


class TextsForm(forms.Form):
    """Words on the public pages and at the sign-in."""

    intro = WordsField(
        label="首页说明", rows=4, max_length=400, required=False, help_text="公开首页上的一段话。"
    )
    sign_in_hint = WordsField(
        label="登录页提示",
        max_length=120,
        required=False,
        help_text="例如：代表请用登记的手机号登录。",
    )
    help_contact = WordsField(
        label="账号问题联系",
        max_length=80,
        required=False,
        help_text="忘记密码等找谁，写明科室和电话。",
    )
    feedback_contact = WordsField(
        label="投诉建议联系方式",
        max_length=120,
        required=False,
        help_text="公众投诉、更正个人信息找谁，写明科室、电话和地址。",
    )
    filing_number = WordsField(
        label="备案号", max_length=60, required=False, help_text="显示在页脚。"
    )


class FeaturesForm(forms.Form):
    """What this congress uses."""

    ranking = forms.BooleanField(
        label="公布履职时可以排名次",
        required=False,
        help_text="关闭时只能按名册顺序公布；已经公布的不受影响。",
    )
    emblem = forms.FileField(
        label="国徽图案",
        required=False,
        help_text="显示在公开首页，PNG 图片。按国徽法使用，不上传则不显示。",
        widget=forms.FileInput(attrs={"accept": ".png"}),
    )
    no_emblem = forms.BooleanField(label="不再显示国徽图案", required=False)

    def __init__(self, *args, congress: Congress, **kwargs):
        super().__init__(*args, **kwargs)
        if not congress.settings.get("emblem"):
            del self.fields["no_emblem"]

    def clean_emblem(self):
        file = self.cleaned_data["emblem"]
        return accept(file, ["png"]) if file else None

    def values(self, by: Membership) -> dict:
        """The settings asked for (None takes one away); a picture sent in is stored."""
        asked = {"ranking": self.cleaned_data["ranking"] or None}
        if self.cleaned_data.get("no_emblem"):
            asked["emblem"] = None
        elif self.cleaned_data["emblem"]:
            picture = self.cleaned_data["emblem"]
            asked["emblem"] = str(store(**picture._asdict(), purpose=EMBLEM, by=by).public_id)
        return asked
