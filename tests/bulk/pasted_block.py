"""Writes pasted-block.txt, 1,000 messy lines as somebody might paste them into the invitation form, and
pasted-block.json, what a report on them has to say.

Each entry's expectation is noted while its text is put together; nothing here reads the text back. Beside
made-up addresses there are some of ../people.csv, so that after an import registered people are among them.

    python3 tests/bulk/pasted_block.py

pasted-block.json is an array in the order of the text:
    line              from 1, blank lines counted
    raw               the entry's own text
    status            valid, invalid or duplicate
    email             the address in its stored form; null if invalid
    reason            why it is invalid; null otherwise
    duplicate_of_line the line of the first occurrence; null unless duplicate
"""

import csv
import json
import pathlib
import random
import re

HERE = pathlib.Path(__file__).parent
LINES = 1_000
REGISTERED = 130
rng = random.Random(20_260_301)

with open(HERE.parent / "people.csv", encoding="utf-8", newline="") as file:
    registered = sorted({row["email"] for row in csv.DictReader(file)})
registered = rng.sample(registered, REGISTERED)

# The form that is pasted, and its punycode.
DOMAINS = [
    ("mail.partner.example", "mail.partner.example"),
    ("customer.example", "customer.example"),
    ("kaisha.co.jp.example", "kaisha.co.jp.example"),
    ("例え.example", "xn--r8jz45g.example"),
    ("bücher.example", "xn--bcher-kva.example"),
]
LATIN = ["Taro Tanaka", "Hanako Sato", "José García", "Anne-Marie O'Brien", "Dr. Kim"]
KANJI = ["田中太郎", "佐藤　花子", "ﾔﾏﾀﾞ ｼﾞﾛｳ", "髙橋 様"]
BLANK = ["", "", "", " ", "\t", "\u3000", "\t \u3000", ",", " , ; ", "，；、", ";;;"]
SEPARATORS = [",", ", ", ";", " ; ", "，", "；", "、", "、 ", ",,", "; ,"]
SPACES = [" ", "  ", "\t", "\u3000"]

entries = []
first_lines = {}
serial = 0


def number():
    global serial
    serial += 1
    return serial


def wide(text):
    """Printable ASCII in full width."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def fresh_address():
    """As pasted, and as stored."""
    domain, stored_domain = rng.choice(DOMAINS)
    local = rng.choice(["guest", "first.last", "o'neil", "a_b-c", "team+list", "k"]) + str(number())
    return f"{local}@{domain}", f"{local}@{stored_domain}"


BARE = [
    lambda a: a,
    lambda a: a,
    lambda a: a.upper(),
    lambda a: a.title(),
    lambda a: a.replace("@", "＠"),
    lambda a: wide(a),
    lambda a: wide(a.upper()),
    lambda a: f"<{a}>",
]
UNCLOSED = lambda a: f'"Never closed <{a}>'
NAMED = [
    lambda a: f"{rng.choice(LATIN)} <{a}>",
    lambda a: f"{rng.choice(LATIN)}<{a.replace('@', '＠')}>",
    lambda a: f"{rng.choice(KANJI)} <{a}>",
    lambda a: f"{rng.choice(KANJI)}＜{wide(a)}＞",
    lambda a: f'"Tanaka, Taro" <{a}>',
    lambda a: f'"Sato; Hanako、Dr." <{a.upper()}>',
    lambda a: f'"He said \\"hi, all\\"" <{a}>',
    lambda a: f'"Yamada ""Jiro, Jr.""" < {a} >',
    UNCLOSED,
    lambda a: f'"Team <all>, Tokyo" <{a}>',
]

# Text with one address or two, of customer.example. What is in [] is an entry's own text; {} makes each one differ.
AROUND = [
    "Taro <[guest{}@customer.example]",
    "<[guest{}@customer.example]",
    "Taro [guest{}@customer.example]",
    "guest [{}@customer.example]",
    "[guest{}@customer.example] (work)",
    "(work) [guest{}@customer.example]",
    "[a{}@customer.example] [b{}@customer.example] and so on",
    "[Taro <a{}@customer.example>] [Jiro <b{}@customer.example>]",
    "[Tanaka, Jiro <a{}@customer.example>]; [Sato, Hanako <b{}@customer.example>]",
    "[guest{}@customer.example]>",
    "[guest{}@customer.example.]",
    "[guest{}@customer.exampleさん]",
    "[guest{}@customer.exampleまで。]",
    "[・guest{}@customer.example]",
    "[mailto:guest{}@customer.example]",
    "[email=guest{}@customer.example]",
    "[連絡先：guest{}@customer.example]",
    '"[guest{}@customer.example]"',
    "「[guest{}@customer.example]」",
    "['guest{}@customer.example']",
    "[Taro <guest{}@customer.example<mailto:guest{}@customer.example>>]",
    "[guest{}..x@customer.example]",
    "[guest{}.@customer.example]",
]

# Text that is no address, and the reason; {} makes each one differ.
NONSENSE = [
    ("hello {}", "invalid_email"),
    ("----- Original Message {} -----", "invalid_email"),
    ("https://meeting.example/j/{}?pwd=x", "invalid_email"),
    ("TEL 03-0000-{}", "invalid_email"),
    ("お世話になっております {}", "invalid_email"),
    ("guest{}", "invalid_email"),
    ("@customer{}.example", "invalid_email"),
    ("guest{}@", "invalid_email"),
    ("guest{}@@customer.example", "invalid_email"),
    ("guest{}@a@customer.example", "invalid_email"),
    ('"guest {}"@customer.example', "invalid_email"),
    ('"guest, {}"@customer.example', "invalid_email"),
    ('"Unclosed {}', "invalid_email"),
    ("No address {} <>", "invalid_email"),
    ("https://guest{}@customer.example/", "invalid_email"),
    ("-guest{}@customer.example", "ambiguous_local_part"),
    ("guest{}@customer.example。またね", "ambiguous_domain"),
    ("guest{}@localhost", "invalid_domain"),
    ("guest{}@customer..example", "invalid_domain"),
    ("guest{}@cust_omer.example", "invalid_domain"),
    ("guest{}@192.0.2.7", "invalid_domain"),
    ("guest{}@[192.0.2.7]", "invalid_domain"),
    ("guest{}@of\ufb01ce.example", "invalid_domain"),
    ("guest{}@\u212aaisha.example", "invalid_domain"),
    ("田中{}@customer.example", "non_ascii_local_part"),
    ("g\u0131est{}@customer.example", "non_ascii_local_part"),
    ("Name <gu\u00e9st{}@customer.example>", "non_ascii_local_part"),
    ("gu\u200best{}@customer.example", "control_character"),
    ("gu\u202eest{}@customer.example", "control_character"),
    ("x" * 65 + "{}@customer.example", "too_long"),
    ("guest{}@" + "long." * 60 + "example", "too_long"),
]


def note(line, raw, email=None, reason=None):
    first = first_lines.get(email)
    if email and first is None:
        first_lines[email] = line
    entries.append(
        {
            "line": line,
            "raw": raw,
            "status": "invalid" if email is None else "valid" if first is None else "duplicate",
            "email": email,
            "reason": reason,
            "duplicate_of_line": first,
        }
    )
    return raw


def address(line, shapes, kind):
    if kind == "duplicate":
        # The one just before would not be a second entry, with nothing but brackets between.
        stored = rng.choice([earlier for earlier in first_lines if not entries or earlier != entries[-1]["email"]])
        pasted = stored
    elif kind == "registered":
        pasted = stored = registered.pop()
    else:
        pasted, stored = fresh_address()
    return note(line, rng.choice(shapes)(pasted), stored)


def around(line, template):
    """Notes what is in the square brackets, and takes these away."""
    text = template.replace("{}", str(number()))
    for raw in re.findall(r"\[(.*?)\]", text):
        local = re.search(r"([a-z0-9.]+)@", raw)[1]
        quoted = f'"{local}"' if ".." in local or local.endswith(".") else local
        note(line, raw, f"{quoted}@customer.example")
    return text.replace("[", "").replace("]", "")


def nonsense(line, beside_an_address=False):
    """Text without an address. Beside one, what has no @ is its name, or nothing."""
    template, reason = NONSENSE[number() % len(NONSENSE)]
    text = template.format(number())
    if beside_an_address and "@" not in text:
        return text
    return note(line, text, reason=reason)


def several(line):
    """Two or three entries on one line."""
    separator = rng.choice(SEPARATORS)
    match rng.randrange(4):
        case 0:
            parts = [address(line, BARE, "fresh"), address(line, BARE, "duplicate")]
            return rng.choice(SPACES).join(parts)
        case 1:
            # The quote that never closes hides nothing, and what is before an address in brackets is its name.
            name = f'"Tanaka{number()}' + separator
            return address(line, [lambda a, shape=shape: name + shape(a) for shape in NAMED[:3]], "fresh")
        case 2:
            # Without the quote that never closes: one in the nonsense would close it.
            closed = [shape for shape in NAMED if shape is not UNCLOSED]
            return separator.join([address(line, closed, "fresh"), nonsense(line, beside_an_address=True)])
        case _:
            return separator.join(address(line, BARE, kind) for kind in ("fresh", "registered", "fresh"))


kinds = ["blank"] * 80 + ["several"] * 40 + ["registered"] * 100 + ["duplicate"] * 90 + ["nonsense"] * 130
kinds += AROUND * 2
kinds += ["fresh"] * (LINES - len(kinds))
rng.shuffle(kinds)
# The first line has something that later ones can repeat.
kinds.insert(0, kinds.pop(kinds.index("fresh")))

texts = []
for line, kind in enumerate(kinds, start=1):
    if kind == "blank":
        texts.append(rng.choice(BLANK))
        continue
    if kind == "several":
        text = several(line)
    elif kind == "nonsense":
        text = nonsense(line)
    elif kind in AROUND:
        text = around(line, kind)
    else:
        text = address(line, rng.choice([BARE, NAMED]), kind)
    before = rng.choice(["", "", "", " ", "\t", "\u3000", ", "])
    after = rng.choice(["", "", "", " ", "\t", "\u3000 ", ",", ";", "；"])
    texts.append(before + text + after)

block = ""
for text, following in zip(texts, texts[1:] + ["end"]):
    # A lone CR before an empty line would be read as half of a CRLF.
    ends = ["\r\n"] * 7 + ["\n"] * 2 + (["\r"] if following else [])
    block += text + rng.choice(ends)

assert len(texts) == LINES and len(entries) <= 1_000
(HERE / "pasted-block.txt").write_bytes(block.encode())
lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
(HERE / "pasted-block.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8", newline="\n")
