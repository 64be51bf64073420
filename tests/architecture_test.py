"""The invariants of docs/architecture.md: who may depend on whom, who may name what.

Each rule is a function from the tree to its offences. A rule is tested twice: the tree has none, and the
tree with an offence planted in it has one.
Run by tests/run; by hand: python3 tests/architecture_test.py
"""

import copy
import json
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent

# What a package may depend on, of those of this workspace.
STORE = {"contacts", "contacts-dynamodb"}
SHARED = STORE | {"contacts-mail", "contacts-texts", "contacts-http", "contacts-runtime"}
ALLOWED = {
    "contacts": set(),
    "contacts-dynamodb": {"contacts"},
    "contacts-mail": {"contacts", "contacts-texts"},
    "contacts-texts": {"contacts"},
    "contacts-runtime": STORE,
    "contacts-http": STORE | {"contacts-runtime"},
    "contacts-admin": STORE | {"contacts-runtime"},
    "local-dynamodb": set(),
    "local-aws": {"local-dynamodb"},
    "web-assets": set(),
    "web": SHARED | {"web-assets"},
}
FREE = {"contacts-local", "contacts-tests"}

# Packages that speak to AWS, speak HTTP, or run tasks.
OUTSIDE = re.compile(r"^(aws-|aws_|lambda_|serde_dynamo$|axum|http$|http-body|hyper|reqwest|tower|tokio)")
PRODUCT = re.compile(r"contacts|invitation|share.?link|chatwork", re.IGNORECASE)
STATUS = re.compile(r"\bStatusCode\b|\bReply\b|\bStored\(|\bstatus_code\b|application/json|\bHTTP\b")
# A word that begins or is a key: `"USER#`, `"PROFILE"`.
KEY_WORD = re.compile(r'"[A-Z][A-Z_]*[#"]')
# An attribute that is looked up by its name, and the attributes of the indexes, in whatever text.
ATTRIBUTE = re.compile(r'const [A-Z_]+: &str = "([a-z_]+)";')
OF_INDEX = r"\b(?:due|list)_[ps]k\b"
KEYS = "crates/contacts-dynamodb/src/table/keys.rs"
TRANSACTION = "crates/contacts-dynamodb/src/table/transaction.rs"
MOST_FILES = 12
# Kana, ideographs, hangul, and their full-width signs: what people read belongs into crates/contacts-texts/texts.
CJK = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
# What compares characters has to name them.
CHARACTERS = re.compile(r"^crates/(contacts/src/(folding|invitation/bulk\.rs)|contacts-mail/src/defang\.rs)")


class Tree:
    """Packages with their dependencies, and the sources."""

    def __init__(self):
        call = ["cargo", "metadata", "--no-deps", "--format-version", "1", "--offline", "--locked"]
        told = subprocess.run(call, cwd=ROOT, capture_output=True, check=True, text=True).stdout
        self.packages = {}
        for package in json.loads(told)["packages"]:
            folder = pathlib.Path(package["manifest_path"]).parent.relative_to(ROOT).as_posix()
            needs = {d["name"] for d in package["dependencies"] if d["kind"] in (None, "build")}
            self.packages[package["name"]] = {"folder": folder, "needs": needs}
        listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.rs", "*.js"]
        names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True, text=True).stdout.splitlines()
        self.sources = {name: (ROOT / name).read_text(encoding="utf-8") for name in names if (ROOT / name).is_file()}

    def of(self, folder):
        """The deployed sources below a folder: no tests."""
        for name, text in self.sources.items():
            if name.startswith(folder) and not re.search(r"(^|/)tests?(/|\.rs$)|scripted\.rs$", name):
                yield name, re.split(r"\n#\[cfg\(test\)\]\n(?:#\[cfg\([^\n]*\)\]\n)*mod tests {", text)[0]


def offences(tree, folder, pattern):
    found = []
    for name, text in tree.of(folder):
        for number, line in enumerate(text.splitlines(), 1):
            if pattern.search(line):
                found.append(f"{name}:{number}: {line.strip()}")
    return found


def dependencies(tree):
    own, found = set(tree.packages), []
    for name, package in tree.packages.items():
        if name in FREE:
            continue
        allowed = ALLOWED.get(name, SHARED if package["folder"].startswith("functions/") else None)
        if allowed is None:
            found.append(f"{name}: say in ALLOWED what it may depend on")
            continue
        found += [f"{name} depends on {need}" for need in (package["needs"] & own) - allowed]
    return found


def domain_is_pure(tree):
    needs = tree.packages["contacts"]["needs"]
    return [f"contacts depends on {need}" for need in needs if OUTSIDE.match(need)] + offences(
        tree, "crates/contacts/src/", re.compile(r"\b(AWS|DynamoDB|SES|Lambda|HTTP|API Gateway)\b")
    )


def store_names_no_status(tree):
    needs = tree.packages["contacts-dynamodb"]["needs"]
    http = [f"contacts-dynamodb depends on {need}" for need in needs if re.match(r"^(axum|http|hyper|tower)", need)]
    return http + offences(tree, "crates/contacts-dynamodb/src/", STATUS)


def one_place_sends_transactions(tree):
    found = offences(tree, "", re.compile(r"\.transact_write_items\(\)"))
    return [line for line in found if not line.startswith(TRANSACTION)]


def one_place_spells_keys(tree):
    words = set(KEY_WORD.findall(tree.sources[KEYS]))
    key_word = re.compile("|".join(map(re.escape, sorted(words))))
    found = offences(tree, "crates/contacts", key_word) + offences(tree, "functions/", key_word)
    return [line for line in found if not line.startswith(KEYS)]


def one_place_names_attributes(tree):
    words = sorted(set(ATTRIBUTE.findall(tree.sources[KEYS])))
    named = re.compile("|".join([OF_INDEX, *(f'"{word}"' for word in words)]))
    looked_up = re.compile(r'\b(contains_key|string|number)\((?:[^"]*[ (])?"')
    store = "crates/contacts-dynamodb/src/"
    found = set(offences(tree, store, named) + offences(tree, store, looked_up))
    return sorted(line for line in found if not line.startswith(KEYS))


def local_aws_knows_no_product(tree):
    found = offences(tree, "crates/local-aws/src/", PRODUCT)
    return found + offences(tree, "crates/local-dynamodb/src/", PRODUCT)


def texts_are_data(tree):
    return [line for line in offences(tree, "", CJK) if not CHARACTERS.match(line)]


def rooms_are_small(tree):
    rooms = {}
    for name in tree.sources:
        room, _, file = name.rpartition("/")
        rooms.setdefault((room, file.rpartition(".")[2]), []).append(file)
    return [f"{room}: {len(files)} .{kind} files" for (room, kind), files in rooms.items() if len(files) > MOST_FILES]


def plant_dependency(package, need):
    def plant(tree):
        tree.packages[package]["needs"].add(need)

    return plant


def plant_line(name, line):
    def plant(tree):
        tree.sources[name] = tree.sources.get(name, "") + f"\n{line}\n"

    return plant


def plant_files(tree):
    for number in range(MOST_FILES + 1):
        tree.sources[f"crates/contacts/src/room/{number}.rs"] = ""


# Each rule, with offences that it has to notice.
RULES = {
    dependencies: [
        plant_dependency("contacts", "contacts-dynamodb"),
        plant_dependency("profiles", "user-search"),
        plant_dependency("web", "contacts-local"),
        plant_dependency("local-aws", "contacts"),
        plant_dependency("contacts-texts", "contacts-mail"),
        plant_dependency("profiles", "web-assets"),
    ],
    domain_is_pure: [
        plant_dependency("contacts", "aws-sdk-dynamodb"),
        plant_dependency("contacts", "tokio"),
        plant_line("crates/contacts/src/planted.rs", "// As DynamoDB wants it."),
    ],
    store_names_no_status: [
        plant_dependency("contacts-dynamodb", "http"),
        plant_line("crates/contacts-dynamodb/src/planted.rs", "use http::StatusCode;"),
        plant_line("crates/contacts-dynamodb/src/planted.rs", "let reply = Reply { key };"),
    ],
    one_place_sends_transactions: [
        plant_line("crates/contacts-dynamodb/src/search.rs", "self.client.transact_write_items().send()"),
    ],
    one_place_spells_keys: [
        plant_line("crates/contacts-dynamodb/src/search.rs", 'Key::new("USER#1", "x")'),
        plant_line("crates/contacts-local/src/people.rs", 'let sk = "PROFILE";'),
    ],
    one_place_names_attributes: [
        plant_line("crates/contacts-dynamodb/src/search.rs", 'items.iter().filter(|item| item.contains_key("pair"))'),
        plant_line("crates/contacts-dynamodb/src/search.rs", 'let views = loaded.number(&keys::counts(me), "seen");'),
        plant_line("crates/contacts-dynamodb/src/search.rs", 'self.update_if(key, "REMOVE due_pk, due_sk", same)'),
    ],
    local_aws_knows_no_product: [
        plant_line("crates/local-aws/src/planted.rs", 'const TABLE: &str = "contacts";'),
    ],
    texts_are_data: [
        plant_line("functions/web/src/pages/link.rs", 'let title = "\u62db\u5f85";'),
        plant_line("functions/web/assets/manage/main.js", 'const title = "\u62db\u5f85";'),
    ],
    rooms_are_small: [plant_files],
}


class Architecture(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.tree = Tree()

    def test_every_rule_holds(self):
        for rule in RULES:
            with self.subTest(rule=rule.__name__):
                self.assertEqual(rule(self.tree), [])

    def test_every_rule_notices_a_planted_offence(self):
        for rule, plants in RULES.items():
            before = rule(self.tree)
            for number, plant in enumerate(plants):
                tree = copy.deepcopy(self.tree)
                plant(tree)
                with self.subTest(rule=rule.__name__, offence=number):
                    self.assertGreater(len(rule(tree)), len(before))

    def test_the_code_map_has_every_package(self):
        page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
        for package in self.tree.packages.values():
            name = package["folder"].rpartition("/")[2]
            with self.subTest(package=name):
                self.assertIn(f"{name}/", page)


if __name__ == "__main__":
    unittest.main()
