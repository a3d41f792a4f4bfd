"""Answers of any size, in Gong's shapes: four references in five are emails."""

from functools import cache

SECTIONS = ("emails", "calls", "meetings", "customerData", "customerEngagement")
TIMES = (
    "20%02d-%02d-%02dT16:20:05-03:00",
    "20%02d-%02d-%02dT03:57:04.834+05:30",
    "20%02d-%02d-%02dT21:30:07.233692Z",
)
"""The three forms that Gong documents."""


@cache
def answer(references: int) -> bytes:
    """The bytes of an answer: about 220 a reference, 44 MB for 200,000."""
    rows: list[list[str]] = [[] for _ in SECTIONS]
    for number in range(references):
        section = 1 + number // 5 % 4 if number % 5 == 4 else 0
        rows[section].append(_ROWS[section](number))
    rows[3] = [f'{{"system":"Salesforce","objects":[{",".join(rows[3])}]}}']
    members = [f'"{name}":[{",".join(found)}]' for name, found in zip(SECTIONS, rows, strict=True)]
    return f'{{"requestId":"4al018gzaztcr8nbukwp",{",".join(members)}}}'.encode()


def _email(number: int) -> str:
    return (
        f'{{"from":"jane.doe@example.com","id":"{number:032x}","sentTime":"{_time(number)}",'
        f'"mailbox":"some.colleague.of.ours.{number % 40}@acme-company.example",'
        f'"messageHash":"{number // 2:040x}"}}'
    )


def _call(number: int) -> str:
    status = "SCHEDULED" if number % 11 == 0 else "COMPLETED"
    task = f'{{"objectType":"Task","externalId":"00T1Q0000{number:06}sV7AAG"}}'
    return (
        f'{{"id":"77823422740{number:08}","status":"{status}",'
        f'"externalSystems":[{{"system":"Salesforce","objects":[{task}]}}]}}'
    )


def _meeting(number: int) -> str:
    return f'{{"id":"77823422740{number:08}.{number:026x}@google.com_2022-04-30T13:00:00Z"}}'


def _record(number: int) -> str:
    kind = "Lead" if number % 3 else "Contact"
    return (
        f'{{"id":"77823422740{number:08}","objectType":"{kind}","externalId":"0031Q{number:010}",'
        f'"mirrorId":"{{\\"crmId\\":\\"0031Q{number:010}\\"}}",'
        '"fields":[{"name":"Name","value":"Jane Doe"},{"name":"Employees","value":340}]}'
    )


def _event(number: int) -> str:
    return (
        f'{{"eventType":"contentViewed","timestamp":"{_time(number)}",'
        f'"contentId":"77823422740{number:08}","reportingSystem":"Gong",'
        f'"contentUrl":"https://app.gong.io/e/c-share/tkn={number:025x}",'
        f'"eventName":"Shared call viewed","sourceEventId":"{number:032x}"}}'
    )


def _time(number: int) -> str:
    return TIMES[number % 3] % (10 + number % 16, 1 + number % 12, 1 + number % 28)


_ROWS = (_email, _call, _meeting, _record, _event)
