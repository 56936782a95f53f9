"""The verbs: one file each, named as the verb; a new verb is a new file here and a table in its test."""
