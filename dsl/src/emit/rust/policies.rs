//! Policies as constants, and which calls are under which.

use super::Emitter;
use crate::model::{Backoff, Jitter, Limit, Policy, PolicyId, Retry, Trip};
use crate::model::{ErrorDecl, Param, Ty};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

impl Emitter<'_> {
    fn policies(&self) -> &[Policy] {
        &self.chart.declarations.policies
    }

    /// The policies that calls name, one constant each.
    pub(super) fn policy_constants(&self) -> TokenStream {
        let used = self.used_policies().into_iter().map(|id| {
            let (name, policy) = (constant(id), self.policy(&self.policies()[id.index()]));
            quote!(static #name: __p::policy::Policy = #policy;)
        });
        quote!(#(#used)*)
    }

    fn used_policies(&self) -> Vec<PolicyId> {
        let calls = self.chart.invokes.iter().map(|invoke| &invoke.call);
        let mut used: Vec<PolicyId> = calls
            .flat_map(|call| {
                call.policy.into_iter().chain(call.fallbacks.iter().filter_map(|f| f.policy))
            })
            .collect();
        used.sort();
        used.dedup();
        used
    }

    fn policy(&self, policy: &Policy) -> TokenStream {
        let of = policy.imported.as_ref().unwrap_or(&self.chart.name.text);
        let name = format!("{of}/{}", policy.name.text);
        let limit = |limit: Limit| match limit {
            Limit::After(time) => some(millis(time)),
            Limit::Unset | Limit::Never => none(),
        };
        let (timeout, deadline) = (limit(policy.timeout), limit(policy.deadline));
        let retry = option(policy.retry.as_ref(), |retry| self.retry(retry));
        let budget = option(policy.budget.as_ref(), |percent| quote!(#percent));
        let breaker = option(policy.breaker.as_ref(), |breaker| {
            let trip = match breaker.trip {
                Trip::Failures(failures) => quote!(Failures(#failures)),
                Trip::Rate { percent, of } => quote!(Rate { percent: #percent, of: #of }),
            };
            let (within, open) = (millis(breaker.within), millis(breaker.open));
            let probes = breaker.probes;
            quote!(__p::policy::Breaker {
                trip: __p::policy::Trip::#trip, within: #within, open: #open, probes: #probes,
            })
        });
        let bulkhead = option(
            policy.bulkhead.as_ref(),
            |(max, queue)| quote!(__p::policy::Bulkhead { max: #max, queue: #queue }),
        );
        let rate_limit = option(policy.rate_limit.as_ref(), |(max, per)| {
            let per = millis(*per);
            quote!(__p::policy::RateLimit { max: #max, per: #per })
        });
        quote!(__p::policy::Policy {
            name: #name,
            timeout: #timeout,
            deadline: #deadline,
            retry: #retry,
            budget: #budget,
            breaker: #breaker,
            bulkhead: #bulkhead,
            rate_limit: #rate_limit,
        })
    }

    fn retry(&self, retry: &Retry) -> TokenStream {
        let backoff = match retry.backoff {
            Backoff::None => quote!(None),
            Backoff::Fixed(time) => {
                let time = millis(time);
                quote!(Fixed(#time))
            }
            Backoff::Linear { from, to } => {
                let (from, to) = (millis(from), millis(to));
                quote!(Linear { from: #from, to: #to })
            }
            Backoff::Exponential { from, to, factor } => {
                let (from, to) = (millis(from), millis(to));
                quote!(Exponential { from: #from, to: #to, factor: #factor })
            }
        };
        let jitter = match retry.jitter {
            Jitter::None => quote!(None),
            Jitter::Equal => quote!(Equal),
            Jitter::Full => quote!(Full),
        };
        let errors = &self.chart.declarations.errors;
        let on = retry.on.iter().map(|(error, _)| errors[error.index()].name.text.as_str());
        let on = on.chain(retry.built_in.iter().copied());
        let (max, transient) = (retry.max, retry.transient);
        quote!(__p::policy::Retry {
            max: #max,
            backoff: __p::policy::Backoff::#backoff,
            jitter: __p::policy::Jitter::#jitter,
            transient: #transient,
            on: &[#(#on),*],
        })
    }

    /// The part of `impl Chart` that says how hard calls are tried; nothing if no call names a policy.
    pub(super) fn chart_policies(&self) -> TokenStream {
        if self.used_policies().is_empty() {
            return TokenStream::new();
        }
        let calls = self.chart.invokes.iter().enumerate().flat_map(|(at, invoke)| {
            let fallbacks = invoke.call.fallbacks.iter().map(|fallback| fallback.policy);
            let policies = [invoke.call.policy].into_iter().chain(fallbacks).enumerate();
            policies.filter_map(move |(call, policy)| Some((at as u16, call as u16, policy?)))
        });
        let arms = calls.map(|(invoke, call, policy)| {
            let policy = constant(policy);
            quote!((#invoke, #call) => __p::Option::Some(&#policy))
        });
        let names = self.activities().iter().map(|activity| self.activity_variant(activity));
        let names: Vec<_> = names.collect();
        let faults = self.chart.declarations.errors.iter().map(|error| self.fault(error));
        quote! {
            fn policy(invoke: u16, call: u16) -> __p::Option<&'static __p::policy::Policy> {
                match (invoke, call) {
                    #(#arms,)*
                    _ => __p::Option::None,
                }
            }

            fn fault(reply: &Reply) -> __p::Option<__p::policy::Fault> {
                let error = match reply {
                    #(Reply::#names(__p::Result::Err(error)) => error,)*
                    _ => return __p::Option::None,
                };
                __p::Option::Some(match error {
                    #(#faults,)*
                    Error::Unexpected(_) => __p::policy::Fault {
                        kind: __p::policy::FaultKind::Unexpected,
                        retry_after: __p::Option::None,
                    },
                })
            }
        }
    }

    fn fault(&self, error: &ErrorDecl) -> TokenStream {
        let name = self.ident(&error.name);
        let kind = format_ident!("{}", if error.transient { "Transient" } else { "Permanent" });
        let is_after = |param: &&Param| {
            let is_time = match &param.ty {
                Ty::Option(inner) => **inner == Ty::Duration,
                ty => *ty == Ty::Duration,
            };
            param.name.text == "retry_after" && is_time
        };
        let (pattern, retry_after) = match error.params.iter().find(is_after) {
            Some(param) if param.ty == Ty::Duration => {
                (quote!({ retry_after, .. }), quote!(__p::Option::Some(*retry_after)))
            }
            Some(_) => (quote!({ retry_after, .. }), quote!(*retry_after)),
            None => (quote!({ .. }), none()),
        };
        quote!(Error::#name #pattern => __p::policy::Fault {
            kind: __p::policy::FaultKind::#kind,
            retry_after: #retry_after,
        })
    }

    /// The part of `impl Perform` that says for which calls results stand; nothing if for none.
    pub(super) fn sharing(&self) -> TokenStream {
        let shares = |activity: &&crate::model::Activity| {
            activity.cache.is_some() || activity.coalesce.is_some()
        };
        if !self.activities().iter().any(|activity| shares(&activity)) {
            return TokenStream::new();
        }
        let arms = self.activities().iter().filter(shares).map(|activity| {
            let variant = self.activity_variant(activity);
            let of = format!("{}/{}", self.chart.name.text, activity.name.text);
            let key = |by: &[usize]| {
                let format = format!("{of}({})", vec!["{:?}"; by.len()].join(", "));
                let held = by.iter().map(|at| format_ident!("a{at}"));
                quote!(__p::format!(#format, #(#held),*))
            };
            let mut used: Vec<usize> = Vec::new();
            used.extend(activity.cache.iter().flat_map(|cache| &cache.by));
            used.extend(activity.coalesce.iter().flatten());
            used.sort_unstable();
            used.dedup();
            let fields = used.iter().map(|at| {
                let (name, held) = (self.ident(&activity.params[*at].name), format_ident!("a{at}"));
                quote!(#name: #held)
            });
            let cache = option(activity.cache.as_ref(), |cache| {
                let (key, time) = (key(&cache.by), millis(cache.millis));
                quote!((#key, #time))
            });
            let coalesce = option(activity.coalesce.as_ref(), |by| key(by));
            let pattern = match activity.params.is_empty() {
                true => TokenStream::new(),
                false => quote!({ #(#fields,)* .. }),
            };
            quote!(Request::#variant #pattern => __p::policy::Sharing {
                cache: #cache, coalesce: #coalesce,
            })
        });
        let rest = (self.asked().len() > self.activities().iter().filter(shares).count())
            .then(|| quote!(_ => __p::Default::default(),));
        quote! {
            fn sharing(request: &Request) -> __p::policy::Sharing {
                match request {
                    #(#arms,)*
                    #rest
                }
            }
        }
    }
}

fn constant(policy: PolicyId) -> proc_macro2::Ident {
    format_ident!("POLICY_{}", policy.0)
}

fn millis(millis: u64) -> TokenStream {
    quote!(__p::Duration::from_millis(#millis))
}

fn some(value: TokenStream) -> TokenStream {
    quote!(__p::Option::Some(#value))
}

fn none() -> TokenStream {
    quote!(__p::Option::None)
}

fn option<T>(value: Option<T>, written: impl FnOnce(T) -> TokenStream) -> TokenStream {
    value.map_or_else(none, |value| some(written(value)))
}
