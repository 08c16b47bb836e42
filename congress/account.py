"""Pages of one's own account: those of django-allauth that we have, and no others.

Accounts are opened by the congress: no sign-up, no mail, no reset of passwords by mail.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from . import crossing, signin
from .access import everybody, signed_in


@everybody
def sign_in(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in but no member of this congress begins anew."""
    if request.user.is_authenticated and request.member is None:
        logout(request)
    return account.login(request)


@everybody
def second_factor(request: HttpRequest) -> HttpResponse:
    """The second step of signing in; nobody is signed in yet."""
    return mfa.authenticate(request)


@signed_in
def open_second_factor(request: HttpRequest) -> HttpResponse:
    """开通验证器."""
    response = totp.activate_totp(request)
    if request.method == "POST":
        signin.on_second_factor(request)
    return response


@signed_in
def close_second_factor(request: HttpRequest) -> HttpResponse:
    """停用验证器."""
    response = totp.deactivate_totp(request)
    if request.method == "POST":
        signin.on_second_factor(request)
    return response


@everybody
def arrive(request: HttpRequest) -> HttpResponse:
    """Coming over from another congress with a ticket: who is it, then in."""
    text = request.POST.get("ticket", "") or request.GET.get("ticket", "")
    if request.method == "POST":
        crossing.arrive(request, text)
        return redirect("first_screen")
    _, arriving = crossing.read(request, text)
    response = render(request, "account/arrive.html", {"ticket": text, "arriving": arriving})
    response["Cache-Control"] = "no-store"
    return response


urlpatterns = [
    path("login/", sign_in, name="account_login"),
    path("2fa/authenticate/", second_factor, name="mfa_authenticate"),
    path("arrive/", arrive, name="account_arrive"),
    path("logout/", everybody(account.logout), name="account_logout"),
    path("inactive/", everybody(account.account_inactive), name="account_inactive"),
    path("reauthenticate/", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("password/change/", signed_in(account.password_change), name="account_change_password"),
    path("2fa/", signed_in(mfa.index), name="mfa_index"),
    path("2fa/reauthenticate/", signed_in(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", open_second_factor, name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", close_second_factor, name="mfa_deactivate_totp"),
    path("2fa/codes/", signed_in(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "2fa/codes/generate/",
        signed_in(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
]
