"""Files kept for a congress; the bytes lie outside the database and the web root."""

import uuid

from django.db import models

from ..tenancy import TenantModel


class StoredFile(TenantModel):
    """One stored file; who may have it depends on its purpose (see congress.files)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("文件名", max_length=160)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveBigIntegerField("大小（字节）")
    sha256 = models.CharField(max_length=64)
    purpose = models.CharField(max_length=60)
    expires_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(
        "congress.Membership",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="上传人",
    )
    created_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "文件"

    def __str__(self):
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.content_type in ("image/jpeg", "image/png", "image/webp")
