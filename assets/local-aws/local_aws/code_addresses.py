"""Presigns the URLs for code downloads (GetFunction, GetLayerVersion) for ten minutes, as AWS does."""

import os

from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from ministack.core.responses import get_account_id, get_region
from ministack.services import lambda_svc

from .addresses import ORIGIN

SECONDS = 600


def presigned(path):
    request = AWSRequest("GET", f"{ORIGIN}{path}")
    credentials = Credentials(get_account_id(), os.environ["AWS_SECRET_ACCESS_KEY"])
    SigV4QueryAuth(credentials, "lambda", get_region(), expires=SECONDS).add_auth(request)
    return request.url


def function_code_url(name):
    return presigned(f"/_ministack/lambda-code/{get_account_id()}/{get_region()}/{name}")


def layer_content_url(name, version):
    return presigned(f"/_ministack/lambda-layers/{get_account_id()}/{get_region()}/{name}/{version}/content")


def install():
    lambda_svc._presigned_code_url = function_code_url
    lambda_svc._layer_content_url = layer_content_url
