"""What is read of an answer made for a test: the rows of a section, and its counts."""

import json
from datetime import UTC, datetime
from functools import partial

from bot.gong import tables
from bot.gong.response import read_response
from bot.gong.summary import SectionSummary, Summary, summarise
from bot.gong.tables import Cell, Table
from bot.models import Section
from tests.stand_ins.answering import EMPTY

HOST = "app.gong.io"
at = partial(datetime, tzinfo=UTC)


def table(section: Section, items: object) -> Table:
    body = items if isinstance(items, bytes) else json.dumps(items).encode()
    return tables.read_table(
        read_response(200, {}, b'{"%s": %s}' % (section.encode(), body)), section
    )


def row(section: Section, item: object) -> tuple[Cell, ...]:
    body = item if isinstance(item, bytes) else json.dumps(item).encode()
    return table(section, b"[" + body + b"]").row(0)


def of(value: object) -> Summary:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return summarise(read_response(200, {}, body))


def of_section(section: Section, rows: object) -> SectionSummary:
    return of({**EMPTY, section: rows}).sections[section]
