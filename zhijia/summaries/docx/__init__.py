"""Word files after GB/T 9704-2012 in which every number knows its source: model, build, read."""
