//! Expressions that nobody can write: what constructs are written out with means the same to the
//! interpreter, in messages and in generated Rust. A text stands for them with calls of functions that
//! are not declared.

#![allow(clippy::unwrap_used)]

use statewright_dsl::ast::{
    EffectKind, Expr, ExprKind, Item, MachineItem, Made, State, StateItemKind, Type,
};
use statewright_dsl::check::check;
use statewright_dsl::diagnostic::Diagnostics;
use statewright_dsl::emit::rust::rust;
use statewright_dsl::interpret::{Act, Cause, FaultKind, Interpreter, NoHost, Occurrence, Value};
use statewright_dsl::lower::lower;
use statewright_dsl::model::{EventId, Model, StateId, Valid};
use statewright_dsl::parse::parse;
use statewright_dsl::resolve::{Package, ParsedFile, resolve};
use statewright_dsl::source::Sources;
use std::collections::BTreeMap;
use std::time::Duration;

const TEXT: &str = r#"machine Made {
    event Fill(n: u32)
    event Read
    event Ask
    event Fail
    event Tell
    output Told(name: String)
    initial state Open(n: Option<u32> = none, m: Option<u32> = none, sum: Option<u32> = none,
            list: Vec<u32> = [], cause: Option<cause> = none) {
        on Fill(x) do set m = n, set n = some(x), set list = append_(list, x)
        on Read do set list = append_(list, sure_(n))
        on Ask do set sum = known_(n + m, n, m)
        on Fail do set cause = some(failure_("Late", "too late"))
        on Tell do emit Told(sure_(cause).name)
    }
}
"#;

fn in_expr(expr: &mut Expr) {
    match &mut expr.kind {
        ExprKind::Call(path, args) => {
            args.iter_mut().for_each(in_expr);
            let made = match path.text().as_str() {
                "sure_" => Made::Sure,
                "known_" => Made::Known,
                "append_" => Made::Append,
                "failure_" => Made::Failure,
                _ => return,
            };
            expr.kind = ExprKind::Made(made, std::mem::take(args));
        }
        ExprKind::Field(of, _) => in_expr(of),
        ExprKind::Binary(_, a, b) => {
            in_expr(a);
            in_expr(b);
        }
        _ => {}
    }
}

fn in_state(state: &mut State) {
    for param in &mut state.params {
        for arg in param.ty.args.iter_mut().filter(|arg| arg.path.text() == "cause") {
            arg.path.segments[0].text = Type::FAILURE.into();
        }
    }
    for item in state.items.iter_mut().flatten() {
        let StateItemKind::On(_, reaction) = &mut item.kind else { continue };
        for effect in reaction.branches.iter_mut().flat_map(|branch| &mut branch.effects) {
            match &mut effect.kind {
                EffectKind::Set(_, value) => in_expr(value),
                EffectKind::Emit { args, .. } => args.iter_mut().for_each(in_expr),
                _ => {}
            }
        }
    }
}

fn machine() -> Valid<Model> {
    let mut sources = Sources::default();
    let source = sources.add("made.flow", TEXT);
    let mut diagnostics = Diagnostics::default();
    let mut tree = parse(source, TEXT, &mut diagnostics);
    let Some(Item::Machine(machine)) = tree.items.first_mut() else { panic!("no machine") };
    for item in &mut machine.items {
        let MachineItem::State(item) = item else { continue };
        if let StateItemKind::State(state) = &mut item.kind {
            in_state(state);
        }
    }
    let files = vec![ParsedFile { source, tree, imports: Vec::new() }];
    let models = resolve(&Package { files, beside: None }, &mut diagnostics);
    let mut machines = check(models, &[], &mut diagnostics);
    assert!(!diagnostics.has_errors(), "{diagnostics:?}");
    machines.remove(0)
}

fn number(n: i128) -> Value {
    Value::Option(Some(Box::new(Value::Int(n))))
}

#[test]
fn the_interpreter_knows_what_is_made() {
    let chart = lower(&machine());
    let interpreter = Interpreter::new(&chart);
    let start = interpreter.start(&BTreeMap::new(), Duration::ZERO, &mut NoHost);
    let (mut now, _) = start.unwrap();
    let event = |event: u32, payload: Vec<Value>| {
        Cause::Event(Occurrence { event: EventId(event), payload })
    };
    let mut acts = Vec::new();
    for (cause, at, expected) in [
        (event(2, vec![]), 2, Value::Option(None)),
        (event(0, vec![Value::Int(3)]), 0, number(3)),
        (event(2, vec![]), 2, Value::Option(None)),
        (event(0, vec![Value::Int(4)]), 1, number(3)),
        (event(2, vec![]), 2, number(7)),
        (event(1, vec![]), 3, Value::List([3, 4, 4].map(Value::Int).to_vec())),
        (
            event(3, vec![]),
            4,
            Value::Option(Some(Box::new(Value::Failure("Late".into(), "too late".into())))),
        ),
        (event(4, vec![]), 2, number(7)),
    ] {
        let (next, step) = interpreter.step(&now, &cause, &mut NoHost).unwrap();
        assert_eq!(next.data[&StateId(1)][at], expected, "{cause:?}");
        now = next;
        acts = step.acts;
    }
    assert!(matches!(&acts[1], Act::Emit(_, said) if *said == [Value::String("Late".into())]));
}

#[test]
fn a_value_that_is_not_there_fails_the_step() {
    let chart = lower(&machine());
    let interpreter = Interpreter::new(&chart);
    let (now, _) = interpreter.start(&BTreeMap::new(), Duration::ZERO, &mut NoHost).unwrap();
    let read = Cause::Event(Occurrence { event: EventId(1), payload: vec![] });
    let fault = interpreter.step(&now, &read, &mut NoHost).unwrap_err();
    assert_eq!(fault.kind, FaultKind::Unset);
}

#[test]
fn generated_rust_has_an_error_for_what_is_not_there() {
    let code = rust(&[lower(&machine())], &Default::default()).to_string();
    for expected in ["sure (", "append (", "failure (", ". is_some ()"] {
        assert!(code.contains(expected), "no {expected}");
    }
}
