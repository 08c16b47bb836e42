"""Tokens with which a program works as one membership."""

from django.db import models

from ..tenancy import TenantModel


class ApiToken(TenantModel):
    """Only the hash is kept; the secret is shown once."""

    membership = models.ForeignKey(
        "congress.Membership", on_delete=models.CASCADE, related_name="tokens", verbose_name="成员"
    )
    label = models.CharField("用途", max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField("创建时间", auto_now_add=True)
    expires_at = models.DateTimeField("到期时间")
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "接口密钥"
        ordering = ["-pk"]

    def __str__(self):
        return self.label
