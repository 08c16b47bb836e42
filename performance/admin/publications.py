"""履职公布: choose, look, check, confirm twice, published; later editions."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from congress.admin import StaffAdmin, StepPage, site
from congress.flow import NotAllowed
from congress.models import Role
from congress.once import once
from congress.words import cn_date

from .. import access, actions, exports
from ..forms.publications import ConfirmForm, NewPublicationForm, PublicationForm, ReturnForm
from ..models import Period, Publication
from ..queries.periods import publications_to_confirm
from ..queries.publications import (
    LINKS,
    checks,
    newer_edition,
    ranking_is_on,
    snapshot,
    stored_rows,
    verify,
)
from ..rules import PUBLICATION_FLOW
from .periods import EACH_PAGE, KEEPERS, PUBLICATION_TONES

READERS = (Role.DEPUTY_AFFAIRS, Role.CHAIR, Role.COMMITTEE, Role.STREET)
State, Step, Column = Publication.State, Publication.Step, Publication.Column
STAGES = {
    State.DRAFT: 1,
    State.RETURNED: 1,
    State.PROPOSED: 2,
    State.CONFIRMED: 3,
    State.PUBLISHED: 5,
    State.DROPPED: 1,
}
USUAL = [Column.TOTAL, Column.ASPECTS, Column.DAYS, Column.GRADE]


def publications_link() -> tuple[str, str]:
    return "履职公布", reverse("admin:performance_publication_changelist")


def way_back(publication: Publication) -> list[tuple[str, str]]:
    """The way back from a page below a publication."""
    here = reverse("admin:performance_publication_change", args=[publication.pk])
    return [publications_link(), (str(publication), here)]


def found(request: HttpRequest, pk: int) -> Publication:
    """A publication this member may see, otherwise 404."""
    rows = access.publications_visible_to(request.member).select_related(*LINKS)
    return access.find(rows, pk)


def shown(publication: Publication) -> list:
    """The rows to show: frozen ones, or those a draft would freeze now (its figures and words
    are set on the publication, unsaved). Raises Faulty."""
    if publication.is_frozen:
        return stored_rows(publication)
    draft = snapshot(publication)
    publication.figures, publication.explanation = draft.figures, draft.explanation
    return draft.rows


def _confirm(publication: Publication, *, by, looked: bool) -> Publication:
    return actions.confirm_publication(publication, by=by)


def _freeze(publication: Publication, *, by, looked: bool) -> Publication:
    return actions.freeze_publication(publication, by=by)


class PublicationAdmin(StaffAdmin):
    roles_view = READERS
    flow = PUBLICATION_FLOW
    step_template = "performance/admin/publication_step.html"
    step_pages = (
        StepPage(
            Step.PROPOSE,
            actions.propose_publication,
            primary=True,
            done="已提交，等待两个人先后确认",
            explain="提交以后，由代工委的两个人先后确认。确认以前可以退回修改。",
        ),
        StepPage(
            Step.CONFIRM,
            _confirm,
            form=ConfirmForm,
            primary=True,
            done="第一人已确认，请另一位同志第二次确认",
            explain="您是第一位确认的人。之后须由另一位同志再确认一次，才会公布。",
        ),
        StepPage(
            Step.FREEZE,
            _freeze,
            form=ConfirmForm,
            primary=True,
            done="已公布。通报和表格正在生成，完成后会发消息给您",
            explain=(
                "您是第二位确认的人。确认后立即公布，考核期随之锁定，公布的内容永远不能再改；"
                "以后发现错误，只能另出更正版，原版仍可查看。"
            ),
        ),
        StepPage(
            Step.RETURN,
            actions.return_publication,
            form=ReturnForm,
            done="已退回，已告诉拟订人",
            explain="退回后可以修改，已有的确认作废，须重新确认。",
        ),
        StepPage(
            Step.DROP,
            actions.drop_publication,
            danger=True,
            done="已作废",
            explain="作废后不能恢复，需要时重新拟订。",
        ),
    )

    def rows(self, member):
        return access.publications_visible_to(member)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*LINKS)

    def steps_for(self, member, row):
        return access.publication_steps(member, row)

    def step_context(self, request, row, step):
        if step not in (Step.PROPOSE, Step.CONFIRM, Step.FREEZE):
            return {}
        made = checks(row)
        return {
            "publication": row,
            "checks": made,
            "blocked": any(c.must and not c.ok for c in made),
            "answers": [(label, value, "") for label, value in choices(row)],
        }

    def changelist_view(self, request, extra_context=None):
        """Publications by state, the latest in front."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        rows = access.publications_visible_to(request.member)
        state = request.GET.get("state") or request.GET.get("state__exact", "")
        period = request.GET.get("period", "")
        if state == "mine":
            listed = publications_to_confirm(rows, request.member)
        else:
            listed = rows.filter(state=state) if state else rows.exclude(state=State.DROPPED)
        if period.isdigit():
            listed = listed.filter(period=period)
        words = request.GET.get("q", "").strip()
        if words:
            listed = listed.filter(title__icontains=words)
        page = Paginator(listed.order_by("-pk"), EACH_PAGE).get_page(request.GET.get("page"))
        may_keep = access.may_keep(request.member)
        new = {"label": "拟订公布", "url": reverse("admin:performance_publication_new")}
        context = {
            "title": "履职公布",
            "note": "两个人先后确认后公布；公布的内容不再改动，更正另出新版。",
            "page": page,
            "lines": [(p, PUBLICATION_TONES[p.state]) for p in page],
            "states": [("mine", "等我确认"), *State.choices] if may_keep else [],
            "state": state,
            "periods": Period.objects.filter(publications__in=rows).distinct(),
            "period": period,
            "q": words,
            "is_filtered": bool(request.GET),
            "may_keep": may_keep,
            "actions": [{**new, "primary": True}] if may_keep else [],
        }
        return site.render(request, "performance/admin/publications.html", context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One edition: where it stands; once published its documents, seal and editions."""
        if not self.has_view_permission(request):
            return super().change_view(request, object_id, form_url, extra_context)
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        may_keep = access.may_keep(request.member)
        changeable = may_keep and row.state in (State.DRAFT, State.RETURNED)
        public = reverse("public_publication", args=[row.public_id]) if row.is_frozen else ""
        context = {
            "title": str(row),
            "back": [publications_link()],
            "publication": row,
            "tone": PUBLICATION_TONES[row.state],
            "stage": STAGES[row.state],
            "choices": choices(row),
            "may_keep": may_keep,
            "may_change": changeable,
            "needs_another": row.state == State.CONFIRMED
            and may_keep
            and Step.FREEZE not in access.publication_steps(request.member, row),
            "step_buttons": self.step_buttons(request, row),
            "events": course(row),
            "faults": verify(row) if row.is_frozen else [],
            "files": [f for f in (row.booklet, row.large_print, row.sheet) if f],
            "files_missing": row.is_frozen and not (row.booklet and row.large_print and row.sheet),
            "public": public,
            "editions": editions(request, row),
            "newer": newer_edition(row),
            "corrections": list(row.corrections.select_related("deputy", "node", "by")),
            "actions": _buttons(row, changeable, may_keep, public),
        }
        return site.render(request, "performance/admin/publication.html", context)


site.register(Publication, PublicationAdmin)


def choices(publication: Publication) -> list[tuple[str, str]]:
    """What was chosen, in words."""
    labels = dict(Column.choices)
    tally = publication.tally
    found = [
        ("标题", publication.title),
        ("考核期", publication.period.name),
        ("汇总", f"第{tally.number}次，{tally.deputies}位代表，{tally.facts}条履职记录"),
        ("公布范围", publication.get_audience_display()),
        ("公布内容", "、".join(labels[c] for c in publication.columns)),
        ("分组", publication.get_partition_display()),
        ("排列", publication.get_order_display()),
    ]
    if publication.edition > 1:
        found[1:1] = [("版次", f"第{publication.edition}版"), ("更正原因", publication.reason)]
    return found


def course(publication: Publication) -> list[dict]:
    """Who did what when."""
    events = [{"title": "拟订", "at": publication.made_at, "by": publication.made_by.name}]
    if publication.proposed_at:
        events.append(
            {
                "title": "提交确认",
                "at": publication.proposed_at,
                "by": publication.proposed_by.name,
            }
        )
    if publication.state == State.RETURNED:
        events.append({"title": "退回", "note": publication.return_reason, "now": True})
    if publication.first_at:
        events.append(
            {"title": "第一人确认", "at": publication.first_at, "by": publication.first_by.name}
        )
    if publication.published_at:
        events.append(
            {
                "title": "第二人确认并公布",
                "at": publication.published_at,
                "by": publication.second_by.name,
            }
        )
    for event in events:
        event["done"] = True
    waiting = {
        State.DRAFT: "等待提交确认",
        State.PROPOSED: "等待第一人确认",
        State.CONFIRMED: "等待另一位同志确认",
    }.get(publication.state)
    return events + ([{"title": waiting, "now": True}] if waiting else [])


def editions(request: HttpRequest, publication: Publication) -> list[Publication]:
    """The editions for the same audience, where there is more than one."""
    rows = list(
        access.publications_visible_to(request.member)
        .filter(period=publication.period_id, audience=publication.audience)
        .exclude(state=State.DROPPED)
        .order_by("edition")
    )
    return rows if len(rows) > 1 else []


def _buttons(publication: Publication, changeable: bool, may_keep: bool, public: str) -> list:
    def link(label: str, name: str, **more) -> dict:
        return {"label": label, "url": reverse(f"admin:{name}", args=[publication.pk]), **more}

    if publication.is_frozen:
        found = [{"label": "打开公布页", "url": public, "primary": True}]
        if may_keep and newer_edition(publication) is None:
            found.append(link("出更正版", "performance_publication_correct"))
        return found
    found = (
        []
        if publication.state == State.DROPPED
        else [link("预览", "performance_publication_preview")]
    )
    if changeable:
        found.append(link("修改", "performance_publication_edit"))
    return found


# -- Pages -------------------------------------------------------------------------------------


@site.page("performance/publications/new/", "performance_publication_new", KEEPERS)
@once
def new_publication(request: HttpRequest) -> HttpResponse:
    """拟订公布: period, audience, columns, partition, order."""
    asked = request.GET.get("period", "")
    periods = Period.objects.filter(tallies__finished_at__isnull=False).order_by("-starts_on")
    period = (periods.filter(pk=asked).first() if asked.isdigit() else None) or periods.first()
    initial = {
        "period": period,
        "title": f"{period.name}代表履职情况通报" if period else "",
        "audience": Publication.Audience.DEPUTIES,
        "columns": USUAL,
        "partition": Publication.Partition.DELEGATION,
        "order": Publication.Order.ROSTER,
    }
    form = NewPublicationForm(request.POST or None, initial=initial, ranking=ranking_is_on())
    if request.method == "POST" and form.is_valid():
        asked = dict(form.cleaned_data)
        row = actions.draft_publication(asked.pop("period"), by=request.member, **asked)
        messages.success(request, "已拟订，请先预览，再提交确认")
        return redirect("admin:performance_publication_change", row.pk)
    context = {
        "title": "拟订履职公布",
        "form": form,
        "back": [publications_link()],
        "submit": "保存，下一步预览",
        "cancel": publications_link()[1],
        "nothing": "" if period else "先在考核期里汇总积分，再拟订公布。",
    }
    status = 422 if form.is_bound else 200
    return site.render(request, "performance/admin/publication_new.html", context, status)


@site.page("performance/publications/<int:pk>/edit/", "performance_publication_edit", KEEPERS)
@once
def edit_publication(request: HttpRequest, pk: int) -> HttpResponse:
    """Other choices for a draft; the newest tally is taken."""
    row = found(request, pk)
    if row.state not in (State.DRAFT, State.RETURNED):
        raise NotAllowed(f"“{row.get_state_display()}”的公布方案不能修改")
    initial = {name: getattr(row, name) for name in actions.publications.CHOICES}
    form = PublicationForm(
        request.POST or None, initial=initial, ranking=ranking_is_on(), edition=row.edition
    )
    if request.method == "POST" and form.is_valid():
        actions.change_publication(row, by=request.member, **form.cleaned_data)
        messages.success(request, "已保存，用的是最近一次汇总")
        return redirect("admin:performance_publication_change", pk)
    context = {
        "title": "修改公布方案",
        "form": form,
        "back": way_back(row),
        "submit": "保存",
        "cancel": way_back(row)[1][1],
    }
    status = 422 if form.is_bound else 200
    return site.render(request, "admin/one_form.html", context, status)


@site.page("performance/publications/<int:pk>/preview/", "performance_publication_preview", KEEPERS)
def preview_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What readers will see, before it is published."""
    row = found(request, pk)
    if row.is_frozen:
        return redirect("public_publication", row.public_id)
    rows = shown(row)
    context = {
        "title": "预览",
        "note": f"用的是第{row.tally.number}次汇总（{cn_date(row.tally.finished_at)}）。"
        "公布以前，内容还会随重新汇总变化。",
        "back": way_back(row),
        "step_buttons": PublicationAdmin(Publication, site).step_buttons(request, row),
        **exports.page_context(
            row, rows, part=request.GET.get("part", ""), words=request.GET.get("q", "")
        ),
    }
    return site.render(request, "performance/admin/preview.html", context)


@site.page("performance/publications/<int:pk>/files/", "performance_publication_files", KEEPERS)
@once
def files_page(request: HttpRequest, pk: int) -> HttpResponse:
    """重新生成 documents that were not finished."""
    row = found(request, pk)
    if request.method == "POST":
        job = actions.make_files_again(row, by=request.member)
        if job.by_id == request.member.pk:
            return redirect("job", job.public_id)
        messages.info(request, "正在生成，请稍候再来看")
        return redirect("admin:performance_publication_change", pk)
    context = {
        "title": "生成通报和表格",
        "back": way_back(row),
        "explain": "生成通报、大字版通报和表格，约需一分钟。已有的文件不变。",
        "submit": "开始生成",
        "cancel": way_back(row)[1][1],
    }
    return site.render(request, "admin/one_form.html", context)
