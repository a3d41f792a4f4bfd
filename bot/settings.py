"""The environment, read once; every problem is told at once, and no value is ever shown."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)

from bot.trial import is_harmless

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


class SettingsError(Exception):
    """The environment is wrong: a sentence for each problem, without any value."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        """Keep the sentences."""
        super().__init__("\n".join(problems))
        self.problems = problems


_DIFFERENT_CHARACTERS = 8
"""A random key of 16 characters has fewer once in millions; one that was made up often has."""

_UNREADABLE_URL = "must be an address, such as https://example.com"


def is_loopback(url: str) -> bool:
    """Whether the URL leads to this machine."""
    try:
        return urlsplit(url).hostname in LOOPBACK_HOSTS
    except ValueError:
        return False


def is_slacks(url: str, api_url: str) -> bool:
    """Whether an address handed to us leads to our Slack, or to this machine when Slack is here."""
    if is_loopback(api_url):
        return is_loopback(url)
    try:
        parts, slack = urlsplit(url), urlsplit(api_url).hostname
    except ValueError:
        return False
    host = parts.hostname or ""
    return parts.scheme == "https" and (host == slack or host.endswith(f".{slack}"))


def _split(value: str) -> frozenset[str]:
    return frozenset(part for part in re.split(r"[,\s]+", value) if part)


def _url(*hosts: str, subdomains_of: str | None = None) -> AfterValidator:
    """Allow https to one of the hosts, and plain http to this machine only."""

    def check(url: str) -> str:
        try:
            parts = urlsplit(url)
            host, has_port = parts.hostname or "", parts.port is not None
        except ValueError:
            raise ValueError(_UNREADABLE_URL) from None
        if "@" in parts.netloc or parts.query or parts.fragment:
            msg = "must be an address without user, query or fragment"
            raise ValueError(msg)
        is_named = host in hosts or (
            subdomains_of is not None and host.endswith(f".{subdomains_of}")
        )
        if host in LOOPBACK_HOSTS and parts.scheme in {"http", "https"}:
            return url
        if parts.scheme != "https" or not is_named or has_port:
            named = [*hosts, *([f"*.{subdomains_of}"] if subdomains_of else [])]
            msg = f"must be https://… at {' or '.join(named)}"
            raise ValueError(msg)
        return url

    return AfterValidator(check)


def _starts_with(prefix: str) -> AfterValidator:
    def check(secret: SecretStr) -> SecretStr:
        if not secret.get_secret_value().startswith(prefix):
            msg = f"must begin with {prefix}"
            raise ValueError(msg)
        return secret

    return AfterValidator(check)


def _ids(prefixes: str, what: str) -> AfterValidator:
    def check(ids: frozenset[str]) -> frozenset[str]:
        if not all(re.fullmatch(rf"[{prefixes}][A-Z0-9]+", one) for one in ids):
            msg = f"must be {what}, separated by commas"
            raise ValueError(msg)
        return ids

    return AfterValidator(check)


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except (re.error, OverflowError, RecursionError) as exc:
        msg = "must be a regular expression"
        raise ValueError(msg) from exc
    return value


def _bare_domains(names: frozenset[str]) -> frozenset[str]:
    """Turn `@Acme.com` into `acme.com`."""
    return frozenset(name.lower().removeprefix("@") for name in names)


def _with_slash(url: str) -> str:
    return url if url.endswith("/") else f"{url}/"


def _without_slash(url: str) -> str:
    return url.rstrip("/")


def _at_least(characters: int) -> AfterValidator:
    def check(secret: SecretStr) -> SecretStr:
        if len(secret.get_secret_value()) < characters:
            msg = f"must have at least {characters} characters"
            raise ValueError(msg)
        return secret

    return AfterValidator(check)


def _varied(secret: SecretStr) -> SecretStr:
    if len(set(secret.get_secret_value())) < _DIFFERENT_CHARACTERS:
        msg = f"must have at least {_DIFFERENT_CHARACTERS} different characters: make a random one"
        raise ValueError(msg)
    return secret


def _not_empty(names: frozenset[str]) -> frozenset[str]:
    if not names:
        msg = "must name at least one"
        raise ValueError(msg)
    return names


AuditKey = Annotated[SecretStr, _at_least(16), AfterValidator(_varied)]
Names = Annotated[frozenset[str], BeforeValidator(_split)]


class Settings(BaseModel):
    """Every setting; the table in docs/reference.md says what each is for."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True, hide_input_in_errors=True, extra="forbid"
    )

    slack_bot_token: Annotated[SecretStr, _starts_with("xoxb-")]
    slack_signing_secret: Annotated[SecretStr, _at_least(16)] | None = None
    slack_app_token: Annotated[SecretStr, _starts_with("xapp-")] | None = None
    slack_api_url: Annotated[
        str, AfterValidator(_with_slash), _url("slack.com", "slack-gov.com")
    ] = "https://slack.com/api/"
    gong_base_url: Annotated[
        str, AfterValidator(_without_slash), _url("api.gong.io", subdomains_of="api.gong.io")
    ]
    gong_access_key: SecretStr
    gong_access_key_secret: SecretStr
    gong_app_url: Annotated[
        str, AfterValidator(_without_slash), _url("app.gong.io", subdomains_of="app.gong.io")
    ] = "https://app.gong.io"
    gong_calls_per_second: Annotated[float, Field(gt=0, le=3)] = 2.25
    gong_calls_per_day: Annotated[int, Field(gt=0, le=10_000)] = 7500
    person_lookups_per_minute: Annotated[int, Field(gt=0)] = 10
    person_lookups_per_day: Annotated[int, Field(gt=0)] = 200
    authorized_channels: Annotated[
        Names, _ids("CG", "channel ids such as C0123456789 (not names)"), AfterValidator(_not_empty)
    ]
    authorized_users: Annotated[Names, _ids("UW", "user ids such as U0123456789")] = frozenset()
    allow_public_channels: bool = False
    support_contact: Annotated[str, Field(max_length=200)] = "the people who run this bot"
    cache_ttl_seconds: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 300
    cache_max_megabytes: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 128
    case_reference_required: bool = False
    case_reference_pattern: Annotated[str, AfterValidator(_pattern)] = (
        r"#?(?=.*\d)[A-Za-z0-9][A-Za-z0-9._#/-]{0,39}"
    )
    case_reference_example: Annotated[str, Field(max_length=40)] = "DSR-123"
    audit_key: AuditKey
    withdraw: Literal["asker", "anyone", "nobody"] = "asker"
    company_domains: Annotated[Names, AfterValidator(_bare_domains)] = frozenset()
    alert_channel: Annotated[str, Field(pattern="^[CG][A-Z0-9]+$")] | None = None
    log_level: Annotated[
        str, BeforeValidator(str.upper), Field(pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    ] = "INFO"
    host: str = "0.0.0.0"  # noqa: S104  # Heroku's router reaches a dyno from outside
    port: Annotated[int, Field(ge=0, le=65535)] = 3000

    @property
    def front_door_secret(self) -> str | None:
        """The secret that proves a request is Slack's; None in Socket Mode, where none comes in."""
        if self.slack_app_token or not self.slack_signing_secret:
            return None
        return self.slack_signing_secret.get_secret_value()


class _AuditKey(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(hide_input_in_errors=True)

    audit_key: AuditKey


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings from environment variables; empty ones count as not set.

    Raises:
        SettingsError: names every problem at once.
    """
    values = _values(Settings, environ)
    problems: list[str] = []
    if "slack_signing_secret" not in values and "slack_app_token" not in values:
        problems.append(
            "SLACK_SIGNING_SECRET is missing (or set SLACK_APP_TOKEN to use Socket Mode)"
        )
    try:
        settings = Settings(**values)
    except ValidationError as exc:
        problems += [_problem(error["loc"], error["msg"]) for error in exc.errors()]
    else:
        problems += _case_problems(settings)
    if problems:
        raise SettingsError(tuple(sorted(problems)))
    return settings


def read_audit_key(environ: Mapping[str, str]) -> bytes:
    """Read `AUDIT_KEY` alone: reading the audit trail needs no other setting.

    Raises:
        SettingsError: it is missing, too short, or too uniform.
    """
    try:
        found = _AuditKey(**_values(_AuditKey, environ))
    except ValidationError as exc:
        problems = (_problem(error["loc"], error["msg"]) for error in exc.errors())
        raise SettingsError(tuple(problems)) from None
    return found.audit_key.get_secret_value().encode()


def _case_problems(settings: Settings) -> list[str]:
    """Say what is wrong with the pattern; only one of our own need not be tried out."""
    pattern, example = settings.case_reference_pattern, settings.case_reference_example
    default = Settings.model_fields["case_reference_pattern"].default
    if pattern != default and not is_harmless(pattern, example):
        return ["CASE_REFERENCE_PATTERN takes too long on some texts: use a simpler one"]
    if not re.fullmatch(pattern, example):
        return ["CASE_REFERENCE_EXAMPLE must look like CASE_REFERENCE_PATTERN says"]
    return []


def _values(model: type[BaseModel], environ: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: environ[name.upper()].strip()
        for name in model.model_fields
        if environ.get(name.upper(), "").strip()
    }


def _problem(location: tuple[int | str, ...], message: str) -> str:
    reason = message.removeprefix("Value error, ")
    if reason == "Field required":
        reason = "is missing"
    return f"{str(location[0]).upper()} {reason[:1].lower()}{reason[1:]}"
