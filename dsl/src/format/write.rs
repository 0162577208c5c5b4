//! The text from its pieces: what stands in every gap, comments first of all.

use super::INDENT;
use super::breaks::Before;
use super::columns::{Line, aligned};
use super::gaps::{Comment, Gap};
use super::pieces::Pieces;
use super::starts::Starts;

/// A text that is being written.
struct Writer<'p> {
    pieces: &'p Pieces<'p>,
    starts: Starts,
    lines: Vec<Line>,
    /// In the text as it was, the column of the comment behind the last line.
    column: Option<usize>,
    /// True where an empty line may stand.
    may_part: bool,
}

/// Where comments stand.
#[derive(Clone, Copy)]
struct Place {
    indent: usize,
    /// True between statements, where empty lines may stand.
    item: bool,
    /// True if the first comment belongs to what is in front of it, unless a line ends there.
    split: bool,
}

impl Pieces<'_> {
    /// The text, laid out.
    pub(super) fn write(&self) -> String {
        let starts = self.starts();
        let breaks = self.breaks(&starts);
        let mut writer =
            Writer { pieces: self, starts, lines: Vec::new(), column: None, may_part: false };
        for (token, before) in breaks.iter().enumerate() {
            match *before {
                Before::AsItWas => writer.keep(token),
                Before::Same => writer.go_on(token),
                Before::Line { indent, item } => writer.begin(token, indent, item),
            }
            writer.push(self.word(token));
        }
        writer.end();
        aligned(&writer.lines)
    }

    fn comment(&self, comment: &Comment) -> &str {
        &self.text[comment.range.clone()]
    }

    /// The column of a place, from 0.
    fn column(&self, at: usize) -> usize {
        let line = self.text[..at].rfind('\n').map_or(0, |end| end + 1);
        self.text[line..at].chars().count()
    }
}

impl Writer<'_> {
    fn push(&mut self, text: &str) {
        match self.lines.last_mut() {
            Some(line) => line.text.push_str(text),
            None => self.lines.push(Line::new(text)),
        }
    }

    fn new_line(&mut self, indent: usize) {
        self.lines.push(Line::new(&" ".repeat(indent)));
        self.column = None;
    }

    /// A gap that stays.
    fn keep(&mut self, token: usize) {
        let gap = &self.pieces.text[self.pieces.gaps[token].range.clone()];
        for (at, line) in gap.split('\n').enumerate() {
            if at > 0 {
                self.new_line(0);
            }
            self.push(line);
        }
    }

    /// A gap inside a line.
    fn go_on(&mut self, token: usize) {
        let pieces = self.pieces;
        let comments = &pieces.gaps[token].comments;
        for comment in comments {
            let opened = self.lines.last().is_some_and(|line| line.text.ends_with(['(', '[']));
            self.push(if opened { "" } else { " " });
            self.push(pieces.comment(comment));
        }
        let spaces = match comments.is_empty() {
            true => pieces.spaces(token),
            false => usize::from(!pieces.closes(token)),
        };
        self.push(&" ".repeat(spaces));
    }

    /// A gap in which lines end, in front of a token; `item` if a statement begins with that.
    fn begin(&mut self, token: usize, indent: usize, item: bool) {
        let gap = &self.pieces.gaps[token];
        let closes = self.starts.closes[token];
        let inner = if closes { indent + INDENT } else { indent };
        let split = gap.is_broken() || closes || item;
        self.may_part = item && token > 0 && !self.starts.opens[token - 1];
        self.comments(gap, Place { indent: inner, item, split });
        if !closes && follows_comment(gap, split && token > 0) {
            self.push(" ");
            return;
        }
        self.part(!closes && gap.lines > 1);
        self.new_line(indent);
    }

    /// What stands behind the last token.
    fn end(&mut self) {
        let Some(gap) = self.pieces.gaps.last() else { return };
        self.may_part = self.pieces.len() > 0;
        self.comments(gap, Place { indent: 0, item: true, split: true });
    }

    /// An empty line, if the author left one and it may stand here.
    fn part(&mut self, wanted: bool) {
        if wanted && self.may_part {
            self.lines.push(Line::default());
        }
    }

    /// The comments of a gap in which lines end.
    fn comments(&mut self, gap: &Gap, place: Place) {
        for (at, comment) in gap.comments.iter().enumerate() {
            let text = self.pieces.comment(comment);
            let is_behind = comment.lines == 0 && (at > 0 || place.split);
            if is_behind && !self.lines.is_empty() {
                self.push_behind(comment, at == 0);
            } else if comment.lines == 1 && comment.is_line && self.stands_below(comment) {
                self.lines.push(Line { trailing: text.to_string(), ..Line::default() });
            } else {
                self.part(comment.lines > 1);
                self.new_line(place.indent);
                match text.contains('\n') {
                    true => {
                        let column = self.pieces.column(comment.range.start);
                        self.push(&moved(text, column, place.indent));
                    }
                    false => self.push(text),
                }
                self.may_part = place.item;
            }
        }
    }

    /// True if a comment carries the one above it on, which stands behind code.
    fn stands_below(&self, comment: &Comment) -> bool {
        self.column.is_some_and(|column| column == self.pieces.column(comment.range.start))
    }

    /// A comment behind what stands on its line; `first` if that is code.
    fn push_behind(&mut self, comment: &Comment, first: bool) {
        let text = self.pieces.comment(comment);
        let Some(line) = self.lines.last_mut() else { return };
        if first {
            line.trailing = text.to_string();
            self.column = comment.is_line.then(|| self.pieces.column(comment.range.start));
        } else {
            let place = if line.trailing.is_empty() { &mut line.text } else { &mut line.trailing };
            place.push(' ');
            place.push_str(text);
        }
    }
}

/// True if a token stands on the line of the comment in front of it, which then has nothing in
/// front of itself.
fn follows_comment(gap: &Gap, split: bool) -> bool {
    let has_own_line = !split || gap.comments.iter().any(|comment| comment.lines > 0);
    gap.lines == 0 && has_own_line && gap.comments.last().is_some_and(|last| !last.is_line)
}

/// A comment whose first line moves takes its other lines along.
fn moved(comment: &str, from: usize, to: usize) -> String {
    let mut lines = comment.split('\n');
    let mut moved = lines.next().unwrap_or_default().to_string();
    for line in lines {
        let rest = line.trim_start_matches(' ');
        let indent = (line.len() - rest.len() + to).saturating_sub(from);
        moved.push('\n');
        if !rest.is_empty() {
            moved.push_str(&" ".repeat(indent));
        }
        moved.push_str(rest);
    }
    moved
}
