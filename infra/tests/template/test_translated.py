"""What CloudFormation gets: the template as SAM translates it, with its conditions decided for several sets of parameters.

    python -m unittest discover infra/tests/template
"""

import copy
import graphlib
import json
import logging
import pathlib
import re
import unittest

from samcli.yamlhelper import yaml_parse
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

# The translator is sorry not to have sent its metrics to anybody.
logging.disable(logging.WARNING)

ROOT = pathlib.Path(__file__).parents[3]
DEFAULTS = {}
SITE = {"WebApplication": "true"}
MAIL = {"MailFrom": "no-reply@example.com", "MailConfigurationSet": "mails"}
WORKERS = {"MailWorker", "PurgeWorker"}
WITHOUT_SECRET = {"ApiDocs", "ApiOpenapi", "AuthError", "AuthOk", "Fallback", "PurgeWorker"}
CERTIFICATE = "arn:aws:acm:us-east-1:000000000000:certificate/0"
WEB_ACL = "arn:aws:wafv2:us-east-1:000000000000:global/webacl/a/0"
EVERYTHING = SITE | {
    "ApiAddress": "closed",
    "OriginSecretGeneration": "2",
    "SiteCertificateArn": CERTIFICATE,
    "SiteDomainName": "app.example.com",
    "SiteWebAclArn": WEB_ACL,
}
VERSION = "a1b2c3d4-5678-90ab-cdef-000000000001"
OTHER_VERSION = "a1b2c3d4-5678-90ab-cdef-000000000002"
KEY = "arn:aws:kms:eu-central-1:000000000000:key/a1b2c3d4"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
ALL_VIEWER_EXCEPT_HOST_HEADER = "b689b0a8-53d0-40ab-baf2-68738e2966ac"


class Stack:
    """The template, translated and decided for parameters that differ from their defaults."""

    def __init__(self, parameters):
        template = yaml_parse((ROOT / "template.yaml").read_text())
        template["Globals"]["Function"]["CodeUri"] = "s3://bucket/code.zip"
        self.parameters = {name: str(of.get("Default", "")) for name, of in template["Parameters"].items()} | parameters
        translator = Translator({}, Parser())
        self.template = translator.translate(copy.deepcopy(template), dict(self.parameters))
        conditions = self.template["Conditions"]
        self.conditions = {}
        # Conditions name only conditions above them.
        for name, expression in conditions.items():
            self.conditions[name] = self.holds(expression)
        self.resources = self.decided(self.template["Resources"])

    def holds(self, expression):
        if "Condition" in expression:
            return self.conditions[expression["Condition"]]
        ((function, arguments),) = expression.items()
        return {
            "Fn::Not": lambda: not self.holds(arguments[0]),
            "Fn::And": lambda: all(self.holds(argument) for argument in arguments),
            "Fn::Equals": lambda: self.value(arguments[0]) == self.value(arguments[1]),
        }[function]()

    def value(self, value):
        return self.parameters[value["Ref"]] if isinstance(value, dict) else value

    def decided(self, value):
        """What is left: branches taken, and nothing whose condition does not hold."""
        if isinstance(value, list):
            return [part for part in map(self.decided, value) if part is not None]
        if not isinstance(value, dict):
            return value
        # Statements of policies have a member of that name as well, which is no name of a condition.
        condition = value.get("Condition")
        if value == {"Ref": "AWS::NoValue"} or (isinstance(condition, str) and not self.conditions[condition]):
            return None
        if "Fn::If" in value:
            condition, then, otherwise = value["Fn::If"]
            return self.decided(then if self.conditions[condition] else otherwise)
        parts = {name: self.decided(part) for name, part in value.items()}
        return {name: part for name, part in parts.items() if part is not None}

    def violated_rules(self):
        return [
            name
            for name, rule in self.template["Rules"].items()
            if self.holds(rule["RuleCondition"]) and not all(self.holds(one["Assert"]) for one in rule["Assertions"])
        ]

    def of_type(self, kind):
        return {name: resource for name, resource in self.resources.items() if resource["Type"] == kind}

    def properties(self, name):
        return self.resources[name]["Properties"]

    def dependencies(self, name):
        return references(self.resources[name]) - self.parameters.keys()

    def order(self):
        graph = {name: self.dependencies(name) for name in self.resources}
        return list(graphlib.TopologicalSorter(graph).static_order())

    def reaches(self, name):
        """Everything that has to be there before a resource."""
        found = set()
        left = [name]
        while left:
            for dependency in self.dependencies(left.pop()) - found:
                found.add(dependency)
                left.append(dependency)
        return found


def references(value):
    """The names that a value refers to, but pseudo parameters."""
    if isinstance(value, list):
        return set().union(*map(references, value))
    if not isinstance(value, dict):
        return set()
    found = set()
    for name, part in value.items():
        if name == "Ref":
            found.add(part)
        elif name == "Fn::GetAtt":
            found.add(part.split(".")[0] if isinstance(part, str) else part[0])
        elif name == "DependsOn":
            found.update([part] if isinstance(part, str) else part)
        elif name == "Fn::Sub":
            text, variables = (part, {}) if isinstance(part, str) else part
            names = {one.split(".")[0] for one in re.findall(r"\$\{([^!}]+)\}", text)}
            found |= (names - variables.keys()) | references(variables)
        else:
            found |= references(part)
    return {name for name in found if not name.startswith("AWS::")}


class Translated(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stacks = {
            "defaults": Stack(DEFAULTS),
            "site": Stack(SITE),
            "mail": Stack(MAIL),
            "everything": Stack(EVERYTHING | MAIL),
        }

    def test_nothing_is_in_a_circle_or_refers_to_what_is_not_there(self):
        for name, stack in self.stacks.items():
            with self.subTest(name):
                self.assertEqual(set(stack.order()), stack.resources.keys())

    def test_every_set_of_parameters_is_allowed_that_should_be(self):
        for name, stack in self.stacks.items():
            self.assertEqual(stack.violated_rules(), [], name)
        for parameters, rule in [
            ({"ApiAddress": "closed"}, "ClosedApiHasWebApplication"),
            (SITE | {"SiteDomainName": "app.example.com"}, "OwnDomainHasCertificate"),
            (SITE | {"SiteCertificateArn": CERTIFICATE}, "CertificateHasOwnDomain"),
            ({"RequireEmailVerification": "true"}, "MailsHaveSender"),
            ({"ConfirmDeleteUser": "true"}, "MailsHaveSender"),
        ]:
            self.assertEqual(Stack(parameters).violated_rules(), [rule])

    def test_without_the_web_application_there_is_nothing_of_it(self):
        stack = self.stacks["defaults"]
        kinds = {resource["Type"].rsplit("::", 1)[0] for resource in stack.resources.values()}
        self.assertFalse(kinds & {"AWS::CloudFront", "AWS::S3"}, kinds)
        for function in stack.of_type("AWS::Lambda::Function").values():
            variables = function["Properties"]["Environment"]["Variables"]
            self.assertFalse({"ORIGIN_SECRET", "ORIGIN_SECRET_PREVIOUS"} & variables.keys())
            self.assertEqual(variables["API_ADDRESS"], {"Ref": "ApiAddress"})

    def test_without_a_sender_nothing_sends_and_with_one_only_from_its_address(self):
        without, stack = self.stacks["defaults"], self.stacks["mail"]
        self.assertNotIn("MailWorker", without.resources)
        self.assertNotIn("MailWorkerSource", without.resources)
        self.assertIn("PurgeWorker", without.resources)
        (policy,) = stack.properties("MailWorkerRole")["Policies"]
        statements = policy["PolicyDocument"]["Statement"]
        (sending,) = [one for one in statements if one["Action"] == ["ses:SendEmail"]]
        self.assertEqual(sending["Condition"], {"StringEquals": {"ses:FromAddress": {"Ref": "MailFrom"}}})
        self.assertEqual(len(sending["Resource"]), 2)

    def test_what_a_worker_gives_up_calls_somebody(self):
        stack = self.stacks["mail"]
        sources = stack.of_type("AWS::Lambda::EventSourceMapping")
        self.assertEqual(sources.keys(), {f"{worker}Source" for worker in WORKERS})
        queue = {"Fn::GetAtt": "WorkerFailures.Arn"}
        for source in sources.values():
            properties = source["Properties"]
            self.assertIn(properties["DestinationConfig"]["OnFailure"]["Destination"], [queue, self.arn("WorkerFailures")])
            self.assertEqual(properties["FunctionResponseTypes"], ["ReportBatchItemFailures"])
            for pattern in properties["FilterCriteria"]["Filters"]:
                json.loads(pattern["Pattern"])
        (dimension,) = stack.properties("WorkerFailuresAlarm")["Dimensions"]
        self.assertEqual(dimension["Name"], "QueueName")

    def test_lambda_logs_what_fails_and_the_gateway_what_it_refuses(self):
        for stack in self.stacks.values():
            for function in stack.of_type("AWS::Lambda::Function").values():
                logging_config = function["Properties"]["LoggingConfig"]
                # Level and time of a line count in this format alone, and the filter of FunctionFaults reads it.
                self.assertEqual(logging_config["LogFormat"], "JSON")
                self.assertEqual(logging_config["SystemLogLevel"], {"Ref": "SystemLogLevel"})
                self.assertEqual(logging_config["LogGroup"], {"Ref": "FunctionLogs"})
            self.assertEqual(stack.properties("FunctionFaults")["LogGroupName"], {"Ref": "FunctionLogs"})
        short, full = Stack(DEFAULTS), Stack({"AccessLog": "full"})
        self.assertEqual(short.parameters["SystemLogLevel"], "WARN")
        for stack in (short, full):
            ((_, stage),) = stack.of_type("AWS::ApiGatewayV2::Stage").items()
            log_format = stage["Properties"]["AccessLogSettings"]["Format"]
            self.assertNotIn("\n", log_format)
            for variable in ("requestId", "status", "error.responseType"):
                self.assertIn(f"$context.{variable}", log_format)
            for personal in ("path", "identity", "integration.requestId"):
                self.assertNotIn(f"$context.{personal}", log_format)

    def test_refusals_of_the_gateway_are_found_in_either_form_of_its_log(self):
        for parameters in ({}, {"AccessLog": "full"}):
            stack = Stack(parameters)
            form = next(of for of in stack.resources.values() if of["Type"] == "AWS::ApiGatewayV2::Stage")
            form = form["Properties"]["AccessLogSettings"]["Format"]
            pattern = stack.properties("GatewayThrottles")["FilterPattern"]
            if pattern.startswith("["):
                # A word of the line for each name, in their order: the second is the status.
                names = [name.split()[0] for name in pattern.strip("[]").split(", ")]
                self.assertEqual(len(names), len(form.split()))
                self.assertEqual(form.split()[names.index("status")], "$context.status")
                self.assertEqual(form.split()[names.index("reason")], "$context.error.responseType")
            else:
                members = set(re.findall(r"\$\.(\w+)", pattern))
                self.assertEqual(members, {"status", "integrationStatus"})
                self.assertLessEqual(members, json.loads(form).keys())

    def test_a_dashboard_is_there_where_it_is_asked_for_and_is_json(self):
        self.assertEqual(self.stacks["defaults"].of_type("AWS::CloudWatch::Dashboard"), {})
        body = Stack({"Dashboard": "true"}).properties("OperationDashboard")["DashboardBody"]["Fn::Sub"]
        for widget in json.loads(body)["widgets"]:
            self.assertIn(widget["type"], ("metric", "log"))

    def arn(self, name):
        return {"Fn::GetAtt": [name, "Arn"]}

    def test_functions_are_updated_before_the_distribution_and_know_nothing_of_it(self):
        stack = self.stacks["site"]
        # No request starts the workers, so they look at no secret of its.
        functions = stack.of_type("AWS::Lambda::Function").keys() - WORKERS
        self.assertLessEqual(functions, stack.reaches("SiteDistribution"))
        for function in functions:
            self.assertNotIn("SiteDistribution", stack.reaches(function))

    def test_the_secret_is_the_same_on_both_sides(self):
        current, previous = (
            {"Fn::Sub": "{{resolve:secretsmanager:${OriginSecret}:SecretString::AWS%s}}" % stage}
            for stage in ("CURRENT", "PREVIOUS")
        )
        for name, before in [("site", None), ("everything", previous)]:
            stack = self.stacks[name]
            for function in stack.of_type("AWS::Lambda::Function").values():
                variables = function["Properties"]["Environment"]["Variables"]
                self.assertEqual(variables["ORIGIN_SECRET"], current)
                self.assertEqual(variables.get("ORIGIN_SECRET_PREVIOUS"), before)
                self.assertEqual(variables["ORIGIN_SECRET_GENERATION"], {"Ref": "OriginSecretGeneration"})
            distribution = self.distribution(stack)
            self.assertEqual(
                self.origin(distribution, "api")["OriginCustomHeaders"],
                [{"HeaderName": "x-origin-secret", "HeaderValue": current}],
            )
            self.assertIn("${OriginSecretGeneration}", distribution["Comment"]["Fn::Sub"])

    def test_versions_of_the_secret_are_told_apart_by_their_ids(self):
        current = "{{resolve:secretsmanager:${JwtSecret}:SecretString::AWSCURRENT}}"
        named = "{{resolve:secretsmanager:${JwtSecret}:SecretString:::${%s}}}"
        for parameters, signing, other in [
            (DEFAULTS, current, None),
            # The next one verifies before it signs, and the one before still verifies after that.
            ({"OtherSecretVersion": VERSION}, current, named % "OtherSecretVersion"),
            ({"SecretVersion": VERSION, "OtherSecretVersion": OTHER_VERSION}, named % "SecretVersion", named % "OtherSecretVersion"),
            ({"SecretVersion": VERSION}, named % "SecretVersion", None),
        ]:
            for name, function in Stack(parameters | MAIL).of_type("AWS::Lambda::Function").items():
                variables = function["Properties"]["Environment"]["Variables"]
                if name in WITHOUT_SECRET:
                    self.assertFalse({"JWT_SECRET_KEY", "JWT_SECRET_KEY_PREVIOUS"} & variables.keys(), name)
                    continue
                self.assertEqual(variables["JWT_SECRET_KEY"], {"Fn::Sub": signing}, name)
                self.assertEqual(variables.get("JWT_SECRET_KEY_PREVIOUS"), other and {"Fn::Sub": other}, name)

    def test_a_key_of_ones_own_hides_the_secrets_and_the_environment_that_they_are_copied_to(self):
        plain, own = Stack(SITE), Stack(SITE | {"KmsKeyArn": KEY})
        for name, property in [("AWS::Lambda::Function", "KmsKeyArn"), ("AWS::SecretsManager::Secret", "KmsKeyId")]:
            self.assertTrue(plain.of_type(name))
            for resource in plain.of_type(name).values():
                self.assertNotIn(property, resource["Properties"])
            for resource in own.of_type(name).values():
                self.assertEqual(resource["Properties"][property], {"Ref": "KmsKeyArn"})

    def test_every_table_has_a_ceiling(self):
        tables = self.stacks["defaults"].of_type("AWS::DynamoDB::Table")
        self.assertTrue(tables)
        ceiling = {"MaxReadRequestUnits": {"Ref": "TableReadLimit"}, "MaxWriteRequestUnits": {"Ref": "TableWriteLimit"}}
        for name, table in tables.items():
            self.assertEqual(table["Properties"]["OnDemandThroughput"], ceiling, name)
            for index in table["Properties"].get("GlobalSecondaryIndexes", []):
                self.assertEqual(index["OnDemandThroughput"], ceiling, name)

    def test_somebody_is_told_when_the_bill_grows_if_they_want_to(self):
        self.assertFalse(self.stacks["defaults"].of_type("AWS::Budgets::Budget"))
        stack = Stack({"BudgetEmail": "ops@example.com", "BudgetDollars": "50"})
        ((_, budget),) = stack.of_type("AWS::Budgets::Budget").items()
        self.assertEqual(budget["Properties"]["Budget"]["BudgetLimit"], {"Amount": {"Ref": "BudgetDollars"}, "Unit": "USD"})
        told = budget["Properties"]["NotificationsWithSubscribers"]
        self.assertEqual({one["Notification"]["NotificationType"] for one in told}, {"ACTUAL", "FORECASTED"})
        for one in told:
            self.assertEqual(one["Subscribers"], [{"SubscriptionType": "EMAIL", "Address": {"Ref": "BudgetEmail"}}])

    def test_the_api_is_passed_everything_and_kept_nowhere(self):
        distribution = self.distribution(self.stacks["site"])
        (behaviour,) = distribution["CacheBehaviors"]
        self.assertEqual(behaviour["PathPattern"], "/api/*")
        self.assertEqual(behaviour["CachePolicyId"], CACHING_DISABLED)
        self.assertEqual(behaviour["OriginRequestPolicyId"], ALL_VIEWER_EXCEPT_HOST_HEADER)
        self.assertEqual(behaviour["ViewerProtocolPolicy"], "https-only")
        self.assertEqual(set(behaviour["AllowedMethods"]), {"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"})
        self.assertEqual(self.functions_of(behaviour), {"viewer-request": "SiteApiRequest"})
        origin = self.origin(distribution, behaviour["TargetOriginId"])
        self.assertEqual(origin["CustomOriginConfig"]["OriginProtocolPolicy"], "https-only")
        self.assertIn("${Api}.execute-api.", origin["DomainName"]["Fn::Sub"])
        self.assertNotIn("CustomErrorResponses", distribution)

    def test_pages_come_from_a_bucket_that_only_the_distribution_reads(self):
        stack = self.stacks["site"]
        distribution = self.distribution(stack)
        behaviour = distribution["DefaultCacheBehavior"]
        self.assertEqual(behaviour["CachePolicyId"], CACHING_OPTIMIZED)
        self.assertTrue(behaviour["Compress"])
        self.assertEqual(
            self.functions_of(behaviour), {"viewer-request": "SitePageRequest", "viewer-response": "SitePageResponse"}
        )
        self.assertEqual(behaviour["ResponseHeadersPolicyId"], {"Ref": "SiteHeaders"})
        self.assertNotIn("OriginCustomHeaders", self.origin(distribution, behaviour["TargetOriginId"]))
        self.assertEqual(
            self.origin(distribution, behaviour["TargetOriginId"])["OriginAccessControlId"],
            {"Fn::GetAtt": ["SiteAccess", "Id"]},
        )
        bucket = stack.properties("SiteBucket")
        self.assertEqual(set(bucket["PublicAccessBlockConfiguration"].values()), {True})
        self.assertEqual(len(bucket["PublicAccessBlockConfiguration"]), 4)
        self.assertEqual(bucket["OwnershipControls"]["Rules"], [{"ObjectOwnership": "BucketOwnerEnforced"}])
        self.assertIn("BucketEncryption", bucket)
        statements = stack.properties("SiteBucketPolicy")["PolicyDocument"]["Statement"]
        (allowed,) = [one for one in statements if one["Effect"] == "Allow"]
        self.assertEqual(allowed["Principal"], {"Service": "cloudfront.amazonaws.com"})
        self.assertEqual(set(allowed["Action"]), {"s3:GetObject", "s3:ListBucket"})
        source = allowed["Condition"]["StringEquals"]["AWS:SourceArn"]["Fn::Sub"]
        self.assertTrue(source.endswith(":distribution/${SiteDistribution}"), source)
        self.assertEqual(stack.properties("SiteAccess")["OriginAccessControlConfig"]["SigningBehavior"], "always")

    def test_an_own_domain_and_a_web_acl_are_there_when_they_are_asked_for(self):
        plain = self.distribution(self.stacks["site"])
        self.assertFalse({"Aliases", "WebACLId"} & plain.keys())
        self.assertEqual(plain["ViewerCertificate"], {"CloudFrontDefaultCertificate": True})
        full = self.distribution(self.stacks["everything"])
        self.assertEqual(full["Aliases"], [{"Ref": "SiteDomainName"}])
        self.assertEqual(full["ViewerCertificate"]["AcmCertificateArn"], {"Ref": "SiteCertificateArn"})
        self.assertEqual(full["WebACLId"], {"Ref": "SiteWebAclArn"})

    def distribution(self, stack):
        return stack.properties("SiteDistribution")["DistributionConfig"]

    def origin(self, distribution, name):
        (origin,) = [one for one in distribution["Origins"] if one["Id"] == name]
        return origin

    def functions_of(self, behaviour):
        associations = behaviour["FunctionAssociations"]
        return {one["EventType"]: one["FunctionARN"]["Fn::GetAtt"][0] for one in associations}


if __name__ == "__main__":
    unittest.main()
