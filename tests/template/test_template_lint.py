"""The translated template is valid CloudFormation by cfn-lint's resource specifications."""

import json
import subprocess
import sys
from pathlib import Path

from tests.template.translated import translation


def test_the_translation_is_valid(tmp_path: Path) -> None:
    file = tmp_path / "translation.json"
    file.write_text(json.dumps(translation()))

    # W2001: an unused parameter. SAM has replaced the reference to a parameter that the layer's build uses.
    done = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), "--ignore-checks", "W2001", "--", file],
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stdout) == (0, "")
