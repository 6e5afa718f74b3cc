#!/bin/sh
# Asks Neptune's bulk loader to load the file from S3: sh load.sh ENDPOINT
set -eu
endpoint=${1:?which endpoint, without https:// and port?}
curl --fail --silent --show-error -X POST -H 'Content-Type: application/json' --data-binary "@$(dirname "$0")/loader-request.json" "https://$endpoint:8182/loader"
