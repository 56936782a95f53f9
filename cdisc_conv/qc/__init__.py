"""QC of a study by independent programs: comparisons recorded with the hashes of both sides."""
