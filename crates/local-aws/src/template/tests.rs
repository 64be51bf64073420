use std::collections::BTreeSet;

use super::*;

const KNOWN: &[&str] = &["user-search", "mail-sender", "web"];

const TEMPLATE: &str = r#"
Transform: AWS::Serverless-2016-10-31
Parameters:
  Minutes: {Type: Number, Default: 5}
  BatchSize: {Type: Number, Default: 10}
Globals:
  Function:
    Timeout: 10
    Environment: {Variables: {TABLE_NAME: !Ref Table, PRODUCT_NAME: Example}}
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        DefaultAuthorizer: Issuer
        Authorizers: {Issuer: {JwtConfiguration: {issuer: !Ref Issuer, audience: [!GetAtt Client.Id]}}}
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub "${AWS::StackName}-things"
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: pk, AttributeType: S}, {AttributeName: sk, AttributeType: S}]
      KeySchema: [{AttributeName: pk, KeyType: HASH}, {AttributeName: sk, KeyType: RANGE}]
      StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}
      TimeToLiveSpecification: {AttributeName: delete_at, Enabled: true}
  UserSearch:
    Type: AWS::Serverless::Function
    Properties:
      Environment: {Variables: {PAGE_LIMIT: 20}}
      Events:
        Users: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: /users, Method: ANY}}
  Web:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Health: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: /health, Method: ANY, Auth: {Authorizer: NONE}}}
        Default: {Type: HttpApi, Properties: {ApiId: !Ref Api, Auth: {Authorizer: NONE}}}
  MailSender:
    Type: AWS::Serverless::Function
    Properties:
      Timeout: 60
      Events:
        Stream:
          Type: DynamoDB
          Properties:
            Stream: !GetAtt Table.StreamArn
            StartingPosition: TRIM_HORIZON
            BatchSize: !Ref BatchSize
            MaximumBatchingWindowInSeconds: 1
            BisectBatchOnFunctionError: true
            MaximumRetryAttempts: 3
            FunctionResponseTypes: [ReportBatchItemFailures]
            FilterCriteria: {Filters: [{Pattern: '{"eventName": ["INSERT"]}'}]}
        Sweep: {Type: Schedule, Properties: {Schedule: !Sub "rate(${Minutes} minutes)"}}
"#;

fn parse(text: &str) -> Template {
    Template::parse(text, "things", KNOWN).unwrap()
}

fn authorized(template: &Template, path: &str) -> bool {
    template
        .routes
        .iter()
        .find(|route| route.key().ends_with(path))
        .unwrap()
        .authorized
}

/// A function's variable, whose value this text gives.
fn variable(conditions: &str, value: &str) -> Option<String> {
    let conditions = format!("Conditions: {{{conditions}}}\nGlobals:");
    let text = TEMPLATE
        .replace("Globals:", &conditions)
        .replace("PAGE_LIMIT: 20", &format!("PAGE_LIMIT: {value}"));
    parse(&text).functions["user-search"]
        .environment
        .get("PAGE_LIMIT")
        .cloned()
}

#[test]
fn conditions_on_defaults_choose() {
    let value = "!If [Wanted, !Ref Minutes, 7]";
    for (condition, chosen) in [
        ("!Equals [!Ref Minutes, 5]", Some("5")),
        ("!Equals [!Ref Minutes, 6]", Some("7")),
        ("!Not [!Equals [!Ref Minutes, \"\"]]", Some("5")),
        ("!And [!Equals [1, 1], !Equals [1, 2]]", Some("7")),
        ("!Or [!Equals [1, 1], !Equals [1, 2]]", Some("5")),
        ("!Condition Other", Some("7")),
        ("!Equals [!Ref Unknown, 5]", None),
        ("!Condition Wanted", None),
        ("!Condition Nowhere", None),
    ] {
        let conditions = format!("Other: !Equals [a, b], Wanted: {condition}");
        assert_eq!(variable(&conditions, value).as_deref(), chosen, "{condition}");
    }
    let none = "!If [Other, 1, !Ref AWS::NoValue]";
    assert_eq!(variable("Other: !Equals [a, b]", none), None);
}

#[test]
fn a_template_says_what_is_served() {
    let template = parse(TEMPLATE);
    let keys: BTreeSet<_> = template.routes.iter().map(Route::key).collect();
    let expected = ["$default", "ANY /health", "ANY /users"].map(str::to_owned);
    assert_eq!(keys, BTreeSet::from(expected));
    assert_eq!(template.table.create["TableName"], "things");
    assert!(authorized(&template, "/users"));
    assert!(!authorized(&template, "/health"));
    assert_eq!(template.table.ttl_attribute.as_deref(), Some("delete_at"));
    assert_eq!(
        template.table.create["StreamSpecification"]["StreamViewType"],
        "NEW_AND_OLD_IMAGES"
    );
    let search = &template.functions["user-search"];
    assert_eq!(search.timeout, Duration::from_secs(10));
    assert_eq!(search.environment["PAGE_LIMIT"], "20");
    assert!(
        !search.environment.contains_key("TABLE_NAME"),
        "a reference to a resource is no plain value"
    );
    let stream = &template.streams[0];
    assert_eq!((stream.batch_size, stream.maximum_retries), (10, Some(3)));
    assert!(stream.bisect && stream.reports_failures);
    assert_eq!(template.schedules[0].rate, Duration::from_secs(300));
}

#[test]
fn a_route_has_the_authoriser_that_the_template_gives_it() {
    let none = parse(&TEMPLATE.replace("DefaultAuthorizer: Issuer", ""));
    assert!(!authorized(&none, "/users"));
    let own = TEMPLATE.replace("DefaultAuthorizer: Issuer", "").replace(
        "Path: /users, Method: ANY",
        "Path: /users, Method: ANY, Auth: {Authorizer: Issuer}",
    );
    assert!(authorized(&parse(&own), "/users"));
}

#[test]
fn what_the_stack_cannot_serve_is_named() {
    let renamed = Template::parse(&TEMPLATE.replace("UserSearch:", "UserSeek:"), "things", KNOWN).unwrap_err();
    assert!(matches!(renamed, TemplateError::UnknownFunction(name) if name == "UserSeek"));
    let cases = [
        (
            TEMPLATE.replace("AWS::DynamoDB::Table", "AWS::S3::Bucket"),
            "no AWS::DynamoDB::Table",
        ),
        (
            TEMPLATE.replace("rate(${Minutes} minutes)", "cron(0 * * * ? *)"),
            "MailSender, event Sweep",
        ),
        (TEMPLATE.replace("/health", "/users"), "ANY /users appears twice"),
        (
            TEMPLATE.replace(r#"["INSERT"]"#, r#"[{"wildcard": "*"}]"#),
            "MailSender, event Stream",
        ),
        ("Resources: [".to_owned(), "line 2"),
    ];
    for (text, expected) in cases {
        let refused = Template::parse(&text, "things", KNOWN).unwrap_err().to_string();
        assert!(refused.contains(expected), "{refused}");
    }
}

#[test]
fn a_function_is_its_logical_id_in_kebab_case() {
    for (id, name) in [
        ("UserSearch", "user-search"),
        ("Web", "web"),
        ("SignUpFunction", "sign-up"),
    ] {
        assert_eq!(kebab_case(id), name);
    }
}
