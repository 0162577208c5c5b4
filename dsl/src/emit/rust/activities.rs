//! Activities: what a machine asks of the outside as data, and how it ends as data.
//!
//! `Request` has a variant for each activity with its arguments, `Reply` one with its result or
//! `Error`. `Activities` is the trait that the host implements; an error enum for each activity lets
//! it end only as declared.

use super::{Emitter, docs, names};
use crate::chart::Invoke;
use crate::model::{Activity, ErrorDecl, ErrorId, Param, Ty};
use crate::spelling::pascal_case;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};

impl Emitter<'_> {
    pub(super) fn has_activities(&self) -> bool {
        !self.chart.declarations.activities.is_empty()
    }

    /// True if the host is shared with what runs beside the machine, so that nobody has it to change.
    pub(super) fn shares_host(&self) -> bool {
        self.has_activities() || self.chart.durable
    }

    /// The type of what a microstep is given, and the patterns for it.
    pub(super) fn given_type(&self) -> TokenStream {
        match self.has_activities() {
            true => quote!(__Given<'_>),
            false => quote!(__p::Option<&Event>),
        }
    }

    /// The pattern of an event among what a microstep is given.
    pub(super) fn given_event(&self, event: TokenStream) -> TokenStream {
        match self.has_activities() {
            true => quote!(__Given::Event(#event)),
            false => quote!(__p::Option::Some(#event)),
        }
    }

    fn activities(&self) -> &[Activity] {
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

    /// `Error`, the errors of each activity, `Request` and `Reply`.
    pub(super) fn activity_types(&self) -> TokenStream {
        if !self.has_activities() {
            return TokenStream::new();
        }
        let (error, errors) = (self.error_enum(), self.errors_of_activities());
        let (derives, private, quiet) = (self.derives(false), self.private(), self.quiet());
        let requests = self.activities().iter().map(|activity| {
            let (name, docs) = (self.activity_variant(activity), docs(&activity.docs));
            if activity.params.is_empty() {
                return quote!(#docs #name);
            }
            let fields = activity.params.iter().map(|param| {
                let (name, ty) = (self.ident(&param.name), self.ty(&param.ty));
                quote!(#name: #ty)
            });
            quote!(#docs #name { #(#fields),* })
        });
        let replies = self.activities().iter().map(|activity| {
            let (name, result) = (self.activity_variant(activity), self.result_type(activity));
            quote!(#name(#private::Result<#result, Error>))
        });
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
        let all = self.activities().iter().map(|activity| {
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
        if !self.has_activities() {
            return TokenStream::new();
        }
        let (private, quiet) = (self.private(), self.quiet());
        let heads = self.activities().iter().map(|activity| {
            let (docs, head) = (docs(&activity.docs), self.activity_head(activity));
            let end = quote_spanned!(self.span(activity.name.span)=> ;);
            quote!(#docs #head #end)
        });
        let shared = self.activities().iter().map(|activity| {
            let (head, name) = (self.activity_head(activity), self.ident(&activity.name));
            let args = activity.params.iter().map(|param| self.ident(&param.name));
            quote!(#head { __T::#name(&**self, cx, #(#args),*) })
        });
        quote! {
            /// What happens outside of the machine. Called at least once under each key of `cx`.
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
        quote!(#fn_word #name(&self, cx: &#private::Cx, #(#params),*)
            -> impl #private::Future<Output = #private::Result<#result, #error>>
                + #private::Send)
    }

    /// What a microstep is given in a machine with activities.
    pub(super) fn given(&self) -> TokenStream {
        if !self.has_activities() {
            return TokenStream::new();
        }
        let names = self.activities().iter().map(|activity| self.activity_variant(activity));
        quote! {
            #[derive(__p::Clone, __p::Copy)]
            pub enum __Given<'g> {
                Nothing,
                Event(&'g Event),
                Reply(&'g Reply),
            }
            impl<'g> __Given<'g> {
                fn error(self) -> __p::Option<&'g Error> {
                    match self {
                        #(__Given::Reply(Reply::#names(__p::Result::Err(error))) => {
                            __p::Option::Some(error)
                        })*
                        _ => __p::Option::None,
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
                fn given_reply(reply: &__p::Never) -> __p::Option<&Event> {
                    match *reply {}
                }

                fn answer(_: u16, reply: &__p::Never) -> __p::Option<u32> {
                    match *reply {}
                }

                fn failure(reply: &__p::Never) -> __p::Option<__p::Failure> {
                    match *reply {}
                }
            };
        }
        let names: Vec<Ident> =
            self.activities().iter().map(|a| self.activity_variant(a)).collect();
        let answers = self.chart.invokes.iter().enumerate().map(|(at, i)| self.answers(at, i));
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
            fn given_reply(reply: &Reply) -> __Given<'_> {
                __Given::Reply(reply)
            }

            fn answer(invoke: u16, reply: &Reply) -> __p::Option<u32> {
                match (invoke, reply) {
                    #(#answers)*
                    _ => __p::Option::None,
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
        }
    }

    /// The triggers of how an invoked activity ends.
    fn answers(&self, at: usize, invoke: &Invoke) -> TokenStream {
        let (at, activity) = (at as u16, &self.activities()[invoke.activity.index()]);
        let (name, result) = (self.activity_variant(activity), invoke.result.0);
        let (raised, unexpected) = invoke.errors.split_at(activity.raises.len());
        let raised = activity.raises.iter().zip(raised).map(|(error, trigger)| {
            let error = self.ident(&self.chart.declarations.errors[error.index()].name);
            let trigger = trigger.0;
            quote!((#at, Reply::#name(__p::Result::Err(Error::#error { .. }))) => {
                __p::Option::Some(#trigger)
            })
        });
        let unexpected = unexpected.iter().map(|trigger| {
            let trigger = trigger.0;
            // An error that the activity does not raise is as good as any other.
            quote!((#at, Reply::#name(__p::Result::Err(_))) => __p::Option::Some(#trigger),)
        });
        quote! {
            (#at, Reply::#name(__p::Result::Ok(_))) => __p::Option::Some(#result),
            #(#raised)*
            #(#unexpected)*
        }
    }

    /// The arguments of an invoked activity as a value.
    pub(super) fn request(&self, invoke: &Invoke, scope: &super::scope::Scope) -> TokenStream {
        let activity = &self.activities()[invoke.activity.index()];
        let name = self.activity_variant(activity);
        if activity.params.is_empty() {
            return quote!(Request::#name);
        }
        let fields = activity.params.iter().zip(&invoke.args).map(|(param, arg)| {
            let (name, value) = (self.ident(&param.name), self.owned(arg, scope));
            quote!(#name: #value)
        });
        quote!(Request::#name { #(#fields),* })
    }

    /// `impl Perform`: from a request to its reply.
    pub(super) fn perform(&self) -> TokenStream {
        if !self.has_activities() {
            return TokenStream::new();
        }
        let arms = self.activities().iter().map(|activity| {
            let (variant, name) = (self.activity_variant(activity), self.ident(&activity.name));
            let held: Vec<_> = (0..activity.params.len()).map(|i| format_ident!("a{i}")).collect();
            let fields = activity.params.iter().zip(&held).map(|(param, held)| {
                let name = self.ident(&param.name);
                quote!(#name: #held)
            });
            let args = activity.params.iter().zip(&held).map(|(param, held)| {
                if self.is_copy(&param.ty) { quote!(*#held) } else { quote!(#held) }
            });
            let error = self.error_type(activity);
            quote!(Request::#variant { #(#fields),* } => Reply::#variant(
                __H::#name(host, cx, #(#args),*).await.map_err(#error::__into)
            ))
        });
        let crashes = self.activities().iter().map(|activity| {
            let variant = self.activity_variant(activity);
            quote!(Request::#variant { .. } => {
                Reply::#variant(__p::Result::Err(Error::Unexpected(failure)))
            })
        });
        quote! {
            impl<__H: Activities + __p::Clone + __p::Send + __p::Sync + 'static> __p::Perform<__H>
                for Chart
            {
                type Shared = __H;

                fn share(host: &__H) -> __H {
                    __p::Clone::clone(host)
                }

                async fn perform(host: &__H, cx: &__p::Cx, request: &Request) -> Reply {
                    match request { #(#arms),* }
                }

                fn unexpected(request: &Request, failure: __p::Failure) -> Reply {
                    match request { #(#crashes),* }
                }
            }
        }
    }

    /// Bindings of a result, or of an error.
    pub(super) fn result_bindings(&self, invoke: &Invoke, name: &Ident) -> TokenStream {
        let variant = self.activity_variant(&self.activities()[invoke.activity.index()]);
        quote! {
            let __Given::Reply(Reply::#variant(__p::Result::Ok(#name))) = event else {
                return __p::unhandled();
            };
        }
    }
}
