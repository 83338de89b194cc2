"""The errors of a publication, and the explanation that the deployer gets.

PublishError
├── InvalidProperties       a property of the custom resource is missing
├── NothingToPublish        the page is not in the bundle
├── InvalidPresets          the presets file is not valid
├── NotRemoved              S3 did not remove an object
└── OutOfTime               the remaining time is reserved for the answer
CallbackUnreachable         CloudFormation did not accept the answer
"""

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

MAX_LENGTH = 600
"""Characters of an explanation; an error message of S3 has about 350."""

DENIED = ("AccessDenied", "403")
"""Error codes of S3; the second one is of HEAD, whose responses have no body with a code."""

REMEDIES = {
    **dict.fromkeys(DENIED, "Allow that to the role of the publish function, then deploy again."),
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


def may_pass(failure: Exception) -> bool:
    """Return whether a Delete that failed may succeed when the stack is deleted again.

    Then CloudFormation must be told of the failure: it keeps the function, and invokes it again at the next deletion.
    After a success it would not, and the bucket, which S3 deletes only empty, could not be emptied by the function.
    All other failures would only repeat themselves: reporting them would also keep the function, its role and the
    distribution, until somebody deletes the stack without the page's resource. After a success only the bucket is left,
    if it is not empty, and whoever deletes the stack can empty it by hand. Such failures are a role that may no longer
    list the bucket, a bucket name that is none, and errors of this code.

    Args:
        failure: the exception.
    """
    if isinstance(failure, ClientError):
        return failure.response["Error"]["Code"] not in DENIED
    if isinstance(failure, ParamValidationError):
        return False
    return isinstance(failure, (NotRemoved, OutOfTime, BotoCoreError))


def explain(failure: Exception, request_type: str) -> str:
    """Explain a failure and its fix to the deployer.

    Args:
        failure: the exception.
        request_type: `Create`, `Update` or `Delete`.

    Returns:
        Text of at most 600 characters. Of an unforeseen exception only the name, since its message may have a secret.
    """
    explanation = _explanation(failure)
    if request_type == "Delete":
        for again, instead in (("deploy again", "delete the stack again"), ("Deploy again", "Delete the stack again")):
            explanation = explanation.replace(again, instead)
    return explanation[:MAX_LENGTH]


def _explanation(failure: Exception) -> str:
    if isinstance(failure, ClientError):
        remedy = REMEDIES.get(failure.response["Error"]["Code"], "Deploy again.")
        return f"{str(failure).rstrip('.')}. {remedy}"
    if isinstance(failure, BotoCoreError):
        return f"{type(failure).__name__}: {failure} - Deploy again."
    if isinstance(failure, PublishError):
        return str(failure)
    return f"Unexpected {type(failure).__name__}: the log tells where."
