"""督办方案, 督办记录, 督办报告 (F13)."""

from django import forms
from django.utils import timezone

from activities.rules import read_names
from congress.forms import FilterForm, TabField
from congress.forms.fields import DayField
from congress.models import Meeting, Membership, Unit
from deputies.models import Deputy

from ..models import Supervision, SupervisionEvent
from ..queries.supervising import PLACES, deciding_meetings, leaders, seated

COMMITTEES = (
    Unit.Kind.SPECIAL_COMMITTEE,
    Unit.Kind.WORKING_COMMITTEE,
    Unit.Kind.DEPUTY_AFFAIRS,
    Unit.Kind.STREET_COMMITTEE,
    Unit.Kind.TOWN_PRESIDIUM,
)


def committees():
    return Unit.objects.filter(kind__in=COMMITTEES)


class SupervisionFilter(FilterForm):
    place = TabField(PLACES)
    q = forms.CharField(label="编号、标题", required=False, max_length=80)
    kind = forms.ChoiceField(
        label="督办方式", required=False, choices=[("", "全部"), *Supervision.Kind.choices]
    )
    leader = forms.ModelChoiceField(
        Membership.objects.none(), label="领衔", required=False, empty_label="全部"
    )
    committee = forms.ModelChoiceField(
        Unit.objects.none(), label="督办机构", required=False, empty_label="全部"
    )

    mine = forms.BooleanField(label="只看我领衔或者本委员会督办的", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["leader"].queryset = leaders(timezone.localdate())
        self.fields["leader"].label_from_instance = lambda m: m.name
        self.fields["committee"].queryset = committees()


class ProposeForm(forms.Form):
    """Which kind of supervision, by whom, in which steps."""

    kind = forms.ChoiceField(
        label="督办方式", choices=Supervision.Kind.choices, widget=forms.RadioSelect
    )
    committee = forms.ModelChoiceField(Unit.objects.none(), label="督办机构", empty_label="请选择")
    plan = forms.CharField(
        label="督办方案",
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="写明督办的理由、步骤、现场督办的安排和时间。",
    )

    def __init__(self, *args, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(k, Supervision.Kind(k).label) for k in kinds]
        self.fields["committee"].queryset = committees()


class MeetingForm(forms.Form):
    """The meeting that decided, with its number and day."""

    meeting = forms.ModelChoiceField(
        Meeting.objects.none(),
        label="作出决定的会议",
        empty_label="请选择",
        help_text="会议先在“设置、会议”里登记名称、次数和日期。",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["meeting"].queryset = deciding_meetings()
        self.fields["meeting"].label_from_instance = lambda m: (
            f"{m.title}（{m.held_on.year}年{m.held_on.month}月{m.held_on.day}日）"
        )


class DecideForm(forms.Form):
    """What the meeting decided on one proposal."""

    taken = forms.ChoiceField(
        label="决定",
        choices=[("yes", "列为重点督办"), ("no", "未列入")],
        widget=forms.RadioSelect,
        initial="yes",
    )
    leader = forms.ModelChoiceField(
        Membership.objects.none(), label="领衔督办", required=False, empty_label="请选择"
    )
    committee = forms.ModelChoiceField(
        Unit.objects.none(), label="督办机构", required=False, empty_label="请选择"
    )
    government_leader = forms.CharField(
        label="政府领办领导", max_length=60, required=False, help_text="如：副区长李某。"
    )
    reason = forms.CharField(label="未列入的理由", max_length=200, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["leader"].queryset = leaders(timezone.localdate())
        self.fields["leader"].label_from_instance = lambda m: m.name
        self.fields["committee"].queryset = committees()

    def clean(self):
        values = super().clean()
        if values.get("taken") == "yes":
            for name, words in (
                ("leader", "请选择领衔督办的领导。"),
                ("committee", "请选择督办机构。"),
            ):
                if not values.get(name):
                    self.add_error(name, words)
        elif values.get("taken") == "no" and not (values.get("reason") or "").strip():
            self.add_error("reason", "请写明未列入的理由。")
        return values


class EventForm(forms.Form):
    """One visit, hearing or report, with the deputies who took part."""

    kind = forms.ChoiceField(
        label="方式",
        choices=[c for c in SupervisionEvent.Kind.choices if c[0] != "leader"],
        widget=forms.RadioSelect,
    )
    on = DayField(label="日期")
    text = forms.CharField(label="情况", widget=forms.Textarea(attrs={"rows": 5}))
    names = forms.CharField(
        label="参加的代表",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="姓名之间用顿号、逗号或者空格隔开。",
    )

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError("日期不能晚于今天。")
        return on

    def clean(self):
        values = super().clean()
        names = values.pop("names", "")
        read = read_names(names or "", seated(values.get("on") or timezone.localdate()))
        if read.unknown:
            self.add_error("names", f"名册里没有：{'、'.join(read.unknown)}。")
        if read.ambiguous:
            self.add_error("names", f"不止一人叫：{'、'.join(read.ambiguous)}。")
        values["deputies"] = list(Deputy.objects.filter(pk__in=read.found))
        return values


class EndForm(forms.Form):
    """How it ended."""

    result = forms.CharField(label="督办结果", widget=forms.Textarea(attrs={"rows": 5}))
    rating = forms.ChoiceField(
        label="督办评价",
        choices=[("好", "好"), ("较好", "较好"), ("一般", "一般"), ("差", "差")],
        widget=forms.RadioSelect,
    )


class LeaderForm(forms.Form):
    leader = forms.ModelChoiceField(
        Membership.objects.none(), label="领衔督办", required=False, empty_label="不设"
    )
    government_leader = forms.CharField(label="政府领办领导", max_length=60, required=False)
    reason = forms.CharField(label="调整的原因", max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["leader"].queryset = leaders(timezone.localdate())
        self.fields["leader"].label_from_instance = lambda m: m.name


class PlanForm(forms.Form):
    plan = forms.CharField(label="督办方案", widget=forms.Textarea(attrs={"rows": 8}))
