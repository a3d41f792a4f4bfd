"""gong-lookup: what does Gong hold about this address?

    Slack ──HTTP──────▶ listeners.http ────────┐
    Slack ──WebSocket─▶ listeners.socket_mode ─┤
                                               ▼
                                    listeners.dispatch   decode once, acknowledge within 3 s
                                               │
               ┌─────────── command ───────────┴─────────── pressed button ────┐
               ▼                                                               ▼
    listeners.commands                                              listeners.actions
               └──────────────────▶ lookup.flow ◀────── lookup.presses ◀───────┘
                                               │
    1 authorize   lookup.access  ◀── Slack: who is this, who reads the channel?
    2 find        state.answers ──▶ state.quota ──▶ gong.client: one GET
                                               │
                  gong.summary · gong.tables ──▶ evidence.result
                                               │
    3 disclose    evidence.trail: the line first; if it cannot be written, nothing is shown
                  ├─▶ lookup.publishing   summary, pages, texts           messages ──▶ slack.client
                  ├─▶ lookup.uploads      Gong's bytes and their receipt  evidence ──▶ slack.client
                  └─▶ lookup.withdrawal   takes them back, on record               ──▶ slack.client

    Whatever is refused or fails ──▶ listeners.boundary: a line in the trail, an alert for the
    admin (lookup.alerts), and a sentence (messages.ephemeral) to the person who asked only.

Calls run down: `cli | listeners` → `lookup` → `messages` → `evidence` → `gong | slack` → `state` →
the ground (`wording`, `address`, `refusals`, `settings`, `errors`, `logs`, `models`, `output`,
`runtime`, `trial`). What runs up is handed down as a callable: the front door calls
`Dispatcher.receive`, the queue tells the flow of a place in it, and the composition root, `app.py`,
ties both.
"""

VERSION = "0.1.0"
