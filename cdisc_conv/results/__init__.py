"""Results: the analyses of an ADaM spec, computed from the package's own datasets."""
