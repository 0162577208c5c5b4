//! Scenarios as tests of the generated machine: what `simulate` plays, in Rust, with the real host.

use super::names::ident;
use super::scope::Scope;
use super::{Emitter, RustOptions, allow, module_name, names, needs};
use crate::ast::Said;
use crate::chart::Chart;
use crate::model::{
    Answering, ContextDecl, Ending, Expectation, ExpectationKind, Expr, ExprKind, FunctionId,
    Given, Scenario, ScenarioStep, ScenarioStepKind, TypeId,
};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use std::collections::BTreeSet;

/// Where the machine of the tests is, and what it runs on.
pub struct TestPlace {
    /// The generated module, as seen from where the tests stand.
    pub module: TokenStream,
    /// An expression that makes a host; each test makes its own.
    pub host: TokenStream,
}

/// The scenarios of a machine, each a `#[test]`, in a module that is called like the machine's with
/// `_scenarios` behind.
pub fn tests(
    chart: &Chart,
    scenarios: &[Scenario],
    options: &RustOptions,
    place: &TestPlace,
) -> TokenStream {
    let (names, needs) = (names::states(chart), needs::of(chart));
    let emitter = Emitter { chart, options, names, needs };
    let mut known = BTreeSet::new();
    let tests = scenarios.iter().map(|scenario| {
        let mut name = test_name(&scenario.title);
        while !known.insert(name.clone()) {
            name.push('_');
        }
        emitter.test(scenario, &ident(&name, Span::call_site()), place)
    });
    let tests: Vec<TokenStream> = tests.collect();
    let module = format_ident!("{}_scenarios", module_name(chart));
    let allow = allow();
    quote! {
        #[cfg(test)]
        #allow
        mod #module {
            use super::*;
            #(#tests)*
        }
    }
}

/// A title as the name of a function.
fn test_name(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let name = words.map(str::to_lowercase).collect::<Vec<_>>().join("_");
    match name.chars().next() {
        None => "scenario".into(),
        Some(first) if first.is_numeric() => format!("scenario_{name}"),
        Some(_) => name,
    }
}

impl Emitter<'_> {
    fn test(&self, scenario: &Scenario, name: &Ident, place: &TestPlace) -> TokenStream {
        let TestPlace { module, host } = place;
        let (private, title) = (self.private(), &scenario.title);
        let types =
            (0..self.chart.declarations.types.len() as u32).map(|at| self.type_name(TypeId(at)));
        let start = self.start_values(scenario);
        // What is given in front of the first input is known when the machine starts.
        let behind =
            scenario.steps.iter().position(|step| !matches!(step.kind, ScenarioStepKind::Given(_)));
        let (before, behind) = scenario.steps.split_at(behind.unwrap_or(scenario.steps.len()));
        let before = before.iter().map(|step| self.scenario_step(step, false));
        let steps = behind.iter().map(|step| self.scenario_step(step, true));
        let asks = self.has_activities();
        let (answers, settle) = match asks {
            true => (
                quote!(let mut answers = __p::Answers::<#module::Chart>::default();),
                quote!(answers.settle(&mut machine)?;),
            ),
            false => (TokenStream::new(), TokenStream::new()),
        };
        let more = asks.then(|| quote!(Error, Reply, Request,));
        let receivers = self.chart.declarations.message_types();
        let receivers = receivers.map(|(name, of)| ident(&name, self.span(of.span)));
        let messages = self
            .sends()
            .then(|| quote!(let mut messages: __p::Vec<Message> = machine.messages().collect();));
        let bounds = self.has_logic().then(|| quote!(: #module::Logic));
        quote! {
            #[doc = #title]
            #[test]
            fn #name() {
                use #private as __p;
                use #module::{#(#types,)* #(#receivers,)* #more Event, In, Output, Start};
                fn run<__L #bounds>(host: __L) -> __p::Done
                where
                    #module::Chart: __p::Step<__L>,
                {
                    let __title = #title;
                    let mut now = __p::Duration::ZERO;
                    #answers
                    #(#before)*
                    let mut machine = #module::Machine::new_at(host, #start, &now)?;
                    #settle
                    let mut outputs: __p::Vec<Output> = machine.outputs().collect();
                    #messages
                    let mut said = __p::Dispatch::Handled;
                    #(#steps)*
                    __p::Result::Ok(())
                }
                if let __p::Result::Err(error) = run(#host) {
                    ::std::panic!("scenario {:?}: a step fails: {error}", #title);
                }
            }
        }
    }

    /// `Start { .. }` with what is given.
    fn start_values(&self, scenario: &Scenario) -> TokenStream {
        let ContextDecl::Declared(declared) = &self.chart.declarations.context else {
            return quote!(Start {});
        };
        let all = scenario.steps.iter().filter_map(|step| match &step.kind {
            ScenarioStepKind::Given(all) => Some(all),
            _ => None,
        });
        let fields = all.flatten().filter_map(|given| match given {
            Given::Field(field, value) => {
                let name = self.ident(&declared[field.index()].param.name);
                let value = self.owned(value, &Scope::outside());
                Some(quote!(#name: #value))
            }
            Given::Answer(..) | Given::End(..) => None,
        });
        quote!(Start { #(#fields),* })
    }

    fn scenario_step(&self, step: &ScenarioStep, has_begun: bool) -> TokenStream {
        let taken = self.messages_taken();
        let (advance, settle) = match self.has_activities() {
            true => (
                quote!(answers.advance(&mut machine, now)?;),
                quote!(answers.settle(&mut machine)?;),
            ),
            false => (quote!(machine.advance(&now)?;), TokenStream::new()),
        };
        match &step.kind {
            ScenarioStepKind::Given(all) => {
                all.iter().map(|given| self.given_answer(given, has_begun)).collect()
            }
            ScenarioStepKind::Send(event, args) => {
                let values: Vec<_> =
                    args.iter().map(|arg| self.owned(arg, &Scope::outside())).collect();
                let event = self.event_value(*event, &values);
                quote! {
                    #advance
                    said = machine.dispatch(#event)?;
                    #settle
                    outputs = machine.outputs().collect();
                    #taken
                }
            }
            ScenarioStepKind::After(time) => {
                let time = self.owned(time, &Scope::outside());
                quote! {
                    now += #time;
                    #advance
                    outputs = machine.outputs().collect();
                    #taken
                }
            }
            ScenarioStepKind::Expect(all) => {
                all.iter().map(|expected| self.expectation(expected)).collect()
            }
        }
    }

    /// True if the machine sends to others.
    fn sends(&self) -> bool {
        !self.chart.declarations.messages.is_empty()
    }

    fn messages_taken(&self) -> Option<TokenStream> {
        self.sends().then(|| quote!(messages = machine.messages().collect();))
    }

    fn given_answer(&self, given: &Given, has_begun: bool) -> TokenStream {
        match given {
            Given::Answer(function, Some(args), value) => self.answer(*function, args, value),
            Given::End(of, args, ending, _) => self.end(*of, args.as_deref(), ending, has_begun),
            Given::Field(..) | Given::Answer(_, None, _) => TokenStream::new(),
        }
    }

    /// How an activity ends; at once if it runs.
    fn end(
        &self,
        of: Answering,
        args: Option<&[Expr]>,
        ending: &Ending,
        has_begun: bool,
    ) -> TokenStream {
        let scope = Scope::outside();
        let activity = &self.chart.declarations.activities[of.activity.index()];
        let name = self.activity_variant(activity);
        let step = of.step.and_then(|step| self.chart.state(step).invoke);
        let step = step.map(|invoke| {
            let invoke = invoke.0 as u16;
            quote!(asked.invoke == #invoke &&)
        });
        let asks = match args {
            Some(args) => {
                let params = activity.params.iter().zip(args);
                let tests = params.map(|(param, arg)| {
                    let (name, value) = (self.ident(&param.name), self.owned(arg, &scope));
                    match arg.kind {
                        ExprKind::List(_) => quote!(__p::same(#name, &#value)),
                        _ => quote!(*#name == #value),
                    }
                });
                let tests: Vec<TokenStream> = tests.collect();
                let names = activity.params.iter().map(|param| self.ident(&param.name));
                quote!(|asked| #step match &asked.request {
                    Request::#name { #(#names),* } => true #(&& #tests)*,
                    _ => false,
                })
            }
            None => quote!(|asked| #step matches!(&asked.request, Request::#name { .. })),
        };
        let reply = match ending {
            Ending::Done(Some(result)) => {
                let result = self.owned(result, &scope);
                quote!(__p::Result::Ok(#result))
            }
            Ending::Done(None) => quote!(__p::Result::Ok(())),
            Ending::Error(error, values) => {
                let error = &self.chart.declarations.errors[error.index()];
                let values = error.params.iter().zip(values).map(|(param, value)| {
                    let (name, value) = (self.ident(&param.name), self.owned(value, &scope));
                    quote!(#name: #value)
                });
                let error = self.ident(&error.name);
                quote!(__p::Result::Err(Error::#error { #(#values),* }))
            }
            Ending::Unexpected(text) => quote!(__p::Result::Err(Error::Unexpected(
                __p::Failure::new(__p::Failure::UNEXPECTED, #text)
            ))),
            Ending::Failed(name, text) => quote!(__p::Result::Err(Error::Unexpected(
                __p::Failure::new(#name, #text)
            ))),
        };
        // What says most of a call counts.
        let says = u8::from(args.is_some()) + 2 * u8::from(of.step.is_some());
        let reply = quote!(Reply::#name(#reply));
        let taken = self.messages_taken();
        if !has_begun {
            return quote!(answers.note(#says, #asks, #reply););
        }
        quote! {
            if let __p::Option::Some(dispatch) =
                answers.give(&mut machine, now, #says, #asks, #reply)?
            {
                said = dispatch;
                outputs = machine.outputs().collect();
                #taken
            }
        }
    }

    /// The host has to give what the scenario says it gives.
    fn answer(&self, function: FunctionId, args: &[Expr], value: &Expr) -> TokenStream {
        let span = value.span;
        let function = &self.chart.declarations.functions[function.index()];
        let name = self.ident(&function.name);
        let scope = Scope::outside();
        let values = function.params.iter().zip(args).map(|(p, a)| self.argument(a, &p.ty, &scope));
        let value = self.owned(value, &scope);
        let (file, line) = self.line(span);
        let text = &function.name.text;
        quote! {
            ::std::assert!(
                __p::same(&__L::#name(#(#values),*), &#value),
                "scenario {:?}, {}:{}: `{}` gives something else in Rust", __title, #file, #line, #text,
            );
        }
    }

    fn expectation(&self, expected: &Expectation) -> TokenStream {
        let scope = Scope::outside();
        let holds = match &expected.kind {
            ExpectationKind::Said(Said::Finished) => quote!(machine.is_finished()),
            ExpectationKind::Said(said) => {
                let said = match said {
                    // An error that a fallback stands in for is taken care of.
                    Said::Handled => quote!(__p::Dispatch::Handled | __p::Dispatch::Pending),
                    Said::Deferred => quote!(__p::Dispatch::Deferred),
                    Said::Ignored => quote!(__p::Dispatch::Ignored),
                    Said::Unhandled | Said::Finished => quote!(__p::Dispatch::Unhandled),
                };
                quote!(::std::matches!(said, #said))
            }
            ExpectationKind::Emit(output, args) => {
                let values: Vec<_> = args.iter().map(|arg| self.owned(arg, &scope)).collect();
                let output = self.output_value(*output, &values);
                quote!({ let core = __p::Seen { context: machine.context() }; outputs.contains(&#output) })
            }
            ExpectationKind::Send(message, args) => {
                let values: Vec<_> = args.iter().map(|arg| self.owned(arg, &scope)).collect();
                let message = self.message_value(*message, &values);
                quote!({ let core = __p::Seen { context: machine.context() }; messages.contains(&#message) })
            }
            ExpectationKind::Holds(condition) => {
                let holds = self.read(condition, &scope);
                quote!({ let core = __p::Seen { context: machine.context() }; #holds })
            }
        };
        let (file, line) = self.line(expected.span);
        let text = &expected.text;
        quote! {
            ::std::assert!(
                #holds,
                "scenario {:?}, {}:{}: expected {}; the machine is in {:?}, with {:?}; \
                 the last event was {:?}, and {:?} was emitted",
                __title, #file, #line, #text, machine.state(), machine.context(), said, outputs,
            );
        }
    }
}
