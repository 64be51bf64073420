#!/usr/bin/env python3
"""Writes name-folding.json: who is found by what, case by case.

    python3 tests/vectors/name_folding.py            writes the file beside this script
    python3 tests/vectors/name_folding.py --check    fails if the file is not what this would write

Each case is written by hand from the rules, and says why. Nothing here runs, or looks at, the code
under test: where the two differ, the rule decides which of them is wrong. The cases against a rule are
near misses: what a looser rule, or a slip in this one, would find.
"""

import json
import pathlib
import sys

RULES = {}
VECTORS = []


def rule(name, meaning, finds, misses):
    """A rule with its cases for and against: (name, query, why) or (name, query, why, {other fields})."""
    RULES[name] = meaning
    for cases, found in ((finds, True), (misses, False)):
        for person_name, query, why, *more in cases:
            person = {"name": person_name, "reading": None, "chatwork_id": None} | (more[0] if more else {})
            VECTORS.append({"rule": name, "person": person, "query": query, "finds": found, "why": why})


def read(reading):
    return {"reading": reading}


def handle(chatwork_id):
    return {"chatwork_id": chatwork_id}


rule(
    "case",
    "Upper and lower case are alike, by full case folding.",
    [
        ("Emilia Novak", "emilia", "the name has a capital"),
        ("abc tanaka", "ABC", "the query has capitals"),
        ("McDonald", "mcdonald", "a capital inside"),
        ("PATRICIA GONZALEZ", "patricia", "all capitals"),
        ("Patricia Gonzalez", "gONZ", "mixed case in the query"),
        ("Hans Strauß", "STRAUSS", "ß folds to ss in full case folding"),
        ("Hans STRAUSS", "strauß", "and the other way round"),
        ("Νίκος Παππάς", "ΠΑΠΠΑΣ", "the Greek final sigma folds to the ordinary one"),
        ("Иван Петров", "ПЕТ", "Cyrillic has case too"),
        ("ﬁona", "FIONA", "a ligature is its letters"),
    ],
    [
        ("Abc Tanaka", "abd", "another letter"),
        ("McDonald", "macdonald", "Mc is not Mac"),
        ("Hans Strauß", "strauz", "ß is ss, not sz"),
        ("Анна Петрова", "ahha", "a Cyrillic letter is not the Latin one that it resembles"),
        ("Patricia", "patrisia", "another spelling is another name"),
    ],
)

rule(
    "width",
    "Full-width and half-width forms are alike (NFKC).",
    [
        ("ＡＢＣ Tanaka", "abc", "full-width Latin in the name"),
        ("Abc Tanaka", "ａｂｃ", "full-width Latin in the query"),
        ("Abc Tanaka", "ＡＢＣ", "full-width capitals"),
        ("タナカ", "ﾀﾅｶ", "half-width katakana in the query"),
        ("ﾀﾅｶ", "タナカ", "half-width katakana in the name"),
        ("ダイゴ", "ﾀﾞｲｺﾞ", "half-width voicing marks are characters of their own"),
        ("ﾎﾟｰﾙ", "ポール", "half-width semi-voicing mark and long mark"),
        ("Room 101", "１０１", "full-width digits"),
        ("山田　太郎", "山田 太郎", "an ideographic space is a space"),
        ("山田 太郎", "山田　太", "and in the query"),
        ("㈱山田", "(株)山田", "a compatibility character is what it stands for"),
    ],
    [
        ("タナカ", "ﾀﾀｶ", "half-width, but another syllable"),
        ("ダイゴ", "ﾀｲｺﾞ", "a voicing mark is not a matter of width"),
        ("ＡＢＣ Tanaka", "ａｃ", "full-width, but other letters"),
        ("Room 101", "１０２", "another digit"),
        ("ﾊﾝﾅ", "ﾊﾞﾝﾅ", "half-width mark that the name does not have"),
    ],
)

rule(
    "kana",
    "Hiragana and katakana are alike; voicing marks tell syllables apart.",
    [
        ("タナカ", "たなか", "katakana name, hiragana query"),
        ("たなか", "タナカ", "hiragana name, katakana query"),
        ("山本", "やまもと", "katakana reading, hiragana query", read("ヤマモト")),
        ("田中", "ﾀﾅｶ", "hiragana reading, half-width query", read("たなか")),
        ("池田あすか", "アスカ", "hiragana at the end of a name"),
        ("ヴァネッサ", "ゔぁね", "vu exists in hiragana too"),
        ("ガブリエル", "か\u3099ぶ", "a voicing mark as a combining character"),
        ("か\u3099く", "ガク", "and in the name"),
        ("ユーコ", "ゆーこ", "the long mark stays what it is"),
        ("竜ヶ崎", "竜ケ", "small ヶ is as ケ"),
        ("みすゞ", "ミスズ", "an iteration mark repeats its kana, voiced"),
    ],
    [
        ("タナカ", "たなが", "voiced is another syllable"),
        ("ハナ", "ばな", "ha is not ba"),
        ("パク", "ばく", "pa is not ba"),
        ("キヤノン", "きゃの", "a small ya makes another syllable, unless the whole word is typed"),
        ("ユーコ", "ゆこ", "a kana query does not leave the long mark out"),
        ("カッタ", "かた", "nor the doubling mark"),
    ],
)

rule(
    "forms of one kanji",
    "Old, printed, popular and register forms of a kanji are one; what only looks or sounds alike stays apart.",
    [
        ("髙橋", "高橋", "the ladder form in the name"),
        ("高橋", "髙橋", "and in the query"),
        ("山﨑 一郎", "山崎", "another form of the right half"),
        ("山嵜", "山﨑", "both sides have another one"),
        ("澤田", "沢田", "an old form of the joyo table"),
        ("渡邊", "渡辺", "an old form"),
        ("渡辺", "渡邉", "a form of the register"),
        ("渡邉", "渡邊", "two others of one character"),
        ("齋藤", "斎藤", "an old form"),
        ("斉藤", "齋藤", "two characters that names mix up"),
        ("齊藤", "斎藤", "the old form of the second"),
        ("木村國男", "国男", "in an inner part"),
        ("𠮷野", "吉野", "beyond the basic plane"),
        ("廣瀨", "広瀬", "two in one name"),
        ("冨田", "富田", "from the table for given names"),
        ("嶋", "島", "a whole word"),
        ("淸水", "清水", "a printed form that no table lists"),
        ("桒原", "桑原", "a popular form"),
        ("龍之介", "竜之", "the beginning of a word"),
        ("藪", "薮", "a simplified form beside the printed standard"),
        ("惠美子", "恵美", "a given name"),
        ("濵田", "浜田", "a form of an old form"),
        ("吉 太郎", "𠮷太郎", "without the space too"),
    ],
    [
        ("渡辺", "渡部", "another character that is read alike"),
        ("太田", "大田", "a dot makes another character"),
        ("山崎", "山埼", "another radical, another character"),
        ("大阪", "大坂", "two characters for one word"),
        ("末次", "未次", "which line is longer"),
        ("土屋", "士屋", "and here"),
        ("裕子", "祐子", "clothes and altar"),
        ("澤田", "択田", "one right half in another character"),
        ("島田", "鳥田", "a bird without its mountain"),
        ("畠山", "畑山", "two characters for a field"),
        ("藤田", "籐田", "wisteria and rattan"),
        ("斎藤", "済藤", "a part of it"),
    ],
)

rule(
    "selectors and joiners",
    "Variation selectors and joiners are part of how a name is written, and count for nothing when it is searched.",
    [
        ("辻\U000E0100 一郎", "辻", "a selected form in the name"),
        ("辻 一郎", "辻\U000E0100", "and in the query"),
        ("葛\U000E0100城", "葛\U000E0101城", "two forms of one character"),
        ("葛\U000E0100城", "葛城", "before another character"),
        ("葛\U000E0101城", "城", "behind the form, inside the name"),
        ("渡邉\U000E0102", "渡辺", "a selected form of a form"),
        ("Emi ❤\uFE0F", "emi", "the colour of a heart"),
        ("می\u200cخواهم", "میخواهم", "a Persian name written with a non-joiner, searched without"),
        ("میخواهم", "می\u200cخواهم", "and the other way round"),
        ("ශ්\u200dරී", "ශ්රී", "a joiner in Sinhala"),
    ],
    [
        ("葛\U000E0100城", "葛\U000E0100木", "the same form before another character"),
        ("辻\U000E0100", "迚\U000E0100", "a form of another character"),
        ("葛\U000E0100城", "葛葛", "a selector is not a repetition"),
        ("می\u200cخواهم", "خواهم", "a non-joiner does not begin a word"),
    ],
)

rule(
    "accents",
    "Accents are dropped on both sides.",
    [
        ("José Alvarez", "jose", "the accent is in the name"),
        ("Jose Alvarez", "josé", "the accent is in the query"),
        ("Jose\u0301", "josé", "combining and composed accents are alike"),
        ("Jane Trần", "tran", "two marks on one letter"),
        ("John Phạm", "pham", "a dot below"),
        ("Jane Dương", "duong", "a horn"),
        ("Nguyễn Văn", "nguyen van", "Vietnamese, two words"),
        ("Barışcan Çamurcuoğlu", "camurcuoglu", "cedilla and breve"),
        ("Zoë Müller", "zoe", "a diaeresis"),
        ("Björk", "bjork", "o with diaeresis is o"),
        ("Renée François", "franc", "a cedilla inside the prefix"),
        ("Åsa Lindström", "asa", "a ring"),
        ("Dvořák", "DVORAK", "haček and acute, with case"),
    ],
    [
        ("José", "josue", "another name"),
        ("Müller", "mueller", "ü is u; ue is another spelling"),
        ("Jane Trần", "trun", "the letter under the marks counts"),
        ("Åsa", "aasa", "å is one a"),
        ("Zoë", "zoi", "dropping an accent keeps its letter"),
        ("Müller", "mller", "the letter is not dropped with it"),
    ],
)

rule(
    "special letters",
    "Letters without an accent to drop are replaced: ø o, ł l, đ d, æ ae, œ oe, þ th, ı i, ß ss.",
    [
        ("Søren", "soren", "ø"),
        ("Soren", "Søren", "ø in the query"),
        ("Łukasz Wojciech", "lukasz", "ł, a capital"),
        ("Stanisław", "stanislaw", "ł at the end"),
        ("Jane Đặng", "dang", "đ with another mark after it"),
        ("Ægir", "aegir", "æ"),
        ("Phœbe", "phoebe", "œ"),
        ("Þór", "thor", "þ"),
        ("Ilgı Sezer", "ilgi", "the dotless i"),
        ("İlker", "ilker", "the dotted capital I"),
        ("Guðrún", "gudrun", "ð"),
        ("Groß", "gross", "ß"),
    ],
    [
        ("Søren", "soeren", "ø is o, not oe"),
        ("Ægir", "agir", "æ is two letters"),
        ("Łukasz", "wukasz", "not as it sounds"),
        ("Jane Đặng", "jang", "đ is d"),
        ("Þór", "por", "þ is not the p that it resembles"),
        ("Groß", "grob", "nor ß the b"),
    ],
)

rule(
    "white space",
    "Runs of white space of any kind separate words, as middle dots do; around the text they count for nothing.",
    [
        ("Yoko  Ishikawa", "yoko ishikawa", "two spaces in the name"),
        ("Yoko Ishikawa", "yoko   ishi", "three in the query"),
        ("Yoko Ishikawa", "  yoko  ", "around the query"),
        ("Yoko\u00a0Ishikawa", "ishi", "a no-break space"),
        ("Yoko\u3000Ishikawa", "ishi", "an ideographic space"),
        ("Yoko Ishikawa", "yoko\u3000ishi", "and in the query"),
        ("マリア・ガルシア", "ガルシア マリア", "a middle dot separates foreign names"),
        ("マリア ガルシア", "マリア・ガル", "and in the query"),
        ("マリア・ガルシア", "garu", "so the second word has a romanised form of its own"),
        ("ジョン・スミス", "ジョン•スミス", "a bullet is typed for a middle dot"),
        ("ジョン・スミス", "ジョン·スミス", "so is the Latin one"),
        ("ジョン‧スミス", "ジョン・スミス", "and the hyphenation point"),
    ],
    [
        ("Yoko Ishikawa", "yokoishi", "words are not glued together"),
        ("Yokoishi Ken", "yoko ken ishi", "nor cut apart: nothing begins with ishi"),
        ("Mary Ann", "maryann", "two words are not one"),
        ("マリア・ガルシア", "リアガ", "nothing goes across the dot"),
        ("田中 太郎", "中太", "nor across a space"),
    ],
)

rule(
    "prefix of any word",
    "Latin words are found by their beginning, whichever word it is.",
    [
        ("Abc Tanaka", "abc", "the first word"),
        ("Taro Abcock", "abc", "the second word"),
        ("Maria del Carmen Ruiz", "carmen", "a word in the middle"),
        ("Maria del Carmen Ruiz", "ru", "the last word, two letters"),
        ("Hanako Fukuda", "fukuda", "a whole word"),
        ("Hanako Fukuda", "ha", "two letters are enough"),
        ("Joshua Williams", "willi", "a part of the second word"),
        ("Ян Ковальский", "кова", "Cyrillic alike"),
        ("John 3rd", "3rd", "digits are characters like others"),
        ("X Æ Li", "li", "after words of one letter"),
    ],
    [
        ("Taro Abcock", "bco", "the inside of a Latin word"),
        ("Hanako Fukuda", "kuda", "its end"),
        ("Abc Tanaka", "abcd", "longer than the word"),
        ("Joshua Williams", "joshuaw", "a prefix ends with its word"),
        ("Taro Abcock", "abcok", "one letter left out"),
        ("Ян Ковальский", "вальский", "the inside of a Cyrillic word"),
    ],
)

rule(
    "several words",
    "Each word of the query begins a word of the person, in any order.",
    [
        ("Yoko Ishikawa", "yoko ishi", "in the order of the name"),
        ("Yoko Ishikawa", "ishi yoko", "in the other order"),
        ("石川陽子", "yoko ishi", "by the romanised reading", read("イシカワ ヨウコ")),
        ("石川陽子", "いしかわ よう", "by the reading", read("イシカワ ヨウコ")),
        ("石川陽子", "石川 yoko", "name and romanised reading mixed", read("イシカワ ヨウコ")),
        ("石川陽子", "陽子 石川", "inner part and beginning", read("イシカワ ヨウコ")),
        ("Maria del Carmen Ruiz", "ruiz maria", "words between them are skipped"),
        ("Maria del Carmen Ruiz", "ma ca de ru", "four words, each short"),
        ("John Q Public", "q john", "one letter is enough for a further word"),
        ("Taro Tanaka", "ta tana", "two words of the query may begin the same word"),
        ("Hanako Fukuda", "hanako fukuda-h", "a Chatwork ID beside a word of the name", handle("fukuda-hanako1186")),
    ],
    [
        ("Yoko Ishikawa", "yoko ishii", "the second word is not there"),
        ("Yoko Ishikawa", "yuko ishi", "the first is not"),
        ("石川陽子", "yoko tana", "the reading has one of them only", read("イシカワ ヨウコ")),
        ("Maria Ruiz", "maria carmen ruiz", "one of three is missing"),
        ("John Q Public", "john x", "one letter must match too"),
        ("Yoko Ishikawa", "yoko kawa", "the second is an inside"),
    ],
)

rule(
    "spaces left out",
    "A name, or reading, whose words are all of kanji, kana or Hangul is found without its spaces too.",
    [
        ("吉田 春香", "吉田春香", "the whole name, as it is mostly written"),
        ("吉田　春香", "吉田春香", "an ideographic space is one"),
        ("吉田 春香", "吉田春", "the beginning of it"),
        ("吉田 春香", "よしだはるか", "the whole reading", read("ヨシダ ハルカ")),
        ("吉田 春香", "ヨシダハル", "its beginning, in katakana", read("ヨシダ ハルカ")),
        ("ナカムラ ミキ", "ﾅｶﾑﾗﾐｷ", "a kana name in half width"),
        ("류 지아", "류지아", "a Korean name"),
        ("山本 京助", "山本京助 やまもと", "beside another word", read("ヤマモト キョウスケ")),
    ],
    [
        ("吉田 春香", "春香吉田", "the words keep their order"),
        ("吉田 春香", "田春香", "it begins with the first word"),
        ("吉田 春香", "吉田香", "nothing is left out but spaces"),
        ("Yoko Ishikawa", "yokoishikawa", "Latin names are written with spaces"),
        ("Mary 田中", "mary田中", "one Latin word is enough"),
        ("吉田 春香", "吉田はるか", "name and reading are not joined", read("ヨシダ ハルカ")),
    ],
)

rule(
    "inner parts",
    "A run of kanji or kana (or Hangul) in a name is found from each of its characters; of a reading only if it has no spaces.",
    [
        ("田中太郎", "太郎", "the given name"),
        ("田中太郎", "田中", "the family name"),
        ("田中太郎", "中太", "any inner part"),
        ("田中太郎", "郎", "the last character"),
        ("佐々木 聡太郎", "太郎", "the inside of one of two words"),
        ("田中太郎", "ろう", "the inside of a reading without spaces", read("タナカタロウ")),
        ("池田あすか", "あすか", "kana after kanji"),
        ("池田あすか", "田あす", "across kanji and kana"),
        ("ナカムラミキ", "ミキ", "a kana name without spaces"),
        ("ナカムラミキ", "むらみ", "folded like any kana"),
        ("張麗華", "麗華", "a Chinese name"),
        ("류지아", "지아", "a Korean name has no space either"),
        ("Mary田中", "田中", "kanji after Latin letters"),
        ("田中Mary", "mary", "Latin letters after kanji"),
        ("佐々木", "々木", "an inner part may begin with the iteration mark"),
    ],
    [
        ("田中太郎", "田太", "characters left out between"),
        ("田中太郎", "太中", "another order"),
        ("田中太郎", "太朗", "another character that sounds alike"),
        ("池田あすか", "あか", "kana left out between"),
        ("ナカムラミキ", "ムミ", "kana left out between"),
        ("田中Mary", "ary", "the inside of Latin letters stays closed"),
        ("張麗華", "麗花", "the last character is another"),
    ],
)

rule(
    "reading",
    "The reading is searched like the name; kana in the name counts as reading.",
    [
        ("田中", "たなか", "hiragana", read("タナカ")),
        ("田中", "ﾀﾅｶ", "half-width", read("タナカ")),
        ("田中", "田中", "the name itself", read("タナカ")),
        ("石川陽子", "ヨウコ", "the second word of the reading", read("イシカワ ヨウコ")),
        ("石川陽子", "いしか よ", "two words by their beginning", read("イシカワ ヨウコ")),
        ("ヤマダ タロウ", "yamada", "a name in kana is its own reading"),
        ("田中さくら", "sakura", "kana at the end of a name"),
        ("林", "はやし", "one kanji, three kana", read("ハヤシ")),
        ("Anna Schmidt", "シュミット", "a Latin name may have a reading", read("アンナ シュミット")),
    ],
    [
        ("石川陽子", "しかわ", "the inside of a word of a reading with spaces", read("イシカワ ヨウコ")),
        ("斎藤 香織", "いとう", "さいとう is not いとう", read("サイトウ カオリ")),
        ("石川陽子", "ようこう", "longer than the word of the reading", read("イシカワ ヨウコ")),
        ("石川陽子", "せきかわ", "another way to read the name, not this person's", read("イシカワ ヨウコ")),
        ("田中", "なたか", "the same kana in another order", read("タナカ")),
        ("石川陽子", "いしよう", "kana left out between", read("イシカワ ヨウコ")),
        ("田中", "tanaka", "no reading: nobody knows how it is read"),
        ("田中さくら", "tanakasakura", "only the kana has a romanised form"),
        ("井の上", "no", "a single kana between kanji is not romanised"),
    ],
)

rule(
    "romanised reading",
    "A word of the reading is found by its Hepburn romanisation, from its beginning.",
    [
        ("ヤマダ", "yamada", "a name in kana"),
        ("田中", "tanaka", "a reading beside a name in kanji", read("タナカ")),
        ("鈴木", "suzu", "a prefix", read("スズキ")),
        ("橋本", "hashimoto", "sh", read("ハシモト")),
        ("服部", "hattori", "a doubled consonant", read("ハットリ")),
        ("京子", "kyoko", "a glide", read("キョウコ")),
        ("本田", "HONDA", "n before d, in capitals", read("ホンダ")),
        ("本間", "honma", "n before m", read("ホンマ")),
        ("本間", "homma", "m before m is Hepburn as well", read("ホンマ")),
        ("八丁", "hatcho", "a doubled ch is tch", read("ハッチョウ")),
        ("渡辺", "wata", "w", read("ワタナベ")),
        ("百合", "yuri", "y", read("ユリ")),
        ("田中", "中 t", "one letter, beside another word", read("タナカ")),
        ("良介", "ryos", "a prefix that ends inside a syllable", read("リョウスケ")),
    ],
    [
        ("ヤマダ", "yamata", "t is not d"),
        ("服部", "hatori", "the doubled consonant counts", read("ハットリ")),
        ("田中", "naka", "the inside of a romanised word", read("タナカ")),
        ("今野", "kono", "n before n counts", read("コンノ")),
        ("京子", "kiyoko", "a glide is not a syllable of its own", read("キョウコ")),
        ("清子", "kyoko", "and the other way round", read("キヨコ")),
        ("田中", "tanakaa", "longer than any spelling", read("タナカ")),
        ("坂田", "sakatta", "nothing is doubled that is not", read("サカタ")),
    ],
)

rule(
    "Kunrei",
    "si/shi, ti/chi, tu/tsu, hu/fu, zi/ji and their glides are alike.",
    [
        ("石川", "isikawa", "si", read("イシカワ")),
        ("下田", "simoda", "si at the beginning", read("シモダ")),
        ("千葉", "tiba", "ti at the beginning", read("チバ")),
        ("内田", "utida", "ti inside", read("ウチダ")),
        ("津田", "tuda", "tu at the beginning", read("ツダ")),
        ("松本", "matumoto", "tu inside", read("マツモト")),
        ("福田", "hukuda", "hu at the beginning", read("フクダ")),
        ("福田", "fukuda", "and fu", read("フクダ")),
        ("藤田", "huzita", "hu and zi", read("フジタ")),
        ("藤田", "fuzita", "fu and zi mixed", read("フジタ")),
        ("藤田", "hujita", "hu and ji mixed", read("フジタ")),
        ("次郎", "zirou", "zi at the beginning", read("ジロウ")),
        ("健二", "kenzi", "zi inside", read("ケンジ")),
        ("翔太", "syota", "sya, syu, syo", read("ショウタ")),
        ("長", "tyou", "tya, tyu, tyo", read("チョウ")),
        ("純", "zyun", "zya, zyu, zyo", read("ジュン")),
        ("純", "jyun", "jya, jyu, jyo", read("ジュン")),
        ("土屋", "tsutiya", "tsu and ti mixed", read("ツチヤ")),
        ("土屋", "tutiya", "tu and ti", read("ツチヤ")),
        ("真司", "sinji", "si and ji mixed", read("シンジ")),
        ("八丁", "hattyo", "a doubled ty", read("ハッチョウ")),
    ],
    [
        ("石川", "izikawa", "zi is not si", read("イシカワ")),
        ("松本", "masumoto", "su is not tsu", read("マツモト")),
        ("千葉", "siba", "si is not ti", read("チバ")),
        ("福田", "bukuda", "bu is not hu", read("フクダ")),
        ("須田", "tsuda", "tsu is not su", read("スダ")),
        ("左京", "shakyo", "sa is not sha", read("サキョウ")),
        ("沢田", "chawada", "nor cha", read("サワダ")),
        ("Simon", "shimon", "for Latin names it is another spelling"),
        ("Tim", "chim", "and here"),
    ],
)

rule(
    "long vowels",
    "A long vowel is found written in any way: ou, oo, oh, o, ō; uu, u; and so on. A short one is short.",
    [
        ("陽子", "youko", "as the kana has it", read("ヨウコ")),
        ("陽子", "yoko", "as passports have it", read("ヨウコ")),
        ("陽子", "yōko", "with a macron", read("ヨウコ")),
        ("陽子", "yôko", "with a circumflex", read("ヨウコ")),
        ("陽子", "yohko", "with an h", read("ヨウコ")),
        ("太田", "oota", "oo", read("オオタ")),
        ("太田", "ota", "contracted", read("オオタ")),
        ("太田", "ohta", "with an h", read("オオタ")),
        ("太田", "ōta", "with a macron", read("オオタ")),
        ("佐藤", "satou", "at the end, as the kana has it", read("サトウ")),
        ("佐藤", "sato", "at the end, contracted", read("サトウ")),
        ("佐藤", "satoh", "at the end, with an h", read("サトウ")),
        ("浩太郎", "koutarou", "two of them", read("コウタロウ")),
        ("浩太郎", "kotaro", "both contracted", read("コウタロウ")),
        ("浩太郎", "kohtaroh", "both with an h", read("コウタロウ")),
        ("浩太郎", "kotarou", "each in its own way", read("コウタロウ")),
        ("裕樹", "yuuki", "uu", read("ユウキ")),
        ("裕樹", "yuki", "u", read("ユウキ")),
        ("翔平", "shohei", "before an h of its own", read("ショウヘイ")),
        ("大西", "ohnishi", "oh before n", read("オオニシ")),
        ("大石", "ohishi", "oh before a vowel", read("オオイシ")),
        ("大塚", "ootuka", "with tu", read("オオツカ")),
        ("真綾", "maya", "aa contracted", read("マアヤ")),
        ("真綾", "maaya", "and not", read("マアヤ")),
        ("ユーコ", "yuko", "the long mark of katakana"),
        ("ユーコ", "yuuko", "written twice"),
        ("高", "koh", "a word that ends so", read("コウ")),
        ("王", "oh", "one long vowel alone", read("オウ")),
        ("陽子", "yo", "a prefix that ends before the lengthening", read("ヨウコ")),
        ("陽子", "yoh", "and in it", read("ヨウコ")),
    ],
    [
        ("小野", "oono", "a short o is not found by a long one", read("オノ")),
        ("小野", "ohno", "nor by oh", read("オノ")),
        ("由紀", "yuuki", "a short u", read("ユキ")),
        ("里", "satou", "a short o at the end", read("サト")),
        ("陽子", "yuko", "another vowel", read("ヨウコ")),
        ("優子", "yoko", "and the other way round", read("ユウコ")),
        ("陽子", "yokou", "the other o is short", read("ヨウコ")),
        ("圭子", "keko", "ei is never written e", read("ケイコ")),
        ("大岡", "oka", "a long o and one more are not one", read("オオオカ")),
        ("太田", "oata", "oa is no way to write it", read("オオタ")),
        ("青井", "aoui", "no vowel is long here", read("アオイ")),
    ],
)

rule(
    "literal Latin names",
    "The lenience of romanisation is for readings in kana; a Latin name is found as it is written.",
    [
        ("Louis Martin", "louis", "as written"),
        ("Lois Lane", "lois", "as written"),
        ("John Smith", "john", "the h is a letter of the name"),
        ("Jon Snow", "jon", "as written"),
        ("Aaron Lee", "lee", "a doubled letter"),
        ("Roosevelt", "roose", "a doubled o in the prefix"),
        ("Satoh Ken", "satoh", "a Japanese name in Latin letters as its owner writes it"),
        ("Johansson", "joh", "a prefix that ends in oh"),
        ("Yōko Ono", "yoko", "an accent is dropped, as in any name"),
        ("Noah", "noah", "an h at the end"),
    ],
    [
        ("Louis Martin", "lois", "Louis is not Lois"),
        ("Lois Lane", "louis", "and the other way round"),
        ("John Smith", "jon", "not Jon"),
        ("Jon Snow", "john", "and the other way round"),
        ("Roosevelt", "rosevelt", "a doubled letter is two letters"),
        ("Moore", "more", "here too"),
        ("Yoko Ono", "youko", "a Latin name does not tell which vowel is long"),
        ("Jessica", "jesshica", "si is not shi in a Latin name"),
        ("Arturo", "artsuro", "nor tu tsu"),
        ("Satoh Ken", "satou", "nor oh ou"),
    ],
)

rule(
    "small vowels",
    "Syllables of foreign names with a small vowel are one syllable: ティ ti, ファ fa, ヴァ va, ディ di, ウィ wi.",
    [
        ("ティナ", "tina", "ティ"),
        ("ファビオ", "fabio", "ファ"),
        ("ヴァネッサ", "vanessa", "ヴァ"),
        ("ディエゴ", "diego", "ディ"),
        ("ウィリアム", "wiriamu", "ウィ"),
        ("フェリペ", "feripe", "フェ"),
        ("フィリップ", "firippu", "フィ"),
        ("ヴィクトリア", "vikutoria", "ヴィ"),
        ("ジェニー", "jeni", "ジェ"),
        ("ジェニー", "zyeni", "ジェ in Kunrei"),
        ("シェリー", "sheri", "シェ"),
        ("チェン", "chen", "チェ"),
        ("ウォルター", "worut", "ウォ"),
        ("デューク", "dyuku", "デュ"),
        ("トゥアン", "tuan", "トゥ"),
        ("マルティン", "marutin", "inside a word"),
        ("陳", "chen", "in the reading", read("チェン")),
    ],
    [
        ("ティナ", "teina", "not kana by kana"),
        ("ファビオ", "fuabio", "not kana by kana"),
        ("ヴァネッサ", "voanessa", "not voa"),
        ("ディエゴ", "deiego", "not kana by kana"),
        ("ウィリアム", "uiriamu", "not kana by kana"),
        ("ティナ", "china", "ti here is no way to write chi"),
        ("トゥアン", "tsuan", "nor tu here tsu"),
        ("フェリペ", "huripe", "the small vowel is the vowel"),
    ],
)

rule(
    "marks around and between words",
    "Brackets, quotes, commas, slashes, stars and the like separate words and count for nothing at their ends.",
    [
        ("Kobayashi(Sales)", "sales", "in brackets"),
        ("Kobayashi(Sales)", "kobayashi(sales)", "the whole as written"),
        ("Yamada/Jiro", "jiro", "behind a slash"),
        ("Ota.Mei", "mei", "behind a full stop"),
        ("Ota.Mei", "otamei", "the whole without it"),
        ("Ota.Mei", "ota mei", "its parts"),
        ("Suzuki,Rin", "rin", "behind a comma"),
        ("Suzuki,Rin", "Suzuki, Rin", "with a space behind the comma"),
        ("Ichiro Matsui", "Matsui, Ichiro", "a comma in the query only"),
        ("Ichiro Matsui", "\"matsui\"", "quotes around the query"),
        ("Ichiro Matsui", "「matsui」", "those of Japan"),
        ("Ichiro Matsui", "matsui.", "a full stop at the end"),
        ("田中 太郎（営業部）", "田中太郎", "the whole name without its space, a department behind it"),
        ("【営業部】田中 太郎", "田中太郎", "and before it"),
        ("田中 太郎 (Sales)", "田中太郎", "in another script"),
        ("★Mei★", "mei", "stars"),
        ("Rin👩Mei", "mei", "behind an emoji"),
        ("taro_yamada", "yamada", "behind an underscore"),
        ("ジャン＝ポール", "ポール", "the equals sign of French names"),
        ("St. John", "st john", "an abbreviation"),
    ],
    [
        ("Kobayashi(Sales)", "ales", "the inside of a word stays closed"),
        ("Yamada/Jiro", "yamadaj", "a slash is not nothing"),
        ("Suzuki,Rin", "suzukirin", "nor a comma"),
        ("Ota.Mei", "tamei", "no word begins there"),
        ("Ichiro Matsui", "Matsui, Jiro", "the word behind the comma is another"),
        ("田中 太郎（営業部）", "太郎田中", "words keep their order"),
        ("O'Brien", "brien.", "an apostrophe begins no word"),
    ],
)

rule(
    "hyphens for the long mark",
    "Behind kana a hyphen, dash, minus or wave dash is ー, in the name and in the query.",
    [
        ("ユーコ モリ", "ユ－コ", "a full-width hyphen"),
        ("ユーコ モリ", "ユ-コ", "a hyphen"),
        ("ユーコ モリ", "ユ−コ", "a minus sign"),
        ("ユーコ モリ", "ユ―コ", "a horizontal bar"),
        ("ユーコ モリ", "ﾕ-ｺ", "half-width kana"),
        ("ユーコ モリ", "ユ〜コ", "a wave dash"),
        ("ユーコ モリ", "ユ～コ", "a full-width tilde"),
        ("ユーコ モリ", "ユ─コ", "the line of a box"),
        ("ユ-コ", "ゆーこ", "a hyphen in the name"),
        ("ﾛｰｽﾞ", "ロ-ズ", "a half-width name"),
        ("ユーコ", "ユ-", "at the end of a query"),
        ("ユ-コ", "yuko", "and it is romanised as the mark"),
    ],
    [
        ("ユ-コ", "ゆこ", "the mark is not left out"),
        ("ゆこ", "ゆ-こ", "nor the hyphen"),
        ("ユージ", "ユ・コ", "a middle dot is no dash"),
        ("Jean-Paul", "jeanーpaul", "between Latin letters the mark is no hyphen"),
    ],
)

rule(
    "long vowels in kana",
    "ー and the kana that lengthens the vowel before it are one: あ after a, い after i, う after u, い or え after e, お or う after o.",
    [
        ("光一", "コーイチ", "the mark for u after o", read("こういち")),
        ("光一", "こーいち", "in hiragana", read("こういち")),
        ("大野", "オーノ", "the mark for o after o", read("おおの")),
        ("大野", "おーの", "in hiragana", read("おおの")),
        ("ﾛｰｽﾞ", "ろおず", "a kana for the mark"),
        ("ロース", "ろうす", "the other kana for it"),
        ("ネー", "ねえ", "e after e"),
        ("ネー", "ねい", "i after e"),
        ("真綾", "マーヤ", "a after a", read("まあや")),
        ("結城", "ゆーき", "u after u", read("ゆうき")),
        ("新妻", "にーつま", "i after i", read("にいつま")),
        ("恭子", "キョーコ", "behind a glide", read("きょうこ")),
        ("遼太郎", "りょーたろー", "two of them", read("りょうたろう")),
        ("コーイチ", "こうい", "a prefix"),
    ],
    [
        ("光一", "こいち", "a long vowel is not left out", read("こういち")),
        ("小市", "こういち", "nor put in", read("こいち")),
        ("光一", "こおいち", "two kana that lengthen are two spellings", read("こういち")),
        ("青井", "あーい", "o does not lengthen a", read("あおい")),
        ("上田", "ーえだ", "nothing is before the first", read("うえだ")),
        ("恵子", "けえこ", "and so after e", read("けいこ")),
    ],
)

rule(
    "kana between kanji",
    "Between kanji ヶ, ケ, が, ガ are one, so are ツ, ッ, つ, っ, and の, ノ, 之.",
    [
        ("霞ヶ関", "霞が関", "ヶ and が"),
        ("霞ヶ関", "霞ガ関", "in katakana"),
        ("霞ヶ関", "霞ケ関", "large and small"),
        ("霞が関", "霞ヶ関", "the other way round"),
        ("三ツ矢", "三ッ矢", "ツ and ッ"),
        ("三ッ矢", "三つ矢", "in hiragana"),
        ("四ツ谷 一郎", "四っ谷", "in one of two words"),
        ("山之内", "山の内", "之 and の"),
        ("山ノ内", "山之内", "and ノ"),
        ("木村龍ノ介", "龍之介", "inside a name"),
        ("関ヶ原", "関が", "a prefix that ends with it"),
    ],
    [
        ("弘之", "弘の", "at the end it is a kanji"),
        ("竜ヶ", "竜が", "nothing is behind it"),
        ("ケン太", "ガン太", "at the beginning it is a syllable"),
        ("いけ田", "いが田", "between kana and kanji too"),
        ("カツオノ", "カッオ", "and between kana"),
        ("霞ヶ関", "霞関", "it is not left out"),
        ("山之内", "山内", "nor is this"),
        ("三ツ矢", "三ノ矢", "one sound is not another"),
    ],
)

rule(
    "large kana for small",
    "Lists of banks and registers have no small kana: a whole word, or the whole run of kana in a name, is found with large ones.",
    [
        ("服部京子", "キヨウコ", "a word of the reading", read("きょうこ はっとり")),
        ("服部京子", "ｷﾖｳｺ", "in half width", read("きょうこ はっとり")),
        ("服部京子", "ハツトリ", "a small tsu", read("きょうこ はっとり")),
        ("服部京子", "キヨウコ ハツトリ", "both words", read("きょうこ はっとり")),
        ("服部京子", "キヨウコハツトリ", "without the space", read("きょうこ はっとり")),
        ("キヤノン太郎", "キャノン", "a run of kana in a name, large there"),
        ("キャノン太郎", "キヤノン", "and small there"),
        ("フアビオ", "ファビオ", "a small vowel"),
        ("キヤノ", "きゃの", "a whole name"),
        ("京子", "キヨーコ", "with a long mark", read("きょうこ")),
    ],
    [
        ("京子", "きよ", "a prefix is no whole word", read("きょうこ")),
        ("京子", "きようこた", "longer than the word", read("きょうこ")),
        ("服部", "はつと", "nor is this one", read("はっとり")),
        ("京子", "kiyoko", "romaji tells them apart", read("きょうこ")),
        ("清子", "きようこ", "a short vowel is short", read("きよこ")),
    ],
)

rule(
    "keys of input methods",
    "What input methods take for kana is a spelling too: nn for ん anywhere, du, di, thi, xtu and the like.",
    [
        ("慎吾", "shinngo", "nn before a consonant", read("しんご")),
        ("慎吾", "sinngo", "in Kunrei", read("しんご")),
        ("健一", "kennichi", "nn before a vowel", read("けんいち")),
        ("健一", "kenn'ichi", "with an apostrophe", read("けんいち")),
        ("新藤純也", "junnya", "nn before y", read("じゅんや しんどう")),
        ("新藤純也", "shinndou", "and in the other word", read("じゅんや しんどう")),
        ("純一", "junnichi", "before a vowel, in a glide", read("じゅんいち")),
        ("純一", "jun'nichi", "an apostrophe before the second n", read("じゅんいち")),
        ("純", "junn", "at the end", read("じゅん")),
        ("服部", "haxtutori", "a small tsu by itself", read("はっとり")),
        ("服部", "haltutori", "with another key", read("はっとり")),
        ("都築", "tuduki", "du", read("つづき")),
        ("ティナ", "thina", "thi"),
        ("京子", "kixyouko", "a small yo by itself", read("きょうこ")),
    ],
    [
        ("小西", "konnishi", "no ん, no nn", read("こにし")),
        ("菅野", "kano", "one n for ん and no", read("かんの")),
        ("菅野", "kannnno", "three n, not four", read("かんの")),
        ("慎吾", "shinnngo", "nn is two letters", read("しんご")),
        ("Jenifer", "jennifer", "a Latin name is found as it is written"),
        ("都築", "tutuki", "tu is not du", read("つづき")),
        ("羽鳥", "haxtutori", "no small tsu", read("はとり")),
    ],
)

rule(
    "apostrophe and hyphen",
    "Apostrophes count for nothing. What a hyphen joins is found as a whole, with it or without, and by each part.",
    [
        ("O'Brien", "obrien", "left out in the query"),
        ("OBrien", "o'brien", "left out in the name"),
        ("O’Brien", "o'brien", "a typographic one"),
        ("O´Brien", "obrien", "an acute accent in its place"),
        ("Jean-Paul", "jeanpaul", "a hyphen"),
        ("Jeanpaul", "jean-paul", "a hyphen in the query"),
        ("Jean‐Paul", "jean-p", "the Unicode hyphen"),
        ("Karl–Peter", "karlpe", "a dash"),
        ("純一", "jun'ichi", "after n, in a romanised reading", read("ジュンイチ")),
        ("純一", "junichi", "and left out", read("ジュンイチ")),
        ("純一", "jun-ichi", "and as a hyphen", read("ジュンイチ")),
        ("健一", "ken’ichi", "a typographic one", read("ケンイチ")),
        ("D'Angelo", "dang", "a prefix across it"),
        ("Jean-Paul", "paul", "the part behind a hyphen"),
        ("Jean-Paul", "jean paul", "both parts"),
        ("Jean Paul", "jean-paul", "a hyphen in the query between two words"),
        ("Ana-Maria-Luz", "luz", "the last of three parts"),
        ("Ana-Maria-Luz", "maria-luz", "two of three"),
    ],
    [
        ("O'Brien", "brien", "no word begins after an apostrophe"),
        ("Jean-Paul", "aul", "nor inside a part"),
        ("Jean-Paul", "jean-pierre", "one part of two"),
        ("Jean Paul", "jeanpaul", "two words are not one"),
        ("Jeanpaul", "paul", "without a hyphen there are no parts"),
        ("O'Brien", "o brien", "nor is an apostrophe a space"),
        ("O'Brien", "obrian", "another letter"),
    ],
)

rule(
    "iteration marks",
    "々 repeats the kanji before it, ゝ and ゞ the kana.",
    [
        ("佐々木", "佐々木", "as written"),
        ("佐々木", "佐佐木", "written out in the query"),
        ("佐佐木", "佐々", "written out in the name"),
        ("野々村", "野野村", "another one"),
        ("佐々木", "佐々", "a prefix that ends with the mark"),
        ("いすゞ", "いすず", "a voiced mark"),
        ("さゝき", "ささき", "an unvoiced mark"),
        ("さゝき", "sasaki", "in the romanised form as well"),
        ("みすゞ", "misuzu", "voiced, in the romanised form"),
    ],
    [
        ("佐々木", "佐木", "the mark counts"),
        ("佐木", "佐々木", "and the other way round"),
        ("佐々木", "佐木木", "it repeats what is before it"),
        ("いすゞ", "いすす", "voiced is voiced"),
        ("さゝき", "さざき", "and unvoiced unvoiced"),
    ],
)

rule(
    "Chatwork ID",
    "A Chatwork ID is found exactly or by its beginning, without case; - and _ are characters of it.",
    [
        ("遠藤充", "endo-mituru385", "the whole", handle("endo-mituru385")),
        ("遠藤充", "ENDO-MITURU385", "in capitals", handle("endo-mituru385")),
        ("遠藤充", "endo-mituru385", "capitals in the ID", handle("Endo-Mituru385")),
        ("遠藤充", "endo", "the beginning", handle("endo-mituru385")),
        ("遠藤充", "endo-", "the beginning with its hyphen", handle("endo-mituru385")),
        ("遠藤充", "ｅｎｄｏ－ｍ", "full-width in the query", handle("endo-mituru385")),
        ("中川里佳", "nakagawa_rika", "an underscore", handle("nakagawa_rika1102")),
        ("中川里佳", "__rika", "an ID that begins with underscores", handle("__rika")),
        ("Kim", "a-b-c", "many hyphens", handle("a-b-c-d")),
        ("Kim", "007", "digits only", handle("007-bond")),
        ("Kim", "oo-o", "letters that romanisation would contract", handle("oo-oh")),
        ("Kim", "shousi", "and here", handle("shousi")),
    ],
    [
        ("遠藤充", "mituru", "the inside of an ID", handle("endo-mituru385")),
        ("遠藤充", "endomituru", "the hyphen counts", handle("endo-mituru385")),
        ("遠藤充", "endo_mituru", "- is not _", handle("endo-mituru385")),
        ("中川里佳", "nakagawarika", "the underscore counts", handle("nakagawa_rika1102")),
        ("遠藤充", "endo-mituru3856", "longer than the ID", handle("endo-mituru385")),
        ("Kim", "shoushi", "si is not shi in an ID", handle("shousi")),
        ("Kim", "satou", "nor ou o", handle("sato")),
        ("Kim", "josé", "an accent is not part of any ID", handle("jose")),
    ],
)

FIELDS = {
    "rule": "the rule that the case shows, one of those in `rules`",
    "person": "who may be found: name, reading and Chatwork ID (null for none), findable by everything",
    "query": "what is typed into the search box",
    "finds": "whether it finds the person",
    "why": "what the case is about",
}


def main():
    header = {
        "about": "Who is found by what. Written by name_folding.py, from cases written by hand.",
        "fields": FIELDS,
        "rules": RULES,
    }
    path = pathlib.Path(__file__).with_name("name-folding.json")
    # One vector a line, so that a change shows as the line it is about.
    rows = ",\n".join("  " + json.dumps(vector, ensure_ascii=False) for vector in VECTORS)
    text = json.dumps(header, ensure_ascii=False, indent=1).removesuffix("\n}") + ',\n "vectors": [\n' + rows + "\n ]\n}\n"
    if "--check" in sys.argv[1:]:
        if path.read_text(encoding="utf-8") != text:
            sys.exit(f"{path.name} is not what {pathlib.Path(__file__).name} writes")
    else:
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
