"""The environment: every problem is told at once, in a sentence, and no value is ever shown."""

import subprocess
import sys
import time
from dataclasses import dataclass

import pytest
from pydantic import SecretStr, ValidationError

from bot import settings
from bot.settings import Settings, SettingsError
from tests.support.paths import ROOT

CANARY = "canary-7f3a21"
LEAST = {
    "SLACK_BOT_TOKEN": "xoxb-made-up",
    "SLACK_SIGNING_SECRET": "made-up-signing-secret",
    "GONG_BASE_URL": "https://us-12345.api.gong.io",
    "GONG_ACCESS_KEY": "made-up-key",
    "GONG_ACCESS_KEY_SECRET": "made-up-key-secret",
    "AUTHORIZED_CHANNELS": "C0LEGAL",
    "AUDIT_KEY": "made-up-audit-key-of-32-letters.",
}


def read(**more: str) -> Settings:
    return settings.read_settings(LEAST | more)


def problems(**more: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as refused:
        read(**more)
    assert str(refused.value) == "\n".join(refused.value.problems)
    return refused.value.problems


# what is enough


def test_the_least_that_is_needed_leaves_everything_else_at_its_default() -> None:
    found = read()
    assert found.model_dump(exclude={name.lower() for name in LEAST}) == {
        "slack_app_token": None,
        "slack_api_url": "https://slack.com/api/",
        "gong_app_url": "https://app.gong.io",
        "gong_calls_per_second": 2.25,
        "gong_calls_per_day": 7500,
        "person_lookups_per_minute": 10,
        "person_lookups_per_day": 200,
        "authorized_users": frozenset(),
        "allow_public_channels": False,
        "support_contact": "the people who run this bot",
        "cache_ttl_seconds": 300,
        "cache_max_megabytes": 128,
        "case_reference_required": False,
        "case_reference_pattern": r"#?(?=.*\d)[A-Za-z0-9][A-Za-z0-9._#/-]{0,39}",
        "case_reference_example": "DSR-123",
        "company_domains": frozenset(),
        "withdraw": "asker",
        "alert_channel": None,
        "log_level": "INFO",
        "host": "0.0.0.0",  # noqa: S104  # Heroku's router reaches a dyno from outside
        "port": 3000,
    }


@pytest.mark.parametrize("empty", ["", "   ", "\n"])
def test_an_empty_variable_counts_as_not_set(empty: str) -> None:
    assert read(PORT=empty, AUTHORIZED_USERS=empty, SLACK_APP_TOKEN=empty) == read()


def test_spaces_around_a_value_are_not_part_of_it() -> None:
    found = read(GONG_ACCESS_KEY="  made-up-key\n", PORT=" 80 ")
    assert (found.gong_access_key.get_secret_value(), found.port) == ("made-up-key", 80)


def test_variables_of_others_are_none_of_our_business() -> None:
    assert read(PATH="/bin", SLACK_CLIENT_ID="1", gong_access_key="lower case") == read()


def test_nothing_but_the_given_mapping_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8080")
    monkeypatch.setenv("SUPPORT_CONTACT", CANARY)
    found = read()
    assert (found.port, found.support_contact) == (3000, "the people who run this bot")


def test_socket_mode_needs_no_signing_secret() -> None:
    found = read(SLACK_SIGNING_SECRET="", SLACK_APP_TOKEN="xapp-made-up")
    assert found.slack_signing_secret is None
    assert found.slack_app_token == SecretStr("xapp-made-up")


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        read().port = 80  # type: ignore[misc]  # that is the point


# lists


@pytest.mark.parametrize("listed", ["C0LEGAL,G0OLD", " C0LEGAL , G0OLD,", "C0LEGAL G0OLD\nC0LEGAL"])
def test_channels_are_ids_separated_by_commas_or_spaces(listed: str) -> None:
    assert read(AUTHORIZED_CHANNELS=listed).authorized_channels == {"C0LEGAL", "G0OLD"}


def test_people_are_ids_of_any_length() -> None:
    assert read(AUTHORIZED_USERS="U1,W0123456789ABCDEF").authorized_users == {
        "U1",
        "W0123456789ABCDEF",
    }


def test_company_domains_are_a_list() -> None:
    assert read(COMPANY_DOMAINS="acme.com, acme.de").company_domains == {"acme.com", "acme.de"}


@pytest.mark.parametrize(("value", "meant"), [("true", True), ("1", True), ("false", False)])
def test_a_switch_is_on_or_off(value: str, *, meant: bool) -> None:
    found = read(ALLOW_PUBLIC_CHANNELS=value, CASE_REFERENCE_REQUIRED=value)
    assert found.allow_public_channels is meant
    assert found.case_reference_required is meant


def test_the_log_level_may_be_written_in_small_letters() -> None:
    assert read(LOG_LEVEL="debug").log_level == "DEBUG"


# addresses


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("GONG_BASE_URL", "https://api.gong.io", "https://api.gong.io"),
        ("GONG_BASE_URL", "https://company-17.api.gong.io/", "https://company-17.api.gong.io"),
        ("GONG_BASE_URL", "http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("GONG_BASE_URL", "http://localhost:8080/", "http://localhost:8080"),
        ("GONG_BASE_URL", "https://[::1]:8080", "https://[::1]:8080"),
        ("GONG_APP_URL", "https://us-12345.app.gong.io/", "https://us-12345.app.gong.io"),
        ("SLACK_API_URL", "https://slack-gov.com/api", "https://slack-gov.com/api/"),
        ("SLACK_API_URL", "http://127.0.0.1:8080/api/", "http://127.0.0.1:8080/api/"),
    ],
)
def test_an_address_of_the_right_host_is_kept_in_one_form(name: str, value: str, kept: str) -> None:
    assert getattr(read(**{name: value}), name.lower()) == kept


GONG = "GONG_BASE_URL must be https://… at api.gong.io or *.api.gong.io"
APP = "GONG_APP_URL must be https://… at app.gong.io or *.app.gong.io"
SLACK = "SLACK_API_URL must be https://… at slack.com or slack-gov.com"
BARE = "must be an address without user, query or fragment"


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("GONG_BASE_URL", f"https://api.gong.io.{CANARY}.com", GONG),
        ("GONG_BASE_URL", f"https://{CANARY}-api.gong.io", GONG),
        ("GONG_BASE_URL", f"https://{CANARY}.com/api.gong.io", GONG),
        ("GONG_BASE_URL", f"http://{CANARY}.api.gong.io", GONG),
        ("GONG_BASE_URL", f"http://127.0.0.1.{CANARY}.com", GONG),
        ("GONG_BASE_URL", f"http://10.0.0.1/{CANARY}", GONG),
        ("GONG_BASE_URL", f"ftp://localhost/{CANARY}", GONG),
        ("GONG_BASE_URL", f"{CANARY}.api.gong.io", GONG),
        ("GONG_BASE_URL", "https://", GONG),
        ("GONG_BASE_URL", f"https://{CANARY}@api.gong.io", f"GONG_BASE_URL {BARE}"),
        ("GONG_BASE_URL", f"https://:{CANARY}@api.gong.io", f"GONG_BASE_URL {BARE}"),
        ("GONG_BASE_URL", f"https://api.gong.io@{CANARY}.com", f"GONG_BASE_URL {BARE}"),
        ("GONG_BASE_URL", f"https://api.gong.io?{CANARY}", f"GONG_BASE_URL {BARE}"),
        ("GONG_BASE_URL", f"https://api.gong.io#{CANARY}", f"GONG_BASE_URL {BARE}"),
        ("GONG_APP_URL", f"https://app.gong.io.{CANARY}.com", APP),
        ("GONG_APP_URL", "https://api.gong.io", APP),
        ("SLACK_API_URL", f"https://{CANARY}.slack.com/api/", SLACK),
        ("SLACK_API_URL", "http://slack.com/api/", SLACK),
        ("SLACK_API_URL", f"https://slack.com/api/?{CANARY}", f"SLACK_API_URL {BARE}"),
    ],
)
def test_an_address_of_another_host_is_refused(name: str, value: str, problem: str) -> None:
    assert problems(**{name: value}) == (problem,)


@pytest.mark.parametrize(
    "value",
    [
        "https://[",
        f"https://{CANARY}\N{ACCOUNT OF}.api.gong.io",
        f"https://{CANARY}:secret\N{ACCOUNT OF}@api.gong.io",
        f"https://api.gong.io:{CANARY}",
        "https://api.gong.io:99999",
    ],
)
def test_an_address_that_cannot_be_read_is_refused_and_not_shown(value: str) -> None:
    (problem,) = problems(GONG_BASE_URL=value)
    assert problem.startswith("GONG_BASE_URL ")
    assert CANARY not in problem


@pytest.mark.parametrize(
    ("url", "is_here"),
    [
        ("http://127.0.0.1:80/x", True),
        ("http://localhost", True),
        ("https://[::1]:1", True),
        ("https://slack.com", False),
        ("http://localhost.example.com", False),
        ("localhost", False),
    ],
)
def test_only_a_loopback_address_is_this_machine(url: str, *, is_here: bool) -> None:
    assert settings.is_loopback(url) is is_here


# problems


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("SLACK_BOT_TOKEN", f"xoxp-{CANARY}", "must begin with xoxb-"),
        ("SLACK_APP_TOKEN", CANARY, "must begin with xapp-"),
        ("AUTHORIZED_CHANNELS", f"#{CANARY}", "(not names), separated by commas"),
        ("AUTHORIZED_CHANNELS", "D0ANA", "(not names), separated by commas"),
        ("AUTHORIZED_CHANNELS", f"C0LEGAL,{CANARY}", "(not names), separated by commas"),
        ("AUTHORIZED_CHANNELS", "c0legal", "(not names), separated by commas"),
        ("AUTHORIZED_USERS", f"@{CANARY}", "must be user ids such as U0123456789"),
        ("CASE_REFERENCE_PATTERN", f"({CANARY}", "must be a regular expression"),
        ("CASE_REFERENCE_EXAMPLE", CANARY * 4, "at most 40 characters"),
        ("SUPPORT_CONTACT", CANARY * 20, "at most 200 characters"),
        ("ALLOW_PUBLIC_CHANNELS", CANARY, "valid boolean"),
        ("GONG_CALLS_PER_SECOND", "3.01", "less than or equal to 3"),
        ("GONG_CALLS_PER_SECOND", "0", "greater than 0"),
        ("GONG_CALLS_PER_SECOND", "nan", "less than or equal to 3"),
        ("GONG_CALLS_PER_DAY", "10001", "less than or equal to 10000"),
        ("GONG_CALLS_PER_DAY", "7500.5", "valid integer"),
        ("PERSON_LOOKUPS_PER_MINUTE", "0", "greater than 0"),
        ("PERSON_LOOKUPS_PER_DAY", CANARY, "valid integer"),
        ("CACHE_TTL_SECONDS", "0", "greater than 0"),
        ("CACHE_MAX_MEGABYTES", "-1", "greater than 0"),
        ("LOG_LEVEL", CANARY, "DEBUG|INFO|WARNING|ERROR"),
        ("PORT", "65536", "less than or equal to 65535"),
        ("PORT", CANARY, "valid integer"),
    ],
)
def test_a_bad_value_is_told_in_a_sentence_without_the_value(
    name: str, value: str, problem: str
) -> None:
    (told,) = problems(**{name: value})
    assert told.startswith(f"{name} ")
    assert problem in told
    assert CANARY not in told


@pytest.mark.parametrize("name", sorted(LEAST.keys() - {"SLACK_SIGNING_SECRET"}))
def test_a_variable_that_is_missing_is_named(name: str) -> None:
    assert problems(**{name: ""}) == (f"{name} is missing",)


def test_one_way_in_is_needed() -> None:
    assert problems(SLACK_SIGNING_SECRET="") == (
        "SLACK_SIGNING_SECRET is missing (or set SLACK_APP_TOKEN to use Socket Mode)",
    )


@pytest.mark.parametrize("name", ["AUDIT_KEY", "SLACK_SIGNING_SECRET"])
@pytest.mark.parametrize("value", ["x", CANARY, "0123456789abcde", " 0123456789abcde "])
def test_a_short_secret_is_told_in_characters_and_not_by_its_length(name: str, value: str) -> None:
    assert problems(**{name: value}) == (f"{name} must have at least 16 characters",)


def test_a_short_signing_secret_is_told_in_socket_mode_too() -> None:
    (told,) = problems(SLACK_SIGNING_SECRET="x", SLACK_APP_TOKEN="xapp-made-up")
    assert told.startswith("SLACK_SIGNING_SECRET ")


@pytest.mark.parametrize("name", ["AUDIT_KEY", "SLACK_SIGNING_SECRET"])
def test_a_secret_that_is_just_long_enough_is_taken(name: str) -> None:
    value = "0123456789abcdef"
    assert getattr(read(**{name: value}), name.lower()) == SecretStr(value)


@pytest.mark.parametrize("value", ["a" * 16, "abcdefg" * 16])
def test_an_audit_key_of_few_different_characters_is_refused(value: str) -> None:
    sentence = "AUDIT_KEY must have at least 8 different characters: make a random one"
    assert problems(AUDIT_KEY=value) == (sentence,)
    with pytest.raises(SettingsError) as refused:
        settings.read_audit_key({"AUDIT_KEY": value})
    assert refused.value.problems == (sentence,)


def test_an_audit_key_of_just_enough_different_characters_is_taken() -> None:
    assert settings.read_audit_key({"AUDIT_KEY": "abcdefgh" * 2}) == b"abcdefgh" * 2


def test_a_list_with_nothing_in_it_is_told_in_plain_words() -> None:
    (told,) = problems(AUTHORIZED_CHANNELS=" , ,")
    assert told.startswith("AUTHORIZED_CHANNELS ")
    assert "validation" not in told


@pytest.mark.parametrize("name", ["CACHE_TTL_SECONDS", "CACHE_MAX_MEGABYTES"])
@pytest.mark.parametrize("value", ["inf", "1e400", "nan"])
def test_nothing_is_kept_without_an_end(name: str, value: str) -> None:
    (told,) = problems(**{name: value})
    assert told.startswith(f"{name} ")


def test_all_problems_are_told_at_once_in_order() -> None:
    with pytest.raises(SettingsError) as refused:
        settings.read_settings(
            {"PORT": CANARY, "GONG_BASE_URL": f"http://{CANARY}", "LOG_LEVEL": "loud"}
        )
    assert [problem.partition(" ")[0] for problem in refused.value.problems] == [
        "AUDIT_KEY",
        "AUTHORIZED_CHANNELS",
        "GONG_ACCESS_KEY",
        "GONG_ACCESS_KEY_SECRET",
        "GONG_BASE_URL",
        "LOG_LEVEL",
        "PORT",
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
    ]


# secrets


@dataclass(frozen=True)
class Secret:
    name: str
    value: str


@pytest.mark.parametrize(
    "secret",
    [
        Secret("SLACK_BOT_TOKEN", f"xoxb-{CANARY}"),
        Secret("SLACK_APP_TOKEN", f"xapp-{CANARY}"),
        Secret("SLACK_SIGNING_SECRET", f"{CANARY}-{CANARY}"),
        Secret("GONG_ACCESS_KEY", CANARY),
        Secret("GONG_ACCESS_KEY_SECRET", CANARY),
        Secret("AUDIT_KEY", f"{CANARY}-{CANARY}"),
    ],
    ids=lambda secret: secret.name,
)
def test_a_secret_shows_in_no_form_of_the_settings(secret: Secret) -> None:
    found = read(**{secret.name: secret.value})
    assert getattr(found, secret.name.lower()).get_secret_value() == secret.value
    assert CANARY not in f"{found!r} {found} {found.model_dump()} {found.model_dump_json()}"


def test_an_example_that_the_pattern_refuses_is_told() -> None:
    assert problems(CASE_REFERENCE_PATTERN="CASE-[0-9]+") == (
        "CASE_REFERENCE_EXAMPLE must look like CASE_REFERENCE_PATTERN says",
    )


EXPLODING = r"([A-Z0-9]+[-/]?)+\d"


def test_a_pattern_that_explodes_is_refused_without_its_value_and_within_seconds() -> None:
    began = time.monotonic()
    assert problems(CASE_REFERENCE_PATTERN=EXPLODING) == (
        "CASE_REFERENCE_PATTERN takes too long on some texts: use a simpler one",
    )
    assert time.monotonic() - began < 10


def test_an_example_on_which_its_pattern_explodes_does_not_hold_the_start_up() -> None:
    (told,) = problems(CASE_REFERENCE_PATTERN=EXPLODING, CASE_REFERENCE_EXAMPLE="A" * 40)
    assert told.startswith("CASE_REFERENCE_PATTERN takes too long")


def test_a_pattern_of_ones_own_is_taken_once_it_was_tried_out() -> None:
    found = read(CASE_REFERENCE_PATTERN=r"(?:DSR|CASE)-\d{1,8}")
    assert found.case_reference_pattern == r"(?:DSR|CASE)-\d{1,8}"


@pytest.mark.parametrize("value", ["(" * 5000 + ")" * 5000, "a{99999999999999999999}"])
def test_a_pattern_that_cannot_be_compiled_is_told_as_one(value: str) -> None:
    assert problems(CASE_REFERENCE_PATTERN=value) == (
        "CASE_REFERENCE_PATTERN must be a regular expression",
    )


@pytest.mark.parametrize(
    ("pattern", "processes"),
    [("", 0), (Settings.model_fields["case_reference_pattern"].default, 0), ("DSR-[0-9]+", 1)],
)
def test_only_a_pattern_of_ones_own_costs_the_start_a_process(pattern: str, processes: int) -> None:
    told = subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "-c", READ_AND_COUNT],
        cwd=ROOT,
        env=LEAST | {"CASE_REFERENCE_PATTERN": pattern},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(told.stdout) == processes


READ_AND_COUNT = """
import os, sys
from bot.settings import read_settings
started = []
sys.addaudithook(lambda event, _: started.append(event) if event == "subprocess.Popen" else None)
read_settings(os.environ)
print(len(started))
"""


def test_a_domain_may_be_written_with_its_at_sign_and_in_capitals() -> None:
    found = read(COMPANY_DOMAINS="@Acme.com, example.com")
    assert found.company_domains == frozenset({"acme.com", "example.com"})
