"""What people read: every message and every sentence, drawn without any I/O.

`summary` (with its `notes`), `page`, `files` and `reply` draw what stands in the channel, of
`elements` that several share; `buttons` says what a button carries, and `signing` signs it;
`ephemeral` says what one person only reads, with the sentences of `error_texts`. Read `summary`
first. May import `evidence` and what lies below, of `slack` only `block_kit`.
"""
