"""All that lives longer than one request, in memory.

`answers` keeps Gong's answers for minutes, `byte_budget` bounds the memory of large ones, `quota`
hands out turns at Gong, `person_limits` counts people's look-ups, `replay` knows requests that have
come, `message_locks` whose turn an edit is. They do not know each other. Read `answers` first. May
import the ground only.
"""
