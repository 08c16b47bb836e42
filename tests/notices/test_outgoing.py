"""The wire refuses what a tenant must not reach, and never waits for ever."""

import socket
import threading
import time

import pytest

from notices import outgoing

from .servers import sms_gateway

INSIDE = [
    "https://127.0.0.1/x", "https://[::1]/x", "https://10.1.2.3/x", "https://192.168.1.1/",
    "https://172.16.0.9/", "https://169.254.169.254/latest/meta-data", "https://0.0.0.0/",
    "https://100.64.0.1/", "https://[::ffff:127.0.0.1]/", "https://[fe80::1]/",
    "https://[fd00::1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/",
    "https://localhost/x", "https://db.internal/", "https://x.localhost/", "https://224.0.0.1/",
]  # fmt: skip


@pytest.mark.parametrize("url", INSIDE)
def test_addresses_inside_are_refused(url):
    assert outgoing.url_faults(url) == [outgoing.INSIDE]
    with pytest.raises(outgoing.CannotSend) as refused:
        outgoing.post(url)
    assert not refused.value.may_help


@pytest.mark.parametrize(
    "url",
    ["http://example.com/", "ftp://example.com/", "file:///etc/passwd", "https://u:p@example.com/",
     "https://exa mple.com/", "https://", "//example.com", "https://example.com:99999/", "例子"],
)  # fmt: skip
def test_only_plain_https_addresses_pass(url):
    assert outgoing.url_faults(url)


def test_a_public_address_passes():
    assert outgoing.url_faults("https://sms.example.com:8443/v1/send?a=b") == []
    assert outgoing.is_public("8.8.8.8") and outgoing.is_public("2400:3200::1")


def test_a_name_that_leads_inside_is_refused(monkeypatch):
    answers = [(2, 1, 6, "", ("8.8.8.8", 443)), (2, 1, 6, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **kw: answers)
    with pytest.raises(outgoing.CannotSend, match="内网地址"):
        outgoing.checked_address("evil.example.com", 443)


def test_the_checked_address_is_the_one_connected_to(monkeypatch):
    """A name that changes its mind after the check gains nothing: it is asked once."""
    asked, connected = [], []

    def lookup(host, port, **kw):
        asked.append(host)
        return [(2, 1, 6, "", ("8.8.8.8" if len(asked) == 1 else "127.0.0.1", port))]

    def connect(address, timeout):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(outgoing.CannotSend, match="拒绝连接"):
        outgoing.post("https://sms.example.com/x")
    assert connected == [("8.8.8.8", 443)]


def test_the_operator_may_allow_a_host_inside(settings):
    settings.OUTGOING_PRIVATE_HOSTS = ["127.0.0.1"]
    with sms_gateway() as gateway:
        headers = {"X-Key": "k"}
        answer = outgoing.post(gateway.url, headers=headers, body='{"to": "1"}')
    assert answer == '{"code":"OK"}' and gateway.got[0][0]["X-Key"] == "k"


def test_no_redirect_is_followed(settings):
    settings.OUTGOING_PRIVATE_HOSTS = ["127.0.0.1"]
    with sms_gateway() as gateway:
        gateway.answers = [(302, gateway.url)]
        with pytest.raises(outgoing.CannotSend, match="302") as refused:
            outgoing.post(gateway.url, body="{}")
    assert len(gateway.got) == 1 and not refused.value.may_help


@pytest.mark.parametrize(("status", "may_help"), [(500, True), (503, True), (429, True),
                                                  (400, False), (403, False)])  # fmt: skip
def test_which_answers_are_worth_another_try(settings, status, may_help):
    settings.OUTGOING_PRIVATE_HOSTS = ["127.0.0.1"]
    with sms_gateway() as gateway:
        gateway.answers = [(status, "no")]
        with pytest.raises(outgoing.CannotSend) as refused:
            outgoing.post(gateway.url, body="{}")
    assert refused.value.may_help is may_help


def test_a_server_that_drips_is_left_in_time(settings):
    settings.OUTGOING_PRIVATE_HOSTS = ["127.0.0.1"]
    listener = socket.create_server(("127.0.0.1", 0))

    def drip():
        connection, _ = listener.accept()
        try:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            for _ in range(100):
                connection.sendall(b"x")
                time.sleep(0.1)
        except OSError:
            pass

    threading.Thread(target=drip, daemon=True).start()
    with pytest.raises(outgoing.CannotSend, match="规定时间"):
        outgoing.post(f"http://127.0.0.1:{listener.getsockname()[1]}/", timeout=1)
    listener.close()


def test_mail_without_tls_needs_the_operators_word():
    with pytest.raises(outgoing.CannotSend, match="不加密"):
        outgoing.mail(None, host="mail.example.com", port=25, security="none")
    with pytest.raises(outgoing.CannotSend, match="内网"):
        outgoing.mail(None, host="10.0.0.8", port=465, security="ssl")
