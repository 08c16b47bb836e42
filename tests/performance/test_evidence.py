"""Pictures that prove a duty: small in lists, larger where they are judged, never for strangers."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from congress import files
from congress.models import Role, Unit
from congress.uploads import accept, shrunk
from performance import actions
from performance.models import DutyItem
from tests import cast

from . import year


def picture(kind="JPEG", size=(1600, 900), mode="RGB"):
    out = io.BytesIO()
    Image.new(mode, size, (200, 30, 30, 0)[: len(mode)]).save(out, kind)
    return SimpleUploadedFile(f"现场.{kind.lower()}", out.getvalue())


@pytest.fixture
def deputy(in_binhai):
    seat = year.seat("单林芳", 1, street=Unit.objects.get(short_name="东湖街道"))
    seat.deputy.membership = cast.member(in_binhai, Role.DEPUTY)
    seat.deputy.save()
    return seat.deputy


@pytest.fixture
def report(deputy):
    year.period(year=dt.date.today().year)
    return reported(deputy, picture())


def reported(deputy, file):
    return actions.report_duty(
        by=deputy.membership,
        deputy=deputy,
        item=DutyItem.objects.get(code="E03"),
        on=dt.date.today(),
        title="到湖滨社区参加志愿服务",
        evidence=accept(file),
    )


def address(file, size=""):
    return reverse("file", args=[file.public_id]) + (f"?{size}=1" if size else "")


def opened(answer):
    assert answer.status_code == 200
    return Image.open(io.BytesIO(b"".join(answer) if answer.streaming else answer.content))


def test_the_street_sees_it_small_in_the_list_and_larger_where_it_decides(report, client_of):
    street = client_of(cast.member(report.congress, Role.STREET))
    small, middle = (address(report.evidence, size) for size in ("small", "middle"))
    listed = street.get(reverse("admin:performance_selfreport_changelist")).content.decode()
    assert f'src="{small}"' in listed and "佐证图片：到湖滨社区参加志愿服务" in listed
    own = street.get(reverse("admin:performance_selfreport_change", args=[report.pk]))
    assert f'src="{middle}"' in own.content.decode() and "看原图" in own.content.decode()
    step = street.get(f"/admin/performance/selfreport/{report.pk}/step/review/")
    assert f'src="{middle}"' in step.content.decode()
    assert opened(street.get(small)).size == (160, 90)
    assert opened(street.get(middle)).size == (960, 540)
    assert opened(street.get(address(report.evidence))).size == (1600, 900)


def test_a_size_is_drawn_once_and_kept_beside_the_picture(report, client_of, monkeypatch):
    drawn = []
    monkeypatch.setattr(files, "shrunk", lambda *a: drawn.append(a[1]) or shrunk(*a))
    street = client_of(cast.member(report.congress, Role.STREET))
    for size in ("small", "small", "middle", "small"):
        opened(street.get(address(report.evidence, size)))
    assert drawn == [160, 960]
    beside = sorted(p.suffix for p in files.path_of(report.evidence).parent.iterdir())
    assert beside == ["", ".middle", ".small"], "nothing half made is left"


def test_no_size_of_it_is_for_strangers(report, client_of, stranger_at, shanyang):
    west = cast.add_member(report.congress, Role.STREET, "街西园", login="west", unit="西园街道")
    other = cast.add_member(report.congress, Role.DEPUTY, "区启明", login="deputy2")
    clients = [client_of(west), client_of(other), stranger_at(report.congress)]
    clients.append(client_of(cast.member(shanyang, Role.DEPUTY_AFFAIRS)))
    for client in clients:
        for size in ("", "small", "middle"):
            assert client.get(address(report.evidence, size)).status_code == 404
    for member in (report.deputy.membership, year.keeper()):
        assert client_of(member).get(address(report.evidence, "small")).status_code == 200


def test_what_is_no_picture_stays_a_link(deputy, client_of):
    year.period(year=dt.date.today().year)
    file = SimpleUploadedFile("证明.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n")
    report = reported(deputy, file)
    street = client_of(cast.member(report.congress, Role.STREET))
    page = street.get(reverse("admin:performance_selfreport_change", args=[report.pk]))
    assert (
        "证明.pdf</a>" in page.content.decode()
        and "<img" not in page.content.decode().split("申报内容")[1]
    )
    answer = street.get(address(report.evidence, "small"))
    assert answer["Content-Type"] == "application/pdf"


def test_transparent_pictures_lie_on_white_and_small_ones_stay_as_they_are():
    seen = Image.open(io.BytesIO(shrunk(picture("PNG", (40, 30), "RGBA").read(), 160)))
    assert seen.format == "JPEG" and seen.size == (40, 30)
    assert min(seen.getpixel((20, 15))) > 250


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_kind_of_picture_that_is_taken_can_be_shrunk(kind):
    assert max(Image.open(io.BytesIO(shrunk(picture(kind).read(), 160))).size) == 160
