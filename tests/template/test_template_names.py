"""Stacks stand beside each other: no two in one account have a resource of the same name."""

from tests.template.translated import STACK_ID, Stack

NAMES = {
    "AWS::Cognito::UserPoolDomain": "Domain",
    "AWS::CloudWatch::Dashboard": "DashboardName",
    "AWS::CloudFront::OriginAccessControl": "OriginAccessControlConfig.Name",
    "AWS::CloudFront::ResponseHeadersPolicy": "ResponseHeadersPolicyConfig.Name",
    "AWS::Lambda::LayerVersion": "LayerName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::Logs::QueryDefinition": "Name",
    "AWS::SNS::Topic": "TopicName",
}
"""The property that has the name, by type."""

UNIQUE_IN_THE_ACCOUNT = [one for one in NAMES if one.startswith(("AWS::CloudFront::", "AWS::CloudWatch::"))]
"""Types whose names are unique in the account, not in the region: neither ARN has a region.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
"""


def names(stack: Stack, kind: str) -> set[str]:
    """Return the names that the template gives to resources of a type."""
    path = NAMES[kind].split(".")
    found = set()
    for properties in stack.of(kind).values():
        value = properties
        for step in path:
            value = value.get(step, {})
        if value:
            found.add(str(value))
    return found


def another(**pseudo: str) -> Stack:
    return Stack({}, {"AWS::StackId": STACK_ID.replace("0a1b2c3d", "ffffffff"), **pseudo})


def test_one_stack_name_in_two_regions_shares_no_name() -> None:
    first, second = Stack({}), another(**{"AWS::Region": "eu-west-1"})

    assert [kind for kind in UNIQUE_IN_THE_ACCOUNT if names(first, kind) & names(second, kind)] == []


def test_two_stack_names_in_one_region_share_no_name() -> None:
    first, second = Stack({}), another(**{"AWS::StackName": "second"})

    assert [kind for kind in NAMES if names(first, kind) & names(second, kind)] == []


def test_every_name_that_is_given_is_known_here() -> None:
    named = {"Name", "Domain", "AliasName"}
    given = {
        one["Type"]
        for one in Stack({}).resources.values()
        for key in one.get("Properties", {})
        if key in named or key == f"{one['Type'].rpartition('::')[2].removesuffix('Version')}Name"
    }

    # An alias belongs to its function, stage and authorizer to their API; names of APIs and pools need not be unique.
    assert given - NAMES.keys() == {
        "AWS::ApiGatewayV2::Api",
        "AWS::ApiGatewayV2::Authorizer",
        "AWS::ApiGatewayV2::Stage",
        "AWS::Cognito::UserPool",
        "AWS::Lambda::Alias",
    }


def test_the_dashboards_url_is_of_this_stack() -> None:
    assert Stack({}).outputs["DashboardUrl"] == (
        "https://console.aws.amazon.com/cloudwatch/home?region=us-west-2#dashboards:name=Dashboard"
    )
    assert names(Stack({}), "AWS::CloudWatch::Dashboard") == {"local-us-west-2"}
