//! What a file or a machine declares: imports, types, signatures.

use super::blocks::Parser;
use super::grammar::Rule;
use super::parts::Parts;
use crate::ast::{
    ContextField, Import, MachineItem, Meta, Name, Param, Path, Signature, Type, Use, UseName,
    VariantDecl,
};
use pest::iterators::Pair;

impl<'t> Parser<'t, '_> {
    pub(super) fn use_item(&mut self, pair: Pair<'t, Rule>) -> Use {
        let span = self.span(&pair);
        let mut imports = Vec::new();
        self.use_tree(Parts::of(pair).find(Rule::use_tree), &[], &mut imports);
        Use { imports, span }
    }

    fn use_tree(&mut self, pair: Pair<'t, Rule>, prefix: &[Name], imports: &mut Vec<UseName>) {
        let mut segments = prefix.to_vec();
        let mut alias = None;
        let mut parts = Parts::of(pair);
        while parts.peek().is_some() {
            let part = parts.next();
            match part.as_rule() {
                Rule::ident => segments.push(self.name(part)),
                Rule::k_as => alias = Some(self.name(parts.find(Rule::ident))),
                Rule::use_group => {
                    for tree in Parts::of(part).all(Rule::use_tree) {
                        self.use_tree(tree, &segments, imports);
                    }
                    return;
                }
                _ => {}
            }
        }
        // `use a::{self}` brings in `a`.
        if segments.len() > 1 && segments.last().is_some_and(|s| s.text == "self") {
            segments.pop();
        }
        let span = segments.first().map(|s| s.span).unwrap_or_default();
        let span = segments.last().map_or(span, |s| span.to(s.span));
        imports.push(UseName { path: Path { segments, span }, alias });
    }

    pub(super) fn import(&mut self, pair: Pair<'t, Rule>) -> Import {
        let string = Parts::of(pair).find(Rule::string);
        Import { path: self.string(&string), span: self.span(&string) }
    }

    pub(super) fn variant(&mut self, pair: Pair<'t, Rule>, meta: Meta) -> VariantDecl {
        let mut parts = Parts::of(pair);
        let name = self.name(parts.find(Rule::ident));
        let params = parts.next_if(Rule::params).map(|p| self.params(p)).unwrap_or_default();
        VariantDecl { meta, name, params }
    }

    pub(super) fn context_field(&mut self, pair: Pair<'t, Rule>, meta: Meta) -> ContextField {
        let mut parts = Parts::of(pair);
        let late = parts.next_if(Rule::late).map(|p| self.span(&p));
        ContextField { late, param: self.param(parts.find(Rule::param), meta) }
    }

    pub(super) fn param(&mut self, pair: Pair<'t, Rule>, meta: Meta) -> Param {
        let mut parts = Parts::of(pair);
        let name = self.name(parts.find(Rule::ident));
        let ty = self.ty(parts.find(Rule::ty));
        let default = parts.seek(Rule::expr).map(|p| self.expr(p));
        Param { meta, name, ty, default, made: false }
    }

    pub(super) fn params(&mut self, pair: Pair<'t, Rule>) -> Vec<Param> {
        Parts::of(pair).all(Rule::param).map(|p| self.param(p, Meta::default())).collect()
    }

    pub(super) fn ty(&mut self, pair: Pair<'t, Rule>) -> Type {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let path = self.path(parts.find(Rule::path));
        let (mut args, mut optional) = (Vec::new(), None);
        while parts.peek().is_some() {
            let part = parts.next();
            match part.as_rule() {
                Rule::ty => args.push(self.ty(part)),
                Rule::question => optional = Some(self.span(&part)),
                _ => {}
            }
        }
        match optional {
            Some(mark) => {
                let option = Name { text: "Option".to_string(), span: mark };
                let path_to = Path { segments: vec![option], span: mark };
                let inner = Type { path, args, span };
                Type { path: path_to, args: vec![inner], span }
            }
            None => Type { path, args, span },
        }
    }

    /// A declaration in a machine that is one statement.
    pub(super) fn declaration(&mut self, pair: Pair<'t, Rule>, meta: Meta) -> MachineItem {
        let rule = pair.as_rule();
        match rule {
            Rule::key => MachineItem::Key(self.name(Parts::of(pair).find(Rule::ident))),
            Rule::external_context => MachineItem::ExternalContext(self.only_path(pair)),
            Rule::external_events => MachineItem::ExternalEvents(self.only_path(pair)),
            Rule::external_outputs => MachineItem::ExternalOutputs(self.only_path(pair)),
            Rule::error => {
                let transient = Parts::of(pair.clone()).next_if(Rule::k_transient).is_some();
                MachineItem::Error { transient, signature: self.signature(pair, meta).0 }
            }
            Rule::activity => {
                let cache = Parts::of(pair.clone()).seek(Rule::cache).map(|p| self.cache(p));
                let coalesce = Parts::of(pair.clone()).seek(Rule::coalesce);
                let coalesce = coalesce.map(|p| self.coalesce(p));
                let (signature, raises) = self.signature(pair, meta);
                MachineItem::Activity { signature, raises, cache, coalesce }
            }
            Rule::property => MachineItem::Property(self.property(pair, meta)),
            Rule::event => MachineItem::Event(self.signature(pair, meta).0),
            Rule::output => MachineItem::Output(self.signature(pair, meta).0),
            Rule::guard => MachineItem::Guard(self.signature(pair, meta).0),
            Rule::func => MachineItem::Fn(self.signature(pair, meta).0),
            _ => MachineItem::Action(self.signature(pair, meta).0),
        }
    }

    fn only_path(&mut self, pair: Pair<'t, Rule>) -> Path {
        self.path(Parts::of(pair).find(Rule::path))
    }

    /// Name, parameters, result, and the names behind `raises`.
    fn signature(&mut self, pair: Pair<'t, Rule>, meta: Meta) -> (Signature, Vec<Name>) {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let name = self.name(parts.find(Rule::ident));
        let params = parts.next_if(Rule::params).map(|p| self.params(p)).unwrap_or_default();
        let result = parts.next_if(Rule::arrow).map(|_| self.ty(parts.next()));
        (Signature { meta, name, params, result, span }, self.names(parts))
    }
}
