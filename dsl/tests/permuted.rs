//! The settings of a policy mean the same in whatever order they stand: the same model, code, diagram, and the same
//! doubts.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use statewright_dsl::compile::compile_text;
use statewright_dsl::emit::mermaid;
use statewright_dsl::emit::rust::{RustOptions, rust};
use statewright_dsl::lower::lower;
use statewright_dsl::model::Model;

/// A setting of each kind, in the order in which they are put around each other.
const SETTINGS: [&str; 7] = [
    "deadline 20s",
    "retry max 3 backoff exponential 250ms..4s factor 2 jitter full on transient, Busy",
    "retry budget 20%",
    "circuit_breaker failures 5 within 30s open 45s probes 2",
    "bulkhead 32 queue 100",
    "rate_limit 30 per 1m",
    "timeout 5s",
];

/// A machine that calls under two policies with these settings, alone, behind each other and side by side.
fn text(first: &[&str], second: &[&str]) -> String {
    let (first, second) = (first.join(" "), second.join("\n"));
    format!(
        "machine Quotes {{
            context {{ id: String  ids: Vec<String>  price: u64 = 0 }}
            error Refused
            transient error Down
            transient error Busy(retry_after: Duration)
            activity quote(id: String) -> u64 raises Refused, Down, Busy
                cache for 5m by (id) coalesce by (id)
            activity ask(id: String) -> u64 raises Down, Busy
            fn guess(id: String) -> u64
            policy second {{ {second} }}
            policy first {{ {first} }}
            on error Refused -> Over
            on error(e) -> Failed(e.message)
            initial state Asking {{
                invoke quote(id) with first fallback ask(id) with second fallback guess(id)
                on done(found) do set price = found -> AskingAll
            }}
            state AskingAll {{
                fan_out one in ids max 9 concurrency 2 {{ call all: ask(one) with second }} join any into prices
                on done -> Over
            }}
            final state Over
            final state Failed(why: String)
        }}"
    )
}

struct Meaning {
    models: Vec<Model>,
    code: String,
    diagram: String,
    doubts: Vec<String>,
}

fn meaning(text: &str) -> Meaning {
    let compilation = compile_text("quotes.flow", text);
    assert_eq!(compilation.machines.len(), 1, "{text}\n{:#?}", compilation.diagnostics);
    let charts: Vec<_> = compilation.machines.iter().map(lower).collect();
    let code = rust(&charts, &RustOptions::default()).to_string();
    let diagram = mermaid(&compilation.machines[0]);
    let doubts = compilation.diagnostics.iter().map(|d| format!("{} {}", d.code, d.message));
    let mut doubts: Vec<String> = doubts.collect();
    doubts.sort();
    let mut models: Vec<Model> = compilation.machines.iter().map(|m| (**m).clone()).collect();
    for policy in models.iter_mut().flat_map(|model| &mut model.declarations.policies) {
        // Where each stands, for messages: in the order of the text.
        policy.settings.sort_by_key(|(word, _)| *word);
    }
    Meaning { models, code, diagram, doubts }
}

/// Some of the settings, each with its place in an order of all.
fn some() -> impl Strategy<Value = (Vec<&'static str>, Vec<&'static str>)> {
    let some = proptest::sample::subsequence(SETTINGS.to_vec(), 0..=SETTINGS.len());
    some.prop_flat_map(|some| (Just(some.clone()), Just(some).prop_shuffle()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn settings_mean_the_same_in_every_order(
        (first, first_shuffled) in some(),
        (second, second_shuffled) in some(),
    ) {
        let (ordered, shuffled) = (text(&first, &second), text(&first_shuffled, &second_shuffled));
        let (one, other) = (meaning(&ordered), meaning(&shuffled));
        prop_assert!(one.models == other.models, "{shuffled}");
        prop_assert_eq!(one.code, other.code, "{}", shuffled);
        prop_assert_eq!(one.diagram, other.diagram);
        prop_assert_eq!(one.doubts, other.doubts);
    }
}
