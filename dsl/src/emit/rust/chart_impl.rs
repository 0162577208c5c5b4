//! Puts the glue of one machine together.

use super::Emitter;
use super::fallible::Mode;
use super::scope::Scope;
use super::table::{Form, Table};
use crate::ast::Role;
use crate::chart::{EntryStep, Trigger, TriggerId};
use crate::model::{ContextDecl, ErrorKind, ExprKind, StateId, StateKind};
use proc_macro2::TokenStream;
use quote::quote;

impl Emitter<'_> {
    /// How long timers that repeat wait, where that is written down.
    fn periods(&self) -> Option<TokenStream> {
        let repeating = self.chart.timers.iter().zip(0_u16..).filter(|(timer, _)| timer.repeats);
        let periods = repeating.filter_map(|(timer, number)| match timer.delay.kind {
            ExprKind::Duration(millis) if millis > 0 => Some(quote!((#number, #millis))),
            _ => None,
        });
        let mut periods = periods.peekable();
        periods.peek()?;
        Some(quote!(const PERIODS: &'static [(u16, u64)] = &[#(#periods),*];))
    }

    /// Everything that is not for the user's eyes, in a scope of its own.
    pub(super) fn chart_impl(&self) -> TokenStream {
        let private = self.private();
        let table = self.table();
        let chart = self.impl_chart();
        let run = self.impl_run(&table);
        let step = self.impl_step();
        let (data, definition) = (self.data_type(), self.definition());
        let policies = self.policy_constants();
        let (passages, restores) = (self.passages(), self.restores());
        let readers = self.state_readers().0;
        let rows = match self.form(&table) {
            Form::Match => TokenStream::new(),
            Form::Table => self.flat_impl(&table),
            Form::Regions => self.regions_impl(&table.rows),
        };
        let lookup = (self.form(&table) != Form::Match).then(|| self.code_function(&table));
        let calls = (self.mode() != Mode::Direct).then(|| self.calls());
        let (given, perform, durable) = (self.given(), self.perform(), self.durable());
        let fan_outs = self.fan_out_types();
        quote! {
            const _: () = {
                use #private as __p;
                #data
                #definition
                #policies
                #fan_outs
                #given
                #readers
                #calls
                #passages
                #restores
                #chart
                #run
                #lookup
                #rows
                #step
                #perform
                #durable
            };
        }
    }

    fn impl_chart(&self) -> TokenStream {
        let chart = self.chart;
        let (slots, histories) = (chart.slots.len(), chart.histories.len());
        let state = self.state_type();
        let calls = if self.mode() == Mode::Direct { quote!(()) } else { quote!(__Calls) };
        let shapes = self.shapes();
        let leaves = chart.leaves.iter().map(|state| state.0 as u16);
        let remembered = chart.histories.iter().map(|history| history.state.0 as u16);
        let timer = chart.triggers.iter().position(|t| matches!(t, Trigger::Timer(_)));
        let first_timer = timer.unwrap_or(0) as u32;
        let always = match self.needs.always {
            true => {
                let always = self.always();
                quote!(__p::Option::Some(#always))
            }
            false => quote!(__p::Option::None),
        };
        let has_queue = self.has_queue();
        let has_defer = self.needs.defers;
        let ends_timers = self.ends_timers();
        let (begin, trigger, repeat) = (self.begin(), self.trigger(), self.repeat());
        let read = self.state_readers().1;
        let has_data = self.has_data();
        let (activities, fan_outs) = (self.chart_activities(), self.chart_fan_outs());
        let (message, failures) = (self.message_type(), self.failures());
        let periods = self.periods();
        let (undoes, steps, parts) = (self.undoes(), self.steps(), self.calls_of_sagas());
        quote! {
            impl __p::Chart for Chart {
                type Event = Event;
                type Output = Output;
                type Message = #message;
                type Context = Context;
                type Start = Start;
                type State = #state;
                type In = In;
                type Data = __Data;
                type Leaves = [u16; #slots];
                type Histories = [[u16; #slots]; #histories];
                type Calls = #calls;

                const NO_LEAVES: [u16; #slots] = [__p::NONE; #slots];
                const NO_HISTORIES: [[u16; #slots]; #histories] = [[__p::NONE; #slots]; #histories];
                const SHAPES: &'static [__p::Shape] = #shapes;
                const LEAVES: &'static [u16] = &[#(#leaves),*];
                const REMEMBERED: &'static [u16] = &[#(#remembered),*];
                const FIRST_TIMER: u32 = #first_timer;
                const ALWAYS: __p::Option<u32> = #always;
                const HAS_QUEUE: bool = #has_queue;
                const HAS_DEFER: bool = #has_defer;
                const ENDS_TIMERS: bool = #ends_timers;
                #periods
                #undoes
                #steps
                #parts

                fn definition() -> &'static __p::Definition {
                    &DEFINITION
                }

                fn begin(start: Start) -> __p::Result<Context, __p::StepError> {
                    #begin
                }

                #[inline]
                fn trigger(event: &Event) -> u32 {
                    #trigger
                }

                #repeat

                #activities

                #fan_outs

                fn state(core: &__p::Core<Chart>) -> #state {
                    #read
                }

                fn has_data(
                    core: &__p::Core<Chart>,
                    is_wanted: impl __p::Fn(u16) -> bool,
                ) -> bool {
                    #has_data
                }

                #failures
            }
        }
    }

    /// Which steps of sagas are taken back, and by what.
    fn undoes(&self) -> Option<TokenStream> {
        let invokes = self.chart.invokes.iter().enumerate();
        let all: Vec<TokenStream> = invokes
            .filter_map(|(at, invoke)| {
                let (step, of) = invoke.undoes.as_ref()?;
                let (at, done) = (at as u16, self.chart.invokes[of.index()].state);
                let (of, state) = (of.0 as u16, &self.chart.state(done).id);
                let fields = quote!(invoke: #at, of: #of, step: #step, state: #state);
                Some(quote!(__p::Undoes { #fields }))
            })
            .collect();
        let any = !all.is_empty();
        any.then(|| quote!(const UNDOES: &'static [__p::Undoes] = &[#(#all),*];))
    }

    /// What sagas have to know of whether it was done.
    fn steps(&self) -> Option<TokenStream> {
        let invokes = self.chart.invokes.iter().enumerate();
        let steps: Vec<u16> =
            invokes.filter(|(_, invoke)| invoke.is_step()).map(|(at, _)| at as u16).collect();
        let any = !steps.is_empty();
        any.then(|| quote!(const STEPS: &'static [u16] = &[#(#steps),*];))
    }

    /// True if a state is entered when the one around it is.
    fn begins_with(&self, around: StateId, state: StateId) -> bool {
        self.chart.state(around).default_entry.iter().any(|step| {
            let EntryStep::Enter { state: entered, .. } = step else { return false };
            *entered == state || self.begins_with(*entered, state)
        })
    }

    /// The calls of sagas, for an instance that nobody waits for any more.
    fn calls_of_sagas(&self) -> Option<TokenStream> {
        let invokes = self.chart.invokes.iter().enumerate();
        let parts: Vec<TokenStream> = invokes
            .filter_map(|(at, invoke)| {
                let cut = || invoke.error(ErrorKind::Unexpected).map(|TriggerId(cut)| cut);
                let role = match invoke.role? {
                    Role::Step { .. } => cut().map(|cut| quote!(Step(#cut)))?,
                    Role::Pivot => cut().map(|cut| quote!(Pivot(#cut)))?,
                    Role::Later => quote!(Later),
                    Role::Undo => quote!(Undo),
                    _ => return None,
                };
                let is_saga = |id: &StateId| self.chart.state(*id).role == Some(Role::Saga);
                let saga = self.chart.ancestors(invoke.state).find(is_saga)?;
                let is_first = self.begins_with(saga, invoke.state);
                let (at, saga) = (at as u16, &self.chart.state(saga).id);
                let fields = quote!(invoke: #at, saga: #saga, is_first: #is_first);
                Some(quote!(__p::Part { #fields, role: __p::Role::#role }))
            })
            .collect();
        let any = self.chart.durable && !parts.is_empty();
        any.then(|| quote!(const PARTS: &'static [__p::Part] = &[#(#parts),*];))
    }

    /// True if there are raised events or completions.
    fn has_queue(&self) -> bool {
        self.has_fan_outs()
            || !self.needs.raised.is_empty()
            || self.chart.states.iter().any(|s| s.on_done.is_some())
    }

    /// True if the machine can finish while timers or delayed events are pending.
    fn ends_timers(&self) -> bool {
        let chart = self.chart;
        let ends =
            chart.states[0].children.iter().any(|c| chart.state(*c).kind == StateKind::Final);
        ends && (!chart.timers.is_empty() || !self.needs.delayed.is_empty())
    }

    /// The context at the start.
    fn begin(&self) -> TokenStream {
        let ContextDecl::Declared(fields) = &self.chart.declarations.context else {
            return quote!(__p::Result::Ok(start));
        };
        let fields = fields.iter().map(|field| {
            let name = self.ident(&field.param.name);
            match (&field.param.default, field.late) {
                (_, true) => quote!(#name: __p::Option::None),
                (None, false) => quote!(#name: start.#name),
                (Some(default), false) => {
                    let default = self.owned(default, &Scope::quiet(StateId::ROOT));
                    quote!(#name: #default)
                }
            }
        });
        quote!(__p::Result::Ok(Context { #(#fields),* }))
    }

    fn trigger(&self) -> TokenStream {
        let declarations = &self.chart.declarations;
        let names = declarations.events.iter().map(|event| self.ident(&event.name));
        let numbers = 0..declarations.events.len() as u32;
        if declarations.external_events.is_some() {
            let unknown = self.unknown();
            return quote!(match event { #(Event::#names { .. } => #numbers,)* _ => #unknown });
        }
        if declarations.events.is_empty() {
            return quote!(match *event {});
        }
        quote!(match event { #(Event::#names { .. } => #numbers,)* })
    }

    fn repeat(&self) -> TokenStream {
        if self.needs.delayed.is_empty() {
            return TokenStream::new();
        }
        quote! {
            fn repeat(event: &Event) -> __p::Option<Event> {
                __p::Option::Some(__p::Clone::clone(event))
            }
        }
    }

    fn has_data(&self) -> TokenStream {
        let fields = self.ids().flat_map(|id| {
            let number = id.0 as u16;
            let data = 0..self.chart.state(id).data.len();
            data.map(move |at| {
                let field = self.data_field(id, at);
                quote!((!is_wanted(#number) || core.data.#field.is_some()))
            })
        });
        quote!(true #(&& #fields)*)
    }

    fn impl_run(&self, table: &Table) -> TokenStream {
        let (generics, given) = (self.generics(), self.given_type());
        let start = self.entry_steps(&self.chart.start);
        let react = match self.form(table) {
            Form::Match => self.flat_match(table),
            Form::Table => {
                quote!(__p::react_flat::<Chart, __L, __A>(core, actions, trigger, event))
            }
            Form::Regions => {
                quote!(__p::react_regions::<Chart, __L, __A>(core, actions, trigger, event))
            }
        };
        // A machine that makes one microstep a step has one place where it reacts to events.
        let once = self.form(table) == Form::Match && !self.needs.always && !self.has_queue();
        let inline =
            if once && !self.needs.defers { quote!(inline(always)) } else { quote!(inline) };
        let (calculate, joined) = (self.calculate(), self.joined());
        let invariants = (!self.chart.invariants.is_empty()).then(|| {
            let body = self.invariants();
            quote! {
                fn invariants(core: &__p::Core<Chart>) -> __p::Done {
                    #body
                }
            }
        });
        quote! {
            impl #generics __p::Run<__L, __A> for Chart {
                #calculate

                #joined

                fn start(core: &mut __p::Core<Chart>, actions: &mut __A) -> __p::Done {
                    #start
                    __p::Result::Ok(())
                }

                #[#inline]
                fn react(
                    core: &mut __p::Core<Chart>,
                    actions: &mut __A,
                    trigger: u32,
                    event: #given,
                ) -> __p::Reaction {
                    #react
                }

                #invariants
            }
        }
    }

    fn impl_step(&self) -> TokenStream {
        let bounds = match (self.has_logic(), self.has_actions()) {
            (true, true) => quote!(: Logic + Actions),
            (true, false) => quote!(: Logic),
            (false, true) => quote!(: Actions),
            (false, false) => TokenStream::new(),
        };
        let direct = quote!(__p::direct::<Chart, __H>(core, host, cause));
        let recorded = quote! {
            __p::recorded::<Chart, __H, __Calls>(core, scratch, host, cause, |calls, host| __Calls::play(calls, host))
        };
        let body = match self.mode() {
            Mode::Direct => direct,
            Mode::Recorded => recorded,
            Mode::RecordedInDebug => quote! {
                #[cfg(debug_assertions)]
                {
                    #recorded
                }
                #[cfg(not(debug_assertions))]
                {
                    #direct
                }
            },
        };
        let reply = if self.has_activities() { quote!(Reply) } else { quote!(__p::Never) };
        quote! {
            impl<__H #bounds> __p::Step<__H> for Chart {
                #[inline(always)]
                fn step(
                    core: &mut __p::Core<Chart>,
                    scratch: &mut __p::Scratch<Chart>,
                    host: &mut __H,
                    cause: __p::Cause<'_, Event, #reply>,
                ) -> __p::Reaction {
                    #body
                }
            }
        }
    }
}
