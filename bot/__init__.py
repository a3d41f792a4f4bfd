"""gong-lookup: what does Gong hold about this address?

    Slack ──HTTP──▶ server ─────────┐
    Slack ──WebSocket──▶ socket_mode┤
                                    ▼
     command ─▶ handlers ─▶ access, query ─▶ ack ─▶ access ─▶ lookup ─▶ gong (one GET)
                                                                 │
                            summary, rows ◀──────────────────────┘
                                  └─▶ blocks ─▶ slack: a message, and export's file in its thread
     button  ─▶ handlers ─▶ ack ─▶ access ─▶ lookup ─▶ rows ─▶ blocks ─▶ slack: a page
     any failure ─▶ one boundary in handlers ─▶ words ─▶ only the person who asked

Every arrow is a plain call with a frozen value; nothing calls back.
"""

VERSION = "0.1.0"
