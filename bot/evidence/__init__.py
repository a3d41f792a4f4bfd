"""What is left behind of a look-up, so that it holds a year later.

`result` is the look-up itself: read it first. `files` and `spreadsheet` make files of it, `receipt`
vouches for them, `seals` holds what `AUDIT_KEY` is used for. `trail` makes the lines of the audit
trail and hands them to the writer it is given; `trail_reader`, `trail_chain` and `trail_verdict`
read it back and judge it. May import `gong`, `state` and the ground, but reaches no socket and no
disk.
"""
