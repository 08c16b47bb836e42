"""建议 on the deputy's phone."""

from . import following, lists, publishing, signing, writing

urlpatterns = [
    *lists.urlpatterns,
    *writing.urlpatterns,
    *signing.urlpatterns,
    *following.urlpatterns,
    *publishing.urlpatterns,
]
