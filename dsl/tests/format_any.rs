//! What holds for every text that is laid out: nothing is lost, nothing means anything else, and
//! once is enough.

#![allow(clippy::unwrap_used)]

mod flow_text;

use flow_text::{all, read, words};
use proptest::prelude::*;
use statewright_dsl::format::{WIDTH, format};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

static ALL: LazyLock<Vec<String>> = LazyLock::new(|| all().into_iter().map(|f| f.1).collect());

/// Those without a mistake in their syntax.
static GOOD: LazyLock<Vec<String>> =
    LazyLock::new(|| ALL.iter().filter(|text| read(text).1.is_empty()).cloned().collect());

/// Lays a text out and compares what has to stay.
fn laid_out(text: &str) -> String {
    let once = format(text);
    assert_eq!(words(&once), words(text), "\n{text}\n----\n{once}");
    assert!(read(&once) == read(text), "another tree:\n{text}\n----\n{once}");
    let twice = format(&once);
    assert!(twice == once, "twice:\n{text}\n----\n{once}\n----\n{twice}");
    if read(text).1.is_empty() {
        is_tidy(&once);
    }
    once
}

/// Looks for white space that no good text has.
fn is_tidy(text: &str) {
    let code = |line: &str| !line.contains("//") && !line.contains("*/") && !line.contains('"');
    let mut is_comment = false;
    for line in text.lines() {
        let was_comment = is_comment;
        is_comment = match (line.rfind("/*"), line.rfind("*/")) {
            (open, close) if open != close => open > close,
            _ => is_comment,
        };
        // What stands in a comment stays.
        if was_comment || is_comment || !code(line) {
            continue;
        }
        assert!(!line.ends_with([' ', '\t']) && !line.contains('\t'), "{line:?} in\n{text}");
        let long = line.chars().count() > WIDTH;
        let breaks = [", ", " && ", " || ", " -> "].iter().any(|mark| line.contains(mark));
        assert!(!(long && breaks), "{line:?} in\n{text}");
    }
    assert!(text.contains("/*") || !text.contains("\n\n\n"), "{text}");
    assert!(!text.starts_with('\n'), "{text}");
    let text = text.trim_start_matches('\u{FEFF}');
    assert!(text.is_empty() || text.ends_with('\n') && !text.ends_with("\n\n"), "{text}");
}

/// Numbers that a seed gives, one after the other.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below
    }

    fn pick<'t, T: ?Sized>(&mut self, list: &[&'t T]) -> &'t T {
        list[self.roll(list.len())]
    }
}

const GAPS: &[&str] = &[" ", "\n", "\t", "   ", "\n\n\n", "\n        ", "\r\n"];
const COMMENTS: &[&str] = &[
    " // behind\n",
    "\n// before\n",
    " /* inside */ ",
    "\n\n  /* of\n     two lines */\n",
    "/**/",
    " // one\n   // two\n\n",
    "/* a */ /* b */\n",
    "// Windows\r\n",
];

/// The same tokens with other white space and more comments.
fn shuffled(text: &str, dice: &mut Dice, comments: usize) -> String {
    let mut out = dice.pick(GAPS).to_string();
    if dice.roll(100) < comments {
        out.push_str(dice.pick(COMMENTS));
    }
    for word in words(text) {
        out.push_str(&word);
        out.push_str(match word.starts_with("//") {
            true => "\n",
            false if dice.roll(100) < comments => dice.pick(COMMENTS),
            false => dice.pick(GAPS),
        });
    }
    out
}

/// A text with some tokens dropped, doubled, moved, or cut in two.
fn mangled(text: &str, dice: &mut Dice) -> String {
    let mut text = text.to_string();
    for _ in 0..1 + dice.roll(4) {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        if places.is_empty() {
            return text;
        }
        let at = places[dice.roll(places.len())];
        let len = 1 + dice.roll(12);
        let end = places.iter().copied().find(|end| *end >= at + len).unwrap_or(text.len());
        let some = text[at..end].to_string();
        match dice.roll(5) {
            0 => text.replace_range(at..end, ""),
            1 => text.insert_str(at, &some),
            2 => text.truncate(at),
            3 => {
                text.insert_str(at, dice.pick(&["{", "}", "\"", "/*", "=>", "(", "é", "on", "\r"]))
            }
            _ => {
                text.replace_range(at..end, "");
                let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
                let to = places.get(dice.roll(places.len().max(1))).copied().unwrap_or(0);
                text.insert_str(to, &some);
            }
        }
    }
    text
}

#[test]
fn every_file_keeps_what_it_says() {
    for text in ALL.iter() {
        laid_out(text);
    }
}

#[test]
fn windows_stays_windows() {
    for text in ALL.iter() {
        let windows = format!("\u{FEFF}{}", text.replace('\n', "\r\n"));
        let wanted = format!("\u{FEFF}{}", laid_out(text).replace('\n', "\r\n"));
        assert_eq!(laid_out(&windows), wanted);
    }
}

#[test]
fn a_text_in_one_line_is_laid_out() {
    for text in GOOD.iter() {
        let joined: Vec<String> =
            words(text).into_iter().filter(|word| !word.starts_with("//")).collect();
        let once = laid_out(&joined.join(" "));
        assert!(once.lines().all(|line| line.chars().count() <= WIDTH), "{once}");
    }
}

#[test]
fn a_text_may_hold_little() {
    let texts = [
        "",
        " ",
        "\n\n",
        " //",
        "\t// a",
        " /* a */ // b\n",
        "\u{FEFF}",
        "\r",
        "\r\n// a\r\n",
        "/*",
    ];
    for text in texts {
        laid_out(text);
    }
    assert_eq!(laid_out("  // a\n  enum E {}"), "// a\nenum E {}\n");
    assert_eq!(laid_out("  /* a */ enum E {}"), "/* a */ enum E {}\n");
    assert_eq!(laid_out(" \n"), "");
}

/// The time grows with the length alone.
#[test]
fn long_texts_are_laid_out_soon() {
    let rows = [
        ("", "machine A { } ", ""),
        ("machine M { ", "state A { on B -> C } ", "}"),
        ("machine M { ", "state A { on B => C } ", "}"),
        ("machine M { invariant f(", "a, ", "b) }"),
        ("machine M { invariant f(", "g(a + b, [c]), /* d */ ", "b) }"),
        ("machine M { on A do ", "set a = b // c\n, ", "d() }"),
        ("machine M { ", "/* a */ ", "}"),
        ("machine M { ", "// a\n", "}"),
        ("enum E { ", "A, /* b */ ", "}"),
        ("", "/// a\n", ""),
        ("", "\r", "\n"),
        ("", "\u{FEFF}", "\n"),
        ("machine M { on A { ", "if a && b -> C ", "} }"),
        ("machine M { state A { ", "on B -> C // d\n", "} }"),
    ];
    for (start, row, end) in rows {
        let text = format!("{start}{}{end}", row.repeat(8_000));
        let begin = Instant::now();
        let once = format(&text);
        let took = begin.elapsed();
        assert!(took < Duration::from_secs(10), "{row}: {took:?}");
        assert!(format(&once) == once, "{row}");
    }
    for depth in [10, 60] {
        let nested = format!("{}b{}", "f(a, ".repeat(depth), ")".repeat(depth));
        let text = format!("machine M {{ invariant {} }}", [nested.as_str(); 40].join(" && "));
        let begin = Instant::now();
        laid_out(&text);
        assert!(begin.elapsed() < Duration::from_secs(10), "{depth}: {:?}", begin.elapsed());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_white_space_is_laid_out(file in 0..10_000_usize, seed in any::<u64>()) {
        laid_out(&shuffled(&GOOD[file % GOOD.len()], &mut Dice(seed), 0));
    }

    #[test]
    fn any_comment_stays(file in 0..10_000_usize, seed in any::<u64>()) {
        laid_out(&shuffled(&GOOD[file % GOOD.len()], &mut Dice(seed), 10));
    }

    #[test]
    fn any_mistake_stays(file in 0..10_000_usize, seed in any::<u64>()) {
        laid_out(&mangled(&ALL[file % ALL.len()], &mut Dice(seed)));
    }

    #[test]
    fn any_mistake_in_any_white_space_stays(
        file in 0..10_000_usize,
        seed in any::<u64>(),
    ) {
        let mut dice = Dice(seed);
        let text = shuffled(&ALL[file % ALL.len()], &mut dice, 5);
        laid_out(&mangled(&text, &mut dice));
    }

    #[test]
    fn any_text_stays(text in any::<String>()) {
        laid_out(&text);
    }
}
