"""Gong's answer, fetched by one GET and understood.

`client` sends the only request and `body` reads what comes, within bounds; `response` says what it
means, as `raw_json` pieces. `summary` counts them (from the `records` of each section), `tables`
reads the rows, `redaction` cuts share links, `mailboxes` tells who holds the emails, and `changes`
compares two answers. Read `response` first. May import `state` and the ground; all but `client` are
free of I/O.

A sixth section would begin in `models.Section`, be read and counted here (`records`, `summary`,
`tables`), get its label in `wording`, and its button and words in `messages` (`buttons`, `summary`,
`reply`); pages, receipt and files follow from these.
"""
