//! The declared types that values of an instance are made of.

use super::json::Object;
use super::{Shape, sorted};
use crate::chart::InvokeId;
use crate::model::{ContextDecl, FunctionKind, Param, Ty, TypeDecl, TypeDeclKind, TypeId};
use std::collections::BTreeSet;

impl Shape<'_> {
    /// Those that are kept; others can change as they like.
    pub(super) fn types(&self) -> impl Iterator<Item = String> {
        let declarations = &self.chart.declarations;
        let mut found = BTreeSet::new();
        let mut params: Vec<&Param> = Vec::new();
        if let ContextDecl::Declared(fields) = &declarations.context {
            params.extend(fields.iter().map(|field| &field.param));
        }
        params.extend(self.chart.states.iter().flat_map(|state| &state.data));
        let events = self.events().map(|(_, event)| event);
        params.extend(events.chain(&declarations.outputs).flat_map(|message| &message.params));
        params.extend(self.asked().flat_map(|(_, params)| params));
        let actions = declarations.functions.iter().filter(|f| f.kind == FunctionKind::Action);
        params.extend(actions.flat_map(|action| &action.params));
        params.iter().for_each(|param| self.reach(&param.ty, &mut found));
        let invokes = (0..self.chart.invokes.len() as u32).map(InvokeId);
        let answers = invokes.filter_map(|invoke| self.answer(invoke));
        answers.for_each(|ty| self.reach(ty, &mut found));
        found.into_iter().map(|id| self.declared(&declarations.types[id.index()]))
    }

    fn reach(&self, ty: &Ty, found: &mut BTreeSet<TypeId>) {
        match ty {
            Ty::Vec(item) | Ty::Option(item) => self.reach(item, found),
            Ty::Map(key, value) => {
                self.reach(key, found);
                self.reach(value, found);
            }
            Ty::Rust { args, .. } => args.iter().for_each(|arg| self.reach(arg, found)),
            Ty::Enum(id) | Ty::Struct(id) if found.insert(*id) => {
                match &self.chart.declarations.types[id.index()].kind {
                    TypeDeclKind::Enum(variants) => {
                        let fields = variants.iter().flat_map(|variant| &variant.fields);
                        fields.for_each(|field| self.reach(&field.ty, found));
                    }
                    TypeDeclKind::Struct(fields) => {
                        fields.iter().for_each(|field| self.reach(&field.ty, found));
                    }
                }
            }
            _ => {}
        }
    }

    fn declared(&self, declared: &TypeDecl) -> String {
        let mut object = Object::default();
        object.text("name", &declared.name.text);
        match &declared.kind {
            TypeDeclKind::Struct(fields) => {
                object.list("fields", sorted(fields.iter().map(|field| self.param(field))));
            }
            TypeDeclKind::Enum(variants) => {
                object.list(
                    "variants",
                    sorted(variants.iter().map(|variant| {
                        let mut object = Object::default();
                        object.text("name", &variant.name.text);
                        object.list("fields", variant.fields.iter().map(|field| self.param(field)));
                        object.finish()
                    })),
                );
            }
        }
        object.finish()
    }
}
