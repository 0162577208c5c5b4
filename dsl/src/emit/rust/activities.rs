//! Activities: what a machine asks of the outside as data, and how it ends as data.
//!
//! `Request` has a variant for each activity with its arguments, `Reply` one with its result or
//! `Error`. `Activities` is the trait that the host implements; an error enum for each activity lets
//! it end only as declared.

use super::{Emitter, docs, names};
use crate::chart::{Invoke, InvokeId, TriggerId};
use crate::model::{Activity, ErrorDecl, ErrorId, ErrorKind, Expr, Function, Param, Ty, Work};
use crate::spelling::pascal_case;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

impl Emitter<'_> {
    /// True if the machine asks anything of the outside.
    pub(super) fn has_activities(&self) -> bool {
        !self.chart.declarations.activities.is_empty()
    }

    /// True if its host carries some of that out.
    pub(super) fn asks_host(&self) -> bool {
        self.chart.declarations.of_host().next().is_some()
    }

    /// True if the host is shared with what runs beside the machine, so that nobody has it to change.
    pub(super) fn shares_host(&self) -> bool {
        self.asks_host() || self.chart.durable
    }

    /// The type of what a microstep is given, and the patterns for it.
    pub(super) fn given_type(&self) -> TokenStream {
        match self.has_activities() {
            true => quote!(__Given<'_>),
            false => quote!(__p::Option<&Event>),
        }
    }

    /// The same where several transitions may read it.
    pub(super) fn given_reference(&self) -> TokenStream {
        let given = self.given_type();
        quote!(&#given)
    }

    /// The pattern of an event among what a microstep is given.
    pub(super) fn given_event(&self, event: TokenStream) -> TokenStream {
        match self.has_activities() {
            true => quote!(__Given::Event(#event)),
            false => quote!(__p::Option::Some(#event)),
        }
    }

    pub(super) fn activities(&self) -> &[Activity] {
        &self.chart.declarations.activities
    }

    pub(super) fn activity_variant(&self, activity: &Activity) -> Ident {
        names::ident(&pascal_case(&activity.name.text), self.span(activity.name.span))
    }

    fn error_type(&self, activity: &Activity) -> Ident {
        let name = format!("{}Error", pascal_case(&activity.name.text));
        Ident::new(&name, self.span(activity.name.span))
    }

    fn result_type(&self, activity: &Activity) -> TokenStream {
        activity.result.as_ref().map_or(quote!(()), |ty| self.ty(ty))
    }

    /// The functions at the ends of chains, which are asked for like activities.
    fn asked_functions(&self) -> Vec<(Ident, &Function)> {
        let calls = self.chart.invokes.iter().map(|invoke| &invoke.call);
        let declarations = &self.chart.declarations;
        let all = declarations.fallback_functions(calls).into_iter();
        let functions = all.map(|id| &declarations.functions[id.index()]);
        functions.map(|f| (self.function_variant(f), f)).collect()
    }

    fn function_variant(&self, function: &Function) -> Ident {
        names::ident(&pascal_case(&function.name.text), self.span(function.name.span))
    }

    /// The variant of what carries out a call, and its parameters.
    fn work(&self, work: Work) -> (Ident, &[Param]) {
        let declarations = &self.chart.declarations;
        match work {
            Work::Activity(activity) => {
                let activity = &declarations.activities[activity.index()];
                (self.activity_variant(activity), &activity.params)
            }
            Work::Function(function) => {
                let function = &declarations.functions[function.index()];
                (self.function_variant(function), &function.params)
            }
        }
    }

    /// The variants of what one state asks for.
    pub(super) fn asked_by(&self, invoke: &Invoke) -> Vec<Ident> {
        let calls = 0..=invoke.call.fallbacks.len();
        let mut variants: Vec<Ident> =
            calls.map(|call| self.work(invoke.call.work(call)).0).collect();
        variants.sort();
        variants.dedup();
        variants
    }

    /// The variants of all that is asked for.
    pub(super) fn asked(&self) -> Vec<Ident> {
        let activities = self.activities().iter().map(|activity| self.activity_variant(activity));
        activities.chain(self.asked_functions().into_iter().map(|(name, _)| name)).collect()
    }

    /// `Error`, the errors of each activity, `Request` and `Reply`.
    pub(super) fn activity_types(&self) -> TokenStream {
        if !self.has_activities() {
            return TokenStream::new();
        }
        let (error, errors) = (self.error_enum(), self.errors_of_activities());
        let (derives, private, quiet) = (self.derives(false), self.private(), self.quiet());
        let variant = |name: Ident, about: &[String], params: &[Param]| {
            let about = docs(about);
            if params.is_empty() {
                return quote!(#about #name);
            }
            let fields = params.iter().map(|param| {
                let (name, ty) = (self.ident(&param.name), self.ty(&param.ty));
                quote!(#name: #ty)
            });
            quote!(#about #name { #(#fields),* })
        };
        let of_functions = self.asked_functions();
        let requests = self.activities().iter().map(|activity| {
            variant(self.activity_variant(activity), &activity.docs, &activity.params)
        });
        let functions = of_functions.iter();
        let functions = functions.map(|(name, f)| variant(name.clone(), &f.docs, &f.params));
        let requests = requests.chain(functions);
        let replies = self.activities().iter().map(|activity| {
            let (name, result) = (self.activity_variant(activity), self.result_type(activity));
            quote!(#name(#private::Result<#result, Error>))
        });
        let functions = of_functions.iter().map(|(name, function)| {
            let result = function.result.as_ref().map_or(quote!(()), |ty| self.ty(ty));
            quote!(#name(#private::Result<#result, Error>))
        });
        let replies = replies.chain(functions);
        quote! {
            #error
            #errors
            /// What the machine asks of the outside: an activity with its arguments.
            #quiet
            #derives
            pub enum Request { #(#requests),* }
            /// How an activity has ended.
            #quiet
            #derives
            pub enum Reply { #(#replies),* }
        }
    }

    fn error_fields(&self, error: &ErrorDecl) -> TokenStream {
        let fields = error.params.iter().map(|param| {
            let (name, ty) = (self.ident(&param.name), self.ty(&param.ty));
            quote!(#name: #ty)
        });
        if error.params.is_empty() { TokenStream::new() } else { quote!({ #(#fields),* }) }
    }

    /// `name` and `name { a, b }` as a pattern or a value.
    fn error_pattern(&self, error: &ErrorDecl) -> TokenStream {
        let name = self.ident(&error.name);
        let fields = error.params.iter().map(|param| self.ident(&param.name));
        if error.params.is_empty() { quote!(#name) } else { quote!(#name { #(#fields),* }) }
    }

    fn error_enum(&self) -> TokenStream {
        let (derives, private) = (self.derives(false), self.private());
        let errors = &self.chart.declarations.errors;
        let variants = errors.iter().map(|error| {
            let (docs, name) = (docs(&error.docs), self.ident(&error.name));
            let fields = self.error_fields(error);
            quote!(#docs #name #fields)
        });
        let texts = errors.iter().map(|error| {
            let (pattern, name) = (self.error_pattern(error), &error.name.text);
            let message = self.error_message(error);
            quote!(Error::#pattern => #private::Failure::new(#name, #message))
        });
        let quiet = self.quiet();
        let declared = (!self.is_given("Error")).then(|| {
            quote! {
                /// What can go wrong with an activity.
                #quiet
                #derives
                pub enum Error {
                    #(#variants,)*
                    /// What no declared error says: an error of another kind, a panic.
                    Unexpected(#private::Failure),
                }
            }
        });
        quote! {
            #declared
            impl #private::From<&Error> for #private::Failure {
                fn from(error: &Error) -> #private::Failure {
                    match error {
                        #(#texts,)*
                        Error::Unexpected(failure) => #private::Clone::clone(failure),
                    }
                }
            }
        }
    }

    /// What an error says: its only string, or all that it carries.
    fn error_message(&self, error: &ErrorDecl) -> TokenStream {
        let private = self.private();
        match error.params.as_slice() {
            [] => {
                let name = &error.name.text;
                quote!(#private::String::from(#name))
            }
            [Param { name, ty: Ty::String, .. }] => {
                let name = self.ident(name);
                quote!(#private::Clone::clone(#name))
            }
            params => {
                let names = params.iter().map(|param| self.ident(&param.name));
                quote!(#private::listed(&[#(#names as &dyn #private::Debug),*]))
            }
        }
    }

    fn errors_of_activities(&self) -> TokenStream {
        let (private, quiet) = (self.private(), self.quiet());
        let errors = &self.chart.declarations.errors;
        let raised = |id: &ErrorId| &errors[id.index()];
        let all = self.chart.declarations.of_host().map(|activity| {
            let name = self.error_type(activity);
            let docs = format!("How `{}` can fail.", activity.name.text);
            let variants = activity.raises.iter().map(raised).map(|error| {
                let (name, fields) = (self.ident(&error.name), self.error_fields(error));
                quote!(#name #fields)
            });
            let into = activity.raises.iter().map(raised).map(|error| {
                let pattern = self.error_pattern(error);
                quote!(#name::#pattern => Error::#pattern)
            });
            quote! {
                #[doc = #docs]
                #quiet
                #[derive(#private::Debug, #private::Clone, #private::PartialEq)]
                pub enum #name {
                    #(#variants,)*
                    /// Any other error; `?` makes it.
                    Unexpected(#private::Failure),
                }
                impl<__E: #private::StdError> #private::From<__E> for #name {
                    fn from(error: __E) -> #name {
                        #name::Unexpected(#private::Failure::unexpected(&error))
                    }
                }
                impl #name {
                    fn __into(self) -> Error {
                        match self {
                            #(#into,)*
                            #name::Unexpected(failure) => Error::Unexpected(failure),
                        }
                    }
                }
            }
        });
        quote!(#(#all)*)
    }

    /// `trait Activities`.
    pub(super) fn activities_trait(&self) -> TokenStream {
        if !self.asks_host() {
            return TokenStream::new();
        }
        let (private, quiet) = (self.private(), self.quiet());
        let heads = self.chart.declarations.of_host().map(|activity| {
            let (docs, head) = (docs(&activity.docs), self.activity_head(activity));
            let end = quote_spanned!(self.span(activity.name.span)=> ;);
            quote!(#docs #head #end)
        });
        let shared = self.chart.declarations.of_host().map(|activity| {
            let (head, name) = (self.activity_head(activity), self.ident(&activity.name));
            let (cx, args) = (cx(activity), activity.params.iter());
            let args = args.map(|param| self.ident(&param.name));
            quote!(#head { __T::#name(&**self, #cx, #(#args),*) })
        });
        let docs = match self.options.activities.is_empty() {
            true => quote! {
                /// What happens outside of the machine. Called at least once under each key of `cx`.
            },
            false => self.options.activities.clone(),
        };
        quote! {
            #docs
            #quiet
            pub trait Activities { #(#heads)* }
            #quiet
            impl<__T: Activities> Activities for #private::Arc<__T> { #(#shared)* }
        }
    }

    fn activity_head(&self, activity: &Activity) -> TokenStream {
        let (private, name) = (self.private(), self.ident(&activity.name));
        let params = activity.params.iter().map(|param| self.param(param));
        let (result, error) = (self.result_type(activity), self.error_type(activity));
        let fn_word = quote_spanned!(self.span(activity.name.span)=> fn);
        let cx = cx(activity);
        quote!(#fn_word #name(&self, #cx: &#private::Cx, #(#params),*)
            -> impl #private::Future<Output = #private::Result<#result, #error>>
                + #private::Send)
    }

    /// What a microstep is given in a machine with activities.
    pub(super) fn given(&self) -> TokenStream {
        if !self.has_activities() {
            return TokenStream::new();
        }
        let names = self.asked();
        let (variants, replies, reads) = match self.has_fan_outs() {
            false => (TokenStream::new(), quote!(__Given::Reply(reply)), TokenStream::new()),
            true => self.given_of_fan_outs(),
        };
        quote! {
            pub enum __Given<'g> {
                Nothing,
                Event(&'g Event),
                Reply(&'g mut __p::Option<Reply>),
                #variants
            }
            impl __Given<'_> {
                #reads
                fn reply(&self) -> __p::Option<&Reply> {
                    match self {
                        #replies => reply.as_ref(),
                        _ => __p::Option::None,
                    }
                }
                fn into_reply(self) -> __p::Option<Reply> {
                    match self {
                        __Given::Reply(reply) => reply.take(),
                        _ => __p::Option::None,
                    }
                }
                fn error(&self) -> __p::Option<&Error> {
                    match self.reply()? {
                        #(Reply::#names(result) => result.as_ref().err(),)*
                    }
                }
            }
        }
    }

    /// The part of `impl Chart` that is about activities.
    pub(super) fn chart_activities(&self) -> TokenStream {
        if !self.has_activities() {
            return quote! {
                type Request = __p::Never;
                type Reply = __p::Never;
                type Given<'g> = __p::Option<&'g Event>;

                #[inline]
                fn nothing<'g>() -> __p::Option<&'g Event> {
                    __p::Option::None
                }

                #[inline]
                fn given(event: &Event) -> __p::Option<&Event> {
                    __p::Option::Some(event)
                }

                #[inline]
                fn given_reply(_: &mut __p::Option<__p::Never>) -> __p::Option<&Event> {
                    __p::Option::None
                }

                fn answer(_: u16, _: u16, reply: &__p::Never) -> __p::Option<__p::Answer> {
                    match *reply {}
                }

                fn is_error(reply: &__p::Never) -> bool {
                    match *reply {}
                }

                fn failure(reply: &__p::Never) -> __p::Option<__p::Failure> {
                    match *reply {}
                }
            };
        }
        let (names, policies) = (self.asked(), self.chart_policies());
        let answers = self.chart.invokes.iter().enumerate().map(|(at, i)| self.answers(at, i));
        let (people, children) = (self.chart_people(), self.chart_children());
        quote! {
            type Request = Request;
            type Reply = Reply;
            type Given<'g> = __Given<'g>;

            #[inline]
            fn nothing<'g>() -> __Given<'g> {
                __Given::Nothing
            }

            #[inline]
            fn given(event: &Event) -> __Given<'_> {
                __Given::Event(event)
            }

            #[inline]
            fn given_reply(reply: &mut __p::Option<Reply>) -> __Given<'_> {
                __Given::Reply(reply)
            }

            fn answer(invoke: u16, call: u16, reply: &Reply) -> __p::Option<__p::Answer> {
                match (invoke, call, reply) {
                    #(#answers)*
                    _ => __p::Option::None,
                }
            }

            fn is_error(reply: &Reply) -> bool {
                match reply {
                    #(Reply::#names(result) => result.is_err(),)*
                }
            }

            fn failure(reply: &Reply) -> __p::Option<__p::Failure> {
                match reply {
                    #(Reply::#names(__p::Result::Err(error)) => {
                        __p::Option::Some(__p::From::from(error))
                    })*
                    _ => __p::Option::None,
                }
            }

            #policies

            #people

            #children
        }
    }

    /// What the ends of each call of an `invoke` lead to.
    fn answers(&self, at: usize, invoke: &Invoke) -> TokenStream {
        let calls = 0..=invoke.call.fallbacks.len();
        calls.map(|call| self.answers_to(at, call, invoke)).collect()
    }

    fn answers_to(&self, at: usize, call: usize, invoke: &Invoke) -> TokenStream {
        let work = invoke.call.work(call);
        let name = self.work(work).0;
        let declarations = &self.chart.declarations;
        let end = |TriggerId(trigger): TriggerId| match invoke.fan_out {
            Some(_) => quote!(__p::Answer::Branch(#trigger)),
            None => quote!(__p::Answer::End(#trigger)),
        };
        let leads_to = |kind: ErrorKind| match declarations.falls_back(&invoke.call, call, kind) {
            true => Some(quote!(__p::Answer::FallBack)),
            // What fails in a join that tolerates everything triggers nothing.
            false if invoke.fan_out.is_some() => {
                Some(end(invoke.error(kind).unwrap_or(TriggerId(u32::MAX))))
            }
            false => invoke.error(kind).map(end),
        };
        let (at, call, result) = (at as u16, call as u16, end(invoke.result));
        let done = quote! {
            (#at, #call, Reply::#name(__p::Result::Ok(_))) => {
                __p::Option::Some(#result)
            }
        };
        let Work::Activity(activity) = work else { return done };
        let errors = declarations.failures(activity).filter_map(|kind| {
            let leads_to = leads_to(kind)?;
            let error = match kind {
                ErrorKind::Declared(error) => {
                    let error = self.ident(&declarations.errors[error.index()].name);
                    quote!(Error::#error { .. })
                }
                // An error that the activity does not raise is as good as any other.
                ErrorKind::Unexpected => quote!(_),
            };
            Some(quote! {
                (#at, #call, Reply::#name(__p::Result::Err(#error))) => {
                    __p::Option::Some(#leads_to)
                }
            })
        });
        quote!(#done #(#errors)*)
    }

    /// Asks for what a state invokes, with the arguments as values.
    pub(super) fn ask(&self, number: InvokeId, scope: &super::scope::Scope) -> TokenStream {
        let invoke = &self.chart.invokes[number.index()].call;
        let request = self.request(invoke.work(0), &invoke.args, scope);
        if let Some(task) = &invoke.task {
            return self.ask_person(number, request, task, scope);
        }
        let number = number.0 as u16;
        if invoke.fallbacks.is_empty() {
            return quote!(core.invoke(#number, #request););
        }
        let rest = invoke.fallbacks.iter();
        let rest = rest.map(|fallback| self.request(fallback.work, &fallback.args, scope));
        quote!(core.invoke_chain(#number, #request, [#(#rest),*]);)
    }

    pub(super) fn request(
        &self,
        work: Work,
        args: &[Expr],
        scope: &super::scope::Scope,
    ) -> TokenStream {
        let (name, params) = self.work(work);
        if params.is_empty() {
            return quote!(Request::#name);
        }
        let fields = params.iter().zip(args).map(|(param, arg)| {
            let (name, value) = (self.ident(&param.name), self.owned(arg, scope));
            quote!(#name: #value)
        });
        quote!(Request::#name { #(#fields),* })
    }

    /// What a function at the end of a chain gives, where the host's functions are at hand.
    pub(super) fn calculate(&self) -> TokenStream {
        let functions = self.asked_functions();
        if functions.is_empty() {
            return TokenStream::new();
        }
        let arms = functions.iter().map(|(variant, function)| {
            let (pattern, args) = self.held(variant, &function.params);
            let name = self.ident(&function.name);
            quote!(#pattern => __p::Option::Some(
                Reply::#variant(__p::Result::Ok(__L::#name(#(#args),*)))
            ))
        });
        quote! {
            fn calculate(request: &Request) -> __p::Option<Reply> {
                match request {
                    #(#arms,)*
                    _ => __p::Option::None,
                }
            }
        }
    }

    /// The pattern of a request, and its values as arguments.
    fn held(&self, variant: &Ident, params: &[Param]) -> (TokenStream, Vec<TokenStream>) {
        let held: Vec<_> = (0..params.len()).map(|i| format_ident!("a{i}")).collect();
        let fields = params.iter().zip(&held).map(|(param, held)| {
            let name = self.ident(&param.name);
            quote!(#name: #held)
        });
        let args = params.iter().zip(&held).map(|(param, held)| {
            if self.is_copy(&param.ty) { quote!(*#held) } else { quote!(#held) }
        });
        (quote!(Request::#variant { #(#fields),* }), args.collect())
    }

    /// `impl Perform`: from a request to its reply.
    pub(super) fn perform(&self) -> TokenStream {
        if !self.has_activities() {
            return TokenStream::new();
        }
        let arms = self.chart.declarations.of_host().map(|activity| {
            let (variant, name) = (self.activity_variant(activity), self.ident(&activity.name));
            let (pattern, args) = self.held(&variant, &activity.params);
            let error = self.error_type(activity);
            // The host has functions of other traits too, as `clone`.
            quote!(#pattern => Reply::#variant(
                <__H as Activities>::#name(host, cx, #(#args),*).await.map_err(#error::__into)
            ))
        });
        let elsewhere = self.elsewhere().into_iter().map(|variant| {
            quote!(Request::#variant { .. } => Reply::#variant(__p::Result::Err(
                Error::Unexpected(__p::Failure::new(
                    __p::Failure::UNEXPECTED,
                    "the host does not carry this out",
                ))
            )))
        });
        let arms = arms.chain(elsewhere);
        let crashes = self.asked().into_iter().map(|variant| {
            quote!(Request::#variant { .. } => {
                Reply::#variant(__p::Result::Err(Error::Unexpected(failure)))
            })
        });
        let sharing = self.sharing();
        let (bounds, shared, share) = match self.asks_host() {
            true => (
                quote!(: Activities + __p::Clone + __p::Send + __p::Sync + 'static),
                quote!(__H),
                quote!(__p::Clone::clone(host)),
            ),
            false => (TokenStream::new(), quote!(()), TokenStream::new()),
        };
        quote! {
            impl<__H #bounds> __p::Perform<__H> for Chart {
                type Shared = #shared;

                fn share(host: &__H) -> #shared {
                    #share
                }

                async fn perform(host: &#shared, cx: &__p::Cx, request: &Request) -> Reply {
                    match request { #(#arms),* }
                }

                fn unexpected(request: &Request, failure: __p::Failure) -> Reply {
                    match request { #(#crashes),* }
                }

                #sharing
            }
        }
    }

    /// The variants of what the host does not carry out: the machine calculates functions itself, and
    /// people are not asked by it.
    fn elsewhere(&self) -> Vec<Ident> {
        let made = self.activities().iter().filter(|activity| !activity.is_of_host());
        let made = made.map(|activity| self.activity_variant(activity));
        made.chain(self.asked_functions().into_iter().map(|(variant, _)| variant)).collect()
    }
}

/// `cx`, which every activity takes in front of its own parameters, under a name that none of them has.
fn cx(activity: &Activity) -> Ident {
    let mut name = "cx".to_owned();
    while activity.params.iter().any(|param| param.name.text == name) {
        name.push('_');
    }
    Ident::new(&name, Span::call_site())
}
