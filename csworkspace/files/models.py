"""Files that people upload and reports that are issued.

They live in the database: behind the same wall, in the same transaction and in
the same back-up as the rows that name them.
"""

from django.db import models

from csworkspace.tenancy.models import TenantModel


class StoredFile(TenantModel):
    """A file's content with its name, type and SHA-256."""

    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "csworkspace"

    def __str__(self) -> str:
        return self.name
