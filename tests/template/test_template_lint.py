"""The translation is valid CloudFormation, by the resource specifications that cfn-lint has."""

import json
import subprocess
import sys
from pathlib import Path

from tests.template.translated import translation


def test_the_translation_is_valid(tmp_path: Path) -> None:
    file = tmp_path / "translation.json"
    file.write_text(json.dumps(translation()))

    # W2001: an unused parameter. SAM has put the value of one that builds the layer in the place of it.
    done = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), "--ignore-checks", "W2001", "--", file],
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stdout) == (0, "")
