//! `compat` as a user meets it.
#![cfg(test)]

use serde_json::Value as Json;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const OLD: &str = "\
durable machine Order {
    key id
    context { id: String  cents: u32 = 0  remark: String = \"\" }
    event Pay(cents: u32)
    event Fax
    initial state Open { on Pay(sum) do set cents = sum -> Paid  on Fax -> Faxing }
    state Faxing { after 1d do set remark = \"faxed\" -> Open  on Pay(sum) do set cents = sum -> Paid }
    final state Paid
}
";

fn folder(name: &str, old: &str, new: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("compat-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the folder for tests can be written");
    for (file, text) in [("old.flow", old), ("new.flow", new)] {
        std::fs::write(folder.join(file), text).expect("the folder for tests can be written");
    }
    folder
}

fn compat(folder: &Path, more: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_statewright");
    let mut command = Command::new(program);
    command.current_dir(folder).args(["compat", "old.flow", "new.flow", "--color", "never"]);
    command.args(more).output().expect("the program runs")
}

fn said(output: &Output) -> (String, String, Option<i32>) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.code())
}

#[test]
fn the_same_machine_is_the_same() {
    let new = OLD.replace("after 1d", "after 2d").replace("event Fax", "event Fax\n    event Stop");
    let (stdout, _, code) = said(&compat(&folder("same", OLD, &new), &[]));
    assert_eq!((stdout.as_str(), code), ("Order, version 1 to 1: the same\n", Some(0)));
}

#[test]
fn a_change_without_a_new_version_is_an_error() {
    let new = OLD.replace("cents: u32", "cents: u64");
    let (stdout, stderr, code) = said(&compat(&folder("missing", OLD, &new), &[]));
    assert!(stdout.contains("compatible: instances go on by themselves"), "{stdout}");
    assert!(stdout.contains("  - context field `cents` was `u32` and is `u64` now\n"), "{stdout}");
    assert!(stderr.contains("flow-E0803"), "{stderr}");
    assert!(stderr.contains("write `machine Order version 2 {`"), "{stderr}");
    assert!(stderr.contains("new.flow:1:"), "{stderr}");
    assert_eq!(code, Some(1));
}

#[test]
fn what_is_compatible_is_said_with_reasons() {
    let new = OLD
        .replace("Order {", "Order version 2 {")
        .replace("cents: u32", "cents: u64")
        .replace("remark: String", "tries: u8 = 3  @was(\"remark\") note: String")
        .replace("set remark", "set note")
        .replace("initial state Open", "state Late\n    @was(\"Open\") initial state Begun")
        .replace("-> Open", "-> Begun");
    let (stdout, _, code) = said(&compat(&folder("compatible", OLD, &new), &[]));
    let expected = "\
Order, version 1 to 2: compatible: instances go on by themselves
  - context field `cents` was `u32` and is `u64` now
  - context field `note` was called `remark`
  - context field `tries` is new, and has a default
  - state `Late` is new
  - state `Begun` was called `Open`
";
    assert_eq!((stdout.as_str(), code), (expected, Some(0)));
}

#[test]
fn what_needs_a_migration_is_said_with_the_way_out() {
    let new = OLD
        .replace("Order {", "Order version 2 {")
        .replace("cents: u32", "cents: String")
        .replace("cents: String = 0", "cents: String = \"\"")
        .replace("  on Fax -> Faxing }\n", " }\n")
        .replace("remark: String = \"\"", "remark: String");
    let from = new.find("    state Faxing").expect("it is there");
    let to = new.find("    final").expect("it is there");
    let new = format!("{}{}", &new[..from], &new[to..]);
    let folder = folder("needs", OLD, &new);
    let (stdout, _, code) = said(&compat(&folder, &[]));
    let expected = "\
Order, version 1 to 2: needs a migration: some instances cannot go on
  ! context field `cents` was `u32` and is `String` now
      `set cents = ..` in `migrate from 1 { .. }` says what it is
  ! state `Faxing` is gone: instances in it are nowhere
      `state Faxing -> ..` in `migrate from 1 { .. }` says where, or `@was(\"Faxing\")` in front of the state that it is now
";
    assert_eq!((stdout.as_str(), code), (expected, Some(0)));
    let (stdout, _, code) = said(&compat(&folder, &["--format", "json"]));
    let json: Json = serde_json::from_str(stdout.lines().last().expect("a line")).expect("JSON");
    assert_eq!((json["verdict"].as_str(), code), (Some("needs_migration"), Some(0)));
    assert_eq!(json["differences"][1]["what"], "state `Faxing`");
}

#[test]
fn nobody_is_told_to_set_a_key() {
    let new = OLD.replace("Order {", "Order version 2 {").replace("id: String", "id: u64");
    let (stdout, _, _) = said(&compat(&folder("key", OLD, &new), &[]));
    let expected = "\
Order, version 1 to 2: needs a migration: some instances cannot go on
  ! context field `id` was `String` and is `u64` now
      give it the type that it had: a key is never set
";
    assert_eq!(stdout, expected);
    let new = new.replace("key id", "key number").replace("id: u64", "number: u64");
    let (stdout, _, _) = said(&compat(&folder("other-key", OLD, &new), &[]));
    let way_out = "  ! context field `number` is new and has no default\n      a key is never set: let `key` name a field that instances have\n";
    assert!(stdout.contains(way_out), "{stdout}");
}

#[test]
fn what_a_migration_reads_is_held_to_the_old_machine() {
    let migrate = |old: &str, data: &str| {
        let block = format!(
            "    fn written(cents: u64) -> String\n    migrate from 1 {{ old({old}) state Faxing{data} -> Paid set total = written(old.cents) }}\n"
        );
        OLD.replace("Order {", "Order version 2 {")
            .replace("cents: u32 = 0", "@id(\"total\") total: String")
            .replace("do set cents = sum ", "")
            .replace("    event Pay", &format!("{block}    event Pay"))
            .replace("  on Fax -> Faxing }", " }")
            .replace("    state Faxing { after 1d do set remark = \"faxed\" -> Open  on Pay(sum) -> Paid }\n", "")
    };
    let read = |name: &str, old: &str, data: &str| {
        said(&compat(&folder(name, OLD, &migrate(old, data)), &[]))
    };
    // What was narrower is read as it is.
    let (stdout, _, code) = read("reads", "cents: u64", "");
    assert!(stdout.starts_with("Order, version 1 to 2: migrated"), "{stdout}");
    assert_eq!(code, Some(0));
    let (stdout, _, _) = read("reads-gone", "cents: u64, tip: u8", "");
    let gone = "  ! `tip`, which `migrate from 1` reads of the old context, was not there\n      it has `cents`, `id`, `remark`\n";
    assert!(stdout.starts_with("Order, version 1 to 2: needs a migration"), "{stdout}");
    assert!(stdout.contains(gone), "{stdout}");
    let (stdout, _, _) = read("reads-other", "cents: u64, remark: u64", "(who: String)");
    let other = "  ! `remark`, which `migrate from 1` reads of the old context, was `String` and is `u64` here\n      write `remark: String`\n";
    assert!(stdout.contains(other), "{stdout}");
    let data = "  ! `who`, which `migrate from 1` reads of the old state `Faxing`, was not there\n      nothing can be read of it\n";
    assert!(stdout.contains(data), "{stdout}");
    let misspelt = migrate("cents: u64", "").replace("state Faxing", "state Faxng");
    let (stdout, _, _) = said(&compat(&folder("reads-state", OLD, &misspelt), &[]));
    let state = "  ! state `Faxng`, of which `migrate from 1` speaks, was not there\n";
    assert!(stdout.contains(state), "{stdout}");
}

#[test]
fn late_fields_that_old_instances_may_lack_are_told() {
    let late = |set: &str, read: &str| {
        OLD.replace("remark: String = \"\"", "late remark: String")
            .replace("do set remark = \"faxed\" -> Open", "-> Open")
            .replace("on Pay(sum) do set cents = sum -> Paid  on Fax", &format!("{set} on Fax"))
            .replace("final state Paid", &format!("state Seen {{ {read} }}\n    final state Paid"))
    };
    let pay = "on Pay(sum) do set cents = sum, set remark = \"seen\" -> Seen";
    let unset = "on Pay(sum) do set cents = sum -> Seen";
    let reads = "on Fax if len(remark) > 3 -> Paid";
    let compare = |name: &str, old: &str, new: &str| {
        let new = new.replace("Order {", "Order version 2 {");
        said(&compat(&folder(name, old, &new), &[])).0
    };
    let stdout = compare("late", &late(unset, "on Fax -> Paid"), &late(pay, reads));
    let expected = "  ! context field `remark` may be unset, and is read from state `Seen` on\n      \
        `set remark = ..` in `migrate from 1 { .. }` says what it is\n";
    assert!(stdout.contains(expected), "{stdout}");
    // An old version that set it, and did not read it, has made instances that have it.
    let stdout = compare("late-set", &late(pay, "on Fax -> Paid"), &late(pay, reads));
    assert!(!stdout.contains("remark"), "{stdout}");
}

#[test]
fn files_without_durable_machines_have_nothing_to_compare() {
    let folder = folder("none", OLD, "machine Lamp { initial state On }");
    let (_, stderr, code) = said(&compat(&folder, &[]));
    assert!(stderr.contains("has no durable machine"), "{stderr}");
    assert_eq!(code, Some(2));
}

const WIDE: &str = "\
enum Lamp { Red }
durable machine Order version 1 {
    key id
    context { id: String  late total: u32  lamp: Lamp = Lamp::Red }
    event Pay
    event Ask(text: String)
    output Told(text: String)
    activity charge(id: String) -> u32
    action tell(text: String)
    initial state Open {
        on Pay do set total = 1 -> Charging(\"x\")
        defer Ask
        after 1h -> Working
        after 2h -> Closed
    }
    state Charging(by: String) {
        invoke charge(id)
        on done(r) do set total = r, emit Told(by) -> Closed
        on error do tell(\"it failed\") -> Open
        on Ask(text) do tell(text)
    }
    parallel state Working {
        region Left { initial state A { on Pay -> B } state B { on Ask -> A } }
        region Right { initial state C { on Pay -> D } state D { on Ask -> C } }
        on Ask -> Closed
    }
    final state Closed
}
";

/// A change, and what is said of it; `!` in front of what needs a migration.
const CHANGES: &[(&str, &str, &str)] = &[
    ("lamp: Lamp", "light: Lamp", "- context field `lamp` is gone, and its value is dropped"),
    ("lamp: Lamp", "light: Lamp", "- context field `light` is new, and has a default"),
    (
        "late total",
        "total",
        "! context field `total` was `late u32` and is `u32` now, and it may be unset",
    ),
    ("{ Red }", "{ Red, Green }", "= the same but for more values"),
    ("{ Red }", "{ Green }", "! context field `lamp` was `Lamp` and is `Lamp` now"),
    (
        "id: String  late",
        "id: String  more: u8  late",
        "! context field `more` is new and has no default",
    ),
    ("after 2h", "after 3h", "= another time, and which is which is known"),
    ("after 2h -> Closed", "", "- `after 2h` of state `Open` is gone"),
    ("after 2h", "every 1d do tell(\"\")\n        after 2h", "- `every 1d` of state `Open` is new"),
    (
        "1h -> Working\n        after 2h",
        "5h -> Working\n        after 6h",
        "! `after` of state `Open` stands there several times",
    ),
    // The end would come when a reminder was due.
    (
        "1h -> Working\n        after 2h",
        "2h -> Working\n        after 4h",
        "! `after` of state `Open` stands there several times",
    ),
    (
        "Charging(by: String)",
        "Charging(by: u8)",
        "! data `by` of state `Charging` was `String` and is `u8` now",
    ),
    (
        "Charging(by: String)",
        "Charging(by: String, note: String = \"\")",
        "- data `note` of state `Charging` is new, and has a default",
    ),
    ("invoke charge(id)", "", "! state `Charging` invokes `charge` no more"),
    (
        "charge(id: String)",
        "charge(id: u8)",
        "! activity `charge` of state `Charging` took `(id: String)` and takes `(id: u8)` now",
    ),
    (
        "    final state Closed",
        "    state Closed",
        "! state `Closed` was final and is not final now",
    ),
    ("state A {", "state Z {", "! state `Working::Left::A` is gone"),
    (
        "        on Ask -> Closed",
        "        region Third { initial state E { ignore Pay } }\n        on Ask -> Closed",
        "- region `Working::Third` is new: instances are in its initial state",
    ),
    (
        "event Ask(text: String)",
        "event Ask(text: u8)",
        "! event `Ask` carried `(text: String)` and carries `(text: u8)` now",
    ),
    ("Told(text: String)", "Told(text: u8)", "- output `Told` is another now"),
    (
        "tell(text: String)",
        "tell(text: u8)",
        "- action `tell` has been decided, and its `text` was `String` and is `u8` now",
    ),
    ("key id", "key name", "- `key` is another field now"),
];

#[test]
fn each_kind_of_difference_is_said() {
    for (number, (from, to, expected)) in CHANGES.iter().enumerate() {
        assert!(WIDE.contains(from), "{from}");
        let mut new = WIDE.replace(from, to).replace("version 1", "version 2");
        for (word, instead) in adapted(to) {
            new = new.replace(word, instead);
        }
        let (stdout, stderr, code) =
            said(&compat(&folder(&format!("wide{number}"), WIDE, &new), &[]));
        match expected.strip_prefix("= ") {
            Some(_) => assert!(!stdout.contains("  ! "), "{from} -> {to}:\n{stdout}"),
            None => assert!(stdout.contains(expected), "{from} -> {to}:\n{stdout}{stderr}"),
        }
        assert_eq!(code, Some(0), "{from} -> {to}:\n{stdout}{stderr}");
    }
}

/// What else a change asks for, so that the machine still means something.
fn adapted(to: &str) -> Vec<(&'static str, &'static str)> {
    match to {
        "{ Green }" => vec![("Lamp::Red", "Lamp::Green")],
        "Charging(by: u8)" => {
            vec![("Charging(\"x\")", "Charging(1)"), ("emit Told(by)", "emit Told(\"\")")]
        }
        "" => vec![
            ("on done(r) do set total = r, emit Told(by) -> Closed", ""),
            ("on error do tell(\"it failed\") -> Open", ""),
        ],
        "charge(id: u8)" => vec![("invoke charge(id)", "invoke charge(1)")],
        "event Ask(text: u8)" => vec![("on Ask(text) do tell(text)", "on Ask do tell(\"\")")],
        "Told(text: u8)" => vec![("emit Told(by)", "emit Told(1)")],
        "tell(text: u8)" => vec![
            ("tell(\"it failed\")", "tell(1)"),
            ("on Ask(text) do tell(text)", "on Ask do tell(1)"),
        ],
        "state Z {" => vec![("on Ask -> A", "on Ask -> Z")],
        "key name" => vec![("context { id: String", "context { id: String  name: String = \"\"")],
        "Charging(by: String, note: String = \"\")" => {
            vec![("Charging(\"x\")", "Charging(\"x\", \"\")")]
        }
        "total" => vec![("total: u32 ", "total: u32 ")],
        "state Closed" => Vec::new(),
        _ => Vec::new(),
    }
}

#[test]
fn who_is_asked_and_what_timers_are_for_is_said() {
    let asks = |version: u32, asked: &str, more: &str| {
        format!(
            "durable machine Leave version {version} {{ key id context {{ id: String }}
                {more}
                @allow(W0503, \"somebody looks\")
                initial state Open {{ {asked} on done(_) -> Closed }}
                final state Closed }}"
        )
    };
    let service =
        asks(1, "invoke grant(id) on error -> Closed", "activity grant(id: String) -> bool");
    let person = asks(2, "human grant(id) -> bool { remind every 8h timeout never }", "");
    let (stdout, _, code) = said(&compat(&folder("asked", &service, &person), &[]));
    let expected = "\
Leave, version 1 to 2: needs a migration: some instances cannot go on
  - `remind every 8h` of state `Open` is new: it starts when an instance in the state is resumed
  ! state `Open` invoked `grant` and invokes `human grant` now
      `state Open -> Open` in `migrate from 1 { .. }` cancels it, and asks for what the state invokes now
";
    assert_eq!((stdout.as_str(), code), (expected, Some(0)));
    let ends = asks(3, "human grant(id) -> bool { timeout 8h } on timeout -> Closed", "");
    let (stdout, _, code) = said(&compat(&folder("ends", &person, &ends), &[]));
    let expected = "\
Leave, version 2 to 3: compatible: instances go on by themselves
  - `timeout 8h` of state `Open` is new: it starts when an instance in the state is resumed
  - `remind every 8h` of state `Open` is gone
";
    assert_eq!((stdout.as_str(), code), (expected, Some(0)));
    let more = ends.replace("version 3", "version 4").replace("(id) -> bool", "(id, id) -> bool");
    let (stdout, _, _) = said(&compat(&folder("more", &ends, &more), &[]));
    let expected = "  ! `human grant` of state `Open` took `(id: String)` and takes ";
    assert!(stdout.contains(expected), "{stdout}");
    let other = ends.replace("version 3", "version 5").replace("-> bool", "-> u32");
    let (stdout, _, _) = said(&compat(&folder("other", &ends, &other), &[]));
    let expected = "  ! state `Open` was answered by `bool` and is by `u32` now\n      \
        `state Open -> Open` in `migrate from 3 { .. }` cancels it, and asks for what the state invokes now\n";
    assert!(stdout.contains(expected), "{stdout}");
    let answers = |version: u32, all: &str| {
        let leave = ends.replace("version 3", &format!("version {version}"));
        format!("enum Answer {{ {all} }} {}", leave.replace("-> bool", "-> Answer"))
    };
    let folder_of = |name, new| folder(name, &answers(3, "Yes, No"), &answers(4, new));
    let (stdout, _, _) = said(&compat(&folder_of("fewer", "Yes"), &[]));
    let expected =
        "  ! state `Open` is answered by `Answer`, and not every old answer is one now\n";
    assert!(stdout.contains(expected), "{stdout}");
    let (stdout, _, _) = said(&compat(&folder_of("more-answers", "Yes, No, Later"), &[]));
    assert!(stdout.contains("the same") || stdout.contains("compatible"), "{stdout}");
    // Also where nobody has thought of a new version.
    let same = ends.replace("-> bool", "-> Option<bool>");
    let (stdout, stderr, code) = said(&compat(&folder("wider", &ends, &same), &[]));
    assert!(stderr.contains("flow-E0803"), "{stdout}{stderr}");
    assert_eq!(code, Some(1));
}

#[test]
fn an_answer_that_has_come_or_gone_is_said() {
    let expense = "\
enum Verdict { Pay, Refuse }
enum Tone { Loud, Low }
durable machine Expense {
    key id
    context { id: String }
    event Call(tone: Tone)
    initial state Asking {
        human approve(id) -> Verdict { assign role(\"finance\") timeout 3d }
        on done(verdict) { if verdict == Verdict::Pay -> Paid  else -> Refused }
        on timeout -> Refused
        on Call(tone) if tone == Tone::Loud -> Refused
    }
    final state Paid
    final state Refused
}
";
    let more = expense.replace("Pay, Refuse }", "Pay, Refuse, Ask }");
    let (stdout, stderr, code) = said(&compat(&folder("answers", expense, &more), &[]));
    let expected = "Expense, version 1 to 1: compatible: instances go on by themselves\n  \
         - type `Verdict` has `Ask` too now\n";
    assert_eq!((stdout.as_str(), code), (expected, Some(1)));
    assert!(stderr.contains("flow-E0803"), "{stderr}");
    let newer = more.replace("Expense {", "Expense version 2 {");
    assert_eq!(said(&compat(&folder("answers", expense, &newer), &[])).2, Some(0));
    // Who has been asked may have given the answer that is gone.
    let (stdout, _, _) = said(&compat(&folder("answers", &more, expense), &[]));
    let expected = "state `Asking` is answered by `Verdict`, and not every old answer is one now";
    assert!(stdout.contains(expected), "{stdout}");
    // What no instance keeps can grow as it likes.
    let louder = expense.replace("Loud, Low", "Loud, Low, None");
    let (stdout, _, code) = said(&compat(&folder("answers", expense, &louder), &[]));
    assert_eq!((stdout.as_str(), code), ("Expense, version 1 to 1: the same\n", Some(0)));
}

/// A saga of these steps: `a` has a compensation, `-a` has none, `!a` is the pivot, `a|b` are side by side.
fn saga(version: u64, steps: &str) -> String {
    let step = |step: &str| {
        let name = step.trim_start_matches(['-', '!']);
        let call = format!("step {name}: go(id, \"{name}\") with p");
        match step.chars().next() {
            Some('!') => format!("pivot {call}\n"),
            Some('-') => format!("@readonly {call}\n"),
            _ => format!("{call} compensate undo(id, \"{name}\") with p\n"),
        }
    };
    let stages = steps.split(' ').map(|stage| match stage.contains('|') {
        true => format!("concurrent {{ {} }}\n", stage.split('|').map(step).collect::<String>()),
        false => step(stage),
    });
    let steps: String = stages.collect();
    format!(
        "durable machine Trip version {version} {{
    key id
    context {{ id: String }}
    activity go(id: String, what: String) -> u32
    activity undo(id: String, what: String)
    policy p {{ timeout 10s  retry max 2 on transient }}
    initial saga state Going {{
        {steps}
        on done -> Over
        on compensated(_) -> Back
        on compensation_error(_) -> Stuck
    }}
    final state Over
    final state Back
    final state Stuck
}}
"
    )
}

const FIRST: &str = "a b f|g -r !d -e";

/// What the steps side by side become.
const GROUP: &str = "FAndG::F::Running FAndG::F::Ended FAndG::G::Running FAndG::G::Ended UndoFAndG";

/// The steps as they are later, and where instances cannot go on: what they would meet.
const LATER: &[(&str, &[(&str, &str)])] = &[
    (FIRST, &[]),
    // Behind where instances are.
    ("a b f|g -r !d -e -h", &[]),
    ("a b f|g !d -e", &[("R", "is gone: instances in it are nowhere")]),
    // Swapped.
    (
        "b a f|g -r !d -e",
        &[
            ("A", "has step `b`, which was not done, in front of it now"),
            (
                "UndoA",
                "has step `b`, which was taken back already, or never done, in front of it now",
            ),
            ("B UndoB", "has step `a`, which was done, behind it now"),
            (
                "FAndG::F::Running FAndG::F::Ended FAndG::G::Running FAndG::G::Ended R D UndoF UndoG",
                "comes after steps that were done in another order",
            ),
        ],
    ),
    ("a b g|f -r !d -e", &[(GROUP, "is gone: instances in it are nowhere")]),
    (
        "a b f|g|k -r !d -e",
        &[
            (GROUP, "is gone: instances in it are nowhere"),
            ("R D E", "has step `k`, which was not done, in front of it now"),
            ("UndoF UndoG", "stands beside other steps that are taken back now"),
        ],
    ),
    // Another pivot.
    (
        "a b f|g -r -d !e",
        &[
            ("D", "was the pivot and is not now"),
            ("E", "stood behind the pivot and stands in front of it now"),
        ],
    ),
    (
        "a b f|g -r -e !d",
        &[
            ("D", "has step `e`, which was not done, in front of it now"),
            ("E", "stood behind the pivot and stands in front of it now"),
        ],
    ),
    ("a b f|g !r -d -e", &[("D", "stood in front of the pivot and stands behind it now")]),
    // More of them, and fewer.
    ("a b f|g x -r !d -e", &[("R D E", "has step `x`, which was not done, in front of it now")]),
    (
        "a f|g -r !d -e",
        &[
            ("B UndoB", "is gone: instances in it are nowhere"),
            (
                "FAndG::F::Running FAndG::F::Ended FAndG::G::Running FAndG::G::Ended R D UndoF UndoG",
                "comes after step `b`, which was done and is gone: nothing would take it back",
            ),
        ],
    ),
    // A compensation that has come.
    (
        "a b f|g r !d -e",
        &[(
            "R D",
            "is behind the beginning of step `r`, which has a compensation only now: nobody knows of which call",
        )],
    ),
];

#[test]
fn what_instances_meet_in_a_saga_that_has_changed_is_said() {
    for (number, (later, expected)) in LATER.iter().enumerate() {
        let folder = folder(&format!("saga{number}"), &saga(1, FIRST), &saga(2, later));
        let (stdout, stderr, code) = said(&compat(&folder, &[]));
        assert_eq!(code, Some(0), "{later}\n{stdout}{stderr}");
        let refused = stdout.lines().filter_map(|line| line.strip_prefix("  ! state `Going::"));
        let mut refused: Vec<(&str, &str)> =
            refused.filter_map(|line| line.split_once("` ")).collect();
        let expected = expected.iter();
        let mut expected: Vec<(&str, &str)> = expected
            .flat_map(|(states, why)| states.split(' ').map(move |state| (state, *why)))
            .collect();
        refused.sort_unstable();
        expected.sort_unstable();
        assert_eq!(refused, expected, "{later}\n{stdout}");
        // Also where nobody has thought of a new version.
        let folder = self::folder(&format!("saga{number}"), &saga(1, FIRST), &saga(1, later));
        let (stdout, stderr, code) = said(&compat(&folder, &[]));
        let is_other = *later != FIRST;
        assert_eq!(
            (stderr.contains("flow-E0803"), code == Some(1)),
            (is_other, is_other),
            "{stdout}"
        );
    }
}

#[test]
fn instances_that_a_changed_saga_refuses_can_be_led_elsewhere() {
    let led = saga(2, "b a f|g -r !d -e")
        .replace(
            "    initial saga",
            "    migrate from 1 { state Going -> Repair }\n    initial saga",
        )
        .replace(
            "    final state Over",
            "    state Repair { after 1h -> Stuck }\n    final state Over",
        );
    let (stdout, stderr, code) = said(&compat(&folder("led", &saga(1, FIRST), &led), &[]));
    assert!(stdout.starts_with("Trip, version 1 to 2: migrated"), "{stdout}{stderr}");
    assert_eq!(code, Some(0));
}
