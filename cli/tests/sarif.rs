//! The SARIF log, as programs read it: what the JSON schema of SARIF 2.1.0 asks for is there, and
//! the places and fixes are right.
#![cfg(test)]

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The `ü`s are one column each, and two bytes.
const TYPO: &str = "\
machine Licht {
    event Grün
    initial state Rot { on Grün -> Gren }
    state Green { on Grün -> Rot }
}
";

const DOUBT: &str = "\
machine Light {
    event Next
    initial state Red {
        on Next {
            if true -> Green
            if false -> Red
        }
    }
    state Green { on Next -> Red }
}
";

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join("my flows")).unwrap();
    std::fs::write(folder.join("my flows/licht.flow"), TYPO).unwrap();
    std::fs::write(folder.join("light.flow"), DOUBT).unwrap();
    folder
}

#[track_caller]
fn log(folder: &Path, args: &[&str], code: i32) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_statewright"))
        .args(args)
        .args(["--format", "sarif"])
        .current_dir(folder)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), &*errors), (Some(code), ""));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

fn text<'v>(value: &'v Value, path: &str) -> &'v str {
    value.pointer(path).and_then(Value::as_str).unwrap_or_else(|| panic!("no {path} in {value}"))
}

fn number(value: &Value, name: &str) -> usize {
    value[name].as_u64().unwrap_or_else(|| panic!("no {name} in {value}")) as usize
}

fn check_region(region: &Value) {
    let at = |line, column| (number(region, line), number(region, column));
    let (start, end) = (at("startLine", "startColumn"), at("endLine", "endColumn"));
    assert!(start.0 >= 1 && start.1 >= 1 && start <= end, "{region}");
}

fn check_place(place: &Value) {
    let uri = text(place, "/physicalLocation/artifactLocation/uri");
    assert!(!uri.is_empty() && !uri.contains([' ', '<', '\\']), "{uri}");
    check_region(&place["physicalLocation"]["region"]);
}

/// What the schema asks of a log.
fn check_log(log: &Value) -> &[Value] {
    assert_eq!(text(log, "/version"), "2.1.0");
    assert!(text(log, "/$schema").contains("sarif-2.1.0"));
    let [run] = list(log, "runs") else { panic!("one run: {log}") };
    assert_eq!(text(run, "/tool/driver/name"), "statewright");
    assert_eq!(text(run, "/columnKind"), "unicodeCodePoints");
    let rules = list(&run["tool"]["driver"], "rules");
    for rule in rules {
        for path in
            ["/id", "/name", "/shortDescription/text", "/fullDescription/text", "/help/text"]
        {
            assert!(!text(rule, path).is_empty(), "{rule}");
        }
        assert!(text(rule, "/helpUri").contains("/docs/diagnostics.md#flow-"), "{rule}");
        assert!(["error", "warning"].contains(&text(rule, "/defaultConfiguration/level")));
    }
    let ids: Vec<&str> = rules.iter().map(|rule| text(rule, "/id")).collect();
    for result in list(run, "results") {
        assert_eq!(ids.iter().filter(|id| **id == text(result, "/ruleId")).count(), 1);
        assert!(["error", "warning"].contains(&text(result, "/level")));
        assert!(!text(result, "/message/text").is_empty());
        assert_eq!(list(result, "locations").len(), 1);
        list(result, "locations").iter().for_each(check_place);
        for place in list(result, "relatedLocations") {
            check_place(place);
            assert!(!text(place, "/message/text").is_empty());
        }
        for fix in list(result, "fixes") {
            assert!(!text(fix, "/description/text").is_empty());
            for change in list(fix, "artifactChanges") {
                assert!(!text(change, "/artifactLocation/uri").is_empty());
                assert!(!list(change, "replacements").is_empty());
                let replacements = list(change, "replacements").iter();
                replacements.for_each(|part| check_region(&part["deletedRegion"]));
            }
        }
    }
    list(run, "results")
}

fn result<'v>(results: &'v [Value], code: &str) -> &'v Value {
    let mut found = results.iter().filter(|result| text(result, "/ruleId") == code);
    found.next().unwrap_or_else(|| panic!("no {code} in {results:?}"))
}

/// The text with the one replacement of a fix made, as a reader of the log would do it.
fn apply(old: &str, fix: &Value) -> String {
    let part = &fix["artifactChanges"][0]["replacements"][0];
    let offset = |line: &str, column: &str| {
        let lines: String =
            old.split_inclusive('\n').take(number(&part["deletedRegion"], line) - 1).collect();
        let rest = &old[lines.len()..];
        let column = number(&part["deletedRegion"], column) - 1;
        lines.len() + rest.chars().take(column).map(char::len_utf8).sum::<usize>()
    };
    let range = offset("startLine", "startColumn")..offset("endLine", "endColumn");
    let mut new = old.to_owned();
    new.replace_range(range, text(part, "/insertedContent/text"));
    new
}

#[test]
fn several_files_give_one_log() {
    let folder = folder("sarif");
    let log = log(&folder, &["check", "my flows/licht.flow", "light.flow"], 1);
    let results = check_log(&log);
    let typo = result(results, "flow-E0102");
    assert_eq!(text(typo, "/level"), "error");
    let place = &typo["locations"][0]["physicalLocation"];
    assert_eq!(text(place, "/artifactLocation/uri"), "my%20flows/licht.flow");
    let region = &place["region"];
    let at = ["startLine", "startColumn", "endLine", "endColumn"].map(|name| number(region, name));
    assert_eq!(at, [3, 36, 3, 40]);
    let doubt = result(results, "flow-W0302");
    assert_eq!(text(doubt, "/level"), "warning");
    assert!(!list(doubt, "relatedLocations").is_empty());
}

#[test]
fn fixes_can_be_applied_as_they_stand() {
    let folder = folder("sarif_fixes");
    let log = log(&folder, &["check", "my flows/licht.flow", "light.flow"], 1);
    let results = check_log(&log);
    let fixed = apply(TYPO, &result(results, "flow-E0102")["fixes"][0]);
    assert_eq!(fixed, TYPO.replace("Gren ", "Green "));
    let fixed = apply(DOUBT, &result(results, "flow-W0302")["fixes"][0]);
    assert_eq!(fixed, DOUBT.replace("if false -> Red", ""));
}

#[test]
fn a_clean_run_is_a_log_without_results() {
    let folder = folder("sarif_clean");
    std::fs::write(folder.join("light.flow"), TYPO.replace("Gren ", "Green ")).unwrap();
    let clean = log(&folder, &["check", "light.flow"], 0);
    assert!(check_log(&clean).is_empty());
    let missing = log(&folder, &["check", "none.flow"], 2);
    assert_eq!(check_log(&missing).len(), 1);
}

#[test]
fn what_two_files_import_is_one_result() {
    let folder = folder("sarif_imports");
    std::fs::write(folder.join("lamps.flow"), "enum Lamp { Red, Red }").unwrap();
    for name in ["a.flow", "b.flow"] {
        let text = format!("import \"lamps.flow\"\n{}", TYPO.replace("Gren ", "Green "));
        std::fs::write(folder.join(name), text).unwrap();
    }
    let log = log(&folder, &["check", "a.flow", "b.flow"], 1);
    assert_eq!(check_log(&log).len(), 1);
}
