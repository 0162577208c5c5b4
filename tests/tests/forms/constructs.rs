//! Every construct in a file and in an annotated module, through rustc. That the trees are the same
//! is shown in `dsl/tests/doors.rs`.
#![allow(dead_code, unreachable_pub)] // They are there to be compiled.

/// Each is a whole module with its attribute, beside a file.
macro_rules! pairs {
    ($($name:ident::$machine:ident: $module:literal, $file:literal;)*) => {
        $(
            #[path = $module]
            mod $name;
        )*
        mod files {
            $(pub(super) mod $name { statewright::include_flow!($file); })*
        }

        #[test]
        fn modules_are_drawn_like_files() {
            $(assert_eq!($name::$machine::DIAGRAM, files::$name::$machine::DIAGRAM);)*
        }
    };
}

pairs! {
    core::desk: "../../doors/constructs/core.rs", "doors/constructs/core.flow";
    fan_outs::panel: "../../doors/constructs/fan_outs.rs", "doors/constructs/fan_outs.flow";
    itself::tree: "../../doors/constructs/itself.rs", "doors/constructs/itself.flow";
    loops::drafts: "../../doors/constructs/loops.rs", "doors/constructs/loops.flow";
    people::petition: "../../doors/constructs/people.rs", "doors/constructs/people.flow";
    policies::quotes: "../../doors/constructs/policies.rs", "doors/constructs/policies.flow";
    sagas::journey: "../../doors/constructs/sagas.rs", "doors/constructs/sagas.flow";
    versions::order: "../../doors/constructs/versions.rs", "doors/constructs/versions.flow";
    agents::document_pipeline: "../../doors/document_agents.rs", "flows/document_agents.flow";
    call::protected_call: "../../doors/protected_call.rs", "flows/protected_call.flow";
    refining::refine_draft: "../../doors/refine_loop.rs", "flows/refine_loop.flow";
}
