"""What comes in from Slack: two ways in, one dispatcher, two kinds of payload, one error boundary.

`http` and `socket_mode` let payloads in, `connections` keeps those that knock few and short,
`dispatch` hands each payload to `commands` or `actions` through Bolt, and these acknowledge and
start a task within `boundary`, which turns every failure into a sentence. Nothing of the domain is
decided here. Read `dispatch` first. May import everything but `cli`.
"""
