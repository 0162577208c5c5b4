//! Lists of names as a sentence has them.

/// How many names a list shows before it counts the rest.
const SHOWN: usize = 5;

/// "`A`", "`A` and `B`", "`A`, `B` and `C`", "`A`, `B`, `C`, `D`, `E` and 3 more".
pub(super) fn list(names: &[String]) -> String {
    let mut quoted: Vec<String> = names.iter().take(SHOWN).map(|n| format!("`{n}`")).collect();
    if names.len() > SHOWN {
        quoted.push(format!("{} more", names.len() - SHOWN));
    }
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// "is" or "are", for so many.
pub(super) fn are(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}
