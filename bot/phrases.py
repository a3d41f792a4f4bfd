"""What is said to one person besides what went wrong: help, and that a search is under way."""

from bot.words import Setting


def searching(email: str) -> str:
    """What the acknowledgement says while Gong is asked."""
    return f"Searching Gong for {email}…"


def queueing(email: str, ahead: int, wait_s: float) -> str:
    """The same, for somebody who has to wait for a turn."""
    searches = "1 search is" if ahead == 1 else f"{ahead} searches are"
    why = f"{searches} ahead of yours" if ahead else "Gong asked for a pause"
    return f"{searching(email)} {why} (about {wait_s:.0f} seconds). No need to type it again."


def not_understood(setting: Setting) -> str:
    """What is said to words that hold no address at all."""
    return f"Nothing was searched: only email addresses can be. {help_text(setting)}"


def help_text(setting: Setting) -> str:
    """What `/gong-lookup help` says."""
    return (
        f"/gong-lookup jane@example.com {setting.example}: one address, then your case. The "
        "result, with the address, is posted to everyone in this channel, with Gong's exact "
        "answer as a file. Read-only. It covers Gong only, and not employees. Slack does not "
        f"allow commands inside threads. Questions: {setting.contact}"
    )
