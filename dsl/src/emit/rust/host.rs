//! The traits that the host implements, and its actions as data.

use super::{Emitter, docs};
use crate::model::{Function, FunctionKind, Param, Ty};
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};

impl Emitter<'_> {
    /// `Logic` for guards and functions, `Actions` for actions; none that would be empty.
    pub(super) fn host_traits(&self) -> TokenStream {
        let logic = self.functions(false).map(|function| {
            let (docs, head) = (docs(&function.docs), self.head(function, false));
            let end = quote_spanned!(self.span(function.name.span)=> ;);
            quote!(#docs #head #end)
        });
        let actions = self.functions(true).map(|function| {
            let (docs, head) = (docs(&function.docs), self.head(function, true));
            let end = quote_spanned!(self.span(function.name.span)=> ;);
            quote!(#docs #head #end)
        });
        let logic = self.has_logic().then(|| {
            quote! {
                /// What the machine asks: pure functions.
                pub trait Logic { #(#logic)* }
            }
        });
        let actions = self.has_actions().then(|| {
            quote! {
                /// What the machine does.
                pub trait Actions { #(#actions)* }
            }
        });
        quote!(#logic #actions)
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

    fn head(&self, function: &Function, is_action: bool) -> TokenStream {
        let name = self.ident(&function.name);
        let params = function.params.iter().map(|param| {
            let (name, ty) = (self.ident(&param.name), self.param_type(&param.ty));
            quote!(#name: #ty)
        });
        let result = function.result.as_ref().map(|ty| {
            let ty = self.ty(ty);
            quote!(-> #ty)
        });
        let this = is_action.then(|| quote!(&mut self,));
        // What the host lacks is then shown where it is declared.
        let fn_word = quote_spanned!(self.span(function.name.span)=> fn);
        quote!(#fn_word #name(#this #(#params),*) #result)
    }

    /// By value what is copied, else by reference: `&str`, `&[T]`, `&T`.
    fn param_type(&self, ty: &Ty) -> TokenStream {
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
        if !self.has_actions() {
            return quote!(
                #[derive(__p::Default)]
                pub struct __Calls;
                impl __Calls {
                    fn play<__H>(&mut self, _host: &mut __H) {}
                }
            );
        }
        let actions: Vec<&Function> = self.functions(true).collect();
        let variants = actions.iter().enumerate().map(|(at, action)| {
            let variant = format_ident!("Call{at}");
            let types = action.params.iter().map(|param| self.ty(&param.ty));
            quote!(#variant(#(#types),*))
        });
        let records = actions.iter().enumerate().map(|(at, action)| {
            let (head, variant) = (self.head(action, true), format_ident!("Call{at}"));
            let args = action.params.iter().map(|param| self.to_owned(param));
            quote!(#head { self.0.push(__Call::#variant(#(#args),*)); })
        });
        let plays = actions.iter().enumerate().map(|(at, action)| {
            let (name, variant) = (self.ident(&action.name), format_ident!("Call{at}"));
            let held: Vec<_> = (0..action.params.len()).map(|i| format_ident!("a{i}")).collect();
            let args = action.params.iter().zip(&held).map(|(param, held)| {
                if self.is_copy(&param.ty) { quote!(#held) } else { quote!(&#held) }
            });
            quote!(__Call::#variant(#(#held),*) => __H::#name(host, #(#args),*))
        });
        quote! {
            enum __Call { #(#variants),* }

            #[derive(__p::Default)]
            pub struct __Calls(__p::Vec<__Call>);

            impl Actions for __Calls { #(#records)* }

            impl __Calls {
                fn play<__H: Actions>(&mut self, host: &mut __H) {
                    for call in self.0.drain(..) {
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
