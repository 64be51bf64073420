"""What infra/template.yaml promises: routes, rights, settings.

The checks run on the template after SAM's own transformation, so that what SAM adds is seen too.
Run by tests/run; by hand: .venv/bin/python tests/template_test.py
"""

import copy
import json
import pathlib
import re
import sys
import unittest

from samtranslator.parser.parser import Parser  # noqa: F401  (the transformation needs it loaded first)
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
TEXT = (ROOT / "infra" / "template.yaml").read_text(encoding="utf-8")
SOURCE = yaml_parse(TEXT)

# Every other route needs a token.
PUBLIC = {"/", "/i/{token}", "/u/{token}", "/health", "/assets/{path+}", "$default"}

ROUTES = {
    "user-search": {"/users"},
    "profiles": {"/me"},
    "contact-requests": {
        "/contacts",
        "/contacts/summary",
        "/contacts/{user_id}",
        "/contact-requests",
        "/contact-requests/{id}",
        "/contact-requests/{id}/accept",
        "/contact-requests/{id}/decline",
        "/blocks",
        "/blocks/{user_id}",
    },
    "email-invitations": {
        "/invitations",
        "/invitations/preview",
        "/invitations/{id}",
        "/invitations/{id}/resend",
    },
    "share-links": {
        "/share-links",
        "/share-links/{id}",
        "/share-links/{id}/rotate",
        "/share-links/{id}/qr.svg",
        "/invite-links/{token}",
        "/invite-links/{token}/redemptions",
    },
    "web": PUBLIC,
    "sign-up": set(),
    "invitation-mailer": set(),
}

# What each function asks of the table, its indexes and SES: tests/scenarios/rights.rs compares it with what it does.
RIGHTS = {
    function: set(rights)
    for function, rights in json.loads((ROOT / "tests" / "rights.json").read_text(encoding="utf-8")).items()
}
# SES checks the call under the name that it had in its first version, too.
ALSO = {"SendBulkEmail": {"SendBulkTemplatedEmail"}}


class NoManagedPolicies:
    """SAM looks its managed policies up in an account; the template uses none."""

    def load(self):
        return {}


def transformed():
    template = copy.deepcopy(SOURCE)
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            # SAM takes only code that is uploaded already.
            resource["Properties"]["CodeUri"] = "s3://bucket/key"
    return transform(template, {}, NoManagedPolicies())["Resources"]


RESOURCES = transformed()


def of_type(kind):
    return {name: r.get("Properties", {}) for name, r in RESOURCES.items() if r["Type"] == kind}


def camel(folder):
    return "".join(part.capitalize() for part in folder.split("-"))


def folders():
    return {path.parent.name for path in (ROOT / "functions").glob("*/Cargo.toml")}


def aslist(value):
    return value if isinstance(value, list) else [value]


def statements():
    """Every statement of every role and resource policy, with the name of its resource."""
    for name, role in of_type("AWS::IAM::Role").items():
        for policy in role.get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield name, statement
    for name, policy in of_type("AWS::SQS::QueuePolicy").items():
        for statement in policy["PolicyDocument"]["Statement"]:
            yield name, statement


def api_paths():
    (api,) = of_type("AWS::ApiGatewayV2::Api").values()
    return api["Body"]["paths"]


class Functions(unittest.TestCase):
    def test_each_folder_has_its_resource_and_the_other_way_round(self):
        self.assertEqual({camel(folder) for folder in folders()}, set(of_type("AWS::Lambda::Function")))
        self.assertEqual(folders(), set(ROUTES))

    def test_code_and_binary_are_those_of_the_folder(self):
        for folder in folders():
            function = SOURCE["Resources"][camel(folder)]
            self.assertEqual(function["Properties"]["CodeUri"], f"../functions/{folder}/")
            self.assertEqual(function["Metadata"]["BuildMethod"], "rust-cargolambda")
            self.assertEqual(function["Metadata"]["BuildProperties"], {"Binary": folder})

    def test_runtime_architecture_and_time_out(self):
        timeouts = {"SignUp": 5, "InvitationMailer": 115}
        for name, function in of_type("AWS::Lambda::Function").items():
            self.assertEqual(function["Runtime"], "provided.al2023", name)
            self.assertEqual(function["Architectures"], [{"Ref": "Architecture"}], name)
            self.assertEqual(function["MemorySize"], 256, name)
            self.assertEqual(function["Timeout"], timeouts.get(name, 29), name)
        self.assertEqual(SOURCE["Parameters"]["Architecture"]["Default"], "arm64")

    def test_each_function_logs_to_its_own_group_which_is_kept_for_a_time(self):
        groups = of_type("AWS::Logs::LogGroup")
        for name, group in groups.items():
            self.assertEqual(group.get("RetentionInDays"), {"Ref": "LogRetentionDays"}, name)
        for name, function in of_type("AWS::Lambda::Function").items():
            self.assertEqual(function["LoggingConfig"]["LogGroup"], {"Ref": f"{name}Logs"})
            self.assertIn(f"{name}Logs", groups)

    def test_the_secret_is_made_by_the_template_and_stands_nowhere_in_it(self):
        (secret,) = of_type("AWS::SecretsManager::Secret").values()
        self.assertEqual(secret["GenerateSecretString"]["PasswordLength"], 64)
        self.assertNotIn("SecretString", secret)
        for name, function in of_type("AWS::Lambda::Function").items():
            value = function["Environment"]["Variables"]["SERVICE_SECRET"]
            self.assertEqual(value, {"Fn::Sub": "{{resolve:secretsmanager:${ServiceSecret}:SecretString}}"}, name)


class Routes(unittest.TestCase):
    def test_each_path_is_one_any_route_of_its_function(self):
        found = {}
        for path, methods in api_paths().items():
            self.assertEqual(set(methods), {"x-amazon-apigateway-any-method"}, path)
            (route,) = methods.values()
            integration = route["x-amazon-apigateway-integration"]
            self.assertEqual(integration["payloadFormatVersion"], "2.0", path)
            function = re.search(r"functions/\$\{(\w+)\.Arn\}", integration["uri"]["Fn::Sub"]).group(1)
            found.setdefault(function, set()).add(path)
        expected = {camel(folder): paths for folder, paths in ROUTES.items() if paths}
        self.assertEqual(found, expected)

    def test_the_documentation_has_each_route(self):
        text = (ROOT / "docs" / "http-api.md").read_text(encoding="utf-8")
        documented = set(re.findall(r"^\|.*?`(?:GET|POST|PUT|PATCH|DELETE) (/[^`]*)`", text, re.MULTILINE))
        self.assertEqual(documented, set().union(*ROUTES.values()) - {"$default"})

    def test_every_route_has_the_authoriser_except_the_public_ones(self):
        for path, methods in api_paths().items():
            for route in methods.values():
                expected = [{"NONE": []}] if path in PUBLIC else [{"SignIn": []}]
                self.assertEqual(route.get("security"), expected, path)

    def test_the_authoriser_checks_issuer_and_audience(self):
        (api,) = of_type("AWS::ApiGatewayV2::Api").values()
        schemes = api["Body"]["components"]["securitySchemes"]
        self.assertEqual(set(schemes), {"SignIn"})
        authorizer = schemes["SignIn"]["x-amazon-apigateway-authorizer"]
        self.assertEqual(authorizer["type"], "jwt")
        self.assertEqual(authorizer["identitySource"], "$request.header.Authorization")
        own = {"Fn::GetAtt": ["UserPool", "ProviderURL"]}
        self.assertEqual(
            authorizer["jwtConfiguration"],
            {
                "issuer": {"Fn::If": ["OwnUserPool", own, {"Ref": "TokenIssuer"}]},
                "audience": [{"Fn::If": ["OwnUserPool", {"Ref": "UserPoolClient"}, {"Ref": "TokenAudience"}]}],
            },
        )

    def test_functions_check_the_same_issuer_and_audience(self):
        (api,) = of_type("AWS::ApiGatewayV2::Api").values()
        authorizer = api["Body"]["components"]["securitySchemes"]["SignIn"]["x-amazon-apigateway-authorizer"]
        jwt = authorizer["jwtConfiguration"]
        for folder, paths in ROUTES.items():
            if paths - PUBLIC:
                environment = RESOURCES[camel(folder)]["Properties"]["Environment"]["Variables"]
                self.assertEqual(environment["TOKEN_ISSUER"], jwt["issuer"], folder)
                self.assertEqual([environment["TOKEN_AUDIENCE"]], jwt["audience"], folder)

    def test_access_logs_name_the_route_never_the_path(self):
        (stage,) = of_type("AWS::ApiGatewayV2::Stage").values()
        logs = stage["AccessLogSettings"]
        self.assertIn("$context.routeKey", logs["Format"])
        for telling in ("$context.path", "rawPath", "$context.http", "$context.authorizer.claims", "$request"):
            self.assertNotIn(telling, logs["Format"])
        json.loads(logs["Format"])


class Rights(unittest.TestCase):
    def test_each_function_has_a_role_of_its_own_without_managed_policies(self):
        functions = of_type("AWS::Lambda::Function")
        self.assertEqual({f"{name}Role" for name in functions}, set(of_type("AWS::IAM::Role")))
        for name, function in functions.items():
            self.assertEqual(function["Role"], {"Fn::GetAtt": [f"{name}Role", "Arn"]})
        for name, role in of_type("AWS::IAM::Role").items():
            self.assertNotIn("ManagedPolicyArns", role, name)
        for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
            self.assertFalse(of_type(kind), kind)

    def test_nothing_is_allowed_by_a_wildcard_and_nothing_scans(self):
        for name, statement in statements():
            self.assertEqual(statement["Effect"], "Allow", name)
            self.assertNotIn("NotAction", statement, name)
            self.assertNotIn("NotResource", statement, name)
            for action in aslist(statement["Action"]):
                self.assertNotIn("*", action, name)
                self.assertNotIn("Scan", action, name)
                self.assertFalse(action.startswith("dynamodb:PartiQL"), name)
            self.assertNotIn("*", json.dumps(statement["Resource"]), name)
            self.assertNotEqual(statement.get("Principal"), "*", name)
        self.assertNotIn("dynamodb:Scan", TEXT)

    def test_each_function_may_do_what_it_does_and_no_more(self):
        self.assertEqual(set(RIGHTS), folders())
        table = {"Fn::GetAtt": ["ContactsTable", "Arn"]}
        for folder, needed in RIGHTS.items():
            needed = needed.union(*(ALSO.get(action, set()) for action in needed))
            allowed = set()
            for name, statement in statements():
                if name != f"{camel(folder)}Role":
                    continue
                actions = [action.split(":") for action in aslist(statement["Action"])]
                allowed |= {action for service, action in actions if service == "ses"}
                on_table = {action for service, action in actions if service == "dynamodb"}
                for resource in aslist(statement["Resource"]):
                    if resource == table:
                        allowed |= on_table
                    elif "${ContactsTable.Arn}/index/" in json.dumps(resource):
                        index = resource["Fn::Sub"].rsplit("/", 1)[1]
                        allowed |= {f"{action} {index}" for action in on_table}
            self.assertEqual(allowed, needed, folder)

    def test_the_public_function_cannot_write_relations(self):
        writes = [
            statement
            for name, statement in statements()
            if name == "WebRole" and any("Item" in a and "Get" not in a for a in aslist(statement["Action"]))
        ]
        self.assertEqual(len(writes), 1)
        condition = writes[0]["Condition"]
        prefixes = condition["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
        self.assertEqual(set(prefixes), {"OPT_OUT#*", "REPORT#*", "VIEWS#*"})
        # Without this, a request without keys would meet "for all".
        self.assertEqual(condition["Null"], {"dynamodb:LeadingKeys": "false"})

    def test_only_the_mailer_sends_mail_as_one_identity_through_one_configuration_set(self):
        sending = [(name, s) for name, s in statements() if any(a.startswith("ses:") for a in aslist(s["Action"]))]
        self.assertEqual([name for name, _ in sending], ["InvitationMailerRole"])
        statement = sending[0][1]
        self.assertEqual(set(statement["Action"]), {"ses:SendBulkEmail", "ses:SendBulkTemplatedEmail"})
        ends = {resource["Fn::Sub"].rsplit(":", 1)[1] for resource in statement["Resource"]}
        self.assertEqual(ends, {"identity/${MailIdentity}", "configuration-set/${MailConfigurationSet}"})


class Table(unittest.TestCase):
    def test_settings(self):
        table = RESOURCES["ContactsTable"]
        self.assertEqual((table["DeletionPolicy"], table["UpdateReplacePolicy"]), ("Retain", "Retain"))
        properties = table["Properties"]
        self.assertEqual(properties["BillingMode"], "PAY_PER_REQUEST")
        self.assertEqual(properties["StreamSpecification"], {"StreamViewType": "NEW_AND_OLD_IMAGES"})
        self.assertEqual(properties["TimeToLiveSpecification"], {"AttributeName": "delete_at", "Enabled": True})
        self.assertEqual(properties["PointInTimeRecoverySpecification"], {"PointInTimeRecoveryEnabled": True})
        self.assertEqual(properties["SSESpecification"], {"SSEEnabled": True})
        self.assertIs(properties["DeletionProtectionEnabled"], True)

    def test_keys_and_indexes(self):
        def keys(of):
            return [(key["AttributeName"], key["KeyType"]) for key in of["KeySchema"]]

        properties = RESOURCES["ContactsTable"]["Properties"]
        self.assertEqual(keys(properties), [("pk", "HASH"), ("sk", "RANGE")])
        indexes = {
            index["IndexName"]: (keys(index), index["Projection"]["ProjectionType"])
            for index in properties["GlobalSecondaryIndexes"]
        }
        self.assertEqual(
            indexes,
            {
                "lists": ([("list_pk", "HASH"), ("list_sk", "RANGE")], "ALL"),
                "due": ([("due_pk", "HASH"), ("due_sk", "RANGE")], "KEYS_ONLY"),
            },
        )
        self.assertEqual({a["AttributeType"] for a in properties["AttributeDefinitions"]}, {"S"})


class Events(unittest.TestCase):
    def test_every_setting_of_the_stream_mapping_is_explicit(self):
        ((_, mapping),) = of_type("AWS::Lambda::EventSourceMapping").items()
        expected = {
            "EventSourceArn": {"Fn::GetAtt": ["ContactsTable", "StreamArn"]},
            "FunctionName": {"Ref": "InvitationMailer"},
            "StartingPosition": "TRIM_HORIZON",
            "Enabled": True,
            "BatchSize": 100,
            "MaximumBatchingWindowInSeconds": 1,
            "ParallelizationFactor": 1,
            "BisectBatchOnFunctionError": True,
            "MaximumRetryAttempts": 5,
            "MaximumRecordAgeInSeconds": 3600,
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "DestinationConfig": {"OnFailure": {"Destination": {"Fn::GetAtt": ["MailerFailures", "Arn"]}}},
        }
        filters = mapping["FilterCriteria"]["Filters"]
        self.assertEqual({k: v for k, v in mapping.items() if k != "FilterCriteria"}, expected)
        self.assertEqual(
            [json.loads(f["Pattern"]) for f in filters],
            [
                {
                    "eventName": ["INSERT", "MODIFY"],
                    # `exists` is looked at on leaves only: hence the type of the attribute.
                    "dynamodb": {
                        "Keys": {"sk": {"S": [{"anything-but": {"prefix": "SUBMISSION#"}}]}},
                        "NewImage": {"due_pk": {"S": [{"exists": True}]}},
                    },
                }
            ],
        )

    def test_every_setting_of_the_schedule_is_explicit(self):
        ((_, rule),) = of_type("AWS::Events::Rule").items()
        self.assertEqual((rule["ScheduleExpression"], rule["State"]), ("rate(1 minute)", "ENABLED"))
        (target,) = rule["Targets"]
        self.assertEqual(target["Arn"], {"Fn::GetAtt": ["InvitationMailer", "Arn"]})
        self.assertEqual(target["RetryPolicy"], {"MaximumEventAgeInSeconds": 60, "MaximumRetryAttempts": 0})
        self.assertEqual(target["DeadLetterConfig"], {"Arn": {"Fn::GetAtt": ["MailerFailures", "Arn"]}})
        ((_, invoke),) = of_type("AWS::Lambda::EventInvokeConfig").items()
        self.assertEqual((invoke["MaximumEventAgeInSeconds"], invoke["MaximumRetryAttempts"]), (60, 0))
        self.assertIn("OnFailure", invoke["DestinationConfig"])

    def test_queues_are_encrypted_and_keep_fourteen_days(self):
        queues = of_type("AWS::SQS::Queue")
        self.assertTrue(queues)
        for name, queue in queues.items():
            self.assertEqual(queue["MessageRetentionPeriod"], 14 * 24 * 3600, name)
            self.assertIs(queue["SqsManagedSseEnabled"], True, name)

    def test_the_user_pool_calls_sign_up_and_verifies_addresses(self):
        pool = RESOURCES["UserPool"]["Properties"]
        sign_up = {"Fn::GetAtt": ["SignUp", "Arn"]}
        self.assertEqual(pool["LambdaConfig"], {"PostConfirmation": sign_up, "PostAuthentication": sign_up})
        self.assertEqual(pool["AutoVerifiedAttributes"], ["email"])
        client = RESOURCES["UserPoolClient"]["Properties"]
        self.assertIs(client["GenerateSecret"], False)
        self.assertEqual(client["AllowedOAuthFlows"], ["code"])


class EventFiles(unittest.TestCase):
    """events/: what `cargo lambda invoke` sends, one file at least for each function and trigger."""

    def files(self):
        return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in (ROOT / "events").glob("*.json")}

    def test_each_function_and_trigger_has_one(self):
        names = set(self.files())
        self.assertEqual({name.split(".")[0] for name in names}, folders())
        for needed in (
            "invitation-mailer.stream.json",
            "invitation-mailer.schedule.json",
            "sign-up.post-confirmation.json",
            "sign-up.post-authentication.json",
        ):
            self.assertIn(needed, names)

    def test_a_request_takes_a_route_of_its_function_with_claims_where_it_has_the_authoriser(self):
        for name, event in self.files().items():
            function = name.split(".")[0]
            if not ROUTES[function]:
                continue
            path = event["routeKey"].removeprefix("ANY ")
            self.assertIn(path, ROUTES[function], name)
            self.assertEqual(event["requestContext"]["routeKey"], event["routeKey"], name)
            self.assertEqual("authorizer" in event["requestContext"], path not in PUBLIC, name)
            filled = path
            for parameter, value in event.get("pathParameters", {}).items():
                filled = filled.replace("{" + parameter + "}", value)
            if path != "$default":
                self.assertEqual(filled, event["rawPath"], name)


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=1).result.wasSuccessful() else 1)
