"""The saved questions as one catalogue, for people, for SPARQL tools and for test harnesses, made from the `.rq` files."""
