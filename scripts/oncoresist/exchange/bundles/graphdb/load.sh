#!/bin/sh
# Makes the repository anew and loads the bundle into it; the server must be stopped.
set -eu
cd "$(dirname "$0")"
importrdf preload --force -c repo-config.ttl oncoresist.nq
