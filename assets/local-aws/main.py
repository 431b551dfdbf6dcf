"""Runs ministack, the local AWS, with the modules of local_aws: only its owner can use it, and it follows AWS where ministack differs."""

import os
import sys

# The package may be in a folder that is not writable.
sys.dont_write_bytecode = True

from ministack import app as gateway

from local_aws import addresses, branding, code_addresses, function_logs, function_versions, quotas, resource_indicators, runtime_api
from local_aws.guard import Guard

SHORTEST_SECRET = 32

secret = os.environ.get("AWS_SECRET_ACCESS_KEY", "")
if len(secret) < SHORTEST_SECRET:
    raise SystemExit("AWS_SECRET_ACCESS_KEY must be a secret that was created for this start")

for module in (addresses, code_addresses, resource_indicators, quotas, branding, function_versions, function_logs, runtime_api):
    module.install()
gateway.app = Guard(gateway.app, secret)
gateway.main()
