//! `import` beside a running stack.

use crate::{Folder, Running, root, run};

#[tokio::test]
async fn people_are_imported_into_a_running_stack() {
    let folder = Folder::new();
    let data = folder.path("data");
    let stack = Running::start(&["--data", &data]);

    // The head of the file, then lines that are wrong each in its own way.
    let people = std::fs::read_to_string(root().join("tests/people.csv")).unwrap();
    let mut lines: Vec<&str> = people.lines().take(201).collect();
    lines.extend([
        "No Address,,,nobody@,,en",
        "too,few",
        ",,,nameless@example.org,,en",
        "Bad Handle,,no spaces!,handle@example.org,,fr",
    ]);
    let file = folder.write("people.csv", lines.join("\n"));
    let report = |registered: u32, known: u32| {
        let output = run(&["--data", &data, "import", &file]);
        let text = String::from_utf8(output.stdout).unwrap();
        let said: Vec<&str> = text.lines().collect();
        assert_eq!(said.len(), 5, "{text}");
        for (said, (line, place)) in said.iter().zip([
            (202, ", email: "),
            (203, ": 2 values, 6 expected"),
            (204, ", name: "),
            (205, ", chatwork_id: "),
        ]) {
            assert!(said.starts_with(&format!("line {line}{place}")), "{text}");
        }
        assert!(said[3].contains("; locale: "), "{text}");
        assert_eq!(said[4], format!("{registered} registered, {known} known before, 4 bad"));
        assert_eq!(output.status.code(), Some(1), "there are bad lines");
    };
    report(200, 0);
    report(0, 200);

    let aiko = stack.token("aiko@demo.example").await;
    let first = people.lines().nth(1).unwrap();
    let columns: Vec<&str> = first.split(',').collect();
    let (_, _, found) = stack.get(&format!("/users?by=email&q={}", columns[3]), &aiko).await;
    assert_eq!(found["users"][0]["name"], columns[0], "{first}");

    // Nobody has the folder now: the import opens it itself, and there is nothing new.
    assert_eq!(stack.interrupt().code(), Some(0), "Ctrl-C");
    report(0, 200);
}
