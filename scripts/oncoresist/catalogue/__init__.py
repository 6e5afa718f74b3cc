"""The saved questions for readers, SPARQL tools and test harnesses, made from the `.rq` files: catalogue, manifest, pictures."""
