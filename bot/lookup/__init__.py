"""One look-up, from question to disclosure.

`flow` holds the steps and the table of buttons: read it first. `command` reads what was typed,
`access` decides who may ask, `publishing` shows, `uploads` attaches, `withdrawal` takes back, and
`alerts` tells the admin. May import `messages` and what lies below.
"""
