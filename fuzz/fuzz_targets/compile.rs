//! Any text, all the way: diagnostics in every format; of a machine without errors its Rust, which
//! has to be Rust, its diagrams, and a short run by the interpreter. Never a panic, never a hang.

#![no_main]

use libfuzzer_sys::fuzz_target;
use statewright_dsl::chart::Chart;
use statewright_dsl::compile::compile_text;
use statewright_dsl::interpret::{Cause, FaultKind, Interpreter, Occurrence, Value};
use statewright_dsl::lower::lower;
use statewright_dsl::model::{ContextDecl, Function, Param};
use statewright_dsl::{emit, render};
use std::collections::BTreeMap;
use std::time::Duration;

fuzz_target!(|text: &str| {
    let done = compile_text("fuzz.flow", text);
    let (sources, diagnostics) = (&done.sources, &done.diagnostics);
    for color in [false, true] {
        let style = render::Style { color, ..Default::default() };
        let _ = render::human(sources, diagnostics, style);
    }
    let _ = render::short(sources, diagnostics);
    let _ = render::github(sources, diagnostics);
    let _ = render::json(sources, diagnostics);
    for model in &done.machines {
        let _ = emit::mermaid(model);
        let _ = emit::dot(model);
    }
    let charts: Vec<Chart> = done.machines.iter().map(lower).collect();
    if charts.is_empty() {
        return;
    }
    let rust = emit::rust::rust(&charts, &Default::default());
    let parsed = syn::parse2::<syn::File>(rust);
    assert!(parsed.is_ok(), "{:?}", parsed.err());
    charts.iter().for_each(run);
});

/// Sends every event three times, and lets time pass.
fn run(chart: &Chart) {
    let plain = |param: &Param| Value::plain(&param.ty, &chart.declarations);
    let mut host = |function: &Function, _: &[Value]| match &function.result {
        Some(ty) => Value::plain(ty, &chart.declarations).ok_or(FaultKind::Unknown),
        None => Err(FaultKind::Unknown),
    };
    let interpreter = Interpreter::new(chart);
    let ContextDecl::Declared(fields) = &chart.declarations.context else { return };
    let given: BTreeMap<_, _> = interpreter
        .required()
        .filter_map(|field| Some((field, plain(&fields[field.index()].param)?)))
        .collect();
    let Ok((mut instance, _)) = interpreter.start(&given, Duration::ZERO, &mut host) else { return };
    for _ in 0..3 {
        for (at, event) in chart.declarations.events.iter().enumerate().take(50) {
            let Some(payload) = event.params.iter().map(plain).collect() else { continue };
            let event = statewright_dsl::model::EventId(at as u32);
            let cause = Cause::Event(Occurrence { event, payload });
            if let Ok((next, _)) = interpreter.step(&instance, &cause, &mut host) {
                instance = next;
            }
        }
        if let Some(at) = instance.due(Duration::MAX)
            && let Ok((next, _)) = interpreter.step(&instance, &Cause::Due(at), &mut host)
        {
            instance = next;
        }
    }
}
