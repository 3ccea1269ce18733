#!/usr/bin/env bash
# Puts the web application up, into a stack that was deployed with WebApplication=true:
#
#     infra/deploy-site.sh <stack> [export, default frontend/out]
#
# Needs the AWS CLI with a Region, and Node.js. There is nothing to invalidate: CloudFront asks the bucket again for whatever keeps
# its name, and names below _next/static/ change with their content.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

stack=${1:-}
export=${2:-frontend/out}
[[ -n $stack ]] || fail 'Say which stack: infra/deploy-site.sh <stack>'
[[ -f $export/_headers.json ]] || fail "There is no web application in $export yet: cd frontend && npm ci && npm run build"

# output <name>: of the stack
output() {
  aws cloudformation describe-stacks --stack-name "$stack" --output text \
    --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue"
}

# metadata [status]: what infra/cloudfront/page-response.js makes headers and a status of
metadata() {
  node -e '
    const headers = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
    const status = process.argv[2] ? { status: process.argv[2] } : {};
    console.log(JSON.stringify({ "content-security-policy": headers["content-security-policy"], ...status }));
  ' "$export/_headers.json" "${1:-}"
}

bucket=$(output SiteBucketName)
[[ -n $bucket ]] || fail "The stack $stack has no web application: deploy it with WebApplication=true first"
page=(--content-type 'text/html; charset=utf-8' --cache-control no-cache)

# What pages load is there before they are. Nothing below _next/static/ is deleted: pages that are open still load from there.
aws s3 sync "$export/_next/static" "s3://$bucket/_next/static" --size-only --cache-control 'public, max-age=31536000, immutable'
aws s3 sync "$export" "s3://$bucket" --exclude '_next/static/*' --exclude '*.html' --exclude _headers.json --cache-control no-cache
aws s3 cp "$export" "s3://$bucket" --recursive --exclude '*' --include '*.html' --exclude 404.html \
  "${page[@]}" --metadata "$(metadata)"
aws s3 cp "$export/404.html" "s3://$bucket/404.html" "${page[@]}" --metadata "$(metadata 404)"
# Everything has been uploaded, so this only deletes what is gone.
aws s3 sync "$export" "s3://$bucket" --delete --size-only --exclude '_next/static/*' --exclude _headers.json
printf 'The web application is up: %s\n' "$(output SiteUrl)"
