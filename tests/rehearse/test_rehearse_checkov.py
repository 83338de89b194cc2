"""All checks of checkov pass for the template and its translation, except for those that a resource skips."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from samtranslator.translator.transform import transform

from local.intrinsics import parse
from local.template import ROOT, TEMPLATE
from tests.rehearse.emulated_aws import REGION
from tests.template.translated import NoManagedPolicies, defaults, uploaded

CHECKOV = ROOT / ".venv-checkov" / "bin" / "checkov"
MIN_REASON_LENGTH = 30


@pytest.fixture(scope="module", params=["as it is", "translated"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """checkov's report; without --skip-download it would use the network."""
    file = TEMPLATE if request.param == "as it is" else translation(tmp_path_factory.mktemp("translated"))
    options = ["--skip-download", "--framework", "cloudformation", "--output", "json", "--soft-fail"]
    done = subprocess.run([CHECKOV, "--file", file, *options], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def translation(folder: Path) -> Path:
    """Translate the template, including the metadata with the skipped checks."""
    document = uploaded(parse(TEMPLATE.read_text()))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_DEFAULT_REGION", REGION)
        translated = transform(document, defaults(document), NoManagedPolicies(), passthrough_metadata=True)
    file = folder / "template.json"
    file.write_text(json.dumps(translated, indent=1))
    return file


def test_no_check_fails_and_no_file_has_parsing_errors(report: dict[str, Any]) -> None:
    failed = [(one["check_id"], one["resource"]) for one in report["results"]["failed_checks"]]

    assert failed == []
    assert report["summary"]["parsing_errors"] == 0
    assert report["summary"]["passed"] >= 50


def test_every_skipped_check_is_needed_and_has_a_reason(report: dict[str, Any]) -> None:
    resources = parse(TEMPLATE.read_text())["Resources"]
    reasons = {
        (name, skip["id"]): skip["comment"]
        for name, one in resources.items()
        for skip in one.get("Metadata", {}).get("checkov", {}).get("skip", [])
    }
    skipped = {
        (one["resource"].rpartition(".")[2], one["check_id"]): one["check_result"]["suppress_comment"]
        for one in report["results"]["skipped_checks"]
    }

    assert skipped == reasons
    assert [reason for reason in reasons.values() if len(reason) < MIN_REASON_LENGTH] == []
