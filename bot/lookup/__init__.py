"""One look-up, from question to disclosure.

`flow` holds the steps: read it first. `presses` holds a table with a method for each button.
`command` reads what was typed, `access` decides who may ask, `publishing` shows, `uploads`
attaches, `withdrawal` takes back, and `alerts` tells the admin. May import `messages` and what lies
below.
"""
