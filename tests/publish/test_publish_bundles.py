"""The page's bundles: browsers do not ask for them twice, and earlier ones stay for pages that are open."""

import pytest

from tests.publish.cloudformation import CloudFormation
from tests.publish.conftest import PAGE, Aws, Web

MODULE = "text/javascript; charset=utf-8"
FIRST = {
    "index.html": '<script type="module" src="assets/main-26V5CE5U.js">',
    "assets/main-26V5CE5U.js": "import('./markdown-IK3EXIIZ.js')",
    "assets/markdown-IK3EXIIZ.js": "export {}",
    "assets/style-PIM7GZ6R.css": "body {}",
}
SECOND = {
    "index.html": '<script type="module" src="assets/main-KC65E4M2.js">',
    "assets/main-KC65E4M2.js": "import('./markdown-5VRZFQQD.js')",
    "assets/markdown-5VRZFQQD.js": "export { changed }",
    "assets/style-PIM7GZ6R.css": "body {}",
}


def test_browsers_ask_for_a_bundle_once_and_for_the_page_that_names_it_each_time(
    cloudformation: CloudFormation, aws: Aws, web: Web
) -> None:
    web.holds(FIRST)

    cloudformation.create()

    headers = {key: object_[:2] for key, object_ in aws.published().items()}
    assert headers == {
        "assets/main-26V5CE5U.js": (MODULE, "max-age=31536000, immutable"),
        "assets/markdown-IK3EXIIZ.js": (MODULE, "max-age=31536000, immutable"),
        "assets/style-PIM7GZ6R.css": ("text/css; charset=utf-8", "max-age=31536000, immutable"),
        "config.json": ("application/json", "no-store"),
        "index.html": ("text/html; charset=utf-8", "max-age=0, must-revalidate, s-maxage=31536000"),
    }


def test_a_page_that_is_open_during_an_update_can_still_load_its_modules(
    cloudformation: CloudFormation, aws: Aws, web: Web
) -> None:
    web.holds(FIRST)
    cloudformation.create()
    web.holds(SECOND)

    cloudformation.update()

    assert aws.contents() == FIRST | SECOND


def test_a_bundle_is_uploaded_once(cloudformation: CloudFormation, aws: Aws, web: Web) -> None:
    web.holds(FIRST)
    cloudformation.create()
    web.holds(SECOND)

    cloudformation.update()

    bundles = [key for key in aws.versions() if key.startswith("assets/")]
    assert sorted(bundles) == sorted(key for key in FIRST | SECOND if key.startswith("assets/"))


@pytest.mark.parametrize(
    "key",
    ["assets/logo.png", "assets/main.js", "assets/main-26V5CE5U.js.txt", "assets/main-26v5ce5u.js", "main-26V5CE5U.js"],
)
def test_a_file_whose_name_has_no_digest_is_replaced_and_removed(
    cloudformation: CloudFormation, aws: Aws, web: Web, key: str
) -> None:
    web.holds(PAGE | {key: "1"})
    cloudformation.create()
    assert aws.published()[key][1] == "max-age=0, must-revalidate, s-maxage=31536000"
    web.holds(PAGE)

    cloudformation.update()

    assert aws.contents() == PAGE


def test_deleting_the_stack_removes_bundles_too(cloudformation: CloudFormation, aws: Aws, web: Web) -> None:
    web.holds(FIRST)
    cloudformation.create()

    cloudformation.delete()

    assert aws.versions() == []
