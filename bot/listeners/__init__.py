"""What comes in from Slack: two ways in, one dispatcher, two kinds of payload, one error boundary.

`http` and `socket_mode` let payloads in, `dispatch` hands each to `commands` or `actions` through
Bolt, and these acknowledge and start a task within `boundary`, which turns every failure into a
sentence. Nothing of the domain is decided here. Read `dispatch` first. May import everything but
`cli`.
"""
