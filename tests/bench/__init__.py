"""`make bench`: the bot beside the floor of its stack, and beside the tutorials' way."""
