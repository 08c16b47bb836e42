"""Pages every signed-in person has: first screen, change of role, the account, progress of a job,
a file; and the pages behind the links at the foot."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_POST

from . import access, actions, crossing, files, middleware, queries, sessions
from .access import everybody, signed_in
from .models import ApiToken, Job, Role

FIRST_SCREENS = {
    Role.DEPUTY: "/me/",
    Role.GOVERNMENT_OFFICE: "/desk/",
    Role.HANDLING_UNIT: "/desk/",
    Role.STATION_LIAISON: "/me/",
}


@signed_in
def first_screen(request: HttpRequest) -> HttpResponse:
    """After signing in: the first screen of the role."""
    return redirect(FIRST_SCREENS.get(request.member.role, "/admin/"))


@signed_in
@require_POST
def work_as(request: HttpRequest, pk: int) -> HttpResponse:
    """A person of several roles in this congress changes between them."""
    if pk not in [m.pk for m in request.memberships]:
        raise Http404
    request.session["member"] = pk
    return redirect("first_screen")


@signed_in
def own_account(request: HttpRequest) -> HttpResponse:
    """我的账号: what I am here, how I sign in, where I am signed in, where else I belong."""
    member, now = request.member, timezone.now()
    elsewhere = [c for c in access.congresses_of(request.user) if c.pk != request.congress.pk]
    places = [(c, middleware.address_of(request, c)) for c in elsewhere]
    context = {
        "others": [m for m in request.memberships if m.pk != member.pk],
        "places": [c for c, _ in places],
        "has_factor": request.user.pk in queries.with_second_factor([request.user]),
        "sign_ins": queries.sign_ins_of(member),
        "tokens": member.tokens.filter(revoked_at=None, expires_at__gt=now),
        "now": now,
    }
    response = render(request, "congress/portal/account.html", context)
    # A form on this page leads to the host of another congress of the person.
    response._csp_update = {"form-action": [url.rstrip("/") for _, url in places]}
    return response


@signed_in
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """退出其他设备."""
    actions.end_own_sessions(by=request.member)
    request.user.refresh_from_db()
    sessions.keep_this(request, request.user)
    messages.success(request, "其他设备上的登录已经退出")
    return redirect("own_account")


@signed_in
@require_POST
def revoke_own_token(request: HttpRequest, pk: int) -> HttpResponse:
    """停用 a token of the own membership."""
    token = get_object_or_404(ApiToken, pk=pk, membership=request.member)
    actions.revoke_token(token, by=request.member)
    messages.success(request, f"已停用接口密钥“{token.label}”")
    return redirect("own_account")


@signed_in
@require_POST
def go_to(request: HttpRequest, pk: int) -> HttpResponse:
    """进入 another congress one belongs to."""
    places = access.congresses_of(request.user)
    target = next((c for c in places if c.pk == pk and pk != request.congress.pk), None)
    if target is None:
        raise Http404
    if middleware.is_chosen_by_hand(middleware.host_of(request)):
        return middleware.keep_choice(redirect("/first/"), target)
    ticket = urlencode({"ticket": crossing.write(request, target)})
    return redirect(f"{middleware.address_of(request, target)}accounts/arrive/?{ticket}")


@signed_in
def job(request: HttpRequest, public_id) -> HttpResponse:
    """How far a piece of long work is; the person who began it may leave and come back."""
    row = get_object_or_404(Job, public_id=public_id, by=request.member)
    if row.done_at and row.link and "HX-Request" not in request.headers:
        return redirect(row.link)
    response = render(request, "congress/job.html", {"job": row})
    if row.done_at and row.link:
        response["HX-Redirect"] = row.link
    return response


@everybody
def stored_file(request: HttpRequest, public_id) -> HttpResponse:
    """A stored file, for those its purpose allows."""
    return files.serve(request, public_id)


@everybody
@require_POST
def elder(request: HttpRequest) -> HttpResponse:
    """长辈版: larger letters, kept in a cookie of this device."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}):
        target = "/"
    response = redirect(target)
    if request.COOKIES.get("elder") == "1":
        response.delete_cookie("elder")
    else:
        response.set_cookie("elder", "1", max_age=365 * 86400, samesite="Lax")
    return response


@everybody
def privacy(request: HttpRequest) -> HttpResponse:
    """个人信息保护: what is kept of people, why, how long, and what they may ask (个人信息保护法
    arts. 17, 44 to 50)."""
    return render(request, "congress/public/privacy.html")


@everybody
def accessibility(request: HttpRequest) -> HttpResponse:
    """无障碍说明: what helps to read, and whom to tell where it does not."""
    return render(request, "congress/public/accessibility.html")


@everybody
def feedback(request: HttpRequest) -> HttpResponse:
    """投诉建议: whom to turn to."""
    return render(request, "congress/public/feedback.html")


urlpatterns = [
    path("me/account/", own_account, name="own_account"),
    path("me/account/end-others/", end_others, name="own_end_others"),
    path("me/account/tokens/<int:pk>/revoke/", revoke_own_token, name="own_revoke_token"),
    path("me/account/go/<int:pk>/", go_to, name="own_go_to"),
    path("privacy/", privacy, name="privacy"),
    path("accessibility/", accessibility, name="accessibility"),
    path("feedback/", feedback, name="feedback"),
    path("first/", first_screen, name="first_screen"),
    path("work-as/<int:pk>/", work_as, name="work_as"),
    path("jobs/<uuid:public_id>/", job, name="job"),
    path("files/<uuid:public_id>/", stored_file, name="file"),
    path("elder/", elder, name="elder"),
]
