"""What can go wrong, and what the deployer is told of it.

PublishError
├── InvalidProperties       the template does not say where to
├── NothingToPublish        the page is not in the bundle
├── InvalidPresets          the presets file is not valid
├── NotRemoved              S3 keeps an object
└── OutOfTime               the function has to answer now
CallbackUnreachable         CloudFormation cannot be told
"""

from botocore.exceptions import BotoCoreError, ClientError

LONGEST = 600
"""Characters of an explanation; a refusal of S3 has about 350."""

REMEDIES = {
    "AccessDenied": "Allow that to the role of the publish function, then deploy again.",
    "403": "Allow that to the role of the publish function, then deploy again.",  # a HEAD has no body to say more
    "NoSuchBucket": "The bucket has been removed by hand: create one of that name, then deploy again.",
    "NoSuchDistribution": "The distribution has been removed by hand: delete the stack, then deploy again.",
    "TooManyInvalidationsInProgress": "Wait until the distribution's invalidations are through, then deploy again.",
}


class PublishError(Exception):
    """A failure whose message names what mends it, and holds no secret."""


class InvalidProperties(PublishError):
    """Raised when the custom resource lacks a property."""


class NothingToPublish(PublishError):
    """Raised when the page is not in the bundle: an empty page would remove the one that is there."""


class InvalidPresets(PublishError):
    """Raised when the presets file, of which config.json tells, is not valid."""


class NotRemoved(PublishError):
    """Raised when S3 keeps an object that it was told to remove."""


class OutOfTime(PublishError):
    """Raised when what is left of the function's time is needed for the answer."""


class CallbackUnreachable(Exception):
    """Raised when CloudFormation could not be told how it went."""


def explain(failure: Exception) -> str:
    """Say what happened and what mends it.

    Args:
        failure: what was raised.

    Returns:
        Text of at most 600 characters. What nobody foresaw is only named: its message may hold anything.
    """
    return _explanation(failure)[:LONGEST]


def _explanation(failure: Exception) -> str:
    if isinstance(failure, ClientError):
        remedy = REMEDIES.get(failure.response["Error"]["Code"], "Deploy again.")
        return f"{str(failure).rstrip('.')}. {remedy}"
    if isinstance(failure, BotoCoreError):
        return f"{type(failure).__name__}: {failure} - Deploy again."
    if isinstance(failure, PublishError):
        return str(failure)
    return f"Unexpected {type(failure).__name__}: the log tells where."
