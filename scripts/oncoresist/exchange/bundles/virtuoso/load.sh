#!/bin/sh
# Loads this folder into Virtuoso: sh load.sh [HOST:PORT] [USER]. isql asks for the password, unless ISQL_PASSWORD holds it.
set -eu
cd "$(dirname "$0")"
isql=$(command -v isql-vt || command -v isql)
sed "s|FOLDER|$(pwd)|g" load.isql > load.isql.here
trap 'rm -f load.isql.here' EXIT
exec 3< load.isql.here
if [ -n "${ISQL_PASSWORD:-}" ]; then
    "$isql" "${1:-localhost:1111}" "${2:-dba}" "$ISQL_PASSWORD" VERBOSE=OFF BANNER=OFF PROMPT=OFF <&3
else
    "$isql" "${1:-localhost:1111}" "${2:-dba}" VERBOSE=OFF BANNER=OFF PROMPT=OFF load.isql.here
fi
