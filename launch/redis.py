"""A private Redis: its own folder, port and password; what it holds survives a restart."""

import shutil
import socket
import subprocess
import time
from pathlib import Path

from .processes import Account, failed, free_port, service_account, start, stop
from .words import Refusal


class Redis:
    """`with Redis(folder, password) as redis:` runs it; `redis.url` is its address."""

    def __init__(self, folder: Path, password: str):
        self.account: Account | None = service_account()
        self.folder = folder
        self.password = password
        self.log = folder / "server.log"
        self.port = 0
        self.server: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def __enter__(self) -> "Redis":
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        config = self.folder / "redis.conf"
        self.log.touch(0o600)
        for _ in range(3):
            self.port = free_port()
            config.touch(0o600)
            config.write_text(self._config())
            if self.account:
                for path in (self.folder, config, self.log):
                    self.account.own(path)
            self.server = start(
                [_program(), str(config)], log=self.log, account=self.account, cwd=self.folder
            )
            if self._answers():
                return self
            time.sleep(1)
        raise failed(("启动队列", "Starting Redis"), self.log)

    def __exit__(self, *_) -> None:
        stop(self.server)
        self.server = None

    def _config(self) -> str:
        return "\n".join(
            [
                "bind 127.0.0.1",
                f"port {self.port}",
                f"requirepass {self.password}",
                f'dir "{self.folder}"',
                "appendonly yes",
                "appendfsync everysec",
                'save ""',
                "maxmemory-policy noeviction",
                "",
            ]
        )

    def _answers(self) -> bool:
        until = time.monotonic() + 30
        while self.server.poll() is None and time.monotonic() < until:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=2) as line:
                    line.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                    answers = line.makefile("rb")
                    if [answers.readline(), answers.readline()] == [b"+OK\r\n", b"+PONG\r\n"]:
                        return True
            except OSError:
                pass
            time.sleep(0.05)
        stop(self.server)
        return False


def _program() -> str:
    found = shutil.which("redis-server")
    if found is None:
        raise Refusal("找不到 redis-server。", "redis-server was not found.")
    return found
