"""Ten minutes of load and faults."""
