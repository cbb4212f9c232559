"""Use-cases: everything that changes anything, one function each."""
