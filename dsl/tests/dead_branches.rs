//! W0302 is certain: no values of the fields take a branch that was called dead.

use proptest::prelude::*;
use statewright_dsl::code::Code;
use statewright_dsl::compile::compile_text;

/// What the guards speak of: two numbers, two conditions, two lamps.
#[derive(Clone, Copy, Debug)]
struct Values {
    numbers: [u8; 2],
    conditions: [bool; 2],
    lamps: [u8; 2],
}

#[derive(Clone, Debug)]
enum Guard {
    /// `n0 + 2 < 5`
    Number(usize, u8, usize, u8),
    /// `n0 < n1 + 2`
    Numbers(usize, u8),
    Condition(usize),
    /// `c0 == !c1`
    Conditions,
    Lamp(usize, u8, bool),
    Lamps(bool),
    Not(Box<Guard>),
    And(Box<Guard>, Box<Guard>),
    Or(Box<Guard>, Box<Guard>),
    Same(Box<Guard>, Box<Guard>),
}

const OPERATORS: [&str; 6] = ["<", "<=", ">", ">=", "==", "!="];
const LAMPS: [&str; 3] = ["Red", "Yellow", "Green"];

fn compare(operator: usize, a: u8, b: u8) -> bool {
    [a < b, a <= b, a > b, a >= b, a == b, a != b][operator]
}

impl Guard {
    fn text(&self) -> String {
        match self {
            Guard::Number(n, added, op, value) => {
                format!("n{n} + {added} {} {value}", OPERATORS[*op])
            }
            Guard::Numbers(op, added) => format!("n0 {} n1 + {added}", OPERATORS[*op]),
            Guard::Condition(c) => format!("c{c}"),
            Guard::Conditions => "c0 == !c1".into(),
            Guard::Lamp(l, lamp, same) => {
                let op = if *same { "==" } else { "!=" };
                format!("l{l} {op} Lamp::{}", LAMPS[usize::from(*lamp)])
            }
            Guard::Lamps(same) => format!("l0 {} l1", if *same { "==" } else { "!=" }),
            Guard::Not(a) => format!("!({})", a.text()),
            Guard::And(a, b) => format!("({}) && ({})", a.text(), b.text()),
            Guard::Or(a, b) => format!("({}) || ({})", a.text(), b.text()),
            Guard::Same(a, b) => format!("({}) == ({})", a.text(), b.text()),
        }
    }

    /// `None` for an overflow, which is an error of the step: no branch is taken.
    fn holds(&self, v: Values) -> Option<bool> {
        Some(match self {
            Guard::Number(n, added, op, value) => {
                compare(*op, v.numbers[*n].checked_add(*added)?, *value)
            }
            Guard::Numbers(op, added) => {
                compare(*op, v.numbers[0], v.numbers[1].checked_add(*added)?)
            }
            Guard::Condition(c) => v.conditions[*c],
            Guard::Conditions => v.conditions[0] != v.conditions[1],
            Guard::Lamp(l, lamp, same) => (v.lamps[*l] == *lamp) == *same,
            Guard::Lamps(same) => (v.lamps[0] == v.lamps[1]) == *same,
            Guard::Not(a) => !a.holds(v)?,
            Guard::And(a, b) => a.holds(v)? && b.holds(v)?,
            Guard::Or(a, b) => a.holds(v)? || b.holds(v)?,
            Guard::Same(a, b) => a.holds(v)? == b.holds(v)?,
        })
    }
}

fn guards() -> impl Strategy<Value = Guard> {
    let leaf = prop_oneof![
        (0..2usize, 0..3u8, 0..6usize, 0..5u8).prop_map(|(n, a, o, v)| Guard::Number(n, a, o, v)),
        (0..6usize, 0..3u8).prop_map(|(op, added)| Guard::Numbers(op, added)),
        (0..2usize).prop_map(Guard::Condition),
        Just(Guard::Conditions),
        (0..2usize, 0..3u8, any::<bool>()).prop_map(|(l, lamp, same)| Guard::Lamp(l, lamp, same)),
        any::<bool>().prop_map(Guard::Lamps),
    ];
    leaf.prop_recursive(3, 12, 2, |inner| {
        let two = (inner.clone(), inner.clone());
        let boxed = |(a, b): (Guard, Guard)| (Box::new(a), Box::new(b));
        prop_oneof![
            inner.prop_map(|a| Guard::Not(Box::new(a))),
            two.clone().prop_map(move |both| {
                let (a, b) = boxed(both);
                Guard::And(a, b)
            }),
            two.clone().prop_map(move |both| {
                let (a, b) = boxed(both);
                Guard::Or(a, b)
            }),
            two.prop_map(move |both| {
                let (a, b) = boxed(both);
                Guard::Same(a, b)
            }),
        ]
    })
}

fn all_values() -> Vec<Values> {
    let numbers = [0, 1, 2, 3, 4, 5, 6, 253, 254, 255];
    let mut all = Vec::new();
    for a in numbers {
        for b in numbers {
            for rest in 0..36u8 {
                all.push(Values {
                    numbers: [a, b],
                    conditions: [rest % 2 == 1, rest / 2 % 2 == 1],
                    lamps: [rest / 4 % 3, rest / 12],
                });
            }
        }
    }
    all
}

/// A machine whose second state has two `always` in front of the branches.
fn text(branches: &[Guard], always: Option<&Guard>) -> String {
    let list: String =
        branches.iter().map(|guard| format!("            if {} -> B\n", guard.text())).collect();
    let always = always.map_or(String::new(), |g| format!("        always if {} -> B\n", g.text()));
    format!(
        "enum Lamp {{ Red, Yellow, Green }}\n\
         machine M {{\n    context {{ n0: u8  n1: u8  c0: bool  c1: bool  l0: Lamp  l1: Lamp }}\n    \
         event Go\n    initial state A {{\n{always}        on Go {{\n{list}        }}\n    }}\n    \
         final state B\n}}\n"
    )
}

/// The branches that are called dead, by the line they stand in.
fn dead(text: &str, first_line: usize) -> Vec<usize> {
    let compilation = compile_text("m.flow", text);
    assert!(!compilation.diagnostics.has_errors(), "{text}{:?}", compilation.diagnostics);
    let dead = compilation.diagnostics.iter().filter(|d| d.code == Code::DeadBranch);
    let lines = dead.map(|d| {
        let source = compilation.sources.get(d.primary.source).expect("the text is there");
        source.position(d.primary.start as usize).line
    });
    lines.filter_map(|line| line.checked_sub(first_line)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_dead_branch_is_taken(list in prop::collection::vec(guards(), 1..6)) {
        let text = text(&list, None);
        let dead = dead(&text, 7);
        for values in all_values() {
            let mut results = list.iter().map(|guard| guard.holds(values));
            let taken = results.position(|result| result != Some(false));
            if let Some(at) = taken.filter(|at| list[*at].holds(values).is_some()) {
                prop_assert!(!dead.contains(&at), "{text}branch {at} is taken with {values:?}");
            }
        }
    }

    #[test]
    fn always_is_counted_right(always in guards(), guard in guards()) {
        let text = text(std::slice::from_ref(&guard), Some(&always));
        let dead = dead(&text, 7);
        for values in all_values() {
            if always.holds(values) == Some(false) && guard.holds(values) == Some(true) {
                prop_assert!(dead.is_empty(), "{text}is taken with {values:?}");
            }
        }
    }
}

#[test]
fn a_dead_branch_is_found_where_it_stands() {
    let list = [Guard::Numbers(0, 2), Guard::Condition(0), Guard::Numbers(0, 1)];
    assert_eq!(dead(&text(&list, None), 7), [2]);
    assert_eq!(dead(&text(&list[2..], Some(&list[0])), 8), [0]);
}

#[test]
fn what_is_too_much_to_look_at_is_let_pass() {
    // Every level doubles the ways through the one inside.
    let nested = (0..100).fold("c0".to_string(), |inner, _| format!("(c1 == {inner})"));
    let mut list = vec![format!("if {nested} -> B")];
    // Every one of these doubles the cases that are left.
    list.extend((0..200).map(|i| format!("if n0 == {i} && n1 == {i} && c0 == (n0 < n1) -> B")));
    list.push("if n0 < n1 && n1 < n0 -> B".into());
    let first = text(&[Guard::Condition(0)], None);
    let all = first.replace("if c0 -> B", &list.join("\n"));
    assert_eq!(dead(&all, 7), [201]);
}
