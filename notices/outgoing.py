"""The wire: HTTP and SMTP to servers a congress named. Nothing here reads the database.

A tenant names the server, so it is not trusted: https alone, never an address inside our own
network, the connection goes to the very address that was checked (a name cannot change in
between), no redirect is followed, an answer is read up to a limit and within a time. Hosts named
in OUTGOING_PRIVATE_HOSTS (the operator's word, not the tenant's) may be inside and without TLS.
"""

import contextlib
import http.client
import ipaddress
import smtplib
import socket
import ssl
import threading
from email.message import EmailMessage
from urllib.parse import urlsplit

from django.conf import settings

MOST_READ = 64 * 1024
INSIDE = "这是内网地址，不允许访问；确需使用内网服务器，请系统运维人员在部署配置中放行"


class CannotSend(Exception):
    """Not sent; with a sentence for the staff, and whether another try may help."""

    def __init__(self, sentence: str, *, may_help: bool = True):
        super().__init__(sentence)
        self.sentence = sentence
        self.may_help = may_help


def is_trusted(host: str) -> bool:
    """Whether the operator allows this host inside our own network."""
    return host.lower() in {name.lower() for name in settings.OUTGOING_PRIVATE_HOSTS}


def is_public(address: str) -> bool:
    """Whether an IP address is out in the internet: no loopback, private, link-local, shared,
    reserved or multicast one, nor an IPv6 form of such."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        for inner in (ip.ipv4_mapped, ip.sixtofour, ip.teredo and ip.teredo[1]):
            if inner:
                return is_public(str(inner))
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def checked_address(host: str, port: int) -> str:
    """The IP address to connect to; every one the name has must be allowed. Raises CannotSend."""
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise CannotSend(f"找不到服务器“{host}”") from None
    found = [str(answer[4][0]) for answer in answers]
    if not is_trusted(host) and not all(is_public(a.partition("%")[0]) for a in found):
        raise CannotSend(f"服务器“{host}”是内网地址，不允许访问", may_help=False)
    return found[0]


def url_faults(url: str) -> list[str]:
    """What is wrong with a gateway's address, in sentences; asks no network."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return ["网址写法有误"]
    if parts.scheme not in ("https", "http") or not host:
        return ["请填写以 https:// 开头的网址"]
    if any(c.isspace() or ord(c) < 33 for c in url) or not url.isascii():
        return ["网址里不能有空格和中文"]
    if parts.username or parts.password:
        return ["网址里不要写账号密码，请填在“密钥”里"]
    if parts.scheme == "http" and not is_trusted(host):
        return ["只能用 https 网址"]
    return host_faults(host)


def host_faults(host: str) -> list[str]:
    """What is wrong with the name of a server, in sentences; asks no network."""
    if is_trusted(host):
        return []
    try:
        inside = not is_public(host.strip("[]"))
    except ValueError:
        inside = host.lower().rstrip(".") in ("localhost",) or host.lower().endswith(
            (".localhost", ".local", ".internal")
        )
    return [INSIDE] if inside else []


def post(
    url: str,
    *,
    method: str = "POST",
    headers: dict[str, str] | None = None,
    body: str = "",
    content_type: str = "",
    timeout: float = 10,
) -> str:
    """Send one request; gives the answer's text. Raises CannotSend when it is no success."""
    if faults := url_faults(url):
        raise CannotSend(faults[0], may_help=False)
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    address = checked_address(parts.hostname, port)
    watch = _Watch(timeout)
    connection = http.client.HTTPConnection(parts.hostname, port, timeout=timeout)
    try:
        connection.sock = _connect(address, port, timeout, parts.hostname if secure else "")
        watch.over(connection.sock)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        content = body.encode() if method != "GET" else None
        more = {"Content-Type": content_type} if content_type and content is not None else {}
        host = parts.hostname if parts.port is None else f"{parts.hostname}:{parts.port}"
        sent = {"User-Agent": "renda", "Accept": "*/*", "Host": host, **(headers or {}), **more}
        connection.request(method, target, body=content, headers=sent)
        answer = connection.getresponse()
        text = answer.read(MOST_READ).decode("utf-8", "replace")
        watch.check()
        if answer.status >= 300:
            raise CannotSend(
                f"服务器答复 {answer.status}",
                may_help=answer.status >= 500 or answer.status in (408, 429),
            )
        return text
    except (TimeoutError, ssl.SSLError, OSError, http.client.HTTPException) as fault:
        raise CannotSend(watch.words(fault)) from fault
    finally:
        watch.end()
        connection.close()


class _Watch:
    """Ends a connection when its time is over, however slowly the other side drips."""

    def __init__(self, seconds: float):
        self.seconds, self.is_over, self.timer = seconds, False, None

    def over(self, sock: socket.socket) -> None:
        self.timer = threading.Timer(self.seconds, self._ring, [sock])
        self.timer.daemon = True
        self.timer.start()

    def _ring(self, sock: socket.socket) -> None:
        self.is_over = True
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    def check(self) -> None:
        if self.is_over:
            raise TimeoutError

    def words(self, fault: Exception) -> str:
        return _words(TimeoutError() if self.is_over else fault)

    def end(self) -> None:
        if self.timer:
            self.timer.cancel()


def _connect(address: str, port: int, timeout: float, tls_name: str) -> socket.socket:
    raw = socket.create_connection((address, port), timeout)
    if not tls_name:
        return raw
    try:
        return ssl.create_default_context().wrap_socket(raw, server_hostname=tls_name)
    except BaseException:
        raw.close()
        raise


def _words(fault: Exception) -> str:
    if isinstance(fault, TimeoutError):
        return "服务器没有在规定时间内答复"
    if isinstance(fault, ssl.SSLError):
        return "服务器的安全证书不能确认"
    if isinstance(fault, ConnectionRefusedError):
        return "服务器拒绝连接"
    return "与服务器的连接中断"


# -- Mail --------------------------------------------------------------------------------------


class _Pinned:
    """SMTP to the address that was checked."""

    address = ""

    def _get_socket(self, host, port, timeout):
        return _connect(self.address, port, timeout, host if self.at_once else "")


class _Smtp(_Pinned, smtplib.SMTP):
    at_once = False


class _SmtpOverTls(_Pinned, smtplib.SMTP):
    at_once = True


def mail(
    message: EmailMessage,
    *,
    host: str,
    port: int,
    security: str,
    username: str = "",
    password: str = "",
    timeout: float = 10,
) -> None:
    """Hand one mail to a server. Raises CannotSend."""
    if security == "none" and not is_trusted(host):
        raise CannotSend("只有内网邮件服务器可以不加密", may_help=False)
    if faults := host_faults(host):
        raise CannotSend(faults[0], may_help=False)
    kind = _SmtpOverTls if security == "ssl" else _Smtp
    server = kind(timeout=timeout)
    server.address, server._host = checked_address(host, port), host
    watch = _Watch(timeout * 3)  # a mail takes several steps
    try:
        server.connect(host, port)
        watch.over(server.sock)
        if security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if username:
            server.login(username, password)
        server.send_message(message)
    except smtplib.SMTPAuthenticationError as fault:
        raise CannotSend("邮件服务器不接受账号或密码") from fault
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused) as fault:
        raise CannotSend("邮件服务器不接受收件或发件地址", may_help=False) from fault
    except smtplib.SMTPResponseException as fault:
        may_help = 400 <= fault.smtp_code < 500
        raise CannotSend(f"邮件服务器答复 {fault.smtp_code}", may_help=may_help) from fault
    except smtplib.SMTPException as fault:
        words = watch.words(fault) if watch.is_over else "邮件服务器没有接收"
        raise CannotSend(words) from fault
    except (TimeoutError, ssl.SSLError, OSError) as fault:
        raise CannotSend(watch.words(fault)) from fault
    finally:
        watch.end()
        server.close()
