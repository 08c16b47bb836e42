"""Two small servers of the outside world: an SMS gateway and a mail server, on this machine."""

import json
import socketserver
import threading
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Gateway:
    """What an SMS gateway got; `answers` are the (status, text) it gives next, 200 afterwards."""

    def __init__(self):
        self.got, self.answers, self.wait = [], [], threading.Event()
        self.hold = False

    @property
    def phones(self) -> list[str]:
        return [body["to"] for _, body in self.got]

    @property
    def keys(self) -> list[str]:
        return [body["key"] for _, body in self.got]


@contextmanager
def sms_gateway():
    """A gateway at `gateway.url`."""
    gateway = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if gateway.hold:
                gateway.wait.wait(timeout=30)
            gateway.got.append((dict(self.headers), json.loads(content)))
            status, text = gateway.answers.pop(0) if gateway.answers else (200, '{"code":"OK"}')
            self.send_response(status)
            if status in (301, 302):
                self.send_header("Location", text)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    gateway.url = f"http://127.0.0.1:{server.server_port}/send"
    try:
        yield gateway
    finally:
        gateway.wait.set()
        server.shutdown()
        server.server_close()


class Mailbox:
    """What a mail server got; `refuse` is a code it answers RCPT with."""

    def __init__(self):
        self.got, self.refuse = [], ""

    @property
    def text(self) -> str:
        """The words of the last mail."""
        return self.got[-1][1].get_body(("plain",)).get_content()


@contextmanager
def mail_server():
    """A mail server without TLS at `box.host`, `box.port`."""
    box = Mailbox()

    class Handler(socketserver.StreamRequestHandler):
        def say(self, text: str) -> None:
            self.wfile.write((text + "\r\n").encode())

        def handle(self):
            self.say("220 here")
            to = ""
            while line := self.rfile.readline():
                word = line[:4].upper()
                if word in (b"EHLO", b"HELO"):
                    self.say("250 here")
                elif word == b"RCPT":
                    to = line.decode().split("<")[1].split(">")[0]
                    self.say(f"{box.refuse} no" if box.refuse else "250 ok")
                elif word == b"DATA":
                    self.say("354 go on")
                    text = b""
                    while (part := self.rfile.readline()) != b".\r\n":
                        text += part
                    box.got.append((to, message_from_bytes(text, policy=default)))
                    self.say("250 ok")
                elif word == b"QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    box.host, box.port = "127.0.0.1", server.server_address[1]
    try:
        yield box
    finally:
        server.shutdown()
        server.server_close()
