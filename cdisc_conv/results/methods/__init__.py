"""The methods of analysis: each is one file with a function of the file's name.

Each takes the analysis and what it selects and returns its results in the order of reading.
"""
