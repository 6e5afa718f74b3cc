#!/bin/sh
# Loads the bundle into an Oxigraph database: sh load.sh DATABASE
set -eu
database=${1:?which folder is to hold the database?}
oxigraph load --location "$database" --file "$(dirname "$0")/oncoresist.nq"
oxigraph query --location "$database" --query-file "$(dirname "$0")/counts.rq" --results-format tsv
