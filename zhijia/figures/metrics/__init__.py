"""The definitions of all figures, one module per area."""
