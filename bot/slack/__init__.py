"""Slack's API and its shapes.

`client` makes the calls, `retries` says which are worth repeating, `block_kit` writes safely into
messages, `payloads` checks the shape of what Slack sends,
`directory` reads people and channels. Read `client` first. Knows nothing of
look-ups. May import `state` and the ground.
"""
