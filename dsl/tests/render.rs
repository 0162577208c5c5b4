//! What diagnostics look like, in every form for people and line by line; the SARIF log is tested with the program.
#![cfg(test)]

use statewright_dsl::code::Code;
use statewright_dsl::compile::compile_text;
use statewright_dsl::diagnostic::{Diagnostic, Diagnostics};
use statewright_dsl::render::{self, Style};
use statewright_dsl::source::Sources;
use statewright_dsl::span::{SourceId, Span};

/// The span of `part` in `text`, which must stand there.
fn find(id: SourceId, text: &str, part: &str) -> Span {
    let start = text.find(part).unwrap();
    Span::new(id, start, start + part.len())
}

const LIGHT: &str = "machine Light {\n    initial state Red {\n        after 3s -> Gren\n    }\n    state Green\n}\n";

fn typo(sources: &mut Sources) -> Diagnostics {
    let id = sources.add("flows/light.flow", LIGHT);
    let gren = find(id, LIGHT, "Gren");
    let mut list = Diagnostics::default();
    list.push(
        Diagnostic::new(Code::UnknownState, gren, "no state is called `Gren`")
            .at("not a state")
            .label(find(id, LIGHT, "machine Light"), "of this machine")
            .note("states are `Red`, `Green`")
            .help("every state is declared before it is named")
            .fix("there is a state with a similar name", gren, "Green"),
    );
    list.push(Diagnostic::new(Code::DeadEnd, find(id, LIGHT, "Green"), "`Green` has no way out"));
    list
}

/// What is shown of a mistake at these bytes, below the line that names the place.
fn lines(text: &str, range: std::ops::Range<usize>) -> String {
    let mut sources = Sources::default();
    let id = sources.add("x.flow", text);
    let span = Span::new(id, range.start, range.end);
    let diagnostic = Diagnostic::new(Code::Syntax, span, "wrong").at("here");
    let shown = render::human_one(&sources, &diagnostic, Style::default());
    let (_, shown) = shown.split_once("x.flow:").unwrap();
    shown.replace("\n  |\n", "\n")
}

#[test]
fn human() {
    let mut sources = Sources::default();
    let list = typo(&mut sources);
    let shown = render::human(&sources, &list, Style::default());
    let expected = "
error[flow-E0102]: no state is called `Gren`
 --> flows/light.flow:3:21
  |
1 | machine Light {
  | ------------- of this machine
2 |     initial state Red {
3 |         after 3s -> Gren
  |                     ^^^^ not a state
  |
  = note: states are `Red`, `Green`
  = help: every state is declared before it is named
help: there is a state with a similar name
  |
3 |         after 3s -> Green
  |                        +

warning[flow-W0202]: `Green` has no way out
 --> flows/light.flow:5:11
  |
5 |     state Green
  |           ^^^^^

1 error, 1 warning
";
    assert_eq!(shown, expected.trim_start(), "\n{shown}\n");
}

#[test]
fn colours_are_an_option() {
    let mut sources = Sources::default();
    let list = typo(&mut sources);
    let style = Style { color: true, ..Style::default() };
    assert!(render::human(&sources, &list, style).contains("\u{1b}["));
}

#[test]
fn odd_places() {
    // A tab, a character of two bytes, CRLF, the end behind the last line, an empty text.
    assert_eq!(lines("a\tb", 2..3), "1:3\n1 | a    b\n  |      ^ here");
    assert_eq!(lines("état x", 6..7), "1:6\n1 | état x\n  |      ^ here");
    assert_eq!(lines("one\r\ntwo\r\n", 5..8), "2:1\n2 | two\n  | ^^^ here");
    assert_eq!(lines("machine M {\n", 12..12), "2:1\n2 |\n  | ^ here");
    assert_eq!(lines("", 0..0), "1:1\n1 |\n  | ^ here");
    assert_eq!(lines("a {\n b\n}", 0..8), "1:1\n1 | / a {\n2 | |  b\n3 | | }\n  | |_^ here");
}

#[test]
fn two_files() {
    let mut sources = Sources::default();
    let (a, b) = ("import \"b.flow\"\nenum Lamp { On }\n", "enum Lamp { Off }\n");
    let (first, second) = (sources.add("a.flow", a), sources.add("b.flow", b));
    let diagnostic =
        Diagnostic::new(Code::Duplicate, find(first, a, "Lamp"), "`Lamp` is declared twice")
            .label(find(second, b, "Lamp"), "first declared here");
    let shown = render::human_one(&sources, &diagnostic, Style::default());
    let expected = "
error[flow-E0101]: `Lamp` is declared twice
 --> a.flow:2:6
  |
2 | enum Lamp { On }
  |      ^^^^
  |
 ::: b.flow:1:6
  |
1 | enum Lamp { Off }
  |      ---- first declared here";
    assert_eq!(shown, expected.trim_start(), "\n{shown}\n");
}

#[test]
fn a_source_that_is_not_there() {
    let sources = Sources::default();
    let diagnostic = Diagnostic::new(Code::Unreadable, Span::default(), "cannot read `x.flow`");
    let shown = render::human_one(&sources, &diagnostic, Style::default());
    assert_eq!(shown, "error[flow-E0004]: cannot read `x.flow`");
}

#[test]
fn short() {
    let mut sources = Sources::default();
    let list = typo(&mut sources);
    assert_eq!(
        render::short(&sources, &list),
        "flows/light.flow:3:21: error[flow-E0102]: no state is called `Gren`\n\
         flows/light.flow:5:11: warning[flow-W0202]: `Green` has no way out\n"
    );
}

#[test]
fn github() {
    let mut sources = Sources::default();
    let list = typo(&mut sources);
    assert_eq!(
        render::github(&sources, &list).lines().next().unwrap(),
        "::error file=flows/light.flow,line=3,endLine=3,col=21,endColumn=25,title=flow-E0102::no \
         state is called `Gren`: not a state%0Anote: states are `Red`, `Green`%0Ahelp: every state \
         is declared before it is named%0Ahelp: there is a state with a similar name"
    );
}

#[test]
fn json() {
    let mut sources = Sources::default();
    let list = typo(&mut sources);
    let place = |line, from, to| {
        format!(
            "\"file\":\"flows/light.flow\",\"line\":{line},\"column\":{from},\"end_line\":{line},\
             \"end_column\":{to}"
        )
    };
    let (gren, machine) = (place(3, 21, 25), place(1, 1, 14));
    assert_eq!(
        render::json(&sources, &list).lines().next().unwrap(),
        format!(
            "{{\"code\":\"flow-E0102\",\"severity\":\"error\",\"message\":\"no state is called `Gren`\",\
             {gren},\"label\":\"not a state\",\"labels\":[{{\"message\":\"of this machine\",{machine}}}],\
             \"notes\":[\"states are `Red`, `Green`\"],\
             \"help\":\"every state is declared before it is named\",\
             \"fixes\":[{{\"title\":\"there is a state with a similar name\",\
             \"replacement\":\"Green\",{gren},\"start\":60,\"end\":64}}]}}"
        )
    );
}

#[test]
fn json_escapes_what_json_must() {
    let mut sources = Sources::default();
    let id = sources.add("a\"b.flow", "");
    let mut list = Diagnostics::default();
    list.push(Diagnostic::new(Code::Syntax, Span::new(id, 0, 0), "a\\b\n\u{1}\u{2028}é"));
    let shown = render::json(&sources, &list);
    assert!(shown.contains(r#""message":"a\\b\n\u0001\u2028é","file":"a\"b.flow""#), "{shown}");
    assert_eq!(shown.lines().count(), 1);
}

#[test]
fn the_summary_counts() {
    let mut list = Diagnostics::default();
    assert_eq!(render::summary(&list), "");
    list.push(Diagnostic::new(Code::Syntax, Span::default(), "wrong"));
    assert_eq!(render::summary(&list), "1 error");
    list.push(Diagnostic::new(Code::Syntax, Span::default(), "wrong too"));
    list.push(Diagnostic::new(Code::Unused, Span::default(), "doubtful"));
    assert_eq!(render::summary(&list), "2 errors, 1 warning");
}

#[test]
fn a_line_of_ten_megabytes_is_not_printed() {
    let mut sources = Sources::default();
    let text = format!("{}Gren{}", "x ".repeat(2_500_000), "é".repeat(2_500_000));
    let id = sources.add("x.flow", &text);
    let mut list = Diagnostics::default();
    for _ in 0..100 {
        list.push(Diagnostic::new(Code::Syntax, find(id, &text, "Gren"), "wrong"));
    }
    let shown = render::human(&sources, &list, Style::default());
    assert!(shown.len() < 100 * 1000, "{}", shown.len());
    assert!(shown.contains("x.flow:1:5000001"), "{}", &shown[..1000]);
}

#[test]
fn long_names_are_shortened_where_they_are_told() {
    let name = "a".repeat(5_000);
    let text = format!("machine M {{ initial state A {{ on {name} -> B }} final state B }}");
    let said = compile_text("long.flow", &text).diagnostics;
    let first = said.iter().next().unwrap();
    assert_eq!(first.message, format!("unknown event `{}…`", "a".repeat(99)));
    assert!(first.help.as_ref().unwrap().len() < 200, "{:?}", first.help);
}
