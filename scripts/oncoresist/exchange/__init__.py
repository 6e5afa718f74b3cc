"""To and from other places: files, stores, revisions, releases.

formats    which formats there are, what each keeps, who writes it
selection  which triples go out, as verified and sorted lines
rdf, jsonld, owl                     writers of RDF
tables, property_graph, network      writers for those who do not use RDF, each with a ledger of what it loses
diff       two states to compare: folders, releases, revisions
release    a dated folder with everything; description (DCAT, VoID), statistics, release_reports, release_readme, citation, pack
previous   reading a release
export     puts the parts together; nothing half-written
"""
