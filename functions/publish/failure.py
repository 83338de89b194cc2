"""The errors of a publication, and the explanation that the deployer gets.

PublishError
├── InvalidProperties       a property of the custom resource is missing
├── NothingToPublish        the page is not in the bundle
├── InvalidPresets          the presets file is not valid
├── NotRemoved              S3 did not remove an object
└── OutOfTime               the remaining time is reserved for the answer
CallbackUnreachable         CloudFormation did not accept the answer
"""

from botocore.exceptions import BotoCoreError, ClientError

MAX_LENGTH = 600
"""Characters of an explanation; an error message of S3 has about 350."""

REMEDIES = {
    "AccessDenied": "Allow that to the role of the publish function, then deploy again.",
    "403": "Allow that to the role of the publish function, then deploy again.",  # of HEAD, which has no code in a body
    "NoSuchBucket": "The bucket has been removed by hand: create one of that name, then deploy again.",
    "NoSuchDistribution": "The distribution has been removed by hand: delete the stack, then deploy again.",
    "TooManyInvalidationsInProgress": "Wait until the distribution's invalidations are through, then deploy again.",
}


class PublishError(Exception):
    """A failure whose message names the fix and contains no secret."""


class InvalidProperties(PublishError):
    """Raised when the custom resource lacks a property."""


class NothingToPublish(PublishError):
    """Raised when the page is not in the bundle, since publishing no files would remove the page."""


class InvalidPresets(PublishError):
    """Raised when the presets file, which is described in config.json, is not valid."""


class NotRemoved(PublishError):
    """Raised when S3 did not remove an object."""


class OutOfTime(PublishError):
    """Raised when the function's remaining time is reserved for the answer to CloudFormation."""


class CallbackUnreachable(Exception):
    """Raised when CloudFormation did not accept the answer."""


def explain(failure: Exception) -> str:
    """Explain a failure and its fix to the deployer.

    Args:
        failure: the exception.

    Returns:
        Text of at most 600 characters. Of an unforeseen exception only the name, since its message may have a secret.
    """
    return _explanation(failure)[:MAX_LENGTH]


def _explanation(failure: Exception) -> str:
    if isinstance(failure, ClientError):
        remedy = REMEDIES.get(failure.response["Error"]["Code"], "Deploy again.")
        return f"{str(failure).rstrip('.')}. {remedy}"
    if isinstance(failure, BotoCoreError):
        return f"{type(failure).__name__}: {failure} - Deploy again."
    if isinstance(failure, PublishError):
        return str(failure)
    return f"Unexpected {type(failure).__name__}: the log tells where."
