"""Two datasets, or two folders of them, compared: what differs, where, and how it was looked at."""
