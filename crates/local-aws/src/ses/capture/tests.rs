use super::*;

fn ses() -> Ses {
    let clock = Arc::new(Clock::open(None).unwrap());
    Ses::new(Arc::new(MailStore::open(None).unwrap()), clock)
}

fn entry(to: &str, name: &str) -> Value {
    json!({
        "Destination": {"ToAddresses": [to]},
        "ReplacementEmailContent": {"ReplacementTemplate": {"ReplacementTemplateData": json!({"name": name}).to_string()}},
        "ReplacementHeaders": [{"Name": "List-Unsubscribe", "Value": format!("<https://a.example/{name}>")}],
        "ReplacementTags": [{"Name": "number", "Value": name}],
    })
}

fn bulk(entries: Vec<Value>) -> Vec<u8> {
    let request = json!({
        "FromEmailAddress": "\"Aiko via Example\" <no-reply@sender.example>",
        "DefaultContent": {"Template": {
            "TemplateContent": {"Subject": "{{greeting}} {{name}}", "Text": "T {{name}}", "Html": "<p>{{name}}</p>"},
            "TemplateData": json!({"greeting": "Hello", "name": "nobody"}).to_string(),
            "Headers": [{"Name": "Auto-Submitted", "Value": "auto-generated"}],
        }},
        "DefaultEmailTags": [{"Name": "kind", "Value": "greeting"}],
        "BulkEmailEntries": entries,
    });
    request.to_string().into_bytes()
}

const BULK: &str = "/v2/email/outbound-bulk-emails";

fn statuses(answer: &SesResponse) -> Vec<String> {
    let SesResponse::Response { status: 200, body, .. } = answer else {
        panic!("{answer:?}")
    };
    let results = body["BulkEmailEntryResults"].as_array().unwrap();
    results
        .iter()
        .map(|result| result["Status"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn each_entry_has_its_data_headers_and_tags() {
    let ses = ses();
    let answer = ses
        .call(
            "POST",
            BULK,
            &bulk(vec![entry("A@x.example", "Ann"), entry("b@x.example", "{{greeting}}")]),
        )
        .0;
    assert_eq!(statuses(&answer), ["SUCCESS", "SUCCESS"]);
    let mails = ses.mail().list(None).unwrap();
    assert_eq!(mails[0].to, "a@x.example");
    assert_eq!(mails[0].subject, "Hello Ann");
    assert_eq!(mails[0].html.as_deref(), Some("<p>Ann</p>"));
    assert_eq!(mails[0].headers["List-Unsubscribe"], "<https://a.example/Ann>");
    assert_eq!(mails[0].headers["Auto-Submitted"], "auto-generated");
    assert_eq!(
        mails[0].tags,
        BTreeMap::from([("kind".into(), "greeting".into()), ("number".into(), "Ann".into())])
    );
    assert_eq!(
        mails[1].subject, "Hello {{greeting}}",
        "what is put in is not read again"
    );
    assert_eq!(ses.mail().list(Some("b@x.example")).unwrap().len(), 1);
}

#[test]
fn a_template_that_lacks_data_is_accepted_and_dropped() {
    let ses = ses();
    let mut lacking = entry("a@x.example", "Ann");
    lacking["Destination"]["ToAddresses"] = json!(["a@x.example"]);
    let body = String::from_utf8(bulk(vec![lacking]))
        .unwrap()
        .replace("T {{name}}", "{{absent}}");
    assert_eq!(statuses(&ses.call("POST", BULK, body.as_bytes()).0), ["SUCCESS"]);
    assert!(ses.mail().list(None).unwrap().is_empty());
}

#[test]
fn faults_hit_entries_calls_and_connections() {
    let ses = ses();
    let faults = json!([
        {"status": "ACCOUNT_THROTTLED", "times": 1, "to": "b@x.example"},
        {"error": "TooManyRequestsException", "times": 1},
        {"timeout": true, "times": 1},
        {"timeout": "after", "times": 1},
    ]);
    ses.add_faults(serde_json::from_value(faults).unwrap());
    let body = bulk(vec![entry("a@x.example", "a"), entry("b@x.example", "b")]);
    let SesResponse::Response { status, exception, .. } = ses.call("POST", BULK, &body).0 else {
        panic!()
    };
    assert_eq!((status, exception.as_deref()), (429, Some("TooManyRequestsException")));
    assert_eq!(ses.call("POST", BULK, &body).0, SesResponse::HangUp);
    assert!(ses.mail().list(None).unwrap().is_empty());
    assert_eq!(ses.call("POST", BULK, &body).0, SesResponse::HangUp);
    assert_eq!(ses.mail().list(None).unwrap().len(), 1, "the entry's own fault held");
    assert_eq!(statuses(&ses.call("POST", BULK, &body).0), ["SUCCESS", "SUCCESS"]);
}

#[test]
fn what_ses_refuses_is_refused() {
    let ses = ses();
    let exception = |body: Vec<u8>| match ses.call("POST", BULK, &body).0 {
        SesResponse::Response { exception, .. } => exception,
        SesResponse::HangUp => None,
    };
    let bad = Some("BadRequestException".to_owned());
    assert_eq!(exception(bulk(vec![])), bad);
    assert_eq!(
        exception(bulk((0..51).map(|n| entry(&format!("a{n}@x.example"), "a")).collect())),
        bad
    );
    assert_eq!(exception(bulk(vec![entry("あ@x.example", "a")])), bad);
    assert_eq!(exception(bulk(vec![entry("a", "a")])), bad);
    assert_eq!(exception(b"{".to_vec()), bad);
    assert!(ses.mail().list(None).unwrap().is_empty());
}

#[test]
fn one_mail_goes_to_each_address_of_a_single_send() {
    let ses = ses();
    let request = json!({
        "FromEmailAddress": "no-reply@sender.example",
        "Destination": {"ToAddresses": ["a@x.example", "Bea <b@x.example>"]},
        "Content": {"Simple": {"Subject": {"Data": "S"}, "Body": {"Text": {"Data": "T"}}, "Headers": []}},
    });
    let answer = ses
        .call("POST", "/v2/email/outbound-emails", request.to_string().as_bytes())
        .0;
    assert!(
        matches!(answer, SesResponse::Response { status: 200, .. }),
        "{answer:?}"
    );
    let to: Vec<_> = ses.mail().list(None).unwrap().into_iter().map(|mail| mail.to).collect();
    assert_eq!(to, ["a@x.example", "b@x.example"]);
}
