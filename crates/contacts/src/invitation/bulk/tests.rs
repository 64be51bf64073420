//! What the module documentation promises, kind by kind. Many more shapes are in `tests/bulk/shapes.txt`.

use super::*;

/// Each entry as `line: raw = address`, `! code` for one without, `~ line` for a later one.
fn report(emails: &[&str], text: Option<&str>) -> Vec<String> {
    let emails: Vec<String> = emails.iter().map(|&email| email.to_owned()).collect();
    let entries = parse(&emails, text).unwrap();
    let shown = entries.iter().map(|entry| {
        let outcome = match (&entry.address, entry.duplicate_of_line) {
            (Ok(address), None) => format!("= {}", address.as_str()),
            (Ok(_), Some(line)) => format!("~ {line}"),
            (Err(invalid), _) => format!("! {}", invalid.code),
        };
        format!("{}: {} {outcome}", entry.line, entry.raw)
    });
    shown.collect()
}

/// The addresses in a text, and the codes of what is none.
fn read(text: &str) -> Vec<String> {
    let entries = parse(&[], Some(text)).unwrap();
    let outcomes = entries.into_iter().map(|entry| match entry.address {
        Ok(address) => address.as_str().to_owned(),
        Err(invalid) => invalid.code.to_owned(),
    });
    outcomes.collect()
}

fn assert_all(rows: &[(&str, &[&str])]) {
    for (text, expected) in rows {
        assert_eq!(read(text), *expected, "{text:?}");
    }
}

/// Each of these texts has the address in it.
fn assert_each<'t>(texts: impl IntoIterator<Item = &'t str>, address: &str) {
    for text in texts {
        assert_eq!(read(text), [address], "{text:?}");
    }
}

#[test]
fn a01_no_address_is_lost_in_a_name() {
    assert_eq!(
        report(&[], Some("a@x.example b@x.example Mika <c@x.example>, d@x.example")),
        [
            "1: a@x.example = a@x.example",
            "1: b@x.example = b@x.example",
            "1: Mika <c@x.example> = c@x.example",
            "1: d@x.example = d@x.example",
        ]
    );
    assert_all(&[
        ("Mika a@x.example <c@x.example>", &["a@x.example", "c@x.example"]),
        ("\"a@x.example\" <c@x.example>", &["a@x.example", "c@x.example"]),
        ("a@x.example <a@x.example>", &["a@x.example"]),
        ("A <a@x.example> B <b@x.example>", &["a@x.example", "b@x.example"]),
    ]);
}

#[test]
fn p01_what_is_no_address_beside_one_is_its_name() {
    assert_eq!(
        report(
            &[],
            Some("Ozu, Petra <petra@x.example>; Tanaka, Jiro <jiro@x.example>;")
        ),
        [
            "1: Ozu, Petra <petra@x.example> = petra@x.example",
            "1: Tanaka, Jiro <jiro@x.example> = jiro@x.example",
        ]
    );
    let many: String = (0..501).map(|n| format!("Ozu, Petra <petra{n}@x.example>; ")).collect();
    assert_eq!(parse(&[], Some(&many)).unwrap().len(), 501);
    // What has none at all is still reported, once.
    assert_eq!(
        report(&[], Some("Ozu, Petra; Tanaka")),
        ["1: Ozu, Petra; Tanaka ! invalid_email"]
    );
}

#[test]
fn p02_wrappings_and_labels() {
    assert_each(
        [
            "mailto:aya@x.example",
            "Display <MailTo:aya@x.example>",
            "<mailto:aya@x.example?subject=Hi>",
            "mailto:aya@x.example?subject=Hi&body=a%20b",
            "Aya <aya@x.example<mailto:aya@x.example>>",
            "From: Aya Mori [mailto:aya@x.example]",
            "Aya [SMTP:aya@x.example]",
            "To: aya@x.example",
            "連絡先:aya@x.example",
            "連絡先：aya@x.example",
            "[aya@x.example](mailto:aya@x.example)",
            "<mailto:aya@x.example|aya@x.example>",
            "<a href=\"mailto:aya@x.example\">aya@x.example</a>",
            "&lt;aya@x.example&gt;",
        ],
        "aya@x.example",
    );
    assert_all(&[
        ("To: a@x.example, b@x.example", &["a@x.example", "b@x.example"]),
        ("mailto:a@x.example?cc=b@x.example", &["a@x.example", "b@x.example"]),
        ("https://user@x.example/", &["invalid_email"]),
        ("https://user:secret@x.example/", &["invalid_email"]),
        ("git@x.example:org/repository", &["ambiguous_domain"]),
    ]);
}

#[test]
fn p03_what_nobody_sees_counts_for_nothing_at_the_ends() {
    for text in ["\u{200b}", "\u{200b}\n\u{2060} \u{feff}", "\u{202a}\u{202c}"] {
        assert_eq!(read(text), [""; 0], "{text:?}");
    }
    let all = "\u{ad}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2060}\u{2066}\u{2067}\u{2068}\u{2069}\u{feff}";
    assert_each(
        [
            "\u{200b}aya@x.example",
            "\u{2060} aya@x.example \u{200e}",
            "<\u{202a}aya@x.example\u{202c}>",
            "mailto:\u{2060}aya@x.example",
            "\u{200b}'\u{200b}aya@x.example\u{200b}'\u{200b}",
            &format!("{all}aya@x.example{all}"),
            &format!("\"{all}aya@x.example{all}\""),
        ],
        "aya@x.example",
    );
}

#[test]
fn p03_within_an_address_it_is_refused_with_its_place() {
    for (text, place) in [
        ("ay\u{200b}a@x.example", "U+200B at position 3"),
        ("Aya <aya@x\u{ad}y.example>", "U+00AD at position 6"),
        ("aya\u{202e}@x.example", "U+202E at position 4"),
        ("a\0@x.example", "U+0000 at position 2"),
    ] {
        let entries = parse(&[], Some(text)).unwrap();
        let refused = entries[0].address.clone().unwrap_err();
        assert_eq!(refused.code, "control_character", "{text:?}");
        assert!(refused.to_string().ends_with(place), "{refused}");
    }
}

#[test]
fn p04_comments_and_groups() {
    assert_each(
        [
            "aya@x.example (Aya)",
            "Aya <aya@x.example> (my dear friend)",
            "(work) aya@x.example",
            "aya@x.example (work (old))",
            "aya@x.example（自宅）",
            "Aya (a nice \\) one) <aya(her account)@x.example(her host)>",
            "aya@(her host)x.example",
            "Friends:aya@x.example;",
        ],
        "aya@x.example",
    );
    assert_all(&[
        (
            "A Group:ed@x.example, joe@x.example;",
            &["ed@x.example", "joe@x.example"],
        ),
        ("Undisclosed recipients:;", &[]),
        ("undisclosed-recipients: ;", &[]),
        ("宛先非公開：；", &[]),
        ("Undisclosed recipients:", &["invalid_email"]),
    ]);
}

#[test]
fn p05_quotes_around_a_whole_address() {
    let quotes = [
        "\"\"", "''", "“”", "‘’", "„“", "«»", "‹›", "「」", "『』", "＂＂", "＇＇", "〝〟", "``",
    ];
    for pair in quotes {
        let (open, close) = pair.split_at(pair.len() / 2);
        assert_eq!(
            read(&format!("{open}aya@x.example{close}")),
            ["aya@x.example"],
            "{pair}"
        );
        assert_eq!(
            read(&format!("{open}Aya Mori{close} <aya@x.example>")),
            ["aya@x.example"],
            "{pair}"
        );
    }
    assert_all(&[
        (
            "'a@x.example'; 'Ozu, Petra' <p@x.example>",
            &["a@x.example", "p@x.example"],
        ),
        (
            "\"Name\",\"E-mail 1 - Value\",\"Phone\"\n\"Mori, Aya\",\"aya@x.example\",\"03-1234-5678\"",
            &["invalid_email", "aya@x.example"],
        ),
        (
            "\"Never closed, a@x.example, b@x.example",
            &["a@x.example", "b@x.example"],
        ),
        ("\"Mori @ Works\" <aya@x.example>", &["aya@x.example"]),
        ("\"Mori @ Works\" aya@x.example", &["invalid_email", "aya@x.example"]),
    ]);
}

#[test]
fn p06_name_and_address_as_cells() {
    assert_each(
        ["Aya\taya@x.example", "Aya Mori aya@x.example", "aya@x.example\tAya\t"],
        "aya@x.example",
    );
    assert_eq!(
        report(
            &[],
            Some("氏名\tメールアドレス\n田中　太郎\ttaro@x.example\n佐藤 花子\thanako@x.example")
        ),
        [
            "1: 氏名\tメールアドレス ! invalid_email",
            "2: taro@x.example = taro@x.example",
            "3: hanako@x.example = hanako@x.example",
        ]
    );
    assert_all(&[
        ("Aya aya@x", &["invalid_domain"]),
        ("a@x.example b@x", &["a@x.example", "invalid_domain"]),
        ("a@x.example @b", &["a@x.example", "invalid_email"]),
    ]);
}

/// Or with one half of an address, the other would not come back with what is to be fixed.
#[test]
fn p06_a_word_that_is_half_an_address_is_reported_with_the_other_half() {
    for text in [
        "aya @x.example",
        "aya@ x.example",
        "aya @ x.example",
        "aya@(x.example)",
        "ta[ro]@x.example",
    ] {
        assert_eq!(report(&[], Some(text)), [format!("1: {text} ! invalid_email")]);
    }
    assert_eq!(
        report(&[], Some("a@x.example @ b@x.example")),
        [
            "1: a@x.example = a@x.example",
            "1: @ ! invalid_email",
            "1: b@x.example = b@x.example"
        ]
    );
}

#[test]
fn p07_text_behind_a_domain_is_no_part_of_it() {
    for behind in [
        "さん",
        "までご連絡ください",
        "まで。",
        "様",
        "宛",
        "と",
        "〜",
        "님",
        "！よろしく",
        "→営業",
        "и",
    ] {
        assert_eq!(read(&format!("a@x.example{behind}")), ["a@x.example"], "{behind}");
    }
    assert_each(
        ["a@日本語.jpさん", "a@日本語.jp", "a@xn--wgv71a119e.jp"],
        "a@xn--wgv71a119e.jp",
    );
    for text in [
        "a@x.exampleさんb",
        "a@x.example。よろしく",
        "a@xさん.example",
        "a@会社.みんなさん",
        "a@почта会社.jp",
        "a@x.exampleé",
        "a@x.exampleさんcom",
        "a@x.example…",
        "a@x.exam...",
        "a@x.exam=",
    ] {
        assert_eq!(read(text), ["ambiguous_domain"], "{text}");
    }
}

#[test]
fn p07_marks_behind_an_address_are_no_part_of_it() {
    for mark in [
        ".", ",", ";", ":", ")", "]", "}", ">", "!", "?", "'", "\"", "*", "。", "．", "｡", "、", "！", "？", "：",
        "）", "」", "】", "’", "”", ".)", "!?", "・", "/", "%20", "&gt;",
    ] {
        assert_eq!(read(&format!("a@x.example{mark}")), ["a@x.example"], "{mark}");
        assert_eq!(read(&format!("a@x.example{mark} b@x.example")).len(), 2, "{mark}");
    }
}

#[test]
fn p09_separators_and_line_ends_of_any_form() {
    let separators = [
        ",", ";", "|", "､", "、", "，", "；", "｜", "\u{fe50}", "\u{fe51}", "\u{fe54}", "\u{fe10}", "\u{fe11}",
        "\u{fe14}", "\u{37e}", "\u{60c}", " | ", " / ", " ／ ", "　/　", " - ", " & ",
    ];
    for separator in separators {
        let text = format!("u@x.example{separator}v@x.example");
        let expected = ["1: u@x.example = u@x.example", "1: v@x.example = v@x.example"];
        assert_eq!(report(&[], Some(&text)), expected, "{separator:?}");
    }
    for end in ["\n", "\r", "\r\n", "\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\u{2029}"] {
        let text = format!("u@x.example{end}v@x.example");
        let expected = ["1: u@x.example = u@x.example", "2: v@x.example = v@x.example"];
        assert_eq!(report(&[], Some(&text)), expected, "{end:?}");
    }
}

#[test]
fn p10_an_entry_ends_behind_its_bracket() {
    assert_eq!(
        report(
            &[
                "Aya <a@x.example> Bob <b@x.example>",
                "Aya <c@x.example>\nBob <d@x.example>"
            ],
            None
        ),
        [
            "1: Aya <a@x.example> = a@x.example",
            "1: Bob <b@x.example> = b@x.example",
            "2: Aya <c@x.example> = c@x.example",
            "2: Bob <d@x.example> = d@x.example",
        ]
    );
    assert_eq!(read("<a@x.example><a@x.example>").len(), 2, "the second is a duplicate");
}

#[test]
fn p13_old_mobile_addresses() {
    let text = "aaa..bbbb.cc@docomo.example\n\"aaa..bbbb.cc\"@docomo.example\nTaro <xxx.yyy.@docomo.example>";
    assert_eq!(
        report(&[], Some(text)),
        [
            "1: aaa..bbbb.cc@docomo.example = \"aaa..bbbb.cc\"@docomo.example",
            "2: \"aaa..bbbb.cc\"@docomo.example ~ 1",
            "3: Taro <xxx.yyy.@docomo.example> = \"xxx.yyy.\"@docomo.example",
        ]
    );
    assert_all(&[
        (".aya@x.example", &["invalid_email"]),
        ("\"aya mori\"@x.example, b@x.example", &["invalid_email", "b@x.example"]),
        ("\"a, b\"@x.example", &["invalid_email"]),
    ]);
}

#[test]
fn p15_text_glued_to_the_front() {
    for front in [
        "'",
        "=",
        "*",
        "**",
        "`",
        "email=",
        "E-mail=",
        "メール=",
        "?to=",
        "&cc=",
        "%20",
        "%3C",
        "%0D%0A",
        "%C2%A0",
        "＊",
        "＝",
        "・",
        "•",
        "●",
        "※",
        "→",
        "—",
        "①",
        "１．",
        "(1)",
        "1)",
        "✉",
        "連絡先→",
        "/",
    ] {
        assert_eq!(read(&format!("{front}aya@x.example")), ["aya@x.example"], "{front}");
    }
    assert_each(
        [
            "_aya@x.example_",
            "~~aya@x.example~~",
            "*aya@x.example*",
            "`aya@x.example`",
        ],
        "aya@x.example",
    );
    for front in [
        "-", "--", "+", "#", "%2B", "!", "$", "&", "^", "~", "?", "//", "\\", "x=y=", "a-b=", "x?", "x*", "x/",
    ] {
        assert_eq!(
            read(&format!("{front}aya@x.example")),
            ["ambiguous_local_part"],
            "{front}"
        );
    }
}

#[test]
fn p15_an_apostrophe_within_is_no_mark() {
    assert_all(&[
        ("o'brien@x.example", &["o'brien@x.example"]),
        ("'o'brien@x.example'", &["o'brien@x.example"]),
        ("To:o'brien@x.example", &["o'brien@x.example"]),
        ("'o'brien@x.example", &["ambiguous_local_part"]),
        ("o’brien@x.example", &["non_ascii_local_part"]),
        ("o‘brien@x.example", &["non_ascii_local_part"]),
        ("連絡先aya@x.example", &["non_ascii_local_part"]),
        ("aya・mori@x.example", &["non_ascii_local_part"]),
    ]);
}

#[test]
fn names_and_brackets_are_part_of_an_entry() {
    for (line, outcome) in [
        ("Taro <a@x.example>", "= a@x.example"),
        ("Taro<a@x.example>", "= a@x.example"),
        ("田中　太郎＜ａ＠x.example＞", "= a@x.example"),
        ("< a@x.example >", "= a@x.example"),
        ("<<a@x.example>>", "= a@x.example"),
        ("Dr. \"T.\" Tanaka <a@x.example>", "= a@x.example"),
        ("\"Tanaka <home>\" <a@x.example>", "= a@x.example"),
        ("\"Never closed <a@x.example>", "= a@x.example"),
        ("\"C \"\"D, E\"\"\" <b@x.example>", "= b@x.example"),
        ("\"A\\\", B\" <a@x.example>", "= a@x.example"),
        ("Name <guést@x.example>", "! non_ascii_local_part"),
        ("a@[192.0.2.1]", "! invalid_domain"),
        ("a@b@x.example", "! invalid_email"),
        ("aya%40x.example", "! invalid_email"),
        ("Taro <>", "! invalid_email"),
        ("Taro <taro>", "! invalid_email"),
        ("\0", "! invalid_email"),
    ] {
        assert_eq!(report(&[], Some(line)), [format!("1: {line} {outcome}")], "{line:?}");
    }
}

#[test]
fn blank_lines_are_none() {
    for text in ["", " \t\u{3000}\u{feff}", " , ;，；、,", "\n\r\n"] {
        assert_eq!(read(text), [""; 0], "{text:?}");
    }
    assert_eq!(parse(&[], None), Ok(Vec::new()));
}

#[test]
fn lines_are_counted_over_fields_and_text() {
    assert_eq!(
        report(
            &["a@x.example", " ", "b@x.example\r\nc@x.example, d\ne"],
            Some("\r\nB@x.example\r\"\n\ne@x.example\n")
        ),
        [
            "1: a@x.example = a@x.example",
            "3: b@x.example = b@x.example",
            "3: c@x.example = c@x.example",
            "3: e ! invalid_email",
            "5: B@x.example ~ 3",
            "6: \" ! invalid_email",
            "8: e@x.example = e@x.example",
        ]
    );
}

#[test]
fn all_later_ones_name_the_first() {
    assert_eq!(
        report(&["a@x.example", "A@X.example"], Some("T <a@x.example>\nx\nx")),
        [
            "1: a@x.example = a@x.example",
            "2: A@X.example ~ 1",
            "3: T <a@x.example> ~ 1",
            "4: x ! invalid_email",
            "5: x ! invalid_email",
        ]
    );
}

#[test]
fn retry_text_is_one_entry_a_line() {
    let entries = parse(&[], Some("x\n\"y, z\"\na@x.example b@x")).unwrap();
    let to_mend = entries
        .iter()
        .filter(|entry| entry.address.is_err())
        .map(|entry| entry.raw.as_str());
    assert_eq!(retry_text(to_mend), "x\n\"y, z\"\nb@x");
    assert_eq!(retry_text([]), "");
}
