"""The project itself: architecture, docs, manifest, supply chain."""
