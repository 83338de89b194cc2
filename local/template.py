"""Reads the gateway's settings from template.yaml, so that the template is their only source."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from local.headers import page_headers
from local.intrinsics import ACCOUNT, PSEUDO_PARAMETERS, REGION, STACK, InvalidTemplate, Resolver, parse, to_text
from local.parameters import parameter_values
from local.settings import CorsSettings, FunctionSettings, JwtSettings, RouteSettings

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "template.yaml"

Resource = dict[str, Any]

FUNCTION_PROPERTIES = ("CodeUri", "Environment", "Handler", "Layers", "MemorySize", "Runtime", "Timeout")
"""The properties of a function that are used locally."""


class Template:
    """A SAM template with one HTTP API whose routes are resources, not events of the functions.

    Args:
        file: the template.
        parameters: values as on the command line of a deployment; the template's defaults where missing.

    Raises:
        InvalidTemplate: the template or a parameter is not valid; the message names the file and the reason.
    """

    def __init__(self, file: Path = TEMPLATE, parameters: Mapping[str, str] | None = None) -> None:
        self._file = file
        try:
            self._document = parse(file.read_text())
            self._parameters = parameter_values(self._document.get("Parameters", {}), parameters or {})
        except InvalidTemplate as invalid:
            raise InvalidTemplate(f"{file.name}: {invalid}") from invalid
        self.physical_ids: dict[str, str] = {}
        """The values of `Ref` for resources that exist locally; for all others it is the logical id."""
        self._resolver = Resolver(self._document.get("Conditions", {}), self._reference, self._attribute)

    def resources(self, kind: str) -> dict[str, Resource]:
        """Find the resources of a type whose condition is true, unresolved."""
        return {name: one for name, one in self._resources.items() if one["Type"] == kind and self._exists(one)}

    @cached_property
    def routes(self) -> tuple[RouteSettings, ...]:
        """The routes of the API, in the template's order."""
        return tuple(self._each("AWS::ApiGatewayV2::Route", self._route))

    @cached_property
    def schedules(self) -> tuple[tuple[FunctionSettings, int], ...]:
        """The functions that EventBridge invokes, and every how many seconds."""
        return tuple(self._each("AWS::Events::Rule", self._schedule))

    @property
    def tables(self) -> dict[str, Resource]:
        """The properties of the DynamoDB tables by logical id, resolved."""
        return {name: self._properties(name, "AWS::DynamoDB::Table") for name in self.resources("AWS::DynamoDB::Table")}

    @cached_property
    def cors(self) -> CorsSettings | None:
        """The CORS configuration, if the API has one."""
        found: list[CorsSettings | None] = list(self._each("AWS::ApiGatewayV2::Api", self._cors))
        if len(found) != 1:
            raise InvalidTemplate(f"{self._file.name}: it has {len(found)} AWS::ApiGatewayV2::Api, not one")
        return found[0]

    @property
    def _resources(self) -> dict[str, Resource]:
        resources: dict[str, Resource] = self._document.get("Resources", {})
        return resources

    @cached_property
    def page_headers(self) -> dict[str, dict[str, str]]:
        """The headers that CloudFront adds, by path pattern: the first pattern that matches counts, `*` is the last."""
        behaviors: list[Resource] = []
        for distribution in self.resources("AWS::CloudFront::Distribution").values():
            config = distribution["Properties"]["DistributionConfig"]
            behaviors += [*config.get("CacheBehaviors", []), {"PathPattern": "*", **config["DefaultCacheBehavior"]}]
        policies = {one["PathPattern"]: one.get("ResponseHeadersPolicyId") for one in behaviors}
        return {path: self._page_headers(policy["Ref"]) for path, policy in policies.items() if policy}

    def _page_headers(self, name: str) -> dict[str, str]:
        policy = self._properties(name, "AWS::CloudFront::ResponseHeadersPolicy")
        return page_headers(policy["ResponseHeadersPolicyConfig"])

    def _exists(self, resource: Resource) -> bool:
        return "Condition" not in resource or self._resolver.holds(resource["Condition"])

    def _each(self, kind: str, read: Any) -> Iterator[Any]:
        for name, resource in self.resources(kind).items():
            try:
                yield read(self._resolver.resolve(resource.get("Properties", {})))
            except InvalidTemplate as invalid:
                raise InvalidTemplate(f"{self._file.name}: {name}: {invalid}") from invalid
            except KeyError as missing:
                raise InvalidTemplate(f"{self._file.name}: {name}: it has no {missing.args[0]}") from missing

    def _schedule(self, rule: Resource) -> tuple[FunctionSettings, int]:
        [target] = rule["Targets"]
        return self._function(target["Arn"]), _rate_seconds(rule["ScheduleExpression"])

    def _route(self, route: Resource) -> RouteSettings:
        name = str(route["Target"]).removeprefix("integrations/")
        integration = self._properties(name, "AWS::ApiGatewayV2::Integration")
        if integration["IntegrationType"] != "AWS_PROXY":
            raise InvalidTemplate(f"the integration type {integration['IntegrationType']} is not known")
        return RouteSettings(
            key=route["RouteKey"],
            function=self._function(integration["IntegrationUri"]),
            payload_format=str(integration["PayloadFormatVersion"]),
            timeout=int(integration.get("TimeoutInMillis", 30_000)) / 1000,
            authorizer=self._authorizer(route),
            scopes=tuple(route.get("AuthorizationScopes", [])),
        )

    def _authorizer(self, route: Resource) -> JwtSettings | None:
        kind = route.get("AuthorizationType", "NONE")
        if kind == "NONE":
            return None
        if kind != "JWT":
            raise InvalidTemplate(f"the authorization type {kind} is not known")
        authorizer = self._properties(route["AuthorizerId"], "AWS::ApiGatewayV2::Authorizer")
        [source] = authorizer["IdentitySource"]
        if not source.startswith("$request.header."):
            raise InvalidTemplate(f"the identity source {source} is not known")
        jwt = authorizer["JwtConfiguration"]
        return JwtSettings(source.removeprefix("$request.header.").lower(), jwt["Issuer"], tuple(jwt["Audience"]))

    def _function(self, uri: str) -> FunctionSettings:
        # The short form of the URI is the ARN itself; the long one has it between .../functions/ and /invocations.
        arn = uri.partition("/functions/")[2].removesuffix("/invocations") or uri
        for name, function in self.resources("AWS::Serverless::Function").items():
            if arn in (self._attribute(name, "Arn"), self._alias(name, function)):
                return self._settings(name)
        raise InvalidTemplate(f"the target {uri} is no function of the template")

    def _settings(self, name: str) -> FunctionSettings:
        shared = self._function_properties(self._document.get("Globals", {}).get("Function", {}))
        specific = self._function_properties(self._resources[name]["Properties"])
        variables = {**_variables(shared), **_variables(specific)}
        merged = {**shared, **specific}
        return FunctionSettings(
            name=self._reference(name),
            arn=self._attribute(name, "Arn"),
            code=self._folder(merged["CodeUri"]),
            layers=tuple(map(self._layer, [*shared.get("Layers", []), *specific.get("Layers", [])])),
            handler=merged["Handler"],
            runtime=merged["Runtime"],
            timeout=float(merged.get("Timeout", 3)),
            memory=int(merged.get("MemorySize", 128)),
            environment={key: to_text(value) for key, value in variables.items()},
        )

    def _function_properties(self, function: Resource) -> Resource:
        """Resolve the properties that are used locally; others, such as the role, may refer to unknown attributes."""
        properties = {key: value for key, value in function.items() if key in FUNCTION_PROPERTIES}
        resolved: Resource = self._resolver.resolve(properties)
        return resolved

    def _layer(self, name: str) -> Path:
        layer = self._properties(name, "AWS::Serverless::LayerVersion")
        # SAM puts the folder's content below python/ when it builds a layer; an unbuilt layer has that folder already.
        built = "BuildMethod" in self._resources[name].get("Metadata", {})
        return self._folder(layer["ContentUri"] if built else f"{layer['ContentUri']}/python")

    def _folder(self, path: str) -> Path:
        folder = self._file.parent / path
        if not folder.is_dir():
            raise InvalidTemplate(f"there is no folder {path}")
        return folder

    def _properties(self, name: str, kind: str) -> Resource:
        found = self.resources(kind)
        if name not in found:
            raise InvalidTemplate(f"{name} is no {kind} of the template")
        resolved: Resource = self._resolver.resolve(found[name].get("Properties", {}))
        return resolved

    def _reference(self, name: str) -> Any:
        if name in PSEUDO_PARAMETERS:
            return PSEUDO_PARAMETERS[name]
        if name in self._parameters:
            return self._parameters[name]
        if name.endswith(".Alias"):  # SAM's syntax for the alias that AutoPublishAlias makes
            return self._alias(name.removesuffix(".Alias"), self._resources.get(name.removesuffix(".Alias"), {}))
        resource = self._resources.get(name)
        if resource is None or not self._exists(resource):
            raise InvalidTemplate(f"there is no {name} to refer to")
        default = f"{STACK}-{name}" if resource["Type"] == "AWS::Serverless::Function" else name
        return self.physical_ids.get(name, default)

    def _alias(self, name: str, function: Resource) -> str:
        shared = self._document.get("Globals", {}).get("Function", {})
        alias = {**shared, **function.get("Properties", {})}.get("AutoPublishAlias", "$LATEST")
        return f"{self._attribute(name, 'Arn')}:{alias}"

    def _attribute(self, name: str, attribute: str) -> str:
        kind = self._resources.get(name, {}).get("Type")
        if (kind, attribute) == ("AWS::Serverless::Function", "Arn"):
            return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self._reference(name)}"
        raise InvalidTemplate(f"the attribute {name}.{attribute} is not known to the local gateway")

    def _cors(self, api: Resource) -> CorsSettings | None:
        if api["ProtocolType"] != "HTTP":
            raise InvalidTemplate(f"the protocol type {api['ProtocolType']} is not known")
        cors = api.get("CorsConfiguration")
        if cors is None:
            return None
        return CorsSettings(
            origins=tuple(cors.get("AllowOrigins", [])),
            methods=tuple(cors.get("AllowMethods", [])),
            headers=tuple(cors.get("AllowHeaders", [])),
            exposed=tuple(cors.get("ExposeHeaders", [])),
            max_age=cors.get("MaxAge"),
            credentials=bool(cors.get("AllowCredentials", False)),
        )


def parameter_names(file: Path) -> set[str]:
    """Return the names of a template's parameters."""
    return set(parse(file.read_text()).get("Parameters", {}))


def _variables(function: Resource) -> dict[str, Any]:
    variables: dict[str, Any] = function.get("Environment", {}).get("Variables", {})
    return variables


def _rate_seconds(expression: str) -> int:
    """Return the seconds of a schedule such as `rate(1 minute)`."""
    match = re.fullmatch(r"rate\((\d+) minutes?\)", expression)
    if not match:
        raise InvalidTemplate(f"the schedule {expression} is not a rate in minutes")
    return int(match[1]) * 60
