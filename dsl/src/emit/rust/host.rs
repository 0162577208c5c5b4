//! The traits that the host implements, and its actions as data.

use super::{Emitter, docs};
use crate::model::{Function, FunctionKind, Param, Ty};
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};

impl Emitter<'_> {
    /// `Logic` for guards and functions, `Actions` for actions; none that would be empty.
    pub(super) fn host_traits(&self) -> TokenStream {
        let logic = self.functions(false).map(|function| {
            let (docs, head) = (docs(&function.docs), self.head(function, false, false));
            let end = quote_spanned!(self.span(function.name.span)=> ;);
            quote!(#docs #head #end)
        });
        let actions = self.functions(true).map(|function| {
            let (docs, head) =
                (docs(&function.docs), self.head(function, true, self.shares_host()));
            let end = quote_spanned!(self.span(function.name.span)=> ;);
            quote!(#docs #head #end)
        });
        let logic = self.has_logic().then(|| {
            let shared = self.through_arc("Logic", false);
            quote! {
                /// What the machine asks: pure functions.
                pub trait Logic { #(#logic)* }
                #shared
            }
        });
        let actions = self.has_actions().then(|| {
            let shared = self.through_arc("Actions", true);
            quote! {
                /// What the machine does.
                pub trait Actions { #(#actions)* }
                #shared
            }
        });
        let activities = self.activities_trait();
        quote!(#logic #actions #activities)
    }

    /// What the traits of an annotated module lack: that of the activities, and hosts in an `Arc`.
    pub(super) fn missing_host(&self) -> TokenStream {
        let logic = self.has_logic().then(|| self.through_arc("Logic", false));
        let actions = self.has_actions().then(|| self.through_arc("Actions", true));
        let activities = self.activities_trait();
        quote!(#logic #actions #activities)
    }

    /// A host in an `Arc`, for machines whose host is shared with what runs beside them.
    fn through_arc(&self, name: &str, actions: bool) -> TokenStream {
        if !self.shares_host() {
            return TokenStream::new();
        }
        let (private, of) = (self.private(), format_ident!("{name}"));
        let functions = self.functions(actions).map(|function| {
            let (head, name) = (self.head(function, actions, true), self.ident(&function.name));
            let this = actions.then(|| quote!(&**self,));
            let args = function.params.iter().map(|param| self.ident(&param.name));
            quote!(#head { __T::#name(#this #(#args),*) })
        });
        let quiet = self.quiet();
        quote!(#quiet impl<__T: #of> #of for #private::Arc<__T> { #(#functions)* })
    }

    pub(super) fn has_logic(&self) -> bool {
        self.functions(false).next().is_some()
    }

    pub(super) fn has_actions(&self) -> bool {
        self.functions(true).next().is_some()
    }

    fn functions(&self, actions: bool) -> impl Iterator<Item = &Function> {
        let all = self.chart.declarations.functions.iter();
        all.filter(move |f| (f.kind == FunctionKind::Action) == actions)
    }

    fn head(&self, function: &Function, is_action: bool, shared: bool) -> TokenStream {
        let name = self.ident(&function.name);
        let params = function.params.iter().map(|param| self.param(param));
        let result = function.result.as_ref().map(|ty| {
            let ty = self.ty(ty);
            quote!(-> #ty)
        });
        let this = is_action.then(|| if shared { quote!(&self,) } else { quote!(&mut self,) });
        // What the host lacks is then shown where it is declared.
        let fn_word = quote_spanned!(self.span(function.name.span)=> fn);
        quote!(#fn_word #name(#this #(#params),*) #result)
    }

    /// `name: Type`, at the place of the name, where rustc then says what an implementation must take.
    pub(super) fn param(&self, param: &Param) -> TokenStream {
        let (name, ty) = (self.ident(&param.name), self.param_type(&param.ty));
        let ty = ty.into_iter().map(|mut token| {
            token.set_span(name.span());
            token
        });
        quote!(#name: #(#ty)*)
    }

    /// By value what is copied, else by reference: `&str`, `&[T]`, `&T`.
    pub(super) fn param_type(&self, ty: &Ty) -> TokenStream {
        match ty {
            Ty::String => quote!(&str),
            Ty::Vec(item) => {
                let item = self.ty(item);
                quote!(&[#item])
            }
            ty if self.is_copy(ty) => self.ty(ty),
            ty => {
                let ty = self.ty(ty);
                quote!(&#ty)
            }
        }
    }

    /// The bounds on what provides functions and takes actions: `<L: Logic, A: Actions>`.
    pub(super) fn generics(&self) -> TokenStream {
        let logic = self.has_logic().then(|| quote!(: Logic));
        let actions = self.has_actions().then(|| quote!(: Actions));
        quote!(<__L #logic, __A #actions>)
    }

    /// Actions as data, and playing them on the host.
    pub(super) fn calls(&self) -> TokenStream {
        let kept = self.chart.durable.then(|| {
            let path = quote!(__p::serde);
            let text = self.serde_path();
            quote!(#[derive(#path::Serialize, #path::Deserialize)] #[serde(crate = #text)])
        });
        if !self.has_actions() {
            return quote!(
                #kept
                #[derive(__p::Default)]
                pub struct __Calls;
                impl __Calls {
                    fn play<__H>(&mut self, _host: &mut __H) {}
                }
            );
        }
        let shared = self.shares_host();
        let actions: Vec<&Function> = self.functions(true).collect();
        let variants = actions.iter().enumerate().map(|(at, action)| {
            let variant = format_ident!("Call{at}");
            let types = action.params.iter().map(|param| self.ty(&param.ty));
            let name = &action.name.text;
            let rename = self.chart.durable.then(|| quote!(#[serde(rename = #name)]));
            quote!(#rename #variant(#(#types),*))
        });
        let push = if shared { quote!(borrow_mut().push) } else { quote!(push) };
        let records = actions.iter().enumerate().map(|(at, action)| {
            let (head, variant) = (self.head(action, true, shared), format_ident!("Call{at}"));
            let args = action.params.iter().map(|param| self.to_owned(param));
            quote!(#head { self.0.#push(__Call::#variant(#(#args),*)); })
        });
        let plays = actions.iter().enumerate().map(|(at, action)| {
            let (name, variant) = (self.ident(&action.name), format_ident!("Call{at}"));
            let held: Vec<_> = (0..action.params.len()).map(|i| format_ident!("a{i}")).collect();
            let args = action.params.iter().zip(&held).map(|(param, held)| {
                if self.is_copy(&param.ty) { quote!(#held) } else { quote!(&#held) }
            });
            quote!(__Call::#variant(#(#held),*) => __H::#name(host, #(#args),*))
        });
        let list = quote!(__p::Vec<__Call>);
        // A host that is shared takes its actions by `&self`, and so does their record.
        let (list, host, drain) = match shared {
            true => (quote!(__p::RefCell<#list>), quote!(&__H), quote!(get_mut().drain(..))),
            false => (list, quote!(&mut __H), quote!(drain(..))),
        };
        quote! {
            #kept
            enum __Call { #(#variants),* }

            #kept
            #[derive(__p::Default)]
            pub struct __Calls(#list);

            impl Actions for __Calls { #(#records)* }

            impl __Calls {
                fn play<__H: Actions>(&mut self, host: #host) {
                    for call in self.0.#drain {
                        match call { #(#plays),* }
                    }
                }
            }
        }
    }

    fn to_owned(&self, param: &Param) -> TokenStream {
        let name = self.ident(&param.name);
        match &param.ty {
            Ty::String => quote!(__p::String::from(#name)),
            Ty::Vec(_) => quote!(#name.to_vec()),
            ty if self.is_copy(ty) => quote!(#name),
            _ => quote!(__p::Clone::clone(#name)),
        }
    }
}
