"""The callback: it is attempted three times; if CloudFormation cannot be reached, Lambda invokes the function again."""

import logging
from typing import Any

import pytest

from tests.publish.cloudformation import Callback, CloudFormation
from tests.publish.conftest import PAGE, Aws

pytestmark = pytest.mark.usefixtures("aws")


def test_the_answer_is_put_again_after_an_error_status(cloudformation: CloudFormation, callback: Callback) -> None:
    callback.error_statuses = [503]

    assert cloudformation.create()["Status"] == "SUCCESS"

    first, second = callback.received
    assert first == second


def test_an_unreachable_callback_is_raised_so_that_lambda_tries_again(
    cloudformation: CloudFormation, aws: Aws, callback: Callback, caplog: pytest.LogCaptureFixture
) -> None:
    callback.error_statuses = [403, 500, 503]

    with pytest.raises(Exception, match="CloudFormation could not be sent the result of its request") as unreachable:
        cloudformation.create()

    assert type(unreachable.value).__name__ == "CallbackUnreachable"
    where = callback.url.partition("?")[0]
    assert errors(caplog) == [f"No answer could be put to {where}: {status}" for status in (403, 500, 503)]
    assert aws.contents() == PAGE


@pytest.mark.parametrize(
    ("url", "cause"),
    [
        ("http://127.0.0.1:1/answer", "ConnectionRefusedError"),
        ("http://127.0.0.1:1/an answer", "InvalidURL"),
    ],
)
def test_why_it_is_unreachable_is_logged_without_the_signature(
    cloudformation: CloudFormation, caplog: pytest.LogCaptureFixture, url: str, cause: str
) -> None:
    with pytest.raises(Exception, match="CloudFormation could not be sent the result of its request") as unreachable:
        cloudformation.create(ResponseURL=f"{url}?X-Amz-Signature=not-to-be-logged")

    assert errors(caplog) == [f"No answer could be put to {url}: {cause}"] * 3
    assert "Signature" not in caplog.text + repr(chain(unreachable.value))


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]


def chain(error: BaseException | None) -> list[Any]:
    return [error, *chain(error.__cause__ or error.__context__)] if error else []
