//! Fan-outs: what they ask for, when they have ended, and what they give.

use super::Emitter;
use super::scope::Scope;
use crate::chart::{FanOut, FanOutId, Invoke};
use crate::model::{Binding, BindingField, JoinKind, Joined, Share, Vote, VoteRule};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

impl Emitter<'_> {
    pub(super) fn has_fan_outs(&self) -> bool {
        !self.chart.fan_outs.is_empty()
    }

    /// Asks for all branches, with their arguments as values.
    pub(super) fn ask_branches(&self, id: FanOutId, scope: &Scope) -> TokenStream {
        let (of, number) = (&self.chart.fan_outs[id.index()], id.0 as u16);
        let asked = |invoke: u32| {
            let call = &self.chart.invokes[invoke as usize].call;
            let request = self.request(call.work(0), &call.args, scope);
            let rest = call.fallbacks.iter();
            let rest = rest.map(|fallback| self.request(fallback.work, &fallback.args, scope));
            let rest: Vec<TokenStream> = rest.collect();
            let rest = match rest.is_empty() {
                true => quote!(__p::Vec::new()),
                false => quote!(__p::Vec::from([#(#rest),*])),
            };
            let invoke = invoke as u16;
            quote!(__p::Asked { invoke: #invoke, request: #request, fallbacks: #rest })
        };
        let Some(over) = &of.fan_out.over else {
            let (count, all) = (of.invokes.len(), of.invokes.clone().map(asked));
            return quote! {
                let __asked = __p::Vec::from([#(#all),*]);
                core.fan_out(#number, #count, __asked, __p::Vec::new());
            };
        };
        let (list, max) = (self.read(&over.list, scope), over.max.unwrap_or(u32::MAX) as usize);
        let (asked, variant) = (asked(of.invokes.start), variant(id));
        let item = keeps_items(of)
            .then(|| quote!(__items.push(__Item::#variant(__p::Clone::clone(__item)));));
        quote! {
            let (mut __asked, mut __items) = (__p::Vec::new(), __p::Vec::new());
            let __values = {
                let __list = &#list;
                if __list.len() <= #max {
                    for __item in __list.iter() {
                        __asked.push(#asked);
                        #item
                    }
                }
                __list.len()
            };
            core.fan_out(#number, __values, __asked, __items);
        }
    }

    /// The types of what is kept and given.
    pub(super) fn fan_out_types(&self) -> TokenStream {
        if !self.has_fan_outs() {
            return TokenStream::new();
        }
        let derives = self.derives(false);
        let items = self.fan_outs().filter(|(_, of)| keeps_items(of)).map(|(id, of)| {
            let (variant, over) = (variant(id), of.fan_out.over.as_ref());
            let ty = over.map(|over| self.ty(&over.ty));
            quote!(#variant(#ty))
        });
        let joined = self.fan_outs().map(|(id, of)| {
            let types = of.fan_out.results.iter().map(|result| self.ty(&result.ty));
            let variant = variant(id);
            quote!(#variant(#(#types),*))
        });
        quote! {
            #derives
            pub enum __Item { #(#items),* }
            pub enum __Joined { #(#joined),* }
        }
    }

    fn fan_outs(&self) -> impl Iterator<Item = (FanOutId, &FanOut)> {
        (0..).map(FanOutId).zip(&self.chart.fan_outs)
    }

    /// The part of `impl Chart` that is about fan-outs.
    pub(super) fn chart_fan_outs(&self) -> TokenStream {
        if !self.has_fan_outs() {
            return quote! {
                type Item = __p::Never;
                type Joined = __p::Never;
            };
        }
        let all = self.chart.fan_outs.iter().map(|of| {
            let (first, end) = (of.invokes.start as u16, of.invokes.end as u16);
            let (at_once, result) = (of.fan_out.at_once(), of.result.0);
            let max = of.fan_out.most().unwrap_or(u32::MAX);
            let kind = match of.fan_out.join.kind {
                JoinKind::All => quote!(All),
                JoinKind::AllSettled => quote!(AllSettled),
                JoinKind::Any => quote!(Any),
                JoinKind::First(count) => quote!(First(#count)),
                JoinKind::Quorum(of) => {
                    let of = share(of);
                    quote!(Quorum(#of))
                }
            };
            let tolerate = match of.fan_out.join.tolerate.map(share) {
                Some(share) => quote!(__p::Option::Some(#share)),
                None => quote!(__p::Option::None),
            };
            let unexpected = self.chart.invokes[of.invokes.start as usize]
                .error(crate::model::ErrorKind::Unexpected)
                .map_or(u32::MAX, |trigger| trigger.0);
            quote!(__p::FanOut {
                invokes: #first..#end,
                at_once: #at_once,
                max: #max,
                join: __p::Join { kind: __p::JoinKind::#kind, tolerate: #tolerate },
                result: #result,
                unexpected: #unexpected,
            })
        });
        quote! {
            type Item = __Item;
            type Joined = __Joined;
            const FAN_OUTS: &'static [__p::FanOut] = &[#(#all),*];

            fn given_joined<'g>(joined: &'g mut __p::Option<__Joined>) -> __Given<'g> {
                __Given::Joined(joined)
            }

            fn given_failed<'g>(
                reply: &'g mut __p::Option<Reply>,
                failure: &'g __p::Failure,
            ) -> __Given<'g> {
                __Given::Failed(reply, failure)
            }
        }
    }

    /// What a microstep is given of fan-outs: its variants, the pattern of all that hold a reply, and
    /// how they are read.
    pub(super) fn given_of_fan_outs(&self) -> (TokenStream, TokenStream, TokenStream) {
        let variants = quote! {
            Joined(&'g mut __p::Option<__Joined>),
            Failed(&'g mut __p::Option<Reply>, &'g __p::Failure),
        };
        let reads = quote! {
            fn joined(&self) -> __p::Option<&__Joined> {
                match self {
                    __Given::Joined(joined) => joined.as_ref(),
                    _ => __p::Option::None,
                }
            }
            fn failure(&self) -> __p::Option<__p::Failure> {
                match self {
                    __Given::Failed(_, failure) => {
                        __p::Option::Some(__p::Clone::clone(*failure))
                    }
                    _ => self.error().map(__p::From::from),
                }
            }
        };
        (variants, quote!(__Given::Reply(reply) | __Given::Failed(reply, _)), reads)
    }

    /// The names that `on done` can use, as references.
    pub(super) fn joined_bindings(&self, id: FanOutId, bindings: &[Binding]) -> TokenStream {
        let of = &self.chart.fan_outs[id.index()];
        if bindings.is_empty() {
            return TokenStream::new();
        }
        let parts = (0..of.fan_out.results.len() as u32).map(|at| {
            let own = bindings.iter().find(|b| b.field == BindingField::Declared(at));
            own.map_or(quote!(_), |binding| {
                let name = self.binding(&binding.name);
                quote!(#name)
            })
        });
        let variant = variant(id);
        quote! {
            let __p::Option::Some(__Joined::#variant(#(#parts),*)) = event.joined() else {
                return __p::unhandled();
            };
        }
    }

    /// What fan-outs give, where the host's functions are at hand.
    pub(super) fn joined(&self) -> TokenStream {
        if !self.has_fan_outs() {
            return TokenStream::new();
        }
        let arms = self.fan_outs().map(|(id, of)| {
            let (number, variant) = (id.0 as u16, variant(id));
            let parts = of.fan_out.results.iter().map(|result| match result.what {
                Joined::Branch(branch) => self.named_result(of, branch),
                Joined::Answers => self.answers_of(of),
                Joined::Failures => quote! {
                    fan.ended.iter().map(|reply| {
                        reply.as_ref().and_then(<Self as __p::Chart>::failure)
                    }).collect::<__p::Vec<_>>()
                },
                Joined::Outcome => self.outcome(id, of),
            });
            quote!(#number => __p::Result::Ok(__Joined::#variant(#(#parts),*)))
        });
        quote! {
            fn joined(
                core: &__p::Core<Chart>,
                fan: &__p::Fan<Request, Reply, __Item>,
            ) -> __p::Result<__Joined, __p::StepError> {
                match fan.fan_out {
                    #(#arms,)*
                    _ => __p::Result::Err(__p::StepError::WrongReply),
                }
            }
        }
    }

    /// The calls that can give what a branch gives.
    fn gives(&self, invokes: &[Invoke]) -> Vec<Ident> {
        let mut all: Vec<Ident> = invokes.iter().flat_map(|invoke| self.asked_by(invoke)).collect();
        all.sort();
        all.dedup();
        all
    }

    fn invokes_of(&self, of: &FanOut) -> &[Invoke] {
        &self.chart.invokes[of.invokes.start as usize..of.invokes.end as usize]
    }

    fn named_result(&self, of: &FanOut, branch: u32) -> TokenStream {
        let call = std::slice::from_ref(&self.invokes_of(of)[branch as usize]);
        let (variants, branch) = (self.gives(call), branch as usize);
        let (given, none) = match of.fan_out.join.is_certain() {
            true => (
                quote!(__p::Clone::clone(answer)),
                quote!(return __p::Result::Err(__p::StepError::WrongReply)),
            ),
            false => {
                (quote!(__p::Option::Some(__p::Clone::clone(answer))), quote!(__p::Option::None))
            }
        };
        quote! {
            match fan.reply(#branch) {
                __p::Option::Some(#(Reply::#variants(__p::Result::Ok(answer)))|*) => #given,
                _ => #none,
            }
        }
    }

    fn answers_of(&self, of: &FanOut) -> TokenStream {
        let variants = self.gives(self.invokes_of(of));
        let take = match of.fan_out.join.kind {
            JoinKind::AllSettled => quote!(map),
            _ => quote!(filter_map),
        };
        quote! {
            fan.ended.iter().#take(|reply| match reply {
                __p::Option::Some(#(Reply::#variants(__p::Result::Ok(answer)))|*) => {
                    __p::Option::Some(__p::Clone::clone(answer))
                }
                _ => __p::Option::None,
            }).collect::<__p::Vec<_>>()
        }
    }

    fn outcome(&self, id: FanOutId, of: &FanOut) -> TokenStream {
        let Some(Vote { expr, rule, .. }) = &of.fan_out.vote else { return TokenStream::new() };
        let (variants, variant) = (self.gives(self.invokes_of(of)), variant(id));
        let item = keeps_items(of).then(|| {
            quote! {
                let __p::Option::Some(__Item::#variant(__item)) = fan.items.get(__at) else {
                    continue;
                };
            }
        });
        let scope = Scope::quiet(of.state);
        let choice = self.owned(expr, &scope);
        let (weight, rule, place) = match rule {
            VoteRule::Majority => (quote!(1), quote!(Majority), expr.span),
            VoteRule::Plurality => (quote!(1), quote!(Plurality), expr.span),
            VoteRule::Unanimous => (quote!(1), quote!(Unanimous), expr.span),
            VoteRule::Quorum(count) => {
                let count = u64::from(*count);
                (quote!(1), quote!(Quorum(#count)), expr.span)
            }
            VoteRule::Weighted(weight) => {
                let (value, span) = (self.owned(weight, &scope), weight.span);
                (quote!((#value as u64)), quote!(Majority), span)
            }
        };
        let place = self.place(place);
        quote!({
            let mut __votes = __p::Votes::default();
            for (__at, __reply) in fan.ended.iter().enumerate() {
                let __p::Option::Some(#(Reply::#variants(__p::Result::Ok(__answer)))|*) = __reply
                else {
                    continue;
                };
                #item
                let __choice = #choice;
                if __votes.add(__choice, #weight).is_none() {
                    return __p::Result::Err(__p::StepError::Overflow(#place));
                }
            }
            __votes.outcome(__p::VoteRule::#rule)
        })
    }
}

/// True if the values of the list have to be kept.
fn keeps_items(of: &FanOut) -> bool {
    of.fan_out.vote.as_ref().is_some_and(|vote| vote.reads_items)
}

/// What it is called among all of its machine.
fn variant(id: FanOutId) -> Ident {
    format_ident!("F{}", id.0)
}

fn share(share: Share) -> TokenStream {
    match share {
        Share::Count(count) => quote!(__p::Share::Count(#count)),
        Share::Percent(percent) => quote!(__p::Share::Percent(#percent)),
    }
}
