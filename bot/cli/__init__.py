"""The command line: what an engineer or counsel runs in a terminal.

`check` says whether everything is set up, `verify` judges a file and its receipt, `audit` reads the
trail out of a log (`audit_text` has its sentences). Each prints to the terminal and returns an exit
code. Read `verify` first. May import everything but `listeners`.
"""
