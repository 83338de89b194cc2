"""A deployment with an invalid combination of parameters creates nothing, and names the reason."""

from pathlib import Path

import pytest

from tests.rehearse.stack import Stack

INVALID = {
    "An Issuer of your own needs the Audience that its tokens have": {"Issuer": "https://issuer.example"},
    "Anybody can get an account at this Issuer": {"Issuer": "https://accounts.google.com", "Audience": "me"},
    "RequiredScope and AllowedEmails are for an Issuer of your own": {"AllowedEmails": "ann@example.com"},
    "must be origins as browsers send them": {"AllowedOrigins": "https://app.example.com/"},
    "DomainName needs the CertificateArn": {"DomainName": "voice.example.com"},
    "OpenAIAuth=api-key is for Azure": {"OpenAIAuth": "api-key"},
}


@pytest.mark.parametrize("reason", INVALID)
def test_an_invalid_combination_is_rejected_before_anything_is_created(built: Path, endpoint: str, reason: str) -> None:
    stack = Stack(built, endpoint)
    stack.parameters |= INVALID[reason]
    done = stack.run(f"sam deploy {stack.overrides}")

    assert done.returncode != 0
    assert reason in done.stderr
    assert stack.statuses() == {}
