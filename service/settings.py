"""Every setting of the service in one class: environment variables `STINT_…`, then `stint.toml`, then the defaults."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

SignatureAlgorithm = Literal[
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"
]
SAFE_URL = r"^(https://|http://(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?(/|$))[^?#\s]*$"

MIB = 1024 * 1024
LEAST_MEMORY_MB = 512
CONTAINER_MEMORY = Path("/sys/fs/cgroup/memory.max")


def _solves_at_once() -> int:
    """One solve for every two cores, because a solve uses two."""
    return max(1, (os.cpu_count() or 1) // 2)


def _share_of_memory(given: dict[str, Any]) -> int:
    """Mebibytes that each solve may have, when three quarters of the memory are theirs."""
    return max(LEAST_MEMORY_MB, _memory_bytes() // MIB * 3 // 4 // int(given.get("concurrent_solves", 1)))


def _memory_bytes() -> int:
    """The memory of this machine, or of the container that this process is in."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):  # no container, or one without a limit
        return min(machine, int(CONTAINER_MEMORY.read_text()))
    return machine


class Settings(BaseSettings):
    """What may be configured, with a default for everything, so that `stint serve` works in an empty directory."""

    model_config = SettingsConfigDict(
        env_prefix="STINT_", toml_file="stint.toml", frozen=True, extra="forbid", hide_input_in_errors=True
    )

    database_url: str = Field(
        default="sqlite:///stint-data/stint.sqlite",
        description="Where jobs and rosters are kept, as an SQLAlchemy URL. An SQLite file belongs to one host.",
    )
    executor_id: str | None = Field(
        default=None,
        min_length=1,
        max_length=255,
        description="Name of this worker, stable over restarts and unique among the workers of a database; none: the "
        "host's name and the first number that no other worker of the host has.",
    )
    solver_command: tuple[str, ...] = Field(
        default=(sys.executable, "-P", "-m", "solver"),
        min_length=1,
        description="The program that solves: request on standard input, events as JSON lines on standard output.",
    )
    concurrent_solves: int = Field(
        default_factory=_solves_at_once, ge=1, description="Solves that this worker runs at once; each uses two cores."
    )
    solves_per_tenant: int | None = Field(
        default=None, ge=1, description="Solves of one tenant that run at once over all workers; none: no such limit."
    )
    errands_at_once: int = Field(
        default_factory=_solves_at_once,
        ge=1,
        description="Questions that need the solver (a capacity plan, say) which the API answers at once.",
    )
    errands_waiting: int = Field(
        default=8, ge=0, description="How many more of them may wait for a tenant; the next is answered with 429."
    )
    errands_waiting_in_all: int = Field(
        default=32, ge=0, description="How many more may wait in all, tenants taking turns; the next gets a 503."
    )
    errand_seconds: float = Field(default=330.0, gt=0, description="Longest time that one of them may take.")
    queued_per_tenant: int | None = Field(
        default=10_000,
        ge=1,
        description="Jobs of one tenant that may wait; more are answered with 429. None: no limit.",
    )
    queued_in_all: int | None = Field(
        default=50_000, ge=1, description="Jobs that may wait in all; more are answered with 503. None: no limit."
    )
    calls_per_minute: int | None = Field(
        default=None,
        ge=1,
        description="Calls of one tenant in a minute that an API process answers; more are answered with 429. None: "
        "no limit.",
    )
    max_attempts: int = Field(
        default=3, ge=1, description="Times a job is started before it counts as one that kills its worker."
    )
    divide_from_agents: int | None = Field(
        default=500,
        ge=2,
        description="A request of so many agents or more is divided into parts that share no agents, no planning "
        "groups and no rule of the roster, if it has such; none: never.",
    )
    least_agents_of_a_part: int = Field(
        default=100, ge=1, description="Smaller parts are put together until they have so many agents."
    )
    solver_memory_mb: int = Field(
        default_factory=_share_of_memory,
        ge=64,
        description="Mebibytes of memory a solver may have; one that needs more ends as failed. The default shares "
        "three quarters of the machine's memory, or of the container's, among the solves that run at once.",
    )
    solver_nice: int = Field(
        default=5,
        ge=0,
        le=19,
        description="How much nicer than the service its solvers are (`nice`): they leave the processors to whatever "
        "else the machine has to do, answers of the API above all. 0: no nicer.",
    )
    stop_grace_seconds: float = Field(
        default=8.0, gt=0, description="Time a solver that hangs has to answer with its best roster."
    )
    drain_seconds: float = Field(
        default=3.0,
        ge=0,
        description="How long a worker that is told to stop lets running solves go on, so that they may end; those "
        "that have not then go to other workers. What kills processes that stop too slowly (`docker stop` after 10 s) "
        "has to wait 7 s longer than this.",
    )
    cancel_grace_seconds: float = Field(
        default=0.5,
        gt=0,
        description="Time the solver of a cancelled job has to answer with its best roster; then it is ended, and the "
        "best roster that it told of before is kept.",
    )
    overtime_seconds: float = Field(
        default=60.0,
        gt=0,
        description="Time past the time limit of its request after which a solver counts as hanging and is stopped.",
    )
    look_seconds: float = Field(
        default=0.25, gt=0, description="How often waiting requests and event streams look for news of their jobs."
    )
    queue_poll_seconds: float = Field(
        default=0.5, gt=0, description="How often a worker with a free place looks for a queued job."
    )
    beat_seconds: float = Field(
        default=10.0,
        gt=0,
        description="A worker silent for so long counts as dead, and others take over its jobs. The same for all.",
    )
    open_access: bool = Field(
        default=False,
        description="Whether whoever reaches the service may use it without a key, as long as none was made; without "
        "this it is so on the loopback address alone.",
    )
    oidc_issuer: str | None = Field(
        default=None,
        pattern=SAFE_URL,
        description="Identity provider whose bearer tokens count as well as API keys, by the name that its tokens "
        "carry (`iss`). https, or http on this host.",
    )
    oidc_audience: str | None = Field(
        default=None, min_length=1, description="What tokens for this service name as their audience (`aud`)."
    )
    oidc_keys: str | None = Field(
        default=None,
        min_length=1,
        description="URL or file of the provider's JSON Web Key Set; none: where its discovery document says.",
    )
    oidc_keys_seconds: float = Field(
        default=3600.0,
        gt=0,
        description="How long the provider's keys are kept before they are fetched again; a token of an unknown key "
        "has them fetched at once.",
    )
    oidc_algorithms: tuple[SignatureAlgorithm, ...] = Field(
        default=("RS256", "PS256", "ES256", "EdDSA"), min_length=1, description="Signatures of tokens that count."
    )
    oidc_tenant_claim: str = Field(
        default="tenant", min_length=1, description="The claim of a token that names the tenant."
    )
    oidc_scope_claim: str = Field(
        default="scope",
        min_length=1,
        description="The claim of a token that holds its scopes, as words of a text or as a list.",
    )
    oidc_scope_prefix: str = Field(
        default="", description="What the scopes read, submit and admin begin with in a token, such as `stint:`."
    )
    cors_origins: tuple[str, ...] = Field(
        default=(),
        description="Origins of pages from elsewhere that may call the service with a key, such as "
        "https://wfm.example.org.",
    )
    max_body_bytes: int = Field(
        default=32 * 1024 * 1024, ge=1024, description="Largest request body accepted, also after unpacking."
    )
    retention_days: float | None = Field(
        default=None,
        gt=0,
        description="Days after its end at which a job is erased with all that belongs to it; none: never.",
    )
    least_free_mb: int = Field(
        default=200, ge=0, description="Mebibytes that the disk of an SQLite file has to have left for `/readyz`."
    )
    open_metrics: bool = Field(
        default=False,
        description="Whether `/metrics` answers without a key where keys are asked for; otherwise it takes one with "
        "the scope `admin` of `metrics_tenant`.",
    )
    metrics_tenant: str = Field(
        default="default",
        description="The tenant whose keys with the scope `admin` open `/metrics`: its figures are of all tenants "
        "together, so that they are for who runs the service.",
    )
    worker_metrics_port: int | None = Field(
        default=None,
        ge=1,
        le=65_535,
        description="Port on which a `stint worker` shows its own figures to Prometheus; none: it does not.",
    )
    worker_metrics_host: str = Field(default="127.0.0.1", description="Address of that port.")
    max_wait_seconds: float = Field(
        default=300.0, gt=0, description="Longest time that `Prefer: wait` holds an HTTP request open."
    )
    idempotency_hours: float = Field(
        default=24.0, gt=0, description="How long an `Idempotency-Key` is remembered after its first use."
    )
    public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^/?#\s]+(/[^?#\s]*)?$",
        description="Where callers reach the service; webhooks carry links with it. None: links begin with /v1.",
    )
    webhook_private_addresses: bool = Field(
        default=False,
        description="Whether webhooks may lead to private addresses; leave it off where strangers may register any.",
    )
    webhook_redirects: bool = Field(
        default=False, description="Whether a receiver of webhooks may redirect (307, 308)."
    )
    webhook_seconds: float = Field(default=15.0, gt=0, description="Time that a receiver has to answer a webhook.")
    webhook_retry_seconds: tuple[float, ...] = Field(
        default=(5, 60, 300, 1800, 7200, 18000, 36000, 50400, 72000),
        description="Waits between the tries of a webhook's message; after the last one it has failed.",
    )
    webhook_look_seconds: float = Field(
        default=1.0, gt=0, description="How often a worker looks for messages of webhooks to send."
    )

    @model_validator(mode="after")
    def _names_what_tokens_are_for(self) -> Self:
        """A token that is for another service must not open this one, so there is no issuer without an audience."""
        if (self.oidc_issuer is None) != (self.oidc_audience is None):
            raise ValueError("STINT_OIDC_ISSUER and STINT_OIDC_AUDIENCE belong together: set both, or neither.")
        if self.oidc_keys is not None and self.oidc_keys.startswith("http:") and not re.match(SAFE_URL, self.oidc_keys):
            raise ValueError(
                "STINT_OIDC_KEYS is fetched over https, or over http from this host: others could change it."
            )
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments win over the environment, the environment over the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def sqlite_file(self) -> Path | None:
        """The database file when it is one, else None."""
        scheme, _, path = self.database_url.partition(":///")
        return Path(path) if scheme.startswith("sqlite") and path and path != ":memory:" else None
