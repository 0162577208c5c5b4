//! The few lines of a source that a diagnostic shows, each cut to a length that can be read.
//!
//! The renderer below reads all the text that it is given for every diagnostic. A file of 100,000
//! lines with 1,000 mistakes, or one line of 10 MB, must cost what is shown and not what there is.

use crate::source::Source;
use std::ops::Range;

/// Characters of a line that are kept; longer lines are cut around the places in them.
const LINE: usize = 400;
/// Characters kept before the first place in a long line.
const BEFORE: usize = 60;
/// Lines that a place may cover before it is cut to its first line.
const TALL: usize = 12;
/// Lines between two places above which they are shown as two excerpts.
const GAP: usize = 60;

/// A piece of a source: text of whole, perhaps cut, lines and places in it.
pub(super) struct Excerpt {
    /// The lines, joined by `\n`.
    pub(super) text: String,
    /// Number of the first line, from 1.
    pub(super) first_line: usize,
    /// True if the start of a line was cut away, so that columns are not those of the source.
    pub(super) shifted: bool,
    /// For each place that was asked for and stands here: which, and its bytes in `text`.
    pub(super) places: Vec<(usize, Range<usize>)>,
}

/// Cuts out the lines around `places` (bytes in the source): as many excerpts as there are clusters
/// of places, in the order of the first place of each.
pub(super) fn excerpts(source: &Source, places: &[Range<usize>]) -> Vec<Excerpt> {
    let places: Vec<Range<usize>> = places.iter().map(|p| tame(source, p)).collect();
    let lines = |p: &Range<usize>| (source.position(p.start).line, source.position(p.end).line);
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by_key(|&i| (places[i].start, i));
    let mut clusters: Vec<(usize, usize, Vec<usize>)> = Vec::new();
    for i in order {
        let (first, last) = lines(&places[i]);
        match clusters.last_mut() {
            Some((_, end, members)) if first <= *end + GAP => {
                *end = (*end).max(last);
                members.push(i);
            }
            _ => clusters.push((first, last, vec![i])),
        }
    }
    clusters.sort_by_key(|(_, _, members)| members.iter().min().copied());
    clusters.into_iter().map(|(a, b, members)| cut(source, a..b + 1, &members, &places)).collect()
}

/// Moves a place onto character boundaries, and cuts a tall one to its first line.
fn tame(source: &Source, place: &Range<usize>) -> Range<usize> {
    let start = boundary(&source.text, place.start);
    let end = boundary(&source.text, place.end.max(place.start));
    let rows = source.position(end).line - source.position(start).line;
    if rows < TALL {
        return start..end;
    }
    let line = source.text[start..end].split(['\n', '\r']).next().unwrap_or("");
    start..start + line.len()
}

/// The character boundary at or before an offset.
fn boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

fn cut(source: &Source, lines: Range<usize>, members: &[usize], all: &[Range<usize>]) -> Excerpt {
    let mut text = String::new();
    // For each line: where it was, which part of it is kept, and where that is now.
    let mut moved: Vec<Moved> = Vec::new();
    for number in lines.clone() {
        let whole = source.line(number);
        let places = members.iter().map(|&i| &all[i]);
        let kept = keep(&source.text[whole.clone()], whole.start, places);
        if number > lines.start {
            text.push('\n');
        }
        if kept.start > whole.start {
            text.push('…');
        }
        moved.push(Moved { was: whole.start, kept: kept.clone(), now: text.len() });
        text.push_str(&source.text[kept.clone()]);
        if kept.end < whole.end {
            text.push('…');
        }
    }
    let places = members.iter().map(|&i| {
        let start = shift(&moved, all[i].start);
        (i, start..shift(&moved, all[i].end).max(start))
    });
    let shifted = moved.iter().any(|line| line.kept.start > line.was);
    Excerpt { places: places.collect(), first_line: lines.start, shifted, text }
}

/// One line on its way from the source to the excerpt.
struct Moved {
    was: usize,
    kept: Range<usize>,
    now: usize,
}

/// Where a byte of the source is in the excerpt; what was cut away is at the edge of what was kept.
fn shift(moved: &[Moved], offset: usize) -> usize {
    let line = moved.partition_point(|line| line.was <= offset).max(1) - 1;
    let line = &moved[line];
    line.now + offset.clamp(line.kept.start, line.kept.end) - line.kept.start
}

/// Which bytes of a line are shown: all of a short one, else a window around its first place.
fn keep<'a>(
    line: &str,
    start: usize,
    places: impl Iterator<Item = &'a Range<usize>>,
) -> Range<usize> {
    let end = start + line.len();
    if line.len() <= LINE {
        return start..end;
    }
    let here = places.map(|p| p.start).filter(|p| (start..=end).contains(p)).min();
    let from = here.map_or(0, |place| {
        line[..place - start].char_indices().rev().nth(BEFORE).map_or(0, |(i, _)| i)
    });
    let to = line[from..].char_indices().nth(LINE).map_or(line.len(), |(i, _)| from + i);
    start + from..start + to
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    /// First line, text, and which place shows what.
    type Shown<'a> = (usize, &'a str, &'a [(usize, &'a str)]);

    fn check(text: &str, places: &[(usize, usize)], expected: &[Shown<'_>]) {
        let mut sources = Sources::default();
        let id = sources.add("x.flow", text);
        let source = sources.get(id).unwrap();
        let places: Vec<_> = places.iter().map(|&(a, b)| a..b).collect();
        let found = excerpts(source, &places);
        let found: Vec<_> = found
            .iter()
            .map(|e| {
                let places: Vec<_> =
                    e.places.iter().map(|(i, r)| (*i, &e.text[r.clone()])).collect();
                (e.first_line, e.text.as_str(), places)
            })
            .collect();
        let expected: Vec<_> = expected.iter().map(|(l, t, p)| (*l, *t, p.to_vec())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn lines_are_whole_and_without_carriage_returns() {
        check("one\r\ntwo\r\nthree", &[(5, 8)], &[(2, "two", &[(0, "two")])]);
        check("a b\nc", &[(0, 1), (4, 5)], &[(1, "a b\nc", &[(0, "a"), (1, "c")])]);
    }

    #[test]
    fn the_end_of_the_text_is_a_place() {
        check("ab\n", &[(3, 3)], &[(2, "", &[(0, "")])]);
        check("ab", &[(7, 9)], &[(1, "ab", &[(0, "")])]);
        check("", &[(0, 0)], &[(1, "", &[(0, "")])]);
    }

    #[test]
    fn offsets_inside_a_character_move_to_its_start() {
        check("é", &[(1, 2)], &[(1, "é", &[(0, "é")])]);
    }

    #[test]
    fn far_places_are_two_excerpts_with_the_first_asked_for_first() {
        let text = format!("a{}b", "\n".repeat(100));
        check(&text, &[(101, 102), (0, 1)], &[(101, "b", &[(0, "b")]), (1, "a", &[(1, "a")])]);
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("{}HERE{}", "x".repeat(5_000_000), "y".repeat(5_000_000));
        let shown = format!("…{}HERE{}…", "x".repeat(61), "y".repeat(LINE - 65));
        check(&text, &[(5_000_000, 5_000_004)], &[(1, &shown, &[(0, "HERE")])]);
    }

    #[test]
    fn a_tall_place_is_cut_to_its_first_line() {
        let text = format!("state {{{}\n}}", "\n x".repeat(1000));
        check(&text, &[(0, text.len())], &[(1, "state {", &[(0, "state {")])]);
    }
}
