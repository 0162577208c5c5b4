//! The types that users see: declared types, events, outputs, context.

use super::{Emitter, docs, names};
use crate::model::{
    ContextDecl, EventDecl, Field, Param, RustPath, Ty, TypeDeclKind, TypeId, Variant,
};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

impl Emitter<'_> {
    /// `use` items and the types that the file declares.
    pub(super) fn declared_types(&self, shared: Option<&Ident>) -> TokenStream {
        let declarations = &self.chart.declarations;
        let uses = declarations.uses.iter().map(|item| {
            let path = item.path.iter().map(|s| names::path_ident(s, self.span(item.span)));
            let alias = item.alias.as_ref().map(|a| names::ident(a, self.span(item.span)));
            let alias = alias.map(|alias| quote!(as #alias));
            quote!(use #(#path)::* #alias;)
        });
        let types = match shared {
            Some(module) => {
                let names = declarations.types.iter().map(|t| self.ident(&t.name));
                quote!(#(pub use super::#module::#names;)*)
            }
            None => {
                let types = declarations.types.iter().map(|declared| {
                    let (name, docs) = (self.ident(&declared.name), docs(&declared.docs));
                    match &declared.kind {
                        TypeDeclKind::Enum(variants) => self.enumeration(&name, docs, variants),
                        TypeDeclKind::Struct(fields) => {
                            let derives = self.derives(false);
                            let fields = fields.iter().map(|field| self.field(field, true));
                            quote!(#docs #derives pub struct #name { #(#fields),* })
                        }
                    }
                });
                quote!(#(#types)*)
            }
        };
        quote!(#(#uses)* #types)
    }

    /// Events, outputs, context, start.
    pub(super) fn types(&self) -> TokenStream {
        let declarations = &self.chart.declarations;
        let event = self.messages("Event", &declarations.events, &declarations.external_events);
        let output = self.messages("Output", &declarations.outputs, &declarations.external_outputs);
        let context = match &declarations.context {
            ContextDecl::Declared(fields) => self.context(fields),
            ContextDecl::External(path) => {
                let path = self.path(path);
                quote!(pub type Context = #path;)
            }
        };
        let (start, activities, messages) =
            (self.start(), self.activity_types(), self.message_types());
        quote!(#event #output #context #start #activities #messages)
    }

    /// What a machine is given at its start: the fields without default that are not `late`.
    pub(super) fn start(&self) -> TokenStream {
        let fields = match &self.chart.declarations.context {
            ContextDecl::Declared(fields) => fields,
            ContextDecl::External(_) => {
                return quote!(
                    pub type Start = Context;
                );
            }
        };
        let given = fields.iter().filter(|f| !f.late && f.param.default.is_none());
        let given: Vec<TokenStream> = given.map(|f| self.field(&f.param, true)).collect();
        let (private, derives) = (self.private(), self.derives(false));
        let default = given.is_empty().then(|| quote!(#[derive(#private::Default)]));
        quote!(#derives #default pub struct Start { #(#given),* })
    }

    fn messages(
        &self,
        name: &str,
        declared: &[EventDecl],
        external: &Option<RustPath>,
    ) -> TokenStream {
        let name = format_ident!("{name}");
        if let Some(path) = external {
            let path = self.path(path);
            return quote!(pub type #name = #path;);
        }
        let variants: Vec<Variant> = declared
            .iter()
            .map(|event| Variant {
                name: event.name.clone(),
                docs: event.docs.clone(),
                fields: event.params.clone(),
            })
            .collect();
        self.enumeration(&name, TokenStream::new(), &variants)
    }

    pub(super) fn enumeration(
        &self,
        name: &Ident,
        docs_of_all: TokenStream,
        variants: &[Variant],
    ) -> TokenStream {
        let derives = self.derives(variants.iter().all(|v| v.fields.is_empty()));
        let variants = variants.iter().map(|variant| {
            let (name, docs) = (self.ident(&variant.name), docs(&variant.docs));
            if variant.fields.is_empty() {
                return quote!(#docs #name);
            }
            let fields = variant.fields.iter().map(|field| self.field(field, false));
            quote!(#docs #name { #(#fields),* })
        });
        quote!(#docs_of_all #derives pub enum #name { #(#variants),* })
    }

    fn context(&self, fields: &[Field]) -> TokenStream {
        let derives = self.derives(false);
        let all = fields.iter().map(|field| {
            let (name, ty) = (self.ident(&field.param.name), self.ty(&field.param.ty));
            let docs = docs(&field.param.docs);
            let option = self.private();
            let ty = if field.late { quote!(#option::Option<#ty>) } else { ty };
            quote!(#docs pub #name: #ty)
        });
        quote!(#derives pub struct Context { #(#all),* })
    }

    fn field(&self, param: &Param, public: bool) -> TokenStream {
        let (name, ty, docs) = (self.ident(&param.name), self.ty(&param.ty), docs(&param.docs));
        let public = public.then(|| quote!(pub));
        quote!(#docs #public #name: #ty)
    }

    /// The path of serde, for its attributes.
    pub(super) fn serde_path(&self) -> String {
        let private = self.private();
        quote!(#private::serde).to_string().replace(' ', "")
    }

    /// The derives of generated types; `plain` ones are copied, compared and hashed too.
    pub(super) fn derives(&self, plain: bool) -> TokenStream {
        let private = self.private();
        let path = self.serde_path();
        let plain = plain.then(|| quote!(#private::Copy, #private::Eq, #private::Hash,));
        quote! {
            #[derive(
                #private::Debug, #private::Clone, #private::PartialEq, #plain
                #private::serde::Serialize, #private::serde::Deserialize
            )]
            #[serde(crate = #path)]
        }
    }

    /// A path of the program, which is relative to the module around the generated one.
    pub(super) fn path(&self, path: &RustPath) -> TokenStream {
        let segments = path.segments.iter().map(|s| names::path_ident(&s.text, self.span(s.span)));
        let first = path.segments.first().map_or("", |s| s.text.as_str());
        match (first, path.segments.len()) {
            ("self", _) => {
                let rest = segments.skip(1);
                quote!(super #(::#rest)*)
            }
            // Two names may be a crate and its type; the prelude brings in what stands around.
            ("super", _) | (_, 1) => quote!(super::#(#segments)::*),
            _ => quote!(#(#segments)::*),
        }
    }

    /// A type as Rust writes it. `_` for what only rustc knows.
    pub(super) fn ty(&self, ty: &Ty) -> TokenStream {
        let private = self.private();
        match ty {
            Ty::Bool => quote!(bool),
            Ty::Int(int) => {
                let name = format_ident!("{}", int.text());
                quote!(#name)
            }
            Ty::Float(crate::model::FloatTy::F32) => quote!(f32),
            Ty::Float(crate::model::FloatTy::F64) => quote!(f64),
            Ty::String => quote!(#private::String),
            Ty::Duration => quote!(#private::Duration),
            Ty::Vec(item) => {
                let item = self.ty(item);
                quote!(#private::Vec<#item>)
            }
            Ty::Option(item) => {
                let item = self.ty(item);
                quote!(#private::Option<#item>)
            }
            Ty::Map(key, value) => {
                let (key, value) = (self.ty(key), self.ty(value));
                quote!(#private::BTreeMap<#key, #value>)
            }
            Ty::Enum(id) | Ty::Struct(id) => {
                let name = self.type_name(*id);
                quote!(#name)
            }
            Ty::Rust { path, args } => {
                let span = proc_macro2::Span::call_site();
                let path = path.iter().map(|s| names::path_ident(s, span));
                let args: Vec<TokenStream> = args.iter().map(|arg| self.ty(arg)).collect();
                let args = (!args.is_empty()).then(|| quote!(<#(#args),*>));
                quote!(#(#path)::* #args)
            }
            Ty::Failure => quote!(#private::Failure),
            Ty::Unknown => quote!(_),
        }
    }

    pub(super) fn type_name(&self, id: TypeId) -> Ident {
        self.ident(&self.chart.declarations.types[id.index()].name)
    }

    /// True for what passes by value: copies in Rust.
    pub(super) fn is_copy(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Bool | Ty::Int(_) | Ty::Float(_) | Ty::Duration => true,
            Ty::Enum(id) => match &self.chart.declarations.types[id.index()].kind {
                TypeDeclKind::Enum(variants) => variants.iter().all(|v| v.fields.is_empty()),
                TypeDeclKind::Struct(_) => false,
            },
            _ => false,
        }
    }
}
