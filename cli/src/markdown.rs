//! Diagrams in Markdown files, between two comments:
//!
//! ```text
//! <!-- statewright:begin Light -->
//! <!-- statewright:end -->
//! ```

/// How a place for a machine begins.
const BEGIN: &str = "<!-- statewright:begin ";
/// How every place ends.
const END: &str = "<!-- statewright:end -->";

/// True if a path is one of a Markdown file.
pub(crate) fn is_markdown(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    path.ends_with(".md") || path.ends_with(".markdown")
}

/// The comments that make a place for a machine.
pub(crate) fn place_for(machine: &str) -> String {
    format!("{BEGIN}{machine} -->\n{END}\n")
}

/// The text with `block` put into every place for the machine; `None` if it has no such place.
///
/// Line breaks of the file are kept: a file with `\r\n` gets a block with `\r\n`.
pub(crate) fn replace(text: &str, machine: &str, language: &str, block: &str) -> Option<String> {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let begin = format!("{BEGIN}{machine} -->");
    let mut out = String::new();
    let mut rest = text;
    let mut found = false;
    while let Some((before, inside)) = rest.split_once(&begin) {
        let Some((_, after)) = inside.split_once(END) else { break };
        let block = format!("\n```{language}\n{}\n```\n", block.trim_end()).replace('\n', newline);
        out.extend([before, &begin, &block, END]);
        rest = after;
        found = true;
    }
    out.push_str(rest);
    found.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(replace(text, "Light", "mermaid", "new\n").as_deref(), expected);
    }

    #[test]
    fn a_place_is_filled_and_filled_again() {
        let filled = "a\n<!-- statewright:begin Light -->\n```mermaid\nnew\n```\n<!-- statewright:end -->\nb";
        check(&format!("a\n{}b", place_for("Light")), Some(filled));
        check(filled, Some(filled));
        check(&filled.replace("new", "old"), Some(filled));
    }

    #[test]
    fn places_of_other_machines_are_left_alone() {
        check(&place_for("Lights"), None);
        check("no place", None);
        check("<!-- statewright:begin Light --> never ended", None);
    }

    #[test]
    fn line_breaks_are_kept() {
        let filled = "<!-- statewright:begin Light -->\r\n```mermaid\r\nnew\r\n```\r\n<!-- statewright:end -->\r\n";
        check(&place_for("Light").replace('\n', "\r\n"), Some(filled));
    }
}
