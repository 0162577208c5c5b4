//! `migrate` blocks: functions over an instance whose old form only names are known of.

use super::Emitter;
use super::scope::Scope;
use crate::model::{Migration, Move, Param, StateId};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

impl Emitter<'_> {
    /// The functions of `Durable` that lead to them.
    pub(super) fn migrate(&self) -> TokenStream {
        if self.chart.migrations.is_empty() {
            return TokenStream::new();
        }
        let versions: Vec<u64> = self.chart.migrations.iter().map(|m| m.from).collect();
        let names = versions.iter().map(|from| format_ident!("migrate_{from}"));
        quote! {
            const MIGRATIONS: &'static [u64] = &[#(#versions),*];

            fn migrate<__M: __p::Migration>(
                from: u64,
                instance: &mut __M,
            ) -> __p::Result<(), __M::Error> {
                match from {
                    #(#versions => #names::<__H, __Calls, __M>(instance),)*
                    _ => __p::Result::Ok(()),
                }
            }
        }
    }

    /// `migrate_1` of each block, and the types of what it reads.
    pub(super) fn migrations(&self) -> TokenStream {
        let all = self.chart.migrations.iter().map(|migration| self.migration(migration));
        quote!(#(#all)*)
    }

    fn migration(&self, migration: &Migration) -> TokenStream {
        let from = migration.from;
        let name = format_ident!("migrate_{from}");
        let logic = self.has_logic().then(|| quote!(: Logic));
        let actions = self.has_actions().then(|| quote!(: Actions));
        let old_type = format_ident!("__Old{from}");
        let old = self.read_type(&old_type, &migration.old);
        let data_types =
            migration.moves.iter().enumerate().map(|(at, chosen)| {
                self.read_type(&format_ident!("__Old{from}_{at}"), &chosen.data)
            });
        let found = migration.moves.iter().enumerate().map(|(at, chosen)| {
            let (local, ty) = (format_ident!("move_{at}"), format_ident!("__Old{from}_{at}"));
            let state = &chosen.old;
            quote!(let #local = instance.data::<#ty>(#state)?;)
        });
        let moves = migration.moves.iter().enumerate().map(|(at, chosen)| self.moved(at, chosen));
        let scope = Scope::quiet(StateId::ROOT);
        let sets = migration.sets.iter().map(|(field, value)| {
            let value = self.owned(value, &scope);
            quote!(instance.set(#field, &#value)?;)
        });
        quote! {
            #old
            #(#data_types)*

            fn #name<__L #logic, __A #actions, __M: __p::Migration>(
                instance: &mut __M,
            ) -> __p::Result<(), __M::Error> {
                let old = instance.old::<#old_type>()?;
                #(#found)*
                #(#moves)*
                #(#sets)*
                __p::Result::Ok(())
            }
        }
    }

    fn moved(&self, at: usize, chosen: &Move) -> TokenStream {
        let local = format_ident!("move_{at}");
        let (old, new) = (&chosen.old, chosen.new.iter().map(|target| &target.path));
        let scope = Scope::quiet(StateId::ROOT);
        let given = chosen.new.iter().flat_map(|target| {
            let path = &target.path;
            let scope = &scope;
            target.data.iter().map(move |(name, value)| {
                let value = self.owned(value, scope);
                quote!(instance.give(#path, #name, &#value)?;)
            })
        });
        quote! {
            if let __p::Option::Some(data) = #local {
                instance.enter(#old, &[#(#new),*]);
                #(#given)*
            }
        }
    }

    /// A struct that is read of the old context or of old data.
    fn read_type(&self, name: &proc_macro2::Ident, fields: &[Param]) -> TokenStream {
        let path = self.serde_path();
        let fields = fields.iter().map(|field| {
            let (name, ty) = (self.ident(&field.name), self.ty(&field.ty));
            quote!(#name: #ty)
        });
        quote! {
            #[derive(__p::serde::Deserialize)]
            #[serde(crate = #path)]
            struct #name { #(#fields),* }
        }
    }
}
