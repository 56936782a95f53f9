"""The mapping language: derivation text to a typed expression, and the verbs it may use."""
