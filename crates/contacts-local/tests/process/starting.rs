//! How it starts, refuses to start, and ends.

use reqwest::StatusCode;
use serde_json::json;

use crate::{Folder, Running, refused, run};

#[tokio::test]
async fn a_second_run_finds_what_the_first_left() {
    let folder = Folder::new();
    let data = folder.path("data");
    let first = Running::start(&["--data", &data]);
    let aiko = first.token("aiko@demo.example").await;
    let (status, _, before) = first.get("/contact-requests?direction=incoming", &aiko).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        !before["contact_requests"].as_array().unwrap().is_empty(),
        "demo data: {before}"
    );
    assert_eq!(first.interrupt().code(), Some(0), "Ctrl-C");

    let second = Running::start(&["--data", &data]);
    let aiko = second.token("aiko@demo.example").await;
    let (_, _, after) = second.get("/contact-requests?direction=incoming", &aiko).await;
    assert_eq!(after, before);
    assert_eq!(second.interrupt().code(), Some(0), "Ctrl-C");
}

#[tokio::test]
async fn with_memory_it_starts_empty() {
    let stack = Running::start(&["--memory"]);
    let request = stack.client.post(format!("{}/_local/token", stack.origin));
    let answer = request
        .json(&json!({"email": "aiko@demo.example"}))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND, "no demo data");
    assert_eq!(stack.interrupt().code(), Some(0), "Ctrl-C");
}

#[test]
fn what_keeps_it_from_starting_is_one_line() {
    let folder = Folder::new();
    let data = folder.path("data");
    let stack = Running::start(&["--data", &data]);
    let pid = stack.child.id().to_string();
    refused(
        &["--data", &data, "--port", "0"],
        &[&data, &format!("process {pid}"), stack.port()],
    );
    refused(
        &["--memory", "--port", stack.port()],
        &[stack.port(), "`--port 0` takes a free one"],
    );
    assert_eq!(stack.interrupt().code(), Some(0), "Ctrl-C");

    let missing = folder.path("none.yaml");
    refused(
        &["--memory", "--port", "0", "--template", &missing],
        &[&missing, "root of the repository"],
    );
    let broken = folder.write("broken.yaml", "Resources: [");
    refused(&["--memory", "--port", "0", "--template", &broken], &[&broken]);
    let file = folder.write("file", "");
    refused(&["--data", &file, "--port", "0"], &[&file]);
}

#[test]
fn a_damaged_file_is_one_line() {
    let folder = Folder::new();
    let data = folder.path("data");
    let import = folder.write("people.csv", "name,email\nAnn,ann@example.org\n");
    assert!(run(&["--data", &data, "import", &import]).status.success());
    let data_folder = folder.0.join("data");
    for name in ["contacts.sqlite", "mail.sqlite"] {
        for beside in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(data_folder.join(format!("{name}{beside}")));
        }
        let file = data_folder.join(name);
        let whole = std::fs::read(&file).unwrap();
        // The first page stays as it is; what is behind it is no tree any more.
        let mut inside = whole.clone();
        inside.iter_mut().skip(4_096).for_each(|byte| *byte = b'#');
        for broken in [Vec::new(), b"not a database".repeat(1_000), inside] {
            std::fs::write(&file, broken).unwrap();
            refused(
                &["--data", &data, "--port", "0"],
                &[&format!("{name} is damaged"), "move the data folder away"],
            );
        }
        std::fs::write(&file, whole).unwrap();
    }
    let name = "stream-checkpoint.invitation-mailer";
    let file = data_folder.join(name);
    for broken in ["", "junk", "999999999999999999999"] {
        std::fs::write(&file, broken).unwrap();
        refused(&["--data", &data, "--port", "0"], &[&format!("{name} is damaged")]);
    }
    std::fs::remove_file(&file).unwrap();
    assert!(run(&["--data", &data, "import", &import]).status.success(), "as it was");
}

#[test]
fn options_that_make_no_sense_are_refused() {
    for (arguments, words) in [
        (&["--lambda", "ftp://x"][..], &["--lambda", "http or https"]),
        (&["--memory", "--data", "x"], &["--memory", "--data"]),
        (&["--data", "x", "--memory"], &["--memory", "--data"]),
        (&["--memory", "import", "people.csv"], &["--memory", "imported"]),
    ] {
        let output = run(arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        let first = said.lines().next().unwrap();
        assert!(words.iter().all(|word| first.contains(word)), "{said}");
    }
}
