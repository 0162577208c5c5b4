//! What imports bring - errors, policies, types - and what a machine declares itself.

#![allow(clippy::unwrap_used)]

use statewright_dsl::compile::{Compilation, TextLoader, compile};
use statewright_dsl::lower::lower;
use statewright_dsl::model::Limit;
use statewright_dsl::simulate;
use statewright_dsl::span::Span;

const CHILD: &str = "durable machine Stay {
        key id
        context { id: String }
        error Full(house: String)
        transient error Busy
        activity hold(id: String) -> String raises Full, Busy
        policy brief { timeout 10s }
        initial state Holding {
            invoke hold(id) with brief
            on done(room) -> Held(room)
            on error Full(house) -> Full(house)
            on error(_) -> Broken
        }
        final state Held(room: String)
        @outcome(failure)
        final state Full(house: String)
        @outcome(failure)
        final state Broken
    }";

fn compiled(root: &str, other: &str) -> Compilation {
    let loader = TextLoader::default()
        .with("root.flow", root.to_owned())
        .with("stay.flow", CHILD.to_owned())
        .with("other.flow", other.to_owned());
    compile(&loader, "root.flow")
}

fn said(compilation: &Compilation) -> Vec<String> {
    let all = compilation.diagnostics.iter();
    all.map(|d| format!("{} {}", d.code.short(), d.message)).collect()
}

/// A saga whose step is a machine of another file, with what it declares itself and a scenario.
fn journey(declared: &str, ends: &str, expected: &str) -> String {
    format!(
        "import \"stay.flow\"
        durable machine Journey {{
            key id
            context {{ id: String  why: String = \"\" }}
            {declared}
            activity release(id: String)
            policy patient {{ timeout 10s  retry max 4 backoff exponential 1s..1m on transient }}
            initial saga state Booking {{
                step room: machine Stay(id)
                    compensate release(id) with patient
                on done -> Booked(room)
                on compensated(cause) do set why = cause.message -> Over
                on compensation_error(cause) do set why = cause.message -> Over
            }}
            final state Booked(room: String)
            final state Over
            scenario \"the house is full\" {{
                given id = \"j\", Stay(\"j\") = error {ends}
                after 0s
                expect {expected}
            }}
        }}"
    )
}

fn runs(text: &str) {
    let compilation = compiled(text, "");
    assert_eq!(said(&compilation), Vec::<String>::new(), "{text}");
    let machine = &compilation.machines[0];
    let chart = lower(machine);
    for scenario in &machine.scenarios {
        let failed = simulate::diagnostic(scenario, &simulate::run(&chart, scenario));
        assert!(failed.is_none(), "{text}\n{failed:#?}");
    }
}

#[test]
fn a_saga_counts_only_what_its_machine_declares() {
    runs(&journey(
        "error Full(house: String)",
        "Full(\"The Bell\")",
        "Over and why == \"The Bell\"",
    ));
    // Its own error says to the machine itself what `hold` did, and nothing of its end.
    runs(&journey("", "Full", "in(Booking::UndoRoom)"));
}

#[test]
fn what_is_imported_may_be_declared_again() {
    let other = "machine Other {
            transient error Busy
            activity ask() raises Busy
            policy swift { timeout 10s }
            initial state A { invoke ask() with swift on done -> B on error Busy -> B on error(_) -> B }
            final state B
        }";
    let root = |declared: &str| {
        format!(
            "import \"stay.flow\" import \"other.flow\"
            machine Root {{
                {declared}
                activity ask() raises Busy
                policy calm {{ timeout 10s }}
                initial state A {{ invoke ask() with calm on done -> B on error Busy -> B on error(_) -> B }}
                final state B
            }}"
        )
    };
    for declared in ["", "transient error Busy"] {
        let compilation = compiled(&root(declared), other);
        assert_eq!(said(&compilation), Vec::<String>::new(), "{declared}");
        let errors = &compilation.machines[0].declarations.errors;
        let busy: Vec<bool> =
            errors.iter().filter(|e| e.name.text == "Busy").map(|e| e.imported).collect();
        assert_eq!(busy, [declared.is_empty()]);
    }
    // What it declares itself is its own, whatever others call so.
    for declared in ["error Busy", "transient error Busy(why: String)"] {
        let compilation = compiled(&root(declared), other);
        assert_eq!(said(&compilation), Vec::<String>::new());
        let errors = &compilation.machines[0].declarations.errors;
        let busy: Vec<_> = errors.iter().filter(|e| e.name.text == "Busy").collect();
        let [busy] = busy.as_slice() else { panic!("{busy:?}") };
        assert_eq!((busy.imported, busy.transient), (false, declared.starts_with("transient")));
    }
    // Two that are not the same are told where one of them is meant, and only there.
    let other = &other.replace("transient error", "error");
    let unclear = "E0101 two imports bring an error of the name `Busy`";
    assert_eq!(said(&compiled(&root(""), other)), [unclear, unclear]);
    assert_eq!(said(&compiled(&root("error Busy"), other)), Vec::<String>::new());
    let quiet = root("").replace("Busy", "Idle");
    assert_eq!(
        said(&compiled(&quiet.replace("activity", "error Idle activity"), other)),
        Vec::<String>::new()
    );
    let twice = root("transient error Busy transient error Busy");
    assert_eq!(said(&compiled(&twice, other)), ["E0101 error `Busy` is declared twice"]);
}

#[test]
fn who_waits_for_an_error_of_a_child_is_told_to_declare_it() {
    let root = |declared: &str| {
        format!(
            "import \"stay.flow\"
            durable machine Root {{
                key id
                context {{ id: String  why: String = \"\" }}
                {declared}
                initial state A {{
                    invoke machine Stay(id)
                    on done(_) -> B
                    on error Full(house) do set why = house -> B
                    on error(e) do set why = e.message -> B
                }}
                final state B
            }}"
        )
    };
    assert_eq!(said(&compiled(&root("error Full(house: String)"), "")), Vec::<String>::new());
    let compilation = compiled(&root(""), "");
    assert_eq!(said(&compilation), ["W0302 this error never comes"]);
    let help = compilation.diagnostics.iter().next().unwrap().help.clone();
    let wanted = "declare it here too: `Stay` ends with errors of this machine alone";
    assert_eq!(help.as_deref(), Some(wanted));
}

#[test]
fn policies_of_others_do_not_get_in_the_way() {
    let root = |declared: &str, policy: &str| {
        format!(
            "import \"stay.flow\" import \"other.flow\"
            machine Root {{
                {declared}
                activity ask()
                initial state A {{ invoke ask() with {policy} on done -> B on error(_) -> B }}
                final state B
            }}"
        )
    };
    // Two machines of one file, and one of another.
    let other = "machine Other {
            activity ask()
            policy brief { timeout 20s }
            policy long { timeout 1h }
            initial state A { invoke ask() with brief on done -> B on error(_) -> B }
            final state B
        }
        machine Another {
            activity ask()
            policy brief { timeout 30s }
            initial state A { invoke ask() with brief on done -> B on error(_) -> B }
            final state B
        }";
    let used = |declared: &str, policy: &str| {
        let compilation = compiled(&root(declared, policy), other);
        assert_eq!(said(&compilation), Vec::<String>::new());
        let model = &compilation.machines[0];
        let used = model.states.iter().find_map(|state| state.invoke.as_ref()?.policy).unwrap();
        let policy = &model.declarations.policies[used.index()];
        (policy.imported.clone(), policy.timeout)
    };
    let after = |seconds: u64| Limit::After(seconds * 1000);
    assert_eq!(used("", "long"), (Some("Other".to_owned()), after(3600)));
    assert_eq!(used("policy brief { timeout 1s }", "brief"), (None, after(1)));
    let compilation = compiled(&root("", "brief"), other);
    assert_eq!(said(&compilation), ["E0101 two imports bring a policy of the name `brief`"]);
    let report = compilation.diagnostics.iter().next().unwrap();
    let file = |span: Span| compilation.sources.get(span.source).unwrap().name.clone();
    let labels: Vec<String> = report.labels.iter().map(|label| file(label.span)).collect();
    assert_eq!(labels, ["stay.flow", "other.flow"]);
    assert_eq!(
        report.help.as_deref(),
        Some("declare it in the machine: `policy brief ..`; its own counts")
    );
    let twice = root("policy brief { timeout 1s } policy brief { timeout 2s }", "brief");
    assert_eq!(said(&compiled(&twice, other)), ["E0101 policy `brief` is declared twice"]);
}

#[test]
fn types_that_two_files_declare_alike_are_one() {
    let root = |declared: &str| {
        format!(
            "import \"one.flow\" import \"two.flow\" {declared}
            machine Root {{
                context {{ grade: Grade = Grade::Good(3) }}
                event Take(review: Review)
                initial state A {{ on Take(review) if review.grade == grade -> B }}
                final state B
            }}"
        )
    };
    let types = "/// How good.
        enum Grade { Bad, Good(points: u8) }
        struct Review { grade: Grade, by: Option<String> }";
    let compiled = |root: String, two: &str| {
        let loader = TextLoader::default()
            .with("root.flow", root)
            .with("one.flow", types.to_owned())
            .with("two.flow", two.to_owned());
        compile(&loader, "root.flow")
    };
    for declared in ["", "enum Grade { Bad, Good(points: u8) }"] {
        let compilation = compiled(root(declared), types);
        assert_eq!(said(&compilation), Vec::<String>::new());
        let types = &compilation.machines[0].declarations.types;
        let types: Vec<_> = types.iter().map(|t| (t.name.text.as_str(), t.imported)).collect();
        assert_eq!(types, [("Grade", declared.is_empty()), ("Review", true)]);
    }
    let other = types.replace("u8", "u16");
    let compilation = compiled(root(""), &other);
    assert_eq!(said(&compilation), ["E0101 type `Grade` is declared twice"]);
    let help = compilation.diagnostics.iter().next().unwrap().help.clone().unwrap();
    assert!(help.contains("a file that both import"), "{help}");
}

#[test]
fn a_machine_of_two_imports_is_told_where_it_is_named() {
    let root = |item: &str| {
        format!(
            "import \"stay.flow\" import \"other.flow\"
            durable machine Root {{
                key id
                context {{ id: String }}
                initial state A {{
                    {item}
                }}
                final state B
            }}"
        )
    };
    let invoke = root("invoke machine Stay(id) on done(_) -> B on error(_) -> B");
    let compilation = compiled(&invoke, CHILD);
    assert_eq!(said(&compilation), ["E0101 two imports bring a machine of the name `Stay`"]);
    let help = compilation.diagnostics.iter().next().unwrap().help.clone();
    assert_eq!(help.as_deref(), Some("give one of them another name: an engine knows them by it"));
    assert_eq!(said(&compiled(&root("after 1s -> B"), CHILD)), Vec::<String>::new());
}
