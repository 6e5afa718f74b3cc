"""Loading a selection into a running triple store, over the protocols of SPARQL 1.1."""
