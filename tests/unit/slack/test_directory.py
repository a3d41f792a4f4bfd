"""People and channels: what Slack leaves out is harmless, what it leaves open is not."""

import pytest

from bot.models import Channel, Identity, Person
from bot.slack.directory import read_channel, read_person

ALONE = Identity("T0US", None, "U0BOT", "gong-lookup")
IN_ORGANISATION = Identity("T0US", "E0OURS", "U0BOT", "gong-lookup")
OPEN: list[object] = [None, 0, 1, "", "false", [], {}]
LISTS = ["shared_team_ids", "connected_team_ids", "pending_shared", "pending_connected_team_ids"]


def test_what_is_left_out_counts_as_harmless_but_for_a_channels_privacy() -> None:
    assert read_person({"team_id": "T0US"}) == Person("T0US")
    assert read_channel({}) == Channel(is_private=False)
    assert not read_channel({}).is_open_to_others(ALONE)


@pytest.mark.parametrize("value", [True, *OPEN])
@pytest.mark.parametrize(
    ("name", "flag"),
    [
        ("is_restricted", "is_guest"),
        ("is_ultra_restricted", "is_guest"),
        ("is_bot", "is_bot"),
        ("deleted", "is_deleted"),
        ("is_stranger", "is_stranger"),
    ],
)
def test_a_person_is_harmless_only_if_slack_says_so(name: str, flag: str, value: object) -> None:
    assert getattr(read_person({name: value}), flag)
    assert not getattr(read_person({name: False}), flag)


@pytest.mark.parametrize("organisation", [None, "E0OURS", [], {}])
def test_who_names_no_organisation_belongs_to_none(organisation: object) -> None:
    assert read_person({"enterprise_user": organisation}).enterprise_id is None


@pytest.mark.parametrize("value", [True, *OPEN])
@pytest.mark.parametrize("name", ["is_ext_shared", "is_pending_ext_shared"])
def test_a_channel_is_ours_alone_only_if_slack_says_so(name: str, value: object) -> None:
    assert read_channel({name: value}).is_open_to_others(ALONE)
    assert not read_channel({name: False}).is_open_to_others(ALONE)


@pytest.mark.parametrize("value", [False, *OPEN])
def test_a_channel_is_private_and_has_us_only_if_slack_says_so(value: object) -> None:
    channel = read_channel({"is_private": value, "is_member": value})
    assert (channel.is_private, channel.is_member) == (False, False)


@pytest.mark.parametrize("us", [ALONE, IN_ORGANISATION])
@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("ids", [None, False, "T0US", {}, [None], [7], ["T0US", "T0OTHER"], [""]])
def test_a_list_with_anybody_but_us_in_it_means_a_shared_channel(
    us: Identity, name: str, ids: object
) -> None:
    assert read_channel({name: ids}).is_open_to_others(us)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("ids", [[], ["T0US"], ["T0US", "E0OURS"]])
def test_a_list_of_our_own_means_no_shared_channel(name: str, ids: list[str]) -> None:
    assert not read_channel({name: ids}).is_open_to_others(IN_ORGANISATION)


def test_a_sister_workspace_is_ours_within_an_organisation_only() -> None:
    both = {"shared_team_ids": ["T0US", "T0SISTER"], "internal_team_ids": ["T0US", "T0SISTER"]}
    assert not read_channel(both).is_open_to_others(IN_ORGANISATION)
    assert read_channel(both).is_open_to_others(ALONE)


@pytest.mark.parametrize("name", LISTS[1:])
def test_a_team_that_is_connected_is_no_sister_whatever_else_it_is_called(name: str) -> None:
    both = {name: ["T0OTHER"], "internal_team_ids": ["T0OTHER"], "shared_team_ids": ["T0OTHER"]}
    assert read_channel(both).is_open_to_others(IN_ORGANISATION)


@pytest.mark.parametrize("internal", [None, "T0SISTER", [7]])
def test_sisters_that_cannot_be_read_are_none(internal: object) -> None:
    both = {"shared_team_ids": ["T0US", "T0SISTER"], "internal_team_ids": internal}
    assert read_channel(both).is_open_to_others(IN_ORGANISATION)
