"""Files attached to records: gate, sealed store, serving. See docs/decisions/0019-files.md."""
