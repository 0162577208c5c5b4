//! Machines of other modules: that they are what the compiler took them for is for rustc to say.

use super::{Emitter, allow};
use crate::model::{ActivityKind, Name, Param};
use proc_macro2::TokenStream;
use quote::quote;

impl Emitter<'_> {
    /// For every machine outside: how it is started, and what is sent to it, with all types.
    pub(super) fn outside(&self) -> TokenStream {
        let declarations = &self.chart.declarations;
        let modules = &self.options.outside;
        let module = |name: &Name| {
            let found = modules.iter().find(|(machine, _)| *machine == name.text);
            found.map(|(_, module)| module)
        };
        let children = declarations.activities.iter().filter_map(|activity| {
            let is_machine = matches!(activity.kind, ActivityKind::Machine(_));
            let module = module(&activity.name).filter(|_| is_machine)?;
            let same = self.same(&activity.params, &quote!(#module::Start));
            Some(quote!(const _: fn(#module::Start) = |given| { #same };))
        });
        let messages = declarations.messages.iter().filter_map(|message| {
            let (module, event) = (module(&message.machine)?, self.ident(&message.event.name));
            let same = self.same(&message.event.params, &quote!(#module::Event::#event));
            Some(quote!(const _: fn(#module::Event) = |given| { #same };))
        });
        let allow = allow();
        children.chain(messages).map(|check| quote!(#allow #check)).collect()
    }

    /// Takes apart what is given; each value has the type that it was taken for.
    fn same(&self, params: &[Param], path: &TokenStream) -> TokenStream {
        let fields: Vec<_> = params.iter().map(|param| self.ident(&param.name)).collect();
        let types = params.iter().map(|param| self.ty(&param.ty));
        quote!(if let #path { #(#fields),* } = given { #(let _: #types = #fields;)* })
    }
}
