//! Comments behind code: those of neighbouring lines begin in one column.

/// A line as it is written.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// With its indentation; a string or a comment in it may go over several lines.
    pub(super) text: String,
    /// The comment behind it. Without a text the line carries the comment above it on.
    pub(super) trailing: String,
}

/// Spaces between a line and its comment.
const DISTANCE: usize = 2;

/// A line that is shorter than another by more than this is not aligned with it.
const UNLIKE: usize = 40;

impl Line {
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.to_string(), trailing: String::new() }
    }

    fn width(&self) -> usize {
        self.text.rsplit('\n').next().unwrap_or_default().chars().count()
    }

    fn indent(&self) -> usize {
        self.text.len() - self.text.trim_start_matches(' ').len()
    }

    fn carries_on(&self) -> bool {
        self.text.is_empty() && !self.trailing.is_empty()
    }
}

/// The text of all lines.
pub(super) fn aligned(lines: &[Line]) -> String {
    let mut text = String::new();
    let mut rest = lines;
    while !rest.is_empty() {
        let (run, column) = run(rest);
        for line in &rest[..run] {
            text.push_str(&line.text);
            if !line.trailing.is_empty() {
                text.push_str(&" ".repeat(column.saturating_sub(line.width())));
                text.push_str(&line.trailing);
            }
            text.push('\n');
        }
        rest = &rest[run..];
    }
    text
}

/// How many lines from the first on have their comments in one column, and in which.
fn run(lines: &[Line]) -> (usize, usize) {
    let indent = lines[0].indent();
    let (mut least, mut most) = (usize::MAX, 0);
    let mut count = 0;
    for line in lines {
        let goes_on = count == 0 || (line.indent() == indent && !line.text.is_empty());
        if !line.carries_on() {
            if !goes_on {
                break;
            }
            if !line.trailing.is_empty() {
                let width = line.width();
                let (lower, upper) = (least.min(width), most.max(width));
                if upper - lower > UNLIKE {
                    break;
                }
                (least, most) = (lower, upper);
            }
        }
        count += 1;
    }
    (count.max(1), most + DISTANCE)
}
