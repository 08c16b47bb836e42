"""Containers, proxy and backups: what can be said of them without a container engine."""

import json
import os
import re
import shutil
import subprocess

import jsonschema
import pytest
import yaml

from launch import ROOT, configure, keys, packages, settings

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = ["web", "worker", "beat", "migrate"]


def test_the_compose_file_is_well_formed():
    schema = json.loads((ROOT / "tests/vendor/compose-spec.json").read_text())
    jsonschema.Draft7Validator(schema).validate(COMPOSE)


def test_every_network_volume_and_dependency_is_there():
    for service in SERVICES.values():
        assert set(service["networks"]) <= set(COMPOSE["networks"])
        assert set(service.get("depends_on", ())) <= set(SERVICES)
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            made_by_hand = source in ("./backup", "./deploy/certs")
            assert made_by_hand or source in COMPOSE["volumes"] or (ROOT / source).is_file(), source


def test_only_the_step_that_migrates_knows_the_owner():
    knows = [n for n in OURS if "DATABASE_OWNER_URL" in SERVICES[n]["environment"]]
    assert knows == ["migrate"]
    for name in ("web", "worker", "beat"):
        waits = SERVICES[name]["depends_on"]["migrate"]["condition"]
        assert waits == "service_completed_successfully"


def test_the_product_runs_as_nobody_in_a_folder_it_cannot_change():
    assert "\nUSER renda\n" in (ROOT / "Dockerfile").read_text()
    for name in OURS:
        service = SERVICES[name]
        assert service["read_only"] and service["cap_drop"] == ["ALL"], name
        assert "privileged" not in service and "user" not in service, name
        assert "env_file" not in service, "each gets the variables it needs and no more"


def test_only_the_proxy_can_be_reached_and_everything_lasting_is_healthy_or_restarted():
    assert [n for n, s in SERVICES.items() if "ports" in s] == ["nginx"]
    assert COMPOSE["networks"]["inside"]["internal"]
    for name, service in SERVICES.items():
        if name not in ("migrate", "backup"):
            assert service["restart"] == "unless-stopped" and service["healthcheck"], name


def test_every_setting_reaches_the_containers():
    never = {"DEBUG", "DATABASE_POOL", "STATIC_ROOT", "MEDIA_ROOT"}  # fixed in the image
    text = (ROOT / "docker-compose.yml").read_text()
    assert [n for n in settings.names() - never if not re.search(rf"\b{n}\b", text)] == []
    used = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text))
    assert used - settings.names() == {"DATABASE_NAME"}  # given by hand, to look at a restored one


def test_the_image_has_the_packages_the_launcher_installs():
    text = (ROOT / "Dockerfile").read_text()
    assert [name for name in packages.RUN if not re.search(rf"\s{re.escape(name)}\s", text)] == []


def test_configure_fills_every_secret():
    text = configure.filled(settings.EXAMPLE.read_text(), "renda.example.cn", keys.make())
    values = dict(re.findall(r"^([A-Z_]+)=(.*)$", text, re.M))
    empty = ["CSRF_TRUSTED_ORIGINS", "OUTGOING_PRIVATE_HOSTS"]  # nothing is a good value there
    assert [n for n, v in values.items() if not v] == empty
    assert "$" not in "".join(values.values())  # docker compose would replace it
    compose = (ROOT / "docker-compose.yml").read_text()
    assert set(re.findall(r"\$\{([A-Z_]+):\?", compose)) <= set(values)


def test_configure_leaves_an_env_that_is_there_alone(monkeypatch, tmp_path):
    monkeypatch.setattr(configure, "ROOT", tmp_path)
    assert configure.main(["renda.example.cn"]) == 0
    written = (tmp_path / ".env").read_text()
    assert (tmp_path / ".env").stat().st_mode & 0o077 == 0
    with pytest.raises(configure.Refusal, match="已经存在"):
        configure.main(["renda.example.cn"])
    assert (tmp_path / ".env").read_text() == written


def test_scripts_of_production_are_well_formed():
    for script in ("backup.sh", "first-start.sh", "redis.sh"):
        assert subprocess.run(["sh", "-n", str(ROOT / "deploy" / script)]).returncode == 0


def test_the_proxy_replaces_what_a_client_says_of_itself():
    text = (ROOT / "deploy/nginx.conf").read_text()
    assert text.count("{") == text.count("}")
    assert "X-Forwarded-For $remote_addr;" in text and "X-Forwarded-Proto $scheme;" in text


def test_a_damaged_or_unknown_backup_is_refused(tmp_path):
    backup = tmp_path / "2026-03-01-030000"
    backup.mkdir()
    (backup / "SHA256SUMS").write_text(f"{'0' * 64}  database\n")
    (backup / "database").write_text("cut off")

    def run(*arguments):
        return subprocess.run(
            [shutil.which("sh"), str(ROOT / "deploy/backup.sh"), *arguments],
            env=os.environ | {"BACKUPS": str(tmp_path)},
            capture_output=True,
            text=True,
        )

    assert "damaged" in run("restore", backup.name).stderr
    assert "no backup" in run("restore", "2020-01-01-000000").stderr
    assert "which backup" in run("swap", "../../etc").stderr
