//! Shapes: what is in the document, and what the hash depends on.

#![allow(clippy::unwrap_used)]

use statewright_dsl::chart::Chart;
use statewright_dsl::compile::compile_text;
use statewright_dsl::emit::shape::{document, hash};
use statewright_dsl::lower::lower;

const ORDER: &str = include_str!("shape/order.flow");

/// A saga, a loop, a fan-out and a person.
const WORKS: &str = include_str!("shape/works.flow");

fn chart(text: &str) -> Chart {
    let compilation = compile_text("order.flow", text);
    let said: Vec<_> = compilation.diagnostics.iter().map(|d| (d.severity, &d.message)).collect();
    lower(compilation.machines.first().unwrap_or_else(|| panic!("{said:#?}\n{text}")))
}

#[test]
fn the_document_has_what_instances_depend_on() {
    for (machine, name) in [(ORDER, "order"), (WORKS, "works")] {
        let path = format!("{}/tests/shape/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let text = document(&chart(machine)).replace("[{", "[\n{").replace("},{", "},\n{") + "\n";
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let there = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(there == text, "{path} is out of date: run this test with BLESS=1");
    }
}

fn changed(from: &str, to: &str) -> bool {
    changed_in(ORDER, from, to)
}

fn changed_in(machine: &str, from: &str, to: &str) -> bool {
    assert!(machine.contains(from), "{from}");
    hash(&chart(machine)) != hash(&chart(&machine.replace(from, to)))
}

#[test]
fn what_is_orchestrated_is_part_of_what_instances_are() {
    for (from, to) in [
        ("step ride: car(id) with patient", "step trip: car(id) with patient"),
        ("-> Improving", "-> Bettering"),
        ("enum Verdict { Good", "enum Verdict { Fair, Good"),
        ("human decide", "human judge"),
        (
            "fan_out name in names max 5 { call one: ask(name) with patient }",
            "fan_out { call one: ask(id) }",
        ),
        ("until change(score) < 0.1 for 2", ""),
    ] {
        let to = WORKS.replace(from, to);
        let to = match from {
            "step ride: car(id) with patient" => to.replace("no_car(ride)", "no_car(trip)"),
            "-> Improving" => to.replace("state Improving", "state Bettering"),
            _ if from.starts_with("fan_out") => to
                .replace(
                    "join quorum 2 tolerate 1 into answers vote one majority into outcome",
                    "join all into answers",
                )
                .replace(
                    "if outcome == some(Verdict::Good) -> Deciding",
                    "if one == Verdict::Good -> Deciding",
                ),
            _ => to,
        };
        assert_ne!(hash(&chart(WORKS)), hash(&chart(&to)), "{from}");
    }
    // Where the steps of a saga stand, and on which side of the pivot, says what was done.
    let pivots = WORKS.replace("pivot step money", "step money");
    assert_ne!(hash(&chart(WORKS)), hash(&chart(&pivots)));
    // How often, how many and for how long is read when its turn comes.
    for (from, to) in [
        ("retry max 2", "retry max 3"),
        ("max 6", "max 7"),
        ("max 5 {", "max 6 {"),
        ("assign role(\"boss\")", "assign role(\"clerk\")"),
        ("timeout 3d", "timeout 4d"),
    ] {
        assert!(!changed_in(WORKS, from, to), "{from} -> {to}");
    }
}

#[test]
fn the_hash_is_the_same_where_instances_are() {
    for (from, to) in [
        ("/// An order with all that an instance can have.", "// An order."),
        (" if is_large(unkept())", ""),
        ("event Remind\n    event Ask(text: String)", "event Ask(text: String)\n    event Remind"),
        ("event Remind", "event Remind\n    event Cancel"),
        ("event Pay(items: Vec<Item>)", "event Pay(items: Vec<Item>, by: String)"),
        ("{ on Pay -> Closed }", "{ on Pay -> Open }"),
        ("after 30s -> Waiting", "after 40s -> Closed"),
        ("state Paused { on Remind", "state Paused { entry do tell(\"\", Lamp::Red)  on Remind"),
        ("charge(id: String) -> Unkept", "charge(id: String) -> u8"),
        ("activity never_asked(id: u8)", "activity never_asked(id: u16)"),
        ("struct Unkept { x: u8 }", "struct Unkept { x: u16 }"),
        ("note: Option<String> = none", "note: Option<String> = some(\"\")"),
        ("@was(\"remark\") ", ""),
        ("initial -> Charging", "initial -> Waiting"),
    ] {
        assert!(!changed(from, to), "{from} -> {to}");
    }
}

#[test]
fn the_hash_is_another_where_instances_are_others() {
    for (from, to) in [
        ("version 3", "version 4"),
        ("machine Order", "machine Orders"),
        ("key id", "key name"),
        ("state Paused {", "state Shelved {"),
        ("@id(\"busy\")", "@id(\"working\")"),
        ("final state Closed", "final state Closed\n    final state Lost"),
        ("tries: u8", "tries: u16"),
        ("late total: Money", "late total: shop::Money"),
        ("late total: Money", "total: Money"),
        ("items: Vec<Item> = []", "items: Vec<Item> = []\n        more: u8 = 0"),
        ("lamps: Vec<Lamp>", "lamps: Vec<Lamp>, more: u8"),
        ("enum Lamp { Red", "enum Lamp { Green, Red"),
        ("period: Duration", "period: u64"),
        ("defer Ask", "on Ask do tell(\"\", Lamp::Red)"),
        ("event Ask(text: String)", "event Ask(text: String, by: String)"),
        ("Told(text: String)", "Told(text: String, by: u8)"),
        ("after 30s -> Waiting", "every 30s -> Waiting"),
        ("after 30s -> Waiting", ""),
        ("after 5s if", "after 6s if"),
        ("if elapsed() < 1h", ""),
        ("charge(id)", "post(id)"),
        ("history(Working)", "Working"),
        ("tell(text: String, lamp: Lamp)", "tell(words: String, lamp: Lamp)"),
    ] {
        assert!(changed(from, to), "{from} -> {to}");
    }
}

/// A field that a transition now sets for sure, and something reads, is missing in older instances.
#[test]
fn what_a_state_needs_is_part_of_what_instances_are() {
    const LETTER: &str = "durable machine Letter {
        key id
        context { id: String  late grams: u32 }
        event Weigh(grams: u32)
        event Send
        output Posted(grams: u32)
        initial state Written { on Weigh(now) do set grams = now -> Weighed }
        state Weighed { on Send do emit Posted(grams) -> Sent }
        final state Sent
    }";
    let with = |from: &str, to: &str| chart(&LETTER.replace(from, to));
    let (set, read) = ("do set grams = now -> Weighed", "do emit Posted(grams) -> Sent");
    let whole = document(&chart(LETTER));
    assert!(whole.contains(r#""path":"Weighed","needs":["grams"],"set":["grams"]"#), "{whole}");
    assert!(whole.contains(r#""path":"Sent","set":["grams"]"#), "{whole}");
    let unread = document(&with(read, "-> Sent"));
    assert!(!unread.contains("needs"), "{unread}");
    assert_ne!(hash(&chart(LETTER)), hash(&with(read, "-> Sent")));
    // Set somewhere else too is set all the same.
    let twice = with(set, "do set grams = 1, set grams = now -> Weighed");
    assert_eq!(hash(&chart(LETTER)), hash(&twice));
}

/// The same name and arguments, asked of a service, a person, another machine.
#[test]
fn who_is_asked_is_part_of_what_instances_wait_for() {
    const PARCEL: &str = "durable machine Parcel {
        key id
        context { id: String }
        event Deliver(whole: bool)
        initial state Moving { on Deliver(whole) -> Delivered(whole) }
        final state Delivered(whole: bool)
    }";
    let asks = |declared: &str, asked: &str| {
        let text = format!(
            "durable machine Order {{
                key id
                context {{ id: String }}
                event Leave
                {declared}
                initial state Open {{ {asked}  on done(_) -> Closed  on Leave -> Closed }}
                final state Closed
            }}
            {PARCEL}"
        );
        chart(&text)
    };
    let service = asks("activity Parcel(id: String) -> bool", "invoke Parcel(id)");
    let person = asks("", "human Parcel(id) -> bool { timeout never }");
    let machine = asks("", "invoke machine Parcel(id)");
    for (chart, name) in
        [(&service, "Parcel"), (&person, "human Parcel"), (&machine, "machine Parcel")]
    {
        let whole = document(chart);
        assert!(whole.contains(&format!(r#""invoke":"{name}""#)), "{whole}");
        assert!(whole.contains(&format!(r#""activities":[{{"name":"{name}""#)), "{whole}");
    }
    assert_ne!(hash(&service), hash(&person));
    assert_ne!(hash(&service), hash(&machine));
    assert_ne!(hash(&person), hash(&machine));
    // What a timer is for tells it from others that wait as long; how long does not.
    let waits = |rules: &str, more: &str| {
        hash(&asks("", &format!("human Parcel(id) -> bool {{ {rules} }}  {more}")))
    };
    let ends = waits("timeout 3d", "on timeout -> Closed");
    assert_eq!(ends, waits("timeout 5d", "on timeout -> Closed"));
    assert_ne!(ends, waits("timeout never", "after 3d -> Closed"));
    assert_ne!(ends, waits("escalate after 3d to role(\"cfo\") timeout never", ""));
    let reminds = waits("remind every 8h timeout never", "");
    assert_ne!(reminds, waits("timeout never", "every 8h do raise Leave"));
}
