"""What is left behind of a look-up, so that it holds a year later. No I/O.

`result` is the look-up itself: read it first. `files` and `spreadsheet` make files of it, `receipt`
vouches for them, `seals` holds what `AUDIT_KEY` is used for. `trail` writes the audit trail;
`trail_reader`, `trail_chain` and `trail_verdict` read it back and judge it. May import `gong`,
`state` and the ground, but reaches no socket and no disk.
"""
