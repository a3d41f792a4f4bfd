"""Whatever is a URL may be a key to content: of an event no more is shown than its host."""

import json
import time

import pytest

from bot.models import Section
from tests.support.gong_answers import HOST, row, table
from tests.support.odd_answers import KEY

EVENT = ("timestamp", "eventType", "eventName", "reportingSystem", "contentId", "sourceEventId")


def event(**fields: object) -> str:
    """All that is shown of an event."""
    return " ".join(map(str, row(Section.CUSTOMER_ENGAGEMENT, fields)))


URLS = {
    "documented": f"https://{HOST}/e/c-share/tkn={KEY}",
    "capitals": f"HTTPS://{HOST.upper()}/E/C-SHARE/TKN={KEY}",
    "another scheme": f"gong+share://{HOST}/{KEY}",
    "without a scheme": f"//{HOST}/e/c-share/tkn={KEY}",
    "without slashes": f"{HOST}/e/c-share/tkn={KEY}",
    "query only": f"{HOST}?tkn={KEY}",
    "fragment only": f"{HOST}#{KEY}",
    "with a port": f"https://{HOST}:8443/e/{KEY}",
    "with a port, without a scheme": f"{HOST}:443/e/{KEY}",
    "with a user": f"https://{KEY}@{HOST}/e",
    "with user and password": f"https://jane:{KEY}@{HOST}/e",
    "slashes escaped": f"https:\\/\\/{HOST}\\/e\\/{KEY}",
    "slashes escaped twice": f"https:\\\\/\\\\/{HOST}\\\\/e\\\\/{KEY}",
    "slashes escaped, without a scheme": f"{HOST}\\/e\\/{KEY}",
    "escaped for another URL": f"https%3A%2F%2F{HOST}%2Fe%2Fc-share%2Ftkn%3D{KEY}",
    "inside a text": f"see https://{HOST}/e/{KEY}, or else",
    "after a parenthesis": f"(https://{HOST}/e/{KEY})",
    "an apostrophe in it": f"https://{HOST}/e?title=O'Brien&tkn={KEY}",
    "in Slack's form": f"<https://{HOST}/e/{KEY}|this>",
    "in Markdown": f"[this](https://{HOST}/e/{KEY})",
    "in HTML": f'<a href="https://{HOST}/e/{KEY}">this</a>',
    "one after another": f"https://{HOST}/1/{KEY} https://{HOST}/2/{KEY}",
    "one inside another": f"https://{HOST}/go?to=https://{HOST}/{KEY}",
}


@pytest.mark.parametrize("url", URLS.values(), ids=URLS.keys())
def test_an_event_shows_the_host_of_a_url_and_no_more(url: str) -> None:
    shown = event(eventName=url)
    assert KEY.lower() not in shown.lower()
    assert HOST in shown.lower()


@pytest.mark.parametrize("name", EVENT)
def test_no_field_of_an_event_shows_a_whole_url(name: str) -> None:
    assert event(**{name: URLS["documented"]}).strip() == HOST


@pytest.mark.parametrize("times", [2, 7, 12, 100])
def test_a_url_escaped_over_and_over_shows_no_more_either(times: int) -> None:
    url = URLS["documented"].replace("/", f"%{'25' * (times - 1)}2F")
    assert KEY not in event(eventName=f"before {url} after")


def test_the_share_link_of_an_event_is_not_shown_at_all() -> None:
    assert event(contentUrl=URLS["documented"], eventName="Viewed").strip() == "Viewed"


@pytest.mark.parametrize(
    "value",
    [
        [URLS["documented"]],
        {"url": URLS["documented"]},
        {URLS["documented"]: 1},
        json.dumps({"url": URLS["documented"]}).replace("/", "\\/"),
        {"inner": json.dumps({"url": URLS["documented"]}).replace("/", "\\/")},
    ],
)
def test_a_url_inside_a_value_is_cut_as_well(value: object) -> None:
    shown = event(eventName=value)
    assert KEY not in shown
    assert HOST in shown


@pytest.mark.parametrize(
    "written",
    [
        json.dumps(URLS["documented"]),
        json.dumps([URLS["documented"]]),
        f'{{"contentUrl": "{URLS["documented"]}", "eventName": "\xff"}}',
        f'{{"contentUrl": "https:\\/\\/{HOST}\\/e\\/{KEY}", "eventName": "\xff"}}',
        f'{{"contentUrl": "https:\\u002f\\u002f{HOST}\\u002fe\\u002f{KEY}", "eventName": "\xff"}}',
    ],
    ids=["a string", "an array", "no text", "no text, escaped", "no text, escaped by number"],
)
def test_an_event_that_cannot_be_read_shows_no_whole_url(written: str) -> None:
    first, *_ = row(Section.CUSTOMER_ENGAGEMENT, written.encode("latin-1"))
    assert isinstance(first, str)
    assert first.startswith("could not be read: ")
    assert KEY not in first


@pytest.mark.parametrize(
    "plain", ["Shared call viewed", "v1.2", "2/3 watched", "and/or", "ratio 16:9", "@channel *x*"]
)
def test_what_is_no_url_is_shown_as_it_is(plain: str) -> None:
    assert event(eventName=plain).strip() == plain


@pytest.mark.parametrize("piece", ["a", "a.", "a-", "://", "a:", "//a", "1.a/"])
def test_a_long_field_is_read_quickly(piece: str) -> None:
    named = piece * (20_000 // len(piece))
    started = time.process_time()
    event(eventName=named)
    assert time.process_time() - started < 0.25


@pytest.mark.parametrize("long", ["a", "a."])
def test_a_page_of_long_urls_is_read_quickly(long: str) -> None:
    url = f"{long * (1900 // len(long))}://{HOST}/{KEY}"
    found = table(Section.CUSTOMER_ENGAGEMENT, [dict.fromkeys(EVENT, url)] * 60)
    started = time.process_time()
    shown = [cell for number in range(60) for cell in found.row(number)]
    assert time.process_time() - started < 2
    assert not any(KEY in str(cell) for cell in shown)
