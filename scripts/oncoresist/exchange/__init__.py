"""To and from other places: files, stores, revisions, releases."""
