"""Gong's answer, fetched by one GET and understood.

`client` sends the only request; `response` says what came back, as `raw_json` pieces. `summary`
counts them (from the `records` of each section), `tables` reads the rows, `redaction` cuts share
links, `mailboxes` tells who holds the emails, and `changes` compares two answers. A sixth section
would begin in `models.Section` and then need `records`, `summary` and `tables`. Read `response`
first. May import `state` and the ground; all but `client` are free of I/O.
"""
