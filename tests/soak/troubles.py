"""The troubles of the soak: faults of Slack, words without a question, bodies without a request."""

from typing import Any

SLACK_FAULTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("chat.postMessage", {"retry_after": 1}),
    ("chat.postMessage", {"retry_after": 60}),
    ("chat.postMessage", {"status": 500}),
    ("chat.postMessage", {"drop": True}),
    ("chat.postMessage", {"drop": True, "after": True}),
    ("chat.postMessage", {"status": 502, "body": "<html>", "after": True}),
    ("chat.postMessage", {"error": "invalid_blocks"}),
    ("chat.postMessage", {"delay_s": 2}),
    ("chat.postMessage", {"delay_s": 6}),
    ("chat.update", {"status": 500}),
    ("chat.update", {"retry_after": 1}),
    ("users.info", {"status": 500}),
    ("users.info", {"delay_s": 6}),
    ("conversations.info", {"drop": True}),
    ("conversations.info", {"retry_after": 30}),
    ("files.getUploadURLExternal", {"status": 500}),
    ("files.getUploadURLExternal", {"retry_after": 1}),
    ("upload", {"status": 500}),
    ("upload", {"drop": True}),
    ("upload", {"delay_s": 3}),
    ("files.completeUploadExternal", {"error": "internal_error"}),
    ("files.completeUploadExternal", {"drop": True, "after": True}),
    ("files.delete", {"status": 500}),
    ("files.delete", {"drop": True, "after": True}),
)
NO_QUESTIONS = (
    "",
    "no address",
    "jane@example.com john@example.com",
    "j\u0430ne@example.com",
    "jane\u200b@example.com",
    "<!channel>@example.com",
    "a@example.com?x=1&emailAddress=ceo@example.com",
    "x" * 9000,
)
ODD_BODIES = (
    b"[]",
    b"null",
    b"\xff\xfe",
    b"payload=%7B",
    b"payload=" + b"%5B" * 5000,
    b"ssl_check=1",
    b"command=%2Fgong-lookup",
    b"command=a&command=b",
    b"x" * (600 * 1024),
    b"",
)
