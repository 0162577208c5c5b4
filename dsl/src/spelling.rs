//! "Did you mean": the known word that is nearest to a word with a slip in it. And how Rust spells
//! what the language spells in another way, and which types it has.

/// Words that name nothing in Rust, not even written raw.
pub(crate) const NEVER_RAW: [&str; 5] = ["self", "Self", "super", "crate", "_"];

/// The types of the language.
pub(crate) const BUILT_IN: [&str; 16] = [
    "bool", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64", "String",
    "Duration", "Vec", "Option", "Map",
];

/// The candidate that was probably meant: the same but for case and `_`, or a few slips away (one
/// in words of up to five letters, two up to eight, then three). Never the word itself.
pub fn nearest<'c>(word: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let written = folded(word);
    if written.len() > LONGEST {
        return None;
    }
    let limit = written.len().div_ceil(3).clamp(1, 3);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates.filter(|c| *c != word && c.len() <= LONGEST) {
        let slips = distance(&written, &folded(candidate));
        if slips <= limit && slips < written.len() && best.is_none_or(|(least, _)| slips < least) {
            best = Some((slips, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// `charge_card` as `ChargeCard`.
pub fn pascal_case(name: &str) -> String {
    let words = name.split('_').filter(|word| !word.is_empty());
    let capital = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        first.chain(letters).collect::<String>()
    };
    let pascal: String = words.map(capital).collect();
    // A name of nothing but underscores, or one that a number would begin.
    if pascal.starts_with(|c: char| !c.is_numeric()) { pascal } else { format!("A{pascal}") }
}

/// Longer words are not compared: the work grows with the square of the length.
const LONGEST: usize = 40;

fn folded(word: &str) -> Vec<char> {
    word.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect()
}

/// How many insertions, deletions, replacements and swaps of neighbours lie between two words.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_the_word_that_was_meant() {
        let words = ["state", "initial", "entry", "exit", "on", "after", "fan_out", "invoke"];
        let cases = [
            ("staet", Some("state")),
            ("State", Some("state")),
            ("inital", Some("initial")),
            ("fanout", Some("fan_out")),
            ("enrty", Some("entry")),
            ("state", None),
            ("banana", None),
            ("q", None),
        ];
        for (word, expected) in cases {
            assert_eq!(nearest(word, words.into_iter()), expected, "{word}");
        }
    }
}
