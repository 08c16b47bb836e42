"""Pages every signed-in person has: first screen, change of role, progress of a job, a file."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from . import files
from .access import everybody, signed_in
from .models import Job, Role

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


urlpatterns = [
    path("first/", first_screen, name="first_screen"),
    path("work-as/<int:pk>/", work_as, name="work_as"),
    path("jobs/<uuid:public_id>/", job, name="job"),
    path("files/<uuid:public_id>/", stored_file, name="file"),
    path("elder/", elder, name="elder"),
]
