"""compose.yaml and the manifests name settings that exist, run without rights, and let nothing in but the webhook."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from bot.db.replica import LEASE
from bot.settings import Settings
from bot.telegram import intake, sender
from tests.architecture.sources import ROOT

NAMES = {name.upper() for name in Settings.model_fields}
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
MANIFESTS: list[dict[str, Any]] = list(
    yaml.safe_load_all((ROOT / "docs/operate/kubernetes/lotse.yaml").read_text(encoding="utf-8"))
)
OURS = ("lotse", "replica")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def one(kind: str) -> dict[str, Any]:
    """The one manifest of that kind."""
    (found,) = (manifest for manifest in MANIFESTS if manifest["kind"] == kind)
    return found


def pod() -> dict[str, Any]:
    """What a replica is made of."""
    found: dict[str, Any] = one("Deployment")["spec"]["template"]["spec"]
    return found


def container() -> dict[str, Any]:
    """The container of a replica."""
    (found,) = pod()["containers"]
    return dict(found)


@pytest.mark.parametrize("name", OURS)
def test_compose_sets_only_what_can_be_set(name: str) -> None:
    assert set(COMPOSE["services"][name]["environment"]) <= NAMES


@pytest.mark.parametrize("name", [*OURS, "proxy"])
def test_what_compose_starts_has_no_rights_and_a_limit(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.fullmatch(r"\d+m", service["mem_limit"])


def test_replicas_share_keys_and_backups_and_nothing_else() -> None:
    replica = COMPOSE["services"]["replica"]
    assert replica["deploy"]["replicas"] >= 2
    assert replica["profiles"] == ["cluster"]
    volumes = {place.partition(":")[2]: place.partition(":")[0] for place in replica["volumes"]}
    assert set(volumes) == {"/data", "/keys"}
    assert replica["environment"]["BACKUP_DIR"].startswith("/data/")
    assert replica["environment"]["KEY_FILE"].startswith("/keys/")
    assert replica["environment"]["DATA_DIR"].startswith("/tmp/")  # noqa: S108 - a tmpfs of the container
    assert replica["ports"] == []


def test_every_port_of_compose_is_for_this_machine_alone() -> None:
    published = [port for service in COMPOSE["services"].values() for port in service.get("ports", ())]
    assert published
    assert [port for port in published if not port.startswith("127.0.0.1:")] == []


def test_every_volume_of_compose_is_declared() -> None:
    used = {
        volume.partition(":")[0]
        for service in COMPOSE["services"].values()
        for volume in service.get("volumes", ())
        if not volume.startswith(".")
    }
    assert used == set(COMPOSE["volumes"])


def test_the_proxy_passes_the_webhook_on_and_brings_an_update_to_the_next() -> None:
    words = (ROOT / "docs/operate/nginx.conf").read_text(encoding="utf-8")
    assert re.findall(r"location (\S+) {", words) == ["/telegram/", "/"]
    assert "return 404" in words
    assert re.search(r"proxy_next_upstream [^;]*http_503 non_idempotent;", words)
    assert "access_log off" in words
    assert re.findall(r"error_log \S+ (\w+);", words) == ["crit"], "errors of calls name the path, which is secret"
    assert "server replica:8080 " in words


def test_every_proxy_passes_the_webhook_on_and_nothing_else() -> None:
    haproxy = (ROOT / "docs/operate/haproxy.cfg").read_text(encoding="utf-8")
    assert "acl webhook path_beg /telegram/\n" in haproxy
    assert "return status 404 unless webhook\n" in haproxy
    assert re.search(r"^\s*(option \w*log|log |log-format)", haproxy, re.MULTILINE) is None, "a log names the path"
    caddy = (ROOT / "docs/operate/Caddyfile").read_text(encoding="utf-8")
    assert re.findall(r"handle (\S+) {", caddy) == ["/telegram/*"]
    assert "respond 404" in caddy
    assert re.search(r"exclude http.log.error http.handlers.reverse_proxy\n", caddy), (
        "its errors name path and secret"
    )
    for words in (haproxy, caddy):
        assert re.search(r"(httpchk GET|health_uri) /readyz\n", words)


def unit() -> dict[str, list[str]]:
    """What the unit for systemd says, by name."""
    found: dict[str, list[str]] = {}
    for line in (ROOT / "docs/operate/lotse.service").read_text(encoding="utf-8").splitlines():
        name, is_setting, value = line.partition("=")
        if is_setting and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def test_the_unit_has_no_rights_and_writes_into_one_folder() -> None:
    assert unit()["User"] == ["lotse"]
    assert unit()["CapabilityBoundingSet"] == [""]
    assert unit()["ProtectSystem"] == ["strict"]
    assert unit()["ReadWritePaths"] == ["/var/lib/lotse"]
    for name in ("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome", "RestrictNamespaces"):
        assert unit()[name] == ["yes"]
    assert "ProcSubset" not in unit(), "which process is whose stands in /proc/sys (bot/alive.py)"
    assert "AF_UNIX" in unit()["RestrictAddressFamilies"][0].split(), "event loop, and PostgreSQL's socket"


def test_the_unit_starts_again_what_another_start_may_mend_and_leaves_time_to_end() -> None:
    assert unit()["Restart"] == ["on-failure"]
    assert unit()["RestartPreventExitStatus"] == ["2"]
    longest = max(intake.DRAIN_SECONDS, sender.DRAIN_SECONDS) + LEASE
    assert int(unit()["TimeoutStopSec"][0]) >= 2 * longest
    assert unit()["ExecStart"] == ["/opt/lotse/.venv/bin/lotse run"]
    assert unit()["ExecReload"] == ["/opt/lotse/.venv/bin/lotse reload"]


def test_the_manifests_set_only_what_can_be_set() -> None:
    given = set(one("ConfigMap")["data"]) | {setting["name"] for setting in container()["env"]}
    assert given <= NAMES
    assert {"BOT_TOKEN", "WEBHOOK_URL", "WEBHOOK_SECRET", "DATABASE_URL", "KEY_FILE", "BACKUP_DIR"} <= given
    secret = {"BOT_TOKEN", "WEBHOOK_SECRET", "DATABASE_URL"}
    assert not secret & set(one("ConfigMap")["data"])


def test_a_pod_has_no_rights() -> None:
    assert pod()["securityContext"]["runAsNonRoot"] is True
    assert f"USER {pod()['securityContext']['runAsUser']}:" in DOCKERFILE
    assert pod()["automountServiceAccountToken"] is False
    assert container()["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_the_probes_ask_the_right_pages() -> None:
    pages = {kind: container()[f"{kind}Probe"]["httpGet"]["path"] for kind in ("startup", "liveness", "readiness")}
    assert pages == {"startup": "/healthz", "liveness": "/healthz", "readiness": "/readyz"}
    (port,) = container()["ports"]
    assert {container()[f"{kind}Probe"]["httpGet"]["port"] for kind in pages} == {port["name"]}
    assert str(port["containerPort"]) == one("ConfigMap")["data"]["PORT"]


def test_a_rolling_update_and_a_drained_node_leave_one_there() -> None:
    spec = one("Deployment")["spec"]
    assert spec["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    budget = one("PodDisruptionBudget")["spec"]
    assert budget["minAvailable"] == spec["replicas"] - 1
    assert budget["selector"] == spec["selector"]
    assert spec["template"]["metadata"]["labels"] == spec["selector"]["matchLabels"]
    assert one("Service")["spec"]["selector"] == spec["selector"]["matchLabels"]


def test_there_is_time_to_end() -> None:
    wait = float(container()["lifecycle"]["preStop"]["exec"]["command"][1])
    longest = max(intake.DRAIN_SECONDS, sender.DRAIN_SECONDS) + LEASE
    assert pod()["terminationGracePeriodSeconds"] >= wait + 2 * longest


def test_a_pod_has_limits_and_every_mount_its_volume() -> None:
    assert set(container()["resources"]) == {"requests", "limits"}
    mounts = {mount["name"]: mount for mount in container()["volumeMounts"]}
    assert set(mounts) == {volume["name"] for volume in pod()["volumes"]}
    assert mounts["keys"]["readOnly"] is True
    data = one("ConfigMap")["data"]
    assert {data["DATA_DIR"], data["BACKUP_DIR"]} <= {mount["mountPath"] for mount in mounts.values()}
    assert one("PersistentVolumeClaim")["spec"]["accessModes"] == ["ReadWriteMany"]


def test_only_the_webhook_comes_in_from_outside() -> None:
    (rule,) = one("Ingress")["spec"]["rules"]
    assert [path["path"] for path in rule["http"]["paths"]] == ["/telegram/"]


def test_no_log_of_compose_fills_the_disk_of_the_years() -> None:
    drivers = {name: service["logging"]["driver"] for name, service in COMPOSE["services"].items()}
    assert set(drivers.values()) == {"local"}


def test_the_image_can_be_read_whoever_has_checked_it_out() -> None:
    assert "\nRUN chmod -R a+rX content\n" in DOCKERFILE
    assert "\nCOPY content content\n" not in DOCKERFILE.rpartition("\nFROM ")[2]
