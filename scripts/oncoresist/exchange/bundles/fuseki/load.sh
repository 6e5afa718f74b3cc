#!/bin/sh
# Loads the bundle into the TDB2 database DB of this folder, and counts what arrived.
set -eu
cd "$(dirname "$0")"
tdb2.tdbloader --loc=DB oncoresist.nq
tdb2.tdbquery --desc=config.ttl --results=TSV --query=counts.rq
