"""建议 on the deputy's phone."""

from . import following, lists, lookbacks, publishing, reviewing, signing, writing

urlpatterns = [
    *lists.urlpatterns,
    *writing.urlpatterns,
    *signing.urlpatterns,
    *following.urlpatterns,
    *publishing.urlpatterns,
    *lookbacks.urlpatterns,
    *reviewing.urlpatterns,
]
