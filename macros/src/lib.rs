//! The second door of the Statewright compiler: `flow!`, `include_flow!` and `#[machine]`.
//!
//! Only a door: everything happens in `statewright_dsl::door`.

use proc_macro::TokenStream;
use statewright_dsl::door;

/// Machines written in place, as in a `.flow` file.
///
/// Every machine becomes a module with its name in snake case. Start with `crate = path;` if the
/// runtime is not called `statewright`.
///
/// ```text
/// statewright::flow! {
///     machine Door {
///         event Push
///         initial state Shut { on Push -> Open }
///         state Open { on Push -> Shut }
///     }
/// }
///
/// let mut door = door::Machine::new((), door::Start {})?;
/// door.dispatch(door::Event::Push)?;
/// assert_eq!(door.state(), door::State::Open);
/// ```
#[proc_macro]
pub fn flow(tokens: TokenStream) -> TokenStream {
    door::flow(tokens.into()).into()
}

/// The machines of a `.flow` file. The path is relative to the directory of `Cargo.toml`; cargo
/// compiles again when the file or one that it imports changes.
///
/// ```text
/// statewright::include_flow!("flows/door.flow");
/// statewright::include_flow!("flows/door.flow", crate = my::statewright);
/// ```
#[proc_macro]
pub fn include_flow(tokens: TokenStream) -> TokenStream {
    door::include_flow(tokens.into()).into()
}

/// A machine written as Rust: one enum, whose variants are the states, or a module whose enums,
/// structs and traits are the parts of the machine.
///
/// What stands in `#[on( .. )]` is the text behind `on` in a `.flow` file, and so for every other
/// statement. The arguments of `#[machine( .. )]` are items of a machine, and `name X`, `version N`,
/// `durable` and `crate = path`.
///
/// ```text
/// #[statewright::machine(events Event)]
/// enum Door {
///     #[state(initial)]
///     #[on(Push -> Open)]
///     Shut,
///     #[on(Push -> Shut)]
///     Open,
/// }
/// ```
#[proc_macro_attribute]
pub fn machine(arguments: TokenStream, item: TokenStream) -> TokenStream {
    door::machine(arguments.into(), item.into()).into()
}

/// Every scenario of a machine as a `#[test]` of the generated machine, with the real host. The
/// path is relative to the directory of `Cargo.toml`; scenarios beside the file count too.
///
/// `host` makes a host, anew for each test. An answer with arguments, as `given is_large(5) = true`,
/// is held against the host.
///
/// ```text
/// statewright::include_flow!("flows/order.flow");
/// statewright::scenarios!("flows/order.flow", host = Clerk::default());
/// ```
///
/// `machine = Order` names one of several machines, `module = path::order` its module if that is not
/// here, `crate = path` the runtime.
#[proc_macro]
pub fn scenarios(tokens: TokenStream) -> TokenStream {
    door::scenarios(tokens.into()).into()
}

/// For generated code: what the macro beside a machine comes back with, in a module that names the
/// machine.
#[doc(hidden)]
#[proc_macro]
pub fn known(tokens: TokenStream) -> TokenStream {
    door::known(tokens.into()).into()
}
