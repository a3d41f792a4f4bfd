"""Values in, values out: a folder for each package of `bot/`."""
