"""The whole bot from the side of a person, over HTTP and Socket Mode."""
