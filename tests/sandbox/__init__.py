"""The whole bot in a browser: `make sandbox`, or `python -m tests.sandbox --help`."""
