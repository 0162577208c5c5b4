//! Ends of what was asked for that are none: the machine stays as it is. The generated machine says the same
//! (`tests/tests/people.rs`).

#![cfg(feature = "tools")]
#![allow(clippy::unwrap_used)]

use statewright_dsl::compile::compile_text;
use statewright_dsl::interpret::{Cause, FaultKind, Interpreter, NoHost, Outcome, Reply, Value};
use statewright_dsl::lower::lower;
use statewright_dsl::model::ErrorId;
use std::collections::BTreeMap;
use std::time::Duration;

const TEXT: &str = r#"machine Expense {
    error Refused
    activity pay() raises Refused
    on error(e) -> Over
    initial state Asking {
        human approve() -> bool { timeout never }
        on done(yes) -> Paying
    }
    state Paying {
        invoke pay()
        on done -> Over
    }
    final state Over
}
"#;

#[test]
fn a_person_does_not_fail() {
    let compilation = compile_text("expense.flow", TEXT);
    assert!(!compilation.diagnostics.has_errors(), "{:#?}", compilation.diagnostics);
    let chart = lower(&compilation.machines[0]);
    let interpreter = Interpreter::new(&chart);
    let (now, _) = interpreter.start(&BTreeMap::new(), Duration::ZERO, &mut NoHost).unwrap();
    for error in [
        Reply::Error(ErrorId(0), Vec::new()),
        Reply::Unexpected("no".into()),
        Reply::Failed("Timeout".into(), "too late".into()),
    ] {
        let refused = interpreter.step(&now, &Cause::Reply(1, error), &mut NoHost);
        assert_eq!(refused.unwrap_err().kind, FaultKind::WrongReply);
    }
    let yes = Cause::Reply(1, Reply::Done(Some(Value::Bool(true))));
    let (_, step) = interpreter.step(&now, &yes, &mut NoHost).unwrap();
    assert_eq!(step.outcome, Outcome::Handled);
}
